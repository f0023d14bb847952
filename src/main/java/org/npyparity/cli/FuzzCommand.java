package org.npyparity.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.npyparity.audit.AuditRequest;
import org.npyparity.audit.Judgement;
import org.npyparity.compare.Comparison.Difference;
import org.npyparity.fuzz.AuditJudge;
import org.npyparity.fuzz.Failure;
import org.npyparity.fuzz.FoundCases;
import org.npyparity.fuzz.Fuzzer;
import org.npyparity.fuzz.RandomCases;
import org.npyparity.python.CaseSpec;
import org.npyparity.python.NumpyWorker;
import org.npyparity.python.NumpyWorkers;
import org.npyparity.report.Invocation;
import org.npyparity.report.Numbers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Looks for cases that fail. */
@Command(
        name = "fuzz",
        description = {
            "Judge random cases that a live NumPy makes; shrink what fails to the smallest case that still does.",
            "Ends at the first round with a failure."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  npyparity fuzz",
            "  npyparity fuzz --seconds 60 --engine vector",
            "  npyparity fuzz --cases 20000 --seed 7 --save",
            "  npyparity fuzz --image npyparity-numpy:1.26",
        })
final class FuzzCommand implements Callable<Integer> {
    private static final long CASES = 1000;
    private static final long NO_LIMIT = Long.MAX_VALUE / 2;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Npyparity root;

