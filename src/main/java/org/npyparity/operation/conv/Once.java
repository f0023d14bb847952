package org.npyparity.operation.conv;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is computed when it is first asked for, and kept. Not safe for use by several threads. */
final class Once<T> implements Supplier<T> {
    private final Supplier<T> computation;
    private @Nullable T value;

    Once(Supplier<T> computation) {
        this.computation = computation;
    }

    @Override
    public T get() {
        T known = value;
        if (known == null) {
            known = computation.get();
            value = known;
        }
        return known;
    }
}
