package org.npyparity.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.npyparity.array.DType;
import org.npyparity.array.NdArray;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.CaseArray;
import org.npyparity.fixture.CaseArrays;
import org.npyparity.fixture.CaseReader;
import org.npyparity.fixture.FixtureException;
import org.npyparity.jnpy.Npy;
import org.npyparity.jnpy.NpyArray;
import org.npyparity.jnpy.NpyFormatException;
import org.npyparity.jnpy.Order;

/**
 * What something else computed for one case, in any language: {@code <out>/<case-id>/<array>.npy}; or, where {@code out}
 * is a fixture directory itself, the expected arrays of that case there.
 *
 * @param arrays those that can be read as float64 or float32, by name; of another dtype than expected, perhaps
 * @param incomparable those that cannot be compared at all, and why: another kind of dtype, shape or order
 * @param unread arrays of the case that are there, but were not asked for
 * @param gaps arrays that are missing, files that nobody expects; each a sentence
 * @param refused files that are no whole .npy file; each a sentence
 */
record ActualArrays(
        Map<String, NdArray> arrays,
        Map<String, String> incomparable,
        List<String> unread,
        List<String> gaps,
        List<String> refused) {
    private static final String SUFFIX = ".npy";

    /**
     * Loads.
     *
     * @param wanted whether an array is asked for, by name; no other is opened
     */
    static ActualArrays load(Path out, Case subject, Predicate<String> wanted) {
        Path directory = out.resolve(subject.id());
        ActualArrays loaded = new ActualArrays(
                new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        if (!Files.isDirectory(directory)) {
            loaded.gaps.add("case " + subject.id() + ": nothing was computed, expected " + directory + " with "
                    + subject.expected().keySet().stream()
                            .filter(wanted)
                            .map(name -> name + SUFFIX)
                            .collect(Collectors.joining(", ")));
            return loaded;
        }
        if (Files.exists(directory.resolve(CaseReader.CASE_FILE))) {
            loaded.loadFixture(directory, subject, wanted);
            return loaded;
        }
        subject.expected().forEach((name, array) -> {
            if (wanted.test(name)) {
                loaded.load(directory, subject, name, array);
            } else if (Files.exists(directory.resolve(name + SUFFIX))) {
                loaded.unread.add(name);
            }
        });
        loaded.requireNoOrphans(directory, subject);
        return loaded;
    }

    /** The expected arrays of the same case as somebody else emitted it, from inputs of the same bytes. */
    private void loadFixture(Path directory, Case subject, Predicate<String> wanted) {
        try {
            Case other = CaseReader.read(directory);
            subject.inputs().forEach((name, array) -> {
                CaseArray theirs = other.inputs().get(name);
                if (theirs == null || !theirs.sha256().equals(array.sha256())) {
                    throw new FixtureException(
                            directory.resolve(CaseReader.CASE_FILE),
                            "inputs." + name + ".sha256 is " + (theirs == null ? "missing" : theirs.sha256())
                                    + ": expected " + array.sha256() + ", as in " + subject.directory()
                                    + "; arrays of other inputs cannot be compared");
                }
            });
            other.inputs().forEach((name, array) -> CaseArrays.load(other, name, array));
            other.expected().forEach((name, array) -> {
                if (wanted.test(name)) {
                    arrays.put(name, CaseArrays.load(other, name, array));
                } else {
                    unread.add(name);
                }
            });
        } catch (FixtureException e) {
            arrays.clear();
            refused.add(e.getMessage() + "");
        }
    }

    private void load(Path directory, Case subject, String name, CaseArray expected) {
        Path file = directory.resolve(name + SUFFIX);
        try {
            NpyArray array = Npy.read(file);
            Optional<String> reason = incomparable(array, expected);
            if (reason.isPresent()) {
                incomparable.put(name, reason.get());
            } else {
                arrays.put(
                        name,
                        array.dtype().numpyName().equals(DType.FLOAT64.toString())
                                ? NdArray.of(array.doubles(), array.shape())
                                : NdArray.of(array.floats(), array.shape()));
            }
        } catch (NoSuchFileException e) {
            gaps.add("case " + subject.id() + ": array " + name + " is missing, expected " + file);
        } catch (NpyFormatException e) {
            refused.add(file + ": array " + name + " of case " + subject.id() + ": " + e.fault());
        } catch (IOException e) {
            refused.add(file + ": array " + name + " of case " + subject.id() + " cannot be read: "
                    + FixtureException.reason(e));
        }
    }

    private static Optional<String> incomparable(NpyArray array, CaseArray expected) {
        if (!Arrays.equals(array.shape(), expected.extents())) {
            return Optional.of("shape is " + NdArray.shapeText(array.shape()) + ": expected "
                    + NdArray.shapeText(expected.extents()));
        }
        if (DType.named(array.dtype().numpyName()).isEmpty()) {
            return Optional.of("dtype is " + array.dtype().numpyName() + ": expected " + expected.dtype());
        }
        if (array.order() != Order.C) {
            return Optional.of("order is Fortran: expected C; np.ascontiguousarray moves the elements");
        }
        return Optional.empty();
    }

    private void requireNoOrphans(Path directory, Case subject) {
        try (Stream<Path> entries = Files.list(directory)) {
            entries.map(e -> e.getFileName() + "")
                    .filter(e -> !e.startsWith("."))
                    .filter(e -> !e.endsWith(SUFFIX)
                            || !subject.expected().containsKey(e.substring(0, e.length() - SUFFIX.length())))
                    .sorted()
                    .forEach(e -> gaps.add("case " + subject.id() + ": " + directory.resolve(e)
                            + " is no array of this case, expected only "
                            + String.join(", ", subject.expected().keySet())));
        } catch (IOException e) {
            refused.add(directory + ": cannot be listed: " + FixtureException.reason(e));
        }
    }

    /**
     * What lies in {@code out} that belongs to no case; names that start with a dot do not count.
     *
     * @throws FixtureException if {@code out} is no directory or cannot be listed
     */
    static List<String> orphans(Path out, java.util.Set<String> ids) {
        if (!Files.isDirectory(out)) {
            throw new FixtureException(
                    out,
                    "is not a directory: expected computed arrays as <case-id>/<array>.npy; npyparity run writes such");
        }
        try (Stream<Path> entries = Files.list(out)) {
            return entries
                    .map(e -> e.getFileName() + "")
                    .filter(e -> !e.startsWith(".") && !ids.contains(e))
                    .collect(Collectors.toCollection(TreeSet::new))
                    .stream()
                    .map(e -> out.resolve(e) + " belongs to no case: expected the id of one")
                    .toList();
        } catch (IOException e) {
            throw new FixtureException(out, "cannot be listed: " + FixtureException.reason(e), e);
        }
    }
}
