package org.npyparity.fuzz;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.npyparity.fuzz.LiveRounds.Round;
import org.npyparity.python.CaseSpec;
import org.npyparity.python.NumpyWorker;

/** Rounds of cases: while NumPy emits one, the one before is judged. The first round that fails is the last. */
public final class Fuzzer {
    /** Cases in a round: enough to make hand-overs cheap, few enough to stop soon. */
    private static final int ROUND = 64;

    private Fuzzer() {}

    /**
     * What to do.
     *
     * @param source of the cases, by number from 0
     * @param engine one of them, or {@link org.npyparity.audit.AuditRequest#ALL_ENGINES}
     * @param cases how many at most
     * @param time how long at most; a round that has begun is finished, and what fails is shrunk
     */
    public record Request(LongFunction<CaseSpec> source, String engine, long cases, Duration time) {}

    /**
     * One failure of each engine that fails.
     *
     * @param number of the case, from 0
     * @param first as it was found
     * @param smallest what is left of it
     * @param tries how many cases were judged to get there
     */
    public record Found(long number, Failure first, Failure smallest, int tries) {}

    /**
     * What came of it.
     *
     * @param cases that were judged
     * @param unfit cases that NumPy's side found no fit numbers for, and that nobody judged
     * @param took until the last round was judged, without shrinking
     * @param found none in parity
     */
    public record Result(long cases, long unfit, Duration took, List<Found> found) {
        public Result {
            found = List.copyOf(found);
        }

        /** How many were emitted and judged in a second. */
        public double perSecond() {
            return cases / Math.max(1e-9, took.toNanos() / 1e9);
        }
    }

    /**
     * Fuzzes.
     *
     * @param judged is told how many cases are done
     * @throws org.npyparity.python.NumpyException if NumPy's side dies or refuses a whole round
     */
    public static Result run(Request request, NumpyWorker numpy, Judge judge, LongConsumer judged) {
        long started = System.nanoTime();
        ExecutorService emitter = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "emission");
            thread.setDaemon(true);
            return thread;
        });
        try (LiveRounds rounds = new LiveRounds(numpy)) {
            long cases = 0;
            long unfit = 0;
            long next = 0;
            List<CaseSpec> specs = specs(request, next);
            Future<Round> coming = emit(emitter, rounds, specs);
            while (true) {
                long first = next;
                next += specs.size();
                Round round = await(coming);
                boolean more = next < request.cases()
                        && System.nanoTime() - started < request.time().toNanos();
                if (more) {
                    specs = specs(request, next);
                    coming = emit(emitter, rounds, specs);
                }
                List<Failure> failures;
                try (round) {
                    failures = judge.failures(round.cases(), request.engine());
                }
                cases += round.cases().size();
                unfit += round.unfit();
                judged.accept(next);
                if (!failures.isEmpty() || !more) {
                    Duration took = Duration.ofNanos(System.nanoTime() - started);
                    if (more) {
                        await(coming).close(); // nothing may be in the making when its directory goes
                    }
                    return new Result(cases, unfit, took, shrunk(request, rounds, judge, failures, first));
                }
            }
        } finally {
            emitter.shutdownNow();
        }
    }

    private static List<CaseSpec> specs(Request request, long from) {
        List<CaseSpec> specs = new ArrayList<>();
        for (long i = from; i < Math.min(request.cases(), from + ROUND); i++) {
            specs.add(request.source().apply(i));
        }
        return specs;
    }

    private static Future<Round> emit(ExecutorService emitter, LiveRounds rounds, List<CaseSpec> specs) {
        return emitter.submit(() -> rounds.emit(specs));
    }

    private static Round await(Future<Round> coming) {
        try {
            return coming.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException sentence) {
                throw sentence;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("fuzzing was interrupted", e);
        }
    }

    private static List<Found> shrunk(
            Request request, LiveRounds rounds, Judge judge, List<Failure> failures, long first) {
        Map<String, Failure> firsts = new LinkedHashMap<>();
        failures.forEach(f -> firsts.putIfAbsent(f.engine(), f));
        List<Found> found = new ArrayList<>();
        firsts.forEach((engine, failure) -> {
            int[] tries = {0};
            String judgedAlone = engine.isEmpty() ? request.engine() : engine;
            Failure smallest = Shrinker.shrink(rounds, judge, judgedAlone, failure, tries);
            found.add(new Found(number(request, first, failure.spec()), failure, smallest, tries[0]));
        });
        return found;
    }

    private static long number(Request request, long first, CaseSpec spec) {
        long number = first;
        while (!request.source().apply(number).equals(spec)) {
            number++;
        }
        return number;
    }
}
