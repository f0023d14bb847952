package org.npyparity.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.npyparity.operation.conv.Conv2d;

/** The operations at hand: the built-in ones, then those that {@link ServiceLoader} finds. */
public final class Operations {
    private Operations() {}

    public static List<Operation> all() {
        List<Operation> operations = new ArrayList<>(List.of(Conv2d.layer(), Conv2d.backward()));
        ServiceLoader.load(Operation.class).forEach(operations::add);
        return List.copyOf(operations);
    }
}
