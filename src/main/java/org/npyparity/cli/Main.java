package org.npyparity.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.npyparity.audit.Shard;
import org.npyparity.compare.Policy;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry: runs a command, and turns whatever goes wrong into a sentence and an exit code. */
public final class Main {
    /** Parity. */
    static final int PARITY = 0;

    /** Mismatch. */
    static final int MISMATCH = 1;

    /** Bad input or usage; also a fault of npyparity itself, which proves neither. */
    static final int BAD = 2;

    private Main() {}

    /** What the launcher knows a mismatch by: a JVM that cannot even start exits with 1. */
    private static final int LAUNCHED_MISMATCH = 101;

    /** Runs a command and exits with its code: 0 parity, 1 mismatch, 2 bad input or usage. */
    public static void main(String... args) {
        int code = run(Terminal.system(), args);
        System.exit(code == MISMATCH && Boolean.getBoolean("npyparity.launcher") ? LAUNCHED_MISMATCH : code);
    }

    /** Runs a command. */
    static int run(Terminal terminal, String... args) {
        try {
            int code = commandLine(terminal, args).execute(args);
            Optional<IOException> lost = terminal.out().lost();
            lost.ifPresent(e -> terminal.err()
                    .println("npyparity: standard output cannot be written (" + e.getMessage()
                            + "): the result is not there whole, expected space for it"));
            return lost.isPresent() ? BAD : code;
        } catch (Error e) { // picocli takes exceptions only; a JVM that ends by an error would say mismatch
            return explain(e, "npyparity", List.of(args).contains("--verbose"), terminal.err());
        } finally {
            terminal.out().flush();
            terminal.err().flush();
        }
    }

    /** All commands, in the order in which help lists them. */
    private static Map<String, Supplier<Object>> commands() {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("audit", AuditCommand::new);
        commands.put("run", RunCommand::new);
        commands.put("check", CheckCommand::new);
        commands.put("fuzz", FuzzCommand::new);
        commands.put("diff", DiffCommand::new);
        commands.put("inspect", InspectCommand::new);
        commands.put("report", ReportCommand::new);
        commands.put("completion", CompletionCommand::new);
        return commands;
    }

    /**
     * The command line. Where the first argument is a command no other one is set up: a third of the time that comparing
     * two small files takes.
     */
    static CommandLine commandLine(Terminal terminal, String... args) {
        CommandLine line = new CommandLine(new Npyparity(terminal));
        Map<String, Supplier<Object>> commands = commands();
        if (args.length > 0 && commands.containsKey(args[0])) {
            commands.keySet().retainAll(Set.of(args[0]));
        }
        commands.forEach((name, command) -> line.addSubcommand(name, command.get()));
        line.setOut(terminal.out());
        line.setErr(terminal.err());
        line.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colour() ? Ansi.ON : Ansi.OFF));
        line.registerConverter(Policy.class, Policy::parse);
        line.registerConverter(Shard.class, Shard::parse);
        line.setParameterExceptionHandler(Main::refuse);
        line.setExecutionExceptionHandler((e, command, parsed) -> explain(e, command));
        return line;
    }

    private static int refuse(ParameterException e, String... args) {
        CommandLine command = e.getCommandLine();
        String message = e.getMessage() + "";
        Throwable cause = e.getCause();
        if (cause instanceof IllegalArgumentException) { // of Policy or Shard, which say it better
            message = cause.getMessage() + "";
        }
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + sentence(message));
        UnmatchedArgumentException.printSuggestions(e, command.getErr());
        command.getErr().println("`" + name + " --help` shows what it takes.");
        return BAD;
    }

    private static int explain(Exception e, CommandLine command) {
        boolean verbose = command.getCommandSpec().root().userObject() instanceof Npyparity root && root.verbose();
        return explain(e, command.getCommandSpec().qualifiedName(), verbose, command.getErr());
    }

    private static int explain(Throwable fault, String command, boolean verbose, PrintWriter err) {
        err.println(command + ": " + Faults.sentence(fault));
        if (verbose) {
            fault.printStackTrace(err);
        }
        return BAD;
    }

    private static String sentence(String message) {
        return message.isEmpty() ? message : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }
}
