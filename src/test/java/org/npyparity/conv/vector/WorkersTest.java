package org.npyparity.conv.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
                long end = System.nanoTime() + 40_000L * (job % 11);
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
            }
        }
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
