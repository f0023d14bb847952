package org.npyparity.operation.conv.mistakes;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.npyparity.audit.CaseAudit;
import org.npyparity.operation.Mistake;
import org.npyparity.operation.conv.mistakes.ConvMistakes.Group;
import org.npyparity.operation.conv.mistakes.Mutants.Golden;
import org.npyparity.operation.conv.mistakes.Mutants.Outcome;

/** The proof that golden cases catch what their why says, and that the audit gives it its name. */
class CatalogueTest {
    private static final List<Golden> CASES = Mutants.CASES;
    private static final List<Golden> EXACT = Mutants.family("exact");
    private static final List<Golden> SPECIAL = Mutants.family("special");

    /** Mistakes that whole numbers show. */
    private static List<String> catalogue() {
        return Stream.of(Group.values())
                .filter(g -> g != Group.SPECIAL_VALUES)
                .flatMap(g -> g.names().stream())
                .toList();
    }

    private static List<String> specialValues() {
        return Group.SPECIAL_VALUES.names();
    }

    @BeforeAll
    static void auditEveryMistakeOnAllCores() {
        EXACT.parallelStream().forEach(c -> c.mistakes.forEach(m -> c.outcome(m.name())));
    }

    @Test
    void theCatalogueHoldsAtLeastThirtyMistakesOfDifferentNames() {
        List<String> names =
                Stream.concat(catalogue().stream(), specialValues().stream()).toList();

        assertTrue(catalogue().size() >= 30, () -> "" + catalogue().size());
        assertEquals(names.size(), new HashSet<>(names).size());
    }

    @ParameterizedTest
    @MethodSource("catalogue")
    void everyMistakeIsCaughtByAnExactGoldenCase(String mistake) {
        assertTrue(EXACT.stream().anyMatch(c -> c.catches(mistake)), () -> "no exact golden case catches " + mistake);
    }

    @ParameterizedTest
    @MethodSource("specialValues")
    void everyMistakeWithSpecialValuesIsCaughtByASpecialGoldenCaseThatNamesItAlone(String mistake) {
        assertTrue(
                SPECIAL.stream()
                        .filter(c -> c.catches(mistake))
                        .anyMatch(c -> c.outcome(mistake).named().equals(List.of(mistake))),
                () -> "no special golden case names " + mistake + " alone");
    }

    @ParameterizedTest
    @MethodSource("catalogue")
    void whereverAnExactCaseCatchesAMistakeItIsNamed(String mistake) {
        for (Golden c : EXACT) {
            if (c.catches(mistake)) {
                assertTrue(
                        c.outcome(mistake).named().contains(mistake),
                        () -> c + " names " + c.outcome(mistake).named());
            }
        }
    }

    @Test
    void atLeastNineOfTenAreToldFromAllOthersByAnExactCase() {
        List<String> ambiguous = catalogue().stream()
                .filter(m -> EXACT.stream()
                        .noneMatch(c -> c.catches(m) && c.outcome(m).named().equals(List.of(m))))
                .toList();

        assertTrue(
                ambiguous.size() * 10 <= catalogue().size(),
                () -> "no exact golden case names these alone: " + ambiguous);
        // A loop that ends one pixel early drops a last window only along an axis whose stride leaves no rest: in one
        // geometry just what an output one too small, or a row or a column less, drops. Whole numbers have no -0.0; the
        // special family tells a mask by < 0 from a test of the sign bit.
        assertEquals(List.of("last window dropped", "mask by < 0"), ambiguous);
    }

    @ParameterizedTest
    @FieldSource("EXACT")
    void whereAMistakeIsMadeInOneStageThatStageIsThePlace(Golden c) {
        List<Mistake> inOneStage = c.mistakes.stream()
                .filter(m -> m.places().size() == 1 && c.catches(m.name()))
                .toList();

        assertFalse(inOneStage.isEmpty());
        for (Mistake m : inOneStage) {
            assertEquals(List.copyOf(m.places()), c.outcome(m.name()).places(), m.name());
        }
    }

