package org.npyparity.operation.conv.mistakes;

import java.util.List;
import java.util.stream.Stream;
import org.npyparity.conv.ConvGeometry;
import org.npyparity.operation.Mistake;
import org.npyparity.operation.Stage;

/** The catalogue. CatalogueTest shows which golden cases catch each. */
public final class ConvMistakes {
    private ConvMistakes() {}

    /** A part of the catalogue. */
    public enum Group {
        WINDOWS("Windows", WindowMistakes.all()),
        LAYOUT("Layout", LayoutMistakes.all()),
        FORWARD("Forward pass", ForwardMistakes.all()),
        MASK("ReLU mask", MaskMistakes.all()),
        GRADIENTS("Gradients", GradientMistakes.all()),
        LOOPS("Loops", LoopMistakes.all()),
        PRECISION("Precision", PrecisionMistakes.all()),
        /** What whole numbers cannot show: these need NaN, infinities, -0.0 or subnormals. */
        SPECIAL_VALUES("Special values", SpecialValueMistakes.all());

        private final String title;
        private final List<Entry> entries;

        Group(String title, List<Entry> entries) {
            this.title = title;
            this.entries = entries;
        }

        /** The names of its mistakes, in order. */
        public List<String> names() {
            return entries.stream().map(Entry::name).toList();
        }

        @Override
        public String toString() {
            return title;
        }
    }

    /**
     * The mistakes that can be made in these stages.
     *
     * @param correct the stages of the matrix form, without a mistake
     */
    public static List<Mistake> of(ConvGeometry geometry, List<Stage> correct) {
        return Stream.of(Group.values())
                .flatMap(group -> group.entries.stream())
                .flatMap(entry -> entry.of(geometry, correct).stream())
                .toList();
    }
}
