package org.npyparity.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Prints the completion script. */
@Command(
        name = "completion",
        description = "Print a completion script for bash and zsh.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(npyparity completion)",
            "  npyparity completion > ~/.local/share/bash-completion/completions/npyparity",
        })
final class CompletionCommand implements Runnable {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Npyparity root;

    @Override
    public void run() {
        root.terminal().out().print(AutoComplete.bash("npyparity", Main.commandLine(root.terminal())));
    }
}
