package dev.plinth.cli;

import java.io.PrintStream;

/**
 * Tells on standard error what a command is at: {@code plinth: building orders ... 3.2 s}. On a terminal the seconds run
 * while it works. One step at a time.
 */
final class Steps {
    private final PrintStream err;
    private final boolean terminal;

    Steps(PrintStream err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    /** Does the work and tells how long it took, or that it failed. */
    void step(String what, Runnable work) {
        var start = System.nanoTime();
        var line = "plinth: " + what + " ... ";
        err.print(line);
        err.flush();
        var clock = terminal ? clock(line, start) : new Thread();
        var done = false;
        try {
            work.run();
            done = true;
        } finally {
            stop(clock);
            err.println((terminal ? "\r" + line : "") + seconds(start) + (done ? "" : ", failed"));
        }
    }

    /** Tells one thing that is no step. */
    void note(String text) {
        err.println("plinth: " + text);
    }

    private Thread clock(String line, long start) {
        return Thread.ofVirtual().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                err.print("\r" + line + seconds(start));
                err.flush();
                try {
                    Thread.sleep(100);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
    }

    private static void stop(Thread clock) {
        clock.interrupt();
        try {
            clock.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String seconds(long start) {
        var tenths = (System.nanoTime() - start + 50_000_000) / 100_000_000;
        return tenths / 10 + "." + tenths % 10 + " s";
    }
}