    @Option(
            names = "--cases",
            paramLabel = "N",
            description = "How many at most. Default: " + CASES + ", or no limit beside --seconds.")
    private @Nullable Long cases;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "How long at most; a round that has begun is finished. Default: no limit.")
    private @Nullable Long seconds;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description =
                    "The same seed makes the same cases on every machine. Default: another one each time, printed.")
    private @Nullable Long seed;

    @Mixin
    private EngineOption engine = new EngineOption();

    @Option(
            names = "--python",
            paramLabel = "PYTHON",
            description =
                    "The interpreter with NumPy. Default: $NPYPARITY_PYTHON, else the project's python/.venv, else"
                            + " python3.")
    private @Nullable String python;

    @Option(names = "--image", paramLabel = "IMAGE", description = "NumPy in a container of this image instead.")
    private @Nullable String image;

    @Option(
            names = "--repeat",
            paramLabel = "CASE",
            description = "Judge this one case instead, an entry of a cases.json: the line that a failure prints.")
    private @Nullable String repeat;

    @Option(
            names = "--save",
            description = "Save what a failure is shrunk to as a golden case: in fixtures/found.json, from which `make"
                    + " golden` makes it again, and in fixtures/golden.")
    private boolean save;

    @Override
    public Integer call() throws IOException {
        Terminal terminal = root.terminal();
        String engines = engine.required();
        require("--cases", cases);
        require("--seconds", seconds);
        if (python != null && image != null) {
            throw new UsageException("--python and --image are given: expected one, NumPy here or in a container");
        }
        long start = seed != null ? seed : ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
        LongFunction<CaseSpec> source = new RandomCases(start);
        long limit = cases != null ? cases : seconds != null ? NO_LIMIT : CASES;
        if (repeat != null) {
            CaseSpec once = once(repeat);
            source = number -> once;
            limit = 1;
        }
        Duration time = Duration.ofSeconds(seconds != null ? seconds : Integer.MAX_VALUE);
        Path home = terminal.home().orElse(Path.of(""));
        try (NumpyWorker numpy = NumpyWorkers.start(home, Optional.ofNullable(python), Optional.ofNullable(image));
                ProgressLine progress = new ProgressLine("fuzz", terminal, root.verbose())) {
            terminal.out().println((repeat != null ? "one case" : "seed " + start) + ", " + numpy.greeting());
            terminal.out().flush();
            int shown = (int) Math.min(limit, Integer.MAX_VALUE);
            Fuzzer.Result result = Fuzzer.run(
                    new Fuzzer.Request(source, engines, limit, time),
                    numpy,
                    new AuditJudge(progress),
                    done -> progress.update((int) done, shown));
            progress.close();
            result.found().forEach(found -> print(terminal.out(), found, start));
            terminal.out().println(summary(result));
            if (save) {
                save(result.found(), home, start, numpy);
            }
            return result.found().isEmpty() ? Main.PARITY : Main.MISMATCH;
        }
    }

    private static void require(String option, @Nullable Long value) {
        if (value != null && (value < 1 || value > Integer.MAX_VALUE)) {
            throw new UsageException(option + " " + value + ": expected a number from 1 to " + Integer.MAX_VALUE);
        }
    }

    private static CaseSpec once(String json) {
        try {
            return CaseSpec.parse(json);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--repeat: " + e.getMessage(), e);
        }
    }

    private static String summary(Fuzzer.Result result) {
        int found = result.found().size();
        return (found == 0 ? "PARITY" : "MISMATCH") + "  " + Numbers.counted(result.cases(), "case") + ", "
                + (found == 0 ? "no failures" : Numbers.counted(found, "failure"))
                + String.format(Locale.ROOT, ", %.0f a second", result.perSecond())
                + (result.unfit() == 0
                        ? ""
                        : "; " + Numbers.count(result.unfit()) + " more could not be judged: no draw of them is fit");
    }

    private void print(PrintWriter out, Fuzzer.Found found, long start) {
        Failure smallest = found.smallest();
        String name = smallest.engine().isEmpty() ? "" : smallest.engine() + ": ";
        out.println("✗ " + name + smallest.sentence()
                + (smallest.mistakes().isEmpty() ? "" : ", matches " + String.join(" or ", smallest.mistakes())));
        smallest.judgement().ifPresent(judgement -> values(out, judgement));
        out.println("    found as  " + found.first().id()
                + (repeat != null ? "" : ", case " + found.number() + " of seed " + start));
        out.println("    shrunk to " + smallest.id() + " by " + Numbers.counted(found.tries(), "case"));
        out.println("    repeat: " + line(smallest));
        out.println();
    }

    private static void values(PrintWriter out, Judgement judgement) {
        judgement.comparison().incomparable().ifPresent(reason -> out.println("    " + reason));
        for (Difference d : judgement.comparison().first()) {
            out.println("    " + judgement.array() + d.index() + " is " + Numbers.exact(d.actual()) + ": NumPy has "
                    + Numbers.exact(d.expected()) + ", " + Numbers.measure(d.tolerance()) + " apart are allowed");
        }
    }

    /** The line that repeats a failure. */
    private String line(Failure failure) {
        StringBuilder line = new StringBuilder("bin/npyparity fuzz --repeat " + Invocation.quoted(failure.spec() + ""));
        String judged = failure.engine().isEmpty() ? engine.required() : failure.engine();
        if (!judged.equals(AuditRequest.ALL_ENGINES)) {
            line.append(" --engine ").append(judged);
        }
        if (image != null) {
            line.append(" --image ").append(Invocation.quoted(image));
        }
        if (python != null) {
            line.append(" --python ").append(Invocation.quoted(python));
        }
        return line.toString();
    }

    /** With the NumPy of `make golden`, whoever found it: the golden set's arrays are that one's. */
    private void save(List<Fuzzer.Found> found, Path home, long start, NumpyWorker numpy) throws IOException {
        if (found.isEmpty()) {
            return;
        }
        try (NumpyWorker own = NumpyWorkers.start(home, Optional.empty(), Optional.empty())) {
            for (Fuzzer.Found each : found) {
                Failure smallest = each.smallest();
                String why = "Found by fuzzing against " + numpy.greeting()
                        + (repeat != null ? "" : ", seed " + start)
                        + (smallest.engine().isEmpty()
                                ? ", where "
                                : ", where engine " + smallest.engine() + " failed at ")
                        + smallest.judgement()
                                .map(j -> j.stage() + " in " + j.array())
                                .orElse("the case itself")
                        + (smallest.mistakes().isEmpty() ? "" : " like " + String.join(" or ", smallest.mistakes()))
                        + ".";
                Path place = FoundCases.save(home.resolve("fixtures"), smallest.spec(), why, own);
                root.terminal().out().println("saved: " + place);
            }
        }
    }
}
