package org.npyparity.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.npyparity.compare.Comparison.Violations;

/** What is found while elements are compared. Tallies of successive pieces add up to that of the whole. */
final class Tally {
    /** One element's two values. */
    record Element(long position, double actual, double expected, double tolerance) {}

    /** The element of the largest value offered so far, the first of equals. */
    static final class Extreme {
        private double largest = -1;
        private @Nullable Element element;

        /** Whether {@code value} would be the largest. */
        boolean isBeatenBy(double value) {
            return value > largest;
        }

        void set(double value, Element at) {
            largest = value;
            element = at;
        }

        /** The largest value; 0 before any. */
        double largest() {
            return Math.max(0, largest);
        }

        Optional<Element> element() {
            return Optional.ofNullable(element);
        }

        private void add(Extreme later) {
            if (later.element != null && isBeatenBy(later.largest)) {
                set(later.largest, later.element);
            }
        }
    }

    long differing;
    /** Zeros of two signs that the policy takes for equal. */
    long zeroSigns;

    long failing;
    long undecidable;
    long ambiguous;
    boolean allZero = true;
    final Extreme absolute = new Extreme();
    final Extreme relative = new Extreme();
    final Extreme ulp = new Extreme();
    final Extreme fraction = new Extreme();
    final List<Element> first = new ArrayList<>();

    long nanLocations;
    long infValues;
    long mismatched;
    /** Of mismatched elements; -1 before any. */
    double largestAbsolute = -1;
    /** Of mismatched elements whose expected value is not 0; -1 before any. */
    double largestRelative = -1;

    /** Takes in the tally of the elements that follow. */
    void add(Tally later) {
        differing += later.differing;
        zeroSigns += later.zeroSigns;
        failing += later.failing;
        undecidable += later.undecidable;
        ambiguous += later.ambiguous;
        allZero &= later.allZero;
        absolute.add(later.absolute);
        relative.add(later.relative);
        ulp.add(later.ulp);
        fraction.add(later.fraction);
        later.first.stream()
                .limit(Comparison.LISTED - Math.min(Comparison.LISTED, first.size()))
                .forEach(first::add);
        nanLocations += later.nanLocations;
        infValues += later.infValues;
        mismatched += later.mismatched;
        largestAbsolute = Math.max(largestAbsolute, later.largestAbsolute);
        largestRelative = Math.max(largestRelative, later.largestRelative);
    }

    Violations violations() {
        return new Violations(
                nanLocations,
                infValues,
                mismatched,
                mismatched == 0 ? Double.NaN : largestAbsolute,
                mismatched == 0 ? Double.NaN : largestRelative == -1 ? Double.POSITIVE_INFINITY : largestRelative);
    }
}
