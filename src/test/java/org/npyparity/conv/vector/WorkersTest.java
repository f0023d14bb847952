package org.npyparity.conv.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lost task would wait for ever, and whoever waits for it takes no interrupt: so there is a limit in time. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkersTest {
    /** Pauses about as long as a helper's patience: jobs meet helpers that look for work, give up, and sleep. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 16})
    void eachTaskOfEachJobRunsOnceWhateverTheHelpersAreDoing(int threads) {
        Workers workers = new Workers(threads);
        for (int job = 0; job < 2000; job++) {
            AtomicIntegerArray runs = new AtomicIntegerArray(job % 7);
            workers.run(runs.length(), (IntConsumer) runs::incrementAndGet);
            for (int task = 0; task < runs.length(); task++) {
                assertEquals(1, runs.get(task), "task " + task + " of job " + job);
            }
            if (job % 5 == 0) {
                pause(40_000L * (job % 11));
            }
        }
    }

    /** Two tasks that wait for each other, and pauses about as long as a helper's patience: it comes all the same. */
    @Test
    void aHelperTakesPartInEveryJob() {
        Workers workers = new Workers(2);
        for (int job = 0; job < 500; job++) {
            CyclicBarrier together = new CyclicBarrier(2);
            AtomicInteger ended = new AtomicInteger();
            workers.run(2, (IntConsumer) task -> {
                meet(together);
                pause(20_000L * task);
                ended.incrementAndGet();
            });
            assertEquals(2, ended.get(), "the caller waits for the last task");
            pause(4_000L * (job % 100));
        }
    }

    private static void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static void meet(CyclicBarrier together) {
        try {
            together.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException("nobody else took part", e);
        }
    }

    @Test
    void eachThreadThatTakesPartHasABodyOfItsOwnAndOnlyOne() {
        Workers workers = new Workers(2);
        CyclicBarrier together = new CyclicBarrier(2);
        Map<Thread, Integer> bodies = new ConcurrentHashMap<>();
        workers.run(9, () -> {
            Thread owner = Thread.currentThread();
            bodies.merge(owner, 1, Integer::sum);
            return task -> {
                assertSame(owner, Thread.currentThread());
                if (task < 2) {
                    meet(together);
                }
            };
        });
        assertEquals(2, bodies.size());
        bodies.forEach((thread, made) -> assertEquals(1, made, thread::getName));
    }

    @Test
    void callersShareTheHelpers() throws InterruptedException {
        Workers workers = new Workers(2);
        AtomicInteger sum = new AtomicInteger();
        Thread[] callers = new Thread[4];
        for (int i = 0; i < callers.length; i++) {
            callers[i] = new Thread(() -> {
                for (int job = 0; job < 500; job++) {
                    workers.run(3, (IntConsumer) sum::addAndGet);
                }
            });
            callers[i].start();
        }
        for (Thread caller : callers) {
            caller.join();
        }
        assertEquals(4 * 500 * (0 + 1 + 2), sum.get());
    }

    @Test
    void theFailureOfATaskReachesTheCallerAfterTheOthersHaveRun() {
        Workers workers = new Workers(2);
        AtomicInteger runs = new AtomicInteger();
        IntConsumer body = task -> {
            runs.incrementAndGet();
            if (task == 1) {
                throw new IllegalStateException("task 1");
            }
        };
        assertEquals(
                "task 1",
                assertThrows(IllegalStateException.class, () -> workers.run(9, body))
                        .getMessage());
        assertEquals(9, runs.get());
        workers.run(9, (IntConsumer) task -> runs.incrementAndGet());
        assertEquals(18, runs.get());
    }
}
