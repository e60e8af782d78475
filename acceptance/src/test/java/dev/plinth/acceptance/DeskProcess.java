package dev.plinth.acceptance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@link Desk} as a process of its own, its standard output in a file. */
final class DeskProcess implements AutoCloseable {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    final Process process;
    final int port;
    final int adminPort;
    private final Path output;

    private DeskProcess(Process process, int port, int adminPort, Path output) {
        this.process = process;
        this.port = port;
        this.adminPort = adminPort;
        this.output = output;
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts it on those ports, and waits until it is ready. */
    static DeskProcess start(int port, int adminPort, String... settings) throws IOException, InterruptedException {
        var desk = launch(port, adminPort, settings);
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (desk.get(port, "/health/ready") != 200) {
            if (!desk.process.isAlive() || System.nanoTime() > until) {
                throw new AssertionError("the service did not become ready:\n" + String.join("\n", desk.lines()));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return desk;
    }

    /** Starts it, and doesn't wait; a setting that begins with {@code --} is an option as it is. */
    static DeskProcess launch(int port, int adminPort, String... settings) throws IOException {
        var output = Files.createTempFile("desk", ".log");
        var command = new ArrayList<>(List.of(
                JAVA.toString(), "-Xmx128m", "-cp", System.getProperty("java.class.path"), Desk.class.getName()));
        var all = new ArrayList<>(List.of("http.host=127.0.0.1", "http.port=" + port, "admin.port=" + adminPort));
        all.addAll(List.of(settings));
        for (var setting : all) {
            if (setting.startsWith("--")) {
                command.add(setting);
            } else {
                command.addAll(List.of("--set", setting));
            }
        }
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .directory(output.getParent().toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PLINTH_"));
        return new DeskProcess(builder.start(), port, adminPort, output);
    }

    /** The status of a GET; 0 where nobody answers. */
    int get(int ofPort, String path) throws InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + ofPort + path);
        try (var client = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException nobody) {
            return 0;
        }
    }

    /** Asks it to stop, waits for its end, and returns its exit code. */
    int stop(Duration most) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the service did not stop within " + most);
        }
        return process.exitValue();
    }

    List<String> lines() throws IOException {
        return Files.readString(output, StandardCharsets.UTF_8).lines().toList();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        Files.deleteIfExists(output);
    }
}
