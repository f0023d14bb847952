package org.npyparity.cli;

import java.io.PrintWriter;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import org.npyparity.audit.Auditor;

/** Progress on a terminal, nothing in a pipe; stack traces if they are wanted. */
final class ProgressLine implements Auditor.Progress, AutoCloseable {
    private final String task;
    private final Terminal terminal;
    private final boolean verbose;
    private @Nullable ProgressBar bar;

    ProgressLine(String task, Terminal terminal, boolean verbose) {
        this.task = task;
        this.terminal = terminal;
        this.verbose = verbose;
    }

    @Override
    public synchronized void update(int done, int of) {
        if (!terminal.progress()) {
            return;
        }
        if (bar == null) {
            bar = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(of)
                    .setUpdateIntervalMillis(100)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUnit(" cases", 1)
                    .clearDisplayOnFinish()
                    .setConsumer(new ConsoleProgressBarConsumer(System.err))
                    .build();
        }
        bar.stepTo(done);
    }

    @Override
    public synchronized void failed(String what, Throwable cause) {
        if (verbose) {
            PrintWriter err = terminal.err();
            err.println(what + ":");
            cause.printStackTrace(err);
            err.flush();
        }
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
