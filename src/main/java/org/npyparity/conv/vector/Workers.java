package org.npyparity.conv.vector;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs numbered tasks on a few threads, the caller's among them.
 *
 * <p>Who runs which task is left to chance: whoever cuts work into tasks sees to it that the result does not depend on
 * it. The threads are daemons and leave when idle.
 */
final class Workers {
    /**
     * How long a thread looks for work or waits for others before it sleeps, in ns: to wake it takes some 40 µs, and from
     * one pass to the next it is about as long as to clear the next result.
     */
    private static final long PATIENCE = 200_000;

    /** The threads beside the caller's; none for one thread. */
    private final @Nullable ForkJoinPool helpers;

    private final long patience;
    /** Helpers that are at work or look for some. */
    private final AtomicInteger awake = new AtomicInteger();
    /** What helpers look for. */
    private final AtomicReference<@Nullable Job> latest = new AtomicReference<>();

    Workers(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ": expected at least 1");
        }
        helpers = threads == 1 ? null : new ForkJoinPool(threads - 1);
        // Who looks for work must not keep a processor from who does it.
        patience = threads <= Runtime.getRuntime().availableProcessors() ? PATIENCE : 0;
    }

    /** The same for tasks that need no buffers. */
    void run(int tasks, IntConsumer body) {
        run(tasks, () -> body);
    }

    /**
     * Runs the tasks 0 to {@code tasks} - 1 and returns when all have ended.
     *
     * @param perThread called once on each thread that takes part, for a body with buffers of its own
     */
    void run(int tasks, Supplier<IntConsumer> perThread) {
        if (helpers == null || tasks <= 1) {
            if (tasks > 0) {
                IntConsumer body = perThread.get();
                for (int task = 0; task < tasks; task++) {
                    body.accept(task);
                }
            }
            return;
        }
        Job job = new Job(tasks, perThread);
        latest.set(job);
        for (int wanted = Math.min(helpers.getParallelism(), tasks - 1); awake.get() < wanted; ) {
            awake.incrementAndGet();
            helpers.execute(this::help);
        }
        job.run();
        job.await(patience);
        latest.compareAndSet(job, null);
    }

    private void help() {
        long since = System.nanoTime();
        do {
            if (runLatest()) {
                since = System.nanoTime();
            } else {
                Thread.onSpinWait();
            }
        } while (System.nanoTime() - since < patience);
        awake.decrementAndGet();
        // Whoever counted on this thread has set a job before.
        runLatest();
    }

    /** Whether there was something to do. */
    private boolean runLatest() {
        Job job = latest.get();
        return job != null && job.run();
    }

    private static final class Job {
        private final int tasks;
        private final Supplier<IntConsumer> perThread;
        private final AtomicInteger next = new AtomicInteger();
        private final CountDownLatch pending;
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Job(int tasks, Supplier<IntConsumer> perThread) {
            this.tasks = tasks;
            this.perThread = perThread;
            pending = new CountDownLatch(tasks);
        }

        /** Runs tasks until none is left; whether there was one. */
        boolean run() {
            @Nullable IntConsumer body = null;
            if (next.get() >= tasks) {
                return false;
            }
            for (int task = next.getAndIncrement(); task < tasks; task = next.getAndIncrement()) {
                try {
                    if (body == null) {
                        body = perThread.get();
                    }
                    body.accept(task);
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                } finally {
                    pending.countDown();
                }
            }
            return true;
        }

        /** Waits for the tasks, not for the helpers: one that starts late finds nothing to do. */
        void await(long patience) {
            long since = System.nanoTime();
            while (pending.getCount() > 0 && System.nanoTime() - since < patience) {
                Thread.onSpinWait();
            }
            boolean interrupted = false;
            while (true) {
                try {
                    pending.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            Throwable first = failure.get();
            if (first instanceof RuntimeException e) {
                throw e;
            }
            if (first instanceof Error e) {
                throw e;
            }
        }
    }
}
