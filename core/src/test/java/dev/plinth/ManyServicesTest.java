package dev.plinth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.health.Check;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hundred services in one JVM, started, used and stopped in turn, leave nothing. */
@Timeout(180)
class ManyServicesTest {
    @Test
    void leaveNoThreadSocketOrMemory() throws Exception {
        for (int i = 0; i < 20; i++) {
            oneService(i);
        }
        var threads = threads();
        long descriptors = descriptors();
        long memory = memory();

        for (int i = 0; i < 100; i++) {
            oneService(i);
        }

        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!(threads.containsAll(threads()) && descriptors() <= descriptors) && System.nanoTime() < until) {
            Thread.onSpinWait(); // carriers and the like end a moment later
        }
        assertThat(threads()).isSubsetOf(threads);
        assertThat(descriptors()).isLessThanOrEqualTo(descriptors);
        // Less than 50 KiB for each: not one of them is still held as a whole.
        assertThat(memory() - memory).isLessThan(5 * 1024 * 1024);
    }

    private static void oneService(int i) throws IOException {
        try (var service = Service.of(args -> Service.run("service-" + i, args, composed -> {
                    composed.health().readiness("self", Check.Result::up);
                    composed.metrics().counter("things").increment();
                    composed.http().get("/hello", _ -> Map.of("i", i));
                }))
                .environment(Map.of())
                .set("http.host=127.0.0.1")
                .set("http.port=0")
                .set("admin.port=0")
                .set("stop.drain-delay=0s")
                .set("log.level=WARN")
                .start()) {
            assertThat(get(service.port(), "/hello")).endsWith("{\"i\":" + i + "}");
            assertThat(get(service.adminPort(), "/health")).startsWith("HTTP/1.1 200 ");
            assertThat(get(service.adminPort(), "/metrics")).contains("service=\"service-" + i + "\"");
        }
    }

    private static String get(int port, String path) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Platform threads by name, without the numbers that tell one carrier from another. */
    private static Set<String> threads() {
        var names = new TreeSet<String>();
        for (var thread : Thread.getAllStackTraces().keySet()) {
            names.add(thread.getName().replaceAll("\\d+", "#"));
        }
        return names;
    }

    private static long descriptors() {
        var open = new File("/proc/self/fd").list();
        return open == null ? 0 : open.length;
    }

    private static long memory() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
