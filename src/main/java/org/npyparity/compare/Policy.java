package org.npyparity.compare;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.npyparity.array.DType;

/** Which differences are allowed. The text form is that of case.json and of the command line. */
public sealed interface Policy {

    /** The name: {@code exact}, {@code certified} or {@code allclose}. */
    String name();

    /** Whether +0 and -0 differ. */
    default boolean signedZeros() {
        return false;
    }

    /** Whether a NaN equals a NaN. */
    default boolean equalNan() {
        return true;
    }

    /** Whether two values are the same, before any tolerance. */
    default boolean isSame(double a, double b) {
        if (Double.isNaN(a) && Double.isNaN(b)) {
            return equalNan();
        }
        return a == b && !(signedZeros() && Double.doubleToRawLongBits(a) != Double.doubleToRawLongBits(b));
    }

    /**
     * The same bits; every NaN is the same NaN.
     *
     * @param signedZeros whether +0 and -0 differ
     */
    record Exact(boolean signedZeros) implements Policy {
        @Override
        public String name() {
            return "exact";
        }

        @Override
        public String toString() {
            return signedZeros ? "exact:signed-zeros" : "exact";
        }
    }

    /** |actual - expected| within a {@link Bound} that the operation derives for each element. */
    record Certified() implements Policy {
        @Override
        public String name() {
            return "certified";
        }

        @Override
        public String toString() {
            return "certified";
        }
    }

    /**
     * NumPy's {@code assert_allclose}: |actual - expected| &lt;= atol + rtol · |expected|, each operation rounded to the
     * arrays' dtype, as NumPy computes it. Infinities must be equal; NaNs must stand at the same places.
     *
     * @param rtol relative to the expected value, at least 0 and finite: an infinite tolerance would pass anything
     * @param atol absolute, at least 0 and finite
     * @param equalNan whether NaN equals NaN
     */
    record AllClose(double rtol, double atol, boolean equalNan) implements Policy {
        /** NumPy's defaults: rtol 1e-7, atol 0, NaN equals NaN. */
        public static final AllClose DEFAULT = new AllClose(1e-7, 0, true);

        public AllClose {
            if (!(rtol >= 0 && atol >= 0 && Double.isFinite(rtol) && Double.isFinite(atol))) {
                throw new IllegalArgumentException(
                        "rtol is " + rtol + " and atol " + atol + ": expected finite numbers of at least 0");
            }
        }

        /** The largest |actual - expected| allowed, rounded as NumPy rounds it. */
        public double tolerance(DType dtype, double expected) {
            return dtype == DType.FLOAT64
                    ? atol + rtol * Math.abs(expected)
                    : (float) atol + (float) rtol * Math.abs((float) expected);
        }

        @Override
        public String name() {
            return "allclose";
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "allclose:rtol=%s,atol=%s", rtol, atol)
                    + (equalNan ? "" : ",nan-differs");
        }
    }

    /**
     * At most so many units in the last place apart, as {@code numpy.testing.assert_array_max_ulp}; every NaN is the same
     * NaN. For two files at hand: no case asks for it, as no number of ULP is right where a sum cancels.
     *
     * @param most the largest {@link Ulp#distance}, at least 0
     */
    record WithinUlp(long most) implements Policy {
        public WithinUlp {
            if (most < 0) {
                throw new IllegalArgumentException("ulp is " + most + ": expected a number of at least 0");
            }
        }

        @Override
        public String name() {
            return "ulp";
        }

        @Override
        public String toString() {
            return "ulp:" + most;
        }
    }

    /** {@code allclose:} and any of the settings, in this order. */
    Pattern ALLCLOSE =
            Pattern.compile("allclose:(?=.)(rtol=(?<rtol>NUMBER)NEXT)?(atol=(?<atol>NUMBER)NEXT)?(?<nan>nan-differs)?"
                    .replace("NUMBER", "[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?")
                    .replace("NEXT", "(,(?=.)|$)"));

    /** The forms that {@link #parse} takes, for messages. */
    String FORMS = "exact, exact:signed-zeros, certified, allclose or allclose:rtol=R,atol=A,nan-differs";

    private static double number(@Nullable String text, double otherwise) {
        return text == null ? otherwise : Double.parseDouble(text);
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException naming the text and the forms
     */
    static Policy parse(String text) {
        switch (text) {
            case "exact":
                return new Exact(false);
            case "exact:signed-zeros":
                return new Exact(true);
            case "certified":
                return new Certified();
            case "allclose":
                return AllClose.DEFAULT;
            default:
                Matcher m = ALLCLOSE.matcher(text);
                if (m.matches()) {
                    return new AllClose(
                            number(m.group("rtol"), AllClose.DEFAULT.rtol()),
                            number(m.group("atol"), AllClose.DEFAULT.atol()),
                            m.group("nan") == null);
                }
                throw new IllegalArgumentException("policy is " + text + ": expected " + FORMS);
        }
    }
}
