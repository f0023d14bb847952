package org.npyparity.compare;

import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;
import org.npyparity.array.DType;

/** What an element is in exact arithmetic: a number without rounding, or NaN or an infinity. */
public final class ExactValue {
    private static final MathContext DIGITS = new MathContext(25);

    private final @Nullable BigDecimal number;
    private final double special;

    private ExactValue(@Nullable BigDecimal number, double special) {
        this.number = number;
        this.special = special;
    }

    public static ExactValue of(BigDecimal number) {
        return new ExactValue(number, 0);
    }

    /** The value of a double, NaN and infinities included. */
    public static ExactValue of(double value) {
        return Double.isFinite(value) ? of(new BigDecimal(value)) : new ExactValue(null, value);
    }

    /** max(this, 0) as NumPy computes it: NaN stays. */
    public ExactValue relu() {
        if (number == null) {
            return special < 0 ? of(0) : this;
        }
        return number.signum() < 0 ? of(0) : this;
    }

    /** Whether it is positive or NaN: where a ReLU lets the gradient pass. */
    public boolean passesRelu() {
        return number == null ? !(special <= 0) : number.signum() > 0;
    }

    /** The number of that type that is nearest, to even if two are. */
    public double rounded(DType dtype) {
        if (number == null) {
            return special;
        }
        return dtype == DType.FLOAT64 ? number.doubleValue() : number.floatValue();
    }

    /** Whether rounding to that type changes nothing. */
    public boolean isRepresentable(DType dtype) {
        return errorOf(rounded(dtype)) == 0;
    }

    /**
     * |computed - this|, rounded to nearest.
     *
     * @return 0 for the same NaN or infinity, infinity if one side is a number and the other is not
     */
    public double errorOf(double computed) {
        if (number == null || !Double.isFinite(computed)) {
            boolean same = number == null && (special == computed || Double.isNaN(special) && Double.isNaN(computed));
            return same ? 0 : Double.POSITIVE_INFINITY;
        }
        return number.subtract(new BigDecimal(computed)).abs().doubleValue();
    }

    /** The value, rounded to 25 significant digits. */
    @Override
    public String toString() {
        return number == null ? Double.toString(special) : number.round(DIGITS).toString();
    }
}
