package dev.plinth.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two instances behind HAProxy are stopped and started again in turn, twenty times, and nobody notices. */
class RollingRestartTest {
    private static final int RESTARTS = 20;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger answered = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    @Test
    @Timeout(240)
    void noRequestIsLost(@TempDir Path folder) throws Exception {
        var haproxy = Tool.named("TEST_HAPROXY");
        int front = DeskProcess.freePort();
        var ports = new int[] {DeskProcess.freePort(), DeskProcess.freePort()};
        var desks = new DeskProcess[] {start(ports[0]), start(ports[1])};
        var configuration = folder.resolve("haproxy.cfg");
        Files.writeString(configuration, configuration(front, ports));
        var proxy = new ProcessBuilder(haproxy, "-db", "-f", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("haproxy.log").toFile())
                .start();
        try {
            awaitUp(front, "a");
            awaitUp(front, "b");
            var callers = load(front);
            for (int i = 0; i < RESTARTS; i++) {
                int which = i % 2;
                // drain delay 1.5 s, in flight 15 s, and what the other steps may take
                assertThat(desks[which].stop(Duration.ofSeconds(25))).isZero();
                desks[which].close();
                desks[which] = start(ports[which]);
                awaitUp(front, which == 0 ? "a" : "b");
            }
            over.set(true);
            for (var caller : callers) {
                caller.join();
            }
        } finally {
            over.set(true);
            proxy.destroyForcibly().onExit().join();
            desks[0].close();
            desks[1].close();
        }
        assertThat(failures).isEmpty();
        assertThat(answered.get()).isGreaterThan(1000);
    }

    private static DeskProcess start(int port) throws IOException, InterruptedException {
        return DeskProcess.start(port, 0, "stop.drain-delay=1500ms", "log.level=WARN");
    }

    private static String configuration(int front, int[] ports) {
        return """
                global
                  maxconn 500
                defaults
                  mode http
                  timeout connect 2s
                  timeout check 2s
                  timeout client 30s
                  timeout server 30s
                frontend front
                  bind 127.0.0.1:%d
                  stats enable
                  stats uri /haproxy
                  default_backend desks
                backend desks
                  balance roundrobin
                  option httpchk
                  http-check send meth GET uri /health/ready ver HTTP/1.1 hdr Host localhost
                  default-server check inter 200ms fall 2 rise 1
                  server a 127.0.0.1:%d
                  server b 127.0.0.1:%d
                """
                .formatted(front, ports[0], ports[1]);
    }

    private static void awaitUp(int front, String server) throws Exception {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        try (var client = HttpClient.newHttpClient()) {
            var stats = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + front + "/haproxy;csv"))
                    .build();
            while (true) {
                try {
                    var csv = client.send(stats, HttpResponse.BodyHandlers.ofString())
                            .body();
                    if (csv.lines()
                            .anyMatch(line -> line.startsWith("desks," + server + ",") && line.contains(",UP,"))) {
                        return;
                    }
                } catch (IOException notYet) {
                    // HAProxy itself is still starting.
                }
                assertThat(System.nanoTime())
                        .as("HAProxy sees " + server + " up")
                        .isLessThan(until);
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    /** Four callers on kept connections, two that make a new one for each request; each at a bounded rate. */
    private List<Thread> load(int front) {
        var callers = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            callers.add(Thread.ofVirtual().start(() -> onKeptConnections(front)));
        }
        for (int i = 0; i < 2; i++) {
            callers.add(Thread.ofVirtual().start(() -> onNewConnections(front)));
        }
        return callers;
    }

    private void onKeptConnections(int front) {
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int i = 0; !over.get(); i++) {
                var request = HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + front + (i % 3 == 0 ? "/slow/20" : "/notes")))
                        .timeout(Duration.ofSeconds(20));
                if (i % 3 != 0) {
                    request.header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"note " + i + "\"}"));
                }
                int status = client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                count(status == 200 || status == 201, "kept connection: status " + status);
                TimeUnit.MILLISECONDS.sleep(3);
            }
        } catch (IOException | InterruptedException failed) {
            failures.add("kept connection: " + failed);
        }
    }

    private void onNewConnections(int front) {
        while (!over.get()) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), front)) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream()
                        .write("GET /hello HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                count(
                        answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("{\"message\":\"hello\"}"),
                        "new connection: " + answer.lines().findFirst().orElse("nothing"));
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (IOException | InterruptedException failed) {
                failures.add("new connection: " + failed);
            }
        }
    }

    private void count(boolean good, String what) {
        answered.incrementAndGet();
        if (!good) {
            failures.add(what);
        }
    }
}