    @ParameterizedTest
    @FieldSource("EXACT")
    void thePlaceIsAlwaysAStageThatTheMistakeIsMadeIn(Golden c) {
        for (Mistake m : c.mistakes) {
            Outcome outcome = c.outcome(m.name());
            if (outcome.caught()) {
                assertTrue(m.places().containsAll(outcome.places()), () -> m.name() + ": " + outcome.places());
            }
        }
    }

    @ParameterizedTest
    @FieldSource("EXACT")
    void everyExactCaseCatchesAtLeastFiveMistakes(Golden c) {
        List<String> caught = catalogue().stream().filter(c::catches).toList();

        assertTrue(caught.size() >= 5, () -> c + " catches only " + caught);
    }

    /** Which mistakes each case's why names. A why about data that no mistake of the catalogue spoils has none. */
    private static final Map<String, List<String>> WHY = Map.ofEntries(
            Map.entry(
                    "conv2d-exact-float64-b2-h5w7c4-d6-k3s1p1",
                    List.of(
                            "flipped kernel",
                            "patches in (c, kh, kw)",
                            "weights in (c, kh, kw)",
                            "swapped window offsets",
                            "in_data width first")),
            Map.entry(
                    "conv2d-exact-float64-b3-h6w9c2-d4-k3s2p1",
                    List.of(
                            "output size rounded up",
                            "windows aligned with the far edge",
                            "reversed images",
                            "batch offset forgotten")),
            Map.entry("conv2d-exact-float64-b2-h6w8c3-d5-k3s1p0", List.of("empty slice at padding 0")),
            Map.entry("conv2d-exact-float64-b2-h4w6c3-d5-k3s1p2", List.of("same padding")),
            Map.entry("conv2d-exact-float64-b2-h3w5c4-d6-k2s1p3", List.of("edge padding")),
            Map.entry("conv2d-exact-float64-b2-h7w11c3-d5-k2s3p0", List.of("windows tile", "dilation for stride")),
            Map.entry(
                    "conv2d-exact-float64-b3-h8w5c2-d4-k3s3p0",
                    List.of("windows aligned with the far edge", "output size rounded up", "output size without + 1")),
            Map.entry(
                    "conv2d-exact-float64-b2-h8w11c4-d3-k3s3p1",
                    List.of("origin off by one", "padding at the far edge only")),
            Map.entry("conv2d-exact-float64-b2-h4w7c3-d5-k1s1p0", List.of("reversed channels", "weights in HWOI")),
            Map.entry("conv2d-exact-float64-b2-h7w9c4-d3-k5s1p2", List.of("col2im overwrites")),
            Map.entry("conv2d-exact-float64-b3-h6w9c2-d4-k4s2p1", List.of("same padding")),
            Map.entry("conv2d-exact-float64-b2-h1w1c3-d4-k3s1p1", List.of("edge padding", "circular padding")),
            Map.entry("conv2d-exact-float64-b2-h1w1c3-d4-k1s2p1", List.of("missing bias", "bias by row")),
            Map.entry(
                    "conv2d-exact-float64-b1-h3w10c5-d4-k3s1p1",
                    List.of("row pitch by height", "output row pitch by height")),
            Map.entry("conv2d-exact-float32-b2-h5w7c4-d6-k3s1p1", List.of("TF32 products", "bfloat16 products")),
            Map.entry("conv2d-exact-float32-b3-h6w9c2-d4-k3s2p1", List.of("bfloat16 accumulator")),
            Map.entry(
                    "conv2d_backward-exact-float64-b3-h6w9c2-d4-k3s2p1", List.of("mask by == 0", "mask by dout_data")),
            Map.entry("conv2d_backward-exact-float32-b2-h5w7c4-d6-k3s1p1", List.of("mask by == 0")),
            Map.entry("conv2d_backward-exact-float32-b3-h6w9c2-d4-k3s2p1", List.of("dpadding_data in float64")),
            Map.entry("conv2d_backward-document-float32-b3-h6w9c2-d4-k3s2p1", List.of("mask by < 0")),
            Map.entry("conv2d-chained-float64-b2-h5w7c4-d6-k3s1p1", List.of("missing bias", "bias after the ReLU")),
            Map.entry("conv2d-chained-float32-b3-h6w9c2-d4-k3s2p1", List.of("TF32 products", "bfloat16 products")),
            Map.entry("conv2d_backward-chained-float64-b3-h6w9c2-d4-k3s2p1", List.of("mask by < 0")),
            Map.entry(
                    "conv2d_backward-chained-float32-b2-h5w7c4-d6-k3s1p1",
                    List.of("matric_data reshaped for transposed")),
            Map.entry(
                    "conv2d-special-nan-float64-b2-h5w7c4-d6-k3s1p1",
                    List.of("ReLU stops NaN", "mask stops NaN", "mask multiplies")),
            Map.entry("conv2d-special-infinities-float32-b3-h6w9c2-d4-k3s2p1", List.of("zeros skipped")),
            Map.entry("conv2d-special-padding-infinity-float64-b2-h5w7c4-d6-k3s1p1", List.of("zeros skipped")),
            Map.entry("conv2d-special-subnormals-float64-b3-h6w9c2-d4-k3s2p1", List.of("subnormals flushed")),
            Map.entry("conv2d-special-subnormals-float32-b2-h5w7c4-d6-k3s1p1", List.of("subnormals flushed")),
            Map.entry("conv2d_backward-special-nan-float32-b3-h6w9c2-d4-k3s2p1", List.of("mask stops NaN")),
            Map.entry("conv2d_backward-special-infinities-float64-b2-h5w7c4-d6-k3s1p1", List.of("mask multiplies")),
            Map.entry("conv2d_backward-special-padding-infinity-float32-b2-h5w7c4-d6-k3s1p1", List.of("zeros skipped")),
            Map.entry(
                    "conv2d_backward-special-signed-zeros-float64-b3-h6w9c2-d4-k3s2p1",
                    List.of("mask by the sign bit")));

