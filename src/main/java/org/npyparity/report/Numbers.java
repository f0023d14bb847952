package org.npyparity.report;

import java.util.Locale;

/** Numbers as every report writes them. */
public final class Numbers {
    private Numbers() {}

    /** A value so that it can be read back to the bit. */
    public static String exact(double value) {
        return Double.toString(value);
    }

    /** A measure of error, three significant digits. */
    public static String measure(double value) {
        if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
            return value == 0 ? "0" : Double.isNaN(value) ? "undecidable" : "inf";
        }
        double magnitude = Math.abs(value);
        return magnitude >= 0.001 && magnitude < 100_000
                ? String.format(Locale.ROOT, "%.3g", value)
                : String.format(Locale.ROOT, "%.2e", value);
    }

    /** A count with thousands apart. */
    public static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A distance in ULP; past ten million only its magnitude tells anything. */
    public static String distance(long ulp) {
        return ulp < 10_000_000 ? count(ulp) : measure(ulp);
    }

    /** How far a side is off its exact value, in fractions of the bound and in ULP: {@code 0.3, 2 ULP}. */
    public static String error(double fraction, long ulp) {
        return measure(fraction) + (ulp < 0 ? "" : ", " + distance(ulp) + " ULP");
    }

    /** One thing or several. */
    public static String counted(long n, String noun) {
        return count(n) + " " + noun + (n == 1 ? "" : "s");
    }

    /** A share in percent, rounded down: only all of them are 100 %. A dash if there is nothing to share. */
    public static String share(long part, long whole) {
        return whole == 0 ? "–" : String.format(Locale.ROOT, "%.2f %%", Math.floor(1e4 * part / whole) / 100);
    }
}
