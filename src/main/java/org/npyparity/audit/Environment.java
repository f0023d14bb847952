package org.npyparity.audit;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the implementation under test ran.
 *
 * @param java version of the runtime
 * @param vm name and version of the virtual machine
 * @param vendor of the runtime
 * @param flags of the virtual machine; system properties (-D) are left out, they may hold secrets
 * @param os name, version and architecture
 * @param cpu model
 * @param processors that the virtual machine may use
 */
public record Environment(
        String java, String vm, String vendor, List<String> flags, String os, String cpu, int processors) {
    public Environment {
        flags = List.copyOf(flags);
    }

    /** This virtual machine, here. */
    public static Environment here() {
        return new Environment(
                System.getProperty("java.runtime.version", "unknown"),
                System.getProperty("java.vm.name", "unknown"),
                System.getProperty("java.vendor", "unknown"),
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .filter(flag -> !flag.startsWith("-D"))
                        .toList(),
                System.getProperty("os.name", "unknown") + " " + System.getProperty("os.version", "") + ", "
                        + System.getProperty("os.arch", ""),
                model(),
                Runtime.getRuntime().availableProcessors());
    }

    /** Only Linux says it without a native call; elsewhere the architecture has to do. */
    private static String model() {
        Path info = Path.of("/proc/cpuinfo");
        if (Files.isReadable(info)) {
            try (Stream<String> lines = Files.lines(info)) {
                return lines.filter(line -> line.startsWith("model name") && line.contains(":"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElseGet(Environment::architecture);
            } catch (IOException e) {
                return architecture();
            }
        }
        return architecture();
    }

    private static String architecture() {
        return System.getProperty("os.arch", "unknown");
    }
}
