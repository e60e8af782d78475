package dev.plinth.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * A program that serves HTTP, as a process on the first core unless told otherwise, so that what measures it has the second
 * one to itself.
 *
 * @param name for files and reports
 * @param program the jar or the class path with the main class, as words after {@code java}
 * @param training what the program is told so that it trains and ends by itself; empty where it can't
 * @param arguments what the program is told, for a port
 * @param cores as {@code taskset} takes them
 */
record Server(
        String name, List<String> program, List<String> training, IntFunction<List<String>> arguments, String cores) {
    Server(String name, List<String> program, List<String> training, IntFunction<List<String>> arguments) {
        this(name, program, training, arguments, "0");
    }

    Server on(String otherCores) {
        return new Server(name, program, training, arguments, otherCores);
    }

    private static final int PATIENCE_SECONDS = 60;

    /** One that runs. */
    record Running(Process process, int port, double millisToFirstAnswer) implements AutoCloseable {
        /** The processor time that it has used so far, in microseconds, as the kernel counts it in hundredths of a second. */
        double cpuMicros() throws IOException {
            var stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10_000.0;
        }

        /** The memory that it takes now, in bytes. */
        long residentBytes() throws IOException {
            for (var line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
                }
            }
            throw new IOException("no VmRSS of process " + process.pid());
        }

        @Override
        public void close() {
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    /** Makes an ahead-of-time cache: by the program's own training, else from a run that gives one answer. */
    Path train(Path folder) throws IOException, InterruptedException {
        var cache = file(folder, ".aot");
        var flag = List.of("-XX:AOTCacheOutput=" + cache);
        var trainee = training.isEmpty() ? start(folder, flag).process() : launch(folder, flag, training);
        if (training.isEmpty()) {
            trainee.destroy();
        }
        if (!trainee.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || !Files.exists(cache)) {
            trainee.destroyForcibly();
            throw new IllegalStateException(name + " left no cache; see " + file(folder, ".log"));
        }
        return cache;
    }

    /** Starts it and waits for the first answer, polling every millisecond. */
    Running start(Path folder, List<String> flags) throws IOException, InterruptedException {
        var port = freePort();
        var begin = System.nanoTime();
        var process = launch(folder, flags, arguments.apply(port));
        while (!answers(port)) {
            if (!process.isAlive() || System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(name + " does not answer; see " + file(folder, ".log"));
            }
            Thread.sleep(1);
        }
        return new Running(process, port, (System.nanoTime() - begin) / 1e6);
    }

    private Process launch(Path folder, List<String> flags, List<String> words) throws IOException {
        var command = new ArrayList<String>();
        if (Boolean.getBoolean("plinth.pinned")) {
            command.addAll(List.of("taskset", "-c", cores));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(program);
        command.addAll(words);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(file(folder, ".log").toFile())
                .start();
    }

    private Path file(Path folder, String suffix) {
        return folder.resolve(name.replaceAll("[^A-Za-z0-9]+", "-") + suffix);
    }

    private static boolean answers(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            var request = "GET /orders/1 HTTP/1.1\r\nHost: localhost\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().readNBytes(12).length == 12;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
