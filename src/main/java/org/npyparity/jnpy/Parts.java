package org.npyparity.jnpy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.IntStream;

/** Splits a transfer between a file and an array among the processors. */
final class Parts {
    /** From so many bytes on it pays. */
    private static final int WORTHWHILE = 1 << 22;

    /** What moves the elements {@code [from, to)}. */
    @FunctionalInterface
    interface Transfer {
        void move(int from, int to) throws IOException;
    }

    private Parts() {}

    static boolean areWorthwhile(long bytes) {
        return bytes >= WORTHWHILE;
    }

    /** Moves {@code [0, length)}, one part to a processor; the first failure is thrown when all have ended. */
    static void move(int length, Transfer transfer) throws IOException {
        int parts = Runtime.getRuntime().availableProcessors();
        int part = length / parts + 1;
        try {
            IntStream.range(0, parts).parallel().forEach(i -> {
                try {
                    transfer.move((int) Math.min(length, (long) i * part), (int) Math.min(length, (i + 1L) * part));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }
}
