package org.npyparity.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.npyparity.array.NdArray;
import org.npyparity.compare.Bound;
import org.npyparity.compare.Comparator;
import org.npyparity.compare.Comparison;
import org.npyparity.compare.Policy;

/** Which pictures an audit keeps, in whatever order they are offered. */
class GalleryTest {
    private static final NdArray ZERO = NdArray.of(new double[] {0}, 1);

    /** Offers each of these errors in place of 0, as fractions of a tolerance; the case is called by the error. */
    private static List<String> kept(double tolerance, List<Double> errors) {
        List<List<String>> kept = new ArrayList<>();
        for (int turn = 0; turn < errors.size(); turn++) {
            Gallery gallery = new Gallery();
            List<Double> turned = new ArrayList<>(errors);
            Collections.rotate(turned, turn);
            for (double error : turned) {
                NdArray actual = NdArray.of(new double[] {error}, 1);
                Bound bound = Bound.of(new double[] {tolerance}, 0);
                Comparison comparison = Comparator.compare(actual, ZERO, new Policy.Certified(), bound);
                gallery.offer(
                        error + "",
                        "port",
                        new Judgement("unpad", "din_data", Scope.LOCAL, comparison, 0),
                        () -> Picture.of(actual, ZERO, new Policy.Certified(), bound, List.of()));
            }
            kept.add(List.copyOf(new TreeSet<>(gallery.pictures().keySet().stream()
                    .map(Gallery.Subject::caseId)
                    .toList())));
        }
        assertEquals(1, kept.stream().distinct().count(), () -> "in other orders: " + kept);
        return kept.get(0);
    }

    @Test
    void ofThePassingOnesTheWorstIsKeptAndNoneThatDiffersInNothing() {
        assertEquals(List.of("0.5"), kept(1, List.of(0.25, 0.5, 0.0, 0.125)));
        assertEquals(List.of(), kept(1, List.of(0.0, 0.0)));
    }

    @Test
    void ofTheFailingOnesTheWorstEightAreKeptBesideTheWorstThatPasses() {
        List<Double> errors =
                IntStream.rangeClosed(1, 12).mapToObj(i -> i / 2.0).toList();

        assertEquals(List.of("1.0", "2.5", "3.0", "3.5", "4.0", "4.5", "5.0", "5.5", "6.0"), kept(1, errors));
    }

    @Test
    void whereNoDifferenceIsAllowedAllAreEquallyBadAndTheFirstOfTheirNamesAreKept() {
        List<Double> errors = IntStream.rangeClosed(1, 9).mapToObj(i -> 1.0 * i).toList();

        assertEquals(IntStream.rangeClosed(1, 8).mapToObj(i -> i + ".0").toList(), kept(0, errors));
    }
}
