package dev.plinth.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A service as a process of its own, and what it has written so far. Thread-safe. */
final class RunningService {
    private static final int PATIENCE_SECONDS = 30;

    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private final Thread lineReader;
    private volatile Consumer<String> echo = _ -> {};

    /** Starts it. */
    RunningService(Path folder, List<String> command) throws IOException {
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        withoutSettings(builder);
        process = builder.start();
        lineReader = follow(process.inputReader(StandardCharsets.UTF_8), lines);
        follow(process.errorReader(StandardCharsets.UTF_8), complaints);
    }

    /** The PLINTH_ variables of who gives the tour are not meant for this service. */
    static void withoutSettings(ProcessBuilder builder) {
        builder.environment().keySet().removeIf(name -> name.startsWith("PLINTH_"));
    }

    private Thread follow(BufferedReader from, List<String> into) {
        return Thread.ofVirtual().start(() -> {
            try {
                for (var line = from.readLine(); line != null; line = from.readLine()) {
                    synchronized (into) {
                        into.add(line);
                        into.notifyAll();
                    }
                    echo.accept(line);
                }
            } catch (IOException e) {
                // It was ended by force, and its stream with it: there are no more lines.
                return;
            }
        });
    }

    /** Shows every line from now on. */
    void echo(Consumer<String> to) {
        echo = to;
    }

    long pid() {
        return process.pid();
    }

    /** The lines of standard output so far. */
    List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    String complaints() {
        synchronized (complaints) {
            return String.join("\n", complaints);
        }
    }

    /**
     * The first line that is what is looked for, waited for where it is still to come.
     *
     * @throws Failure with all that it has written, if it ends or lets 30 s pass without such a line
     */
    String awaitLine(String what, Predicate<String> wanted) throws InterruptedException {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        synchronized (lines) {
            while (true) {
                for (var line : lines) {
                    if (wanted.test(line)) {
                        return line;
                    }
                }
                if (!lineReader.isAlive() || System.nanoTime() > end) {
                    throw Failure.failed("the service wrote no line that says " + what + ". It wrote:\n"
                            + String.join("\n", lines) + "\n" + complaints());
                }
                lines.wait(20);
            }
        }
    }

    /**
     * Waits until its readiness probe answers 200.
     *
     * @throws Failure with all that it has written, if it ends or lets 30 s pass
     */
    void awaitReady(int port) throws InterruptedException {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!isReady(port)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw Failure.failed("the service did not become ready. It wrote:\n" + String.join("\n", lines()) + "\n"
                        + complaints());
            }
            Thread.sleep(1);
        }
    }

    private static boolean isReady(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1000);
            socket.getOutputStream()
                    .write("GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
        } catch (IOException e) {
            return false;
        }
    }

    /** Asks it to stop, by SIGTERM. By its handle, since {@link Process#destroy} would also close what it still writes to. */
    void terminate() {
        process.toHandle().destroy();
    }

    /**
     * Waits until it has ended and all its lines are read; returns the exit code.
     *
     * @throws Failure if it lets 30 s pass
     */
    int awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw Failure.failed("the service did not stop within " + PATIENCE_SECONDS + " s");
        }
        lineReader.join();
        return process.exitValue();
    }

    /** Waits until it has ended, however long that takes. */
    void awaitEnd() throws InterruptedException {
        process.waitFor();
    }

    /** Ends it: in order where it can, by SIGTERM unless a Ctrl-C at this terminal has told it already, and else by force. */
    void end() {
        try {
            for (var tenths = 0; tenths < 10 && process.isAlive() && !isStopping(); tenths++) {
                Thread.sleep(100);
            }
            if (!isStopping()) {
                terminate();
            }
            process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }

    private boolean isStopping() {
        return lines().stream().anyMatch(line -> line.contains("\"stop 1/"));
    }
}