    @ParameterizedTest
    @FieldSource("CASES")
    void everyGoldenCaseCatchesWhatItsWhySays(Golden c) {
        assertAll(WHY.getOrDefault(c.name(), List.of()).stream()
                .map(m -> () -> assertTrue(c.catches(m), () -> c + " does not catch " + m + ": " + c.subject.why())));
    }

    @Test
    void everyWhyNamesMistakesOfTheCatalogue() {
        Set<String> named = WHY.values().stream().flatMap(List::stream).collect(Collectors.toSet());
        named.removeAll(catalogue());
        named.removeAll(specialValues());

        assertEquals(Set.of(), named);
    }

    @Test
    void everyWhyBelongsToAGoldenCase() {
        Set<String> cases = CASES.stream().map(Golden::name).collect(Collectors.toSet());

        assertEquals(
                Set.of(), WHY.keySet().stream().filter(w -> !cases.contains(w)).collect(Collectors.toSet()));
    }

    @Test
    void aMistakeMadeInOneOfItsStagesIsExplainedToo() {
        Golden c = Mutants.named("conv2d-exact-float64-b2-h4w6c3-d5-k3s1p2");
        for (Mistake m : c.mistakes) {
            for (String place : m.places()) {
                Outcome outcome = Outcome.of(c.audit(Map.of(place, m)));
                assertEquals(outcome.caught(), !outcome.named().isEmpty(), () -> m.name() + " in " + place);
            }
        }
    }

    @Test
    void ofTwoMistakesTheOneThatWouldShowElsewhereIsNotNamed() {
        Golden c = Mutants.named("conv2d-exact-float64-b2-h5w7c4-d6-k3s1p1");
        Mistake everywhere = c.mistake("weights in OHWI");

        assertEquals(
                List.of("weights reshaped for transposed"),
                Outcome.of(c.audit(Map.of("window-gradient", everywhere))).named());
        assertEquals(List.of("weights in OHWI"), c.outcome("weights in OHWI").named());
    }

    @Test
    void twoMistakesAtOnceAreBothNamed() {
        Golden c = Mutants.named("conv2d-exact-float64-b2-h4w6c3-d5-k3s1p2");
        CaseAudit audit =
                c.audit(Map.of("linear-relu", c.mistake("missing bias"), "col2im", c.mistake("col2im overwrites")));

        assertEquals(
                List.of("col2im overwrites", "missing bias"), Outcome.of(audit).named());
        assertEquals("linear-relu", audit.place().orElseThrow().stage());
    }
}
