package org.npyparity.compare;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * A sum of doubles and of products of two doubles without any rounding: what both sides of a comparison are held
 * against.
 *
 * <p>A fixed-point number wide enough for every product of two doubles and for 2^60 of them (Kulisch's long
 * accumulator): adding costs a few integer operations, whatever the exponents. Not safe for use by several threads.
 *
 * <pre>{@code
 * ExactSum sum = new ExactSum();
 * sum.addProduct(0.1, 3);
 * sum.add(-0.3);
 * sum.value(); // 2.77555756156289135105907917022705078125E-17: what 0.1 · 3 - 0.3 is, in the doubles' own values
 * }</pre>
 */
public final class ExactSum {
    /** The exponent of the last bit: the product of the two smallest doubles. */
    private static final int LOWEST = 2 * -1074;

    /** 4196 bits of products and 60 for carries, in digits of 32 bits, and room for the last product's high part. */
    private static final int DIGITS = (-LOWEST + 2 * 1024 + 60) / 32 + 4;

    private static final int ADDITIONS_BEFORE_CARRY = 1 << 28;
    private static final long LOW = 0xFFFFFFFFL;
    private static final long FRACTION = (1L << 52) - 1;

    /** Each a signed number in base 2^32, not carried after every addition. */
    private final long[] digits = new long[DIGITS];

    private int pending;

    /** Makes it 0. */
    public void clear() {
        Arrays.fill(digits, 0);
        pending = 0;
    }

    /** Takes another's value. */
    public void set(ExactSum other) {
        System.arraycopy(other.digits, 0, digits, 0, DIGITS);
        pending = other.pending;
    }

    /**
     * Adds a number.
     *
     * @throws ArithmeticException if it is NaN or infinite
     */
    public void add(double a) {
        addProduct(a, 1);
    }

    /**
     * Adds a · b.
     *
     * @throws ArithmeticException if a factor is NaN or infinite
     */
    public void addProduct(double a, double b) {
        if (!Double.isFinite(a) || !Double.isFinite(b)) {
            throw new ArithmeticException("the exact value of " + a + " · " + b + " is no number");
        }
        if (a == 0 || b == 0) {
            return;
        }
        if (++pending == ADDITIONS_BEFORE_CARRY) {
            carry();
        }
        long x = significand(a);
        long y = significand(b);
        int shift = exponent(a) + exponent(b) - LOWEST;
        int digit = shift >>> 5;
        int bit = shift & 31;
        long low = x * y;
        long high = Math.multiplyHigh(x, y);
        if (a > 0 == b > 0) {
            add(digit, (low & LOW) << bit);
            add(digit + 1, low >>> 32 << bit);
            add(digit + 2, (high & LOW) << bit);
            add(digit + 3, high >>> 32 << bit);
        } else {
            subtract(digit, (low & LOW) << bit);
            subtract(digit + 1, low >>> 32 << bit);
            subtract(digit + 2, (high & LOW) << bit);
            subtract(digit + 3, high >>> 32 << bit);
        }
    }

    private void add(int digit, long value) {
        digits[digit] += value & LOW;
        digits[digit + 1] += value >>> 32;
    }

    private void subtract(int digit, long value) {
        digits[digit] -= value & LOW;
        digits[digit + 1] -= value >>> 32;
    }

    private static long significand(double a) {
        long bits = Double.doubleToRawLongBits(a);
        long fraction = bits & FRACTION;
        return (bits >>> 52 & 0x7ff) == 0 ? fraction : fraction | 1L << 52;
    }

    private static int exponent(double a) {
        return Math.max(Math.getExponent(a), Double.MIN_EXPONENT) - 52;
    }

    /** Brings all digits but the last into [0, 2^32); the last one has the sign. */
    private void carry() {
        long carry = 0;
        for (int i = 0; i < DIGITS - 1; i++) {
            long digit = digits[i] + carry;
            digits[i] = digit & LOW;
            carry = digit >> 32;
        }
        digits[DIGITS - 1] += carry;
        pending = 0;
    }

    /** -1, 0 or 1. */
    public int signum() {
        carry();
        if (digits[DIGITS - 1] != 0) {
            return Long.signum(digits[DIGITS - 1]);
        }
        for (int i = DIGITS - 2; i >= 0; i--) {
            if (digits[i] != 0) {
                return 1;
            }
        }
        return 0;
    }

    /**
     * Whether |this - computed| &lt;= tolerance, decided exactly; {@code false} for a NaN.
     *
     * @param scratch is overwritten
     */
    public boolean isWithin(double tolerance, double computed, ExactSum scratch) {
        if (!Double.isFinite(computed) || !(tolerance >= 0)) {
            return false;
        }
        if (tolerance == Double.POSITIVE_INFINITY) {
            return true;
        }
        scratch.set(this);
        scratch.add(-computed);
        if (scratch.signum() < 0) {
            scratch.add(tolerance);
            return scratch.signum() >= 0;
        }
        scratch.add(-tolerance);
        return scratch.signum() <= 0;
    }

    /** The value. */
    public BigDecimal value() {
        carry();
        BigInteger sum = BigInteger.ZERO;
        for (int i = DIGITS - 1; i >= 0; i--) {
            sum = sum.shiftLeft(32).add(BigInteger.valueOf(digits[i]));
        }
        if (sum.signum() == 0) {
            return BigDecimal.ZERO;
        }
        int zeros = sum.getLowestSetBit();
        int exponent = LOWEST + zeros;
        BigInteger odd = sum.shiftRight(zeros);
        // odd / 2^k = odd · 5^k / 10^k
        return exponent >= 0
                ? new BigDecimal(odd.shiftLeft(exponent))
                : new BigDecimal(odd.multiply(BigInteger.valueOf(5).pow(-exponent)), -exponent);
    }

    /** The value in decimal. */
    @Override
    public String toString() {
        return value().toString();
    }
}
