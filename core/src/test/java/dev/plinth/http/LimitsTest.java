package dev.plinth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each limit alone: what a hostile client gets for it, and that it gets something else where that one limit is lifted. So
 * a limit that is lost makes a test fail, and none of them hides behind another.
 */
@Timeout(120)
@SuppressWarnings("try") // closes early what is closed in any case
class LimitsTest {
    private static final String HOST = " HTTP/1.1\r\nHost: a\r\n";
    private static final String JSON = HOST + "Content-Type: application/json\r\n";
    private static final String CLOSED = "closed";
    /** Nothing happens: for so long that whatever is there to happen would have. */
    private static final String SILENT = "silent";

    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final int LARGE = 16 << 20;

    record Text(List<Object> deep, String text) {}

    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private static void compose(dev.plinth.Service service) {
        service.http()
                .get("/hello", _ -> "hello")
                .get("/large", _ -> new byte[LARGE])
                .get("/hang", _ -> {
                    NEVER.await();
                    return "";
                })
                .post("/json", Text.class, _ -> "read")
                .post("/form", request -> request.form().text("a").orElse(""))
                .post("/bytes", request -> "" + request.stream().readAllBytes().length);
    }

    /** What a hostile client does, and what it sees: a status, {@link #CLOSED} or {@link #SILENT}. */
    interface Attack {
        String on(Client client) throws IOException;
    }

    /** A connection, and how to open more. */
    static final class Client implements AutoCloseable {
        private final int port;
        private final Socket socket = new Socket();

        Client(int port) throws IOException {
            this.port = port;
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }

        Client another() throws IOException {
            return new Client(port);
        }

        Client send(String text) {
            return send(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** In the background, since who refuses need not read it all. */
        Client send(byte[] bytes) {
            Thread.ofVirtual().start(() -> {
                try {
                    socket.getOutputStream().write(bytes);
                } catch (IOException refused) {
                    // Seen by the reader.
                }
            });
            return this;
        }

        /** Goes on sending a byte, ten or so a second, until the other side has enough. */
        Client drip(String begin) {
            Thread.ofVirtual().start(() -> {
                try {
                    socket.getOutputStream().write(begin.getBytes(StandardCharsets.ISO_8859_1));
                    while (!socket.isClosed()) {
                        Thread.sleep(100);
                        socket.getOutputStream().write('x');
                    }
                } catch (IOException | InterruptedException enough) {
                    // Seen by the reader.
                }
            });
            return this;
        }

        /** The status of the next answer. */
        String seen() throws IOException {
            return seen(SILENCE.multipliedBy(10));
        }

        String seen(Duration patience) throws IOException {
            socket.setSoTimeout((int) patience.toMillis());
            try {
                var line = socket.getInputStream().readNBytes(12);
                return line.length < 12 ? CLOSED : new String(line, 9, 3, StandardCharsets.US_ASCII);
            } catch (SocketTimeoutException nothing) {
                return SILENT;
            } catch (SocketException cut) {
                return CLOSED;
            }
        }

        /** Reads a little, ten times a second; whether it is cut within the patience. */
        String sip(int bytes, Duration patience) throws IOException {
            long until = System.nanoTime() + patience.toNanos();
            socket.setSoTimeout((int) patience.toMillis());
            try {
                while (System.nanoTime() - until < 0) {
                    if (socket.getInputStream().readNBytes(bytes).length < bytes) {
                        return CLOSED;
                    }
                    Thread.sleep(100);
                }
            } catch (SocketTimeoutException | InterruptedException nothing) {
                return SILENT;
            } catch (SocketException cut) {
                return CLOSED;
            }
            return SILENT;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Arguments limit(
            String key, String limited, String lifted, String refusal, String let, Attack attack) {
        return arguments(key, key + "=" + limited, key + "=" + lifted, refusal, let, attack);
    }

    static Stream<Arguments> limits() throws IOException {
        return Stream.of(
                limit("http.limits.max-url", "8KiB", "15KiB", "414", "200", client -> client.send(
                                "GET /hello?" + "x".repeat(9000) + HOST + "\r\n")
                        .seen()),
                limit("http.max-headers", "16KiB", "64KiB", "431", "200", client -> client.send(
                                "GET /hello" + HOST + "X: " + "x".repeat(20_000) + "\r\n\r\n")
                        .seen()),
                limit("http.limits.max-header-count", "100", "200", "431", "200", client -> client.send(
                                "GET /hello" + HOST + "X: y\r\n".repeat(100) + "\r\n")
                        .seen()),
                limit("http.max-body", "1MiB", "3MiB", "413", "200", client -> client.send("POST /bytes" + HOST
                                + "Transfer-Encoding: chunked\r\n\r\n"
                                + ("100000\r\n" + "x".repeat(1 << 20) + "\r\n").repeat(2) + "0\r\n\r\n")
                        .seen()),
                // Before any of it is read: it never comes.
                limit("http.max-body", "1MiB", "3MiB", "413", SILENT, client -> client.send(
                                "POST /bytes" + HOST + "Content-Length: 2000000\r\n\r\n")
                        .seen(SILENCE)),
                limit("http.max-body", "1MiB", "20MiB", "413", "200", client -> client.send(bomb())
                        .seen()),
                limit("http.uploads.max-parts", "1000", "3000", "413", "200", client -> {
                    var form = "a=1&".repeat(1500) + "a=1";
                    return client.send("POST /form" + HOST + "Content-Type: application/x-www-form-urlencoded\r\n"
                                    + "Content-Length: " + form.length() + "\r\n\r\n" + form)
                            .seen();
                }),
                limit("http.uploads.max-size", "10MiB", "20MiB", "413", SILENT, client -> client.send(
                                "POST /form" + HOST
                                        + "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 12000000\r\n\r\n")
                        .seen(SILENCE)),
                limit("http.limits.json-depth", "64", "200", "400", "200", client -> client.send(
                                json("{\"deep\":" + "[".repeat(100) + "]".repeat(100) + ",\"text\":\"\"}"))
                        .seen()),
                limit("http.limits.json-text", "1KiB", "1MiB", "400", "200", client -> client.send(
                                json("{\"deep\":[],\"text\":\"" + "x".repeat(100_000) + "\"}"))
                        .seen()),
                limit("http.max-connections", "2", "100", SILENT, "200", client -> {
                    client.send("GET /hello" + HOST + "\r\n").seen();
                    try (var second = client.another();
                            var third = client.another()) {
                        second.send("GET /hello" + HOST + "\r\n").seen();
                        return third.send("GET /hello" + HOST + "\r\n").seen(SILENCE);
                    }
                }),
                limit("http.max-in-flight", "1", "100", "503", SILENT, client -> {
                    client.send("GET /hang" + HOST + "\r\n").seen(Duration.ofMillis(500));
                    try (var second = client.another()) {
                        return second.send("GET /hang" + HOST + "\r\n").seen(SILENCE);
                    }
                }),
                limit("http.request-timeout", "500ms", "30s", "504", SILENT, client -> client.send(
                                "GET /hang" + HOST + "\r\n")
                        .seen(SILENCE.multipliedBy(2))),
                limit("http.idle-timeout", "300ms", "75s", CLOSED, SILENT, client -> {
                    client.send("HEAD /hello" + HOST + "\r\n").seen();
                    client.sip(1, Duration.ofMillis(100));
                    return rest(client);
                }));
    }

    /** What follows the rest of an answer. */
    private static String rest(Client client) throws IOException {
        client.socket.setSoTimeout((int) SILENCE.toMillis());
        try {
            client.socket.getInputStream().readAllBytes();
            return CLOSED;
        } catch (SocketTimeoutException open) {
            return SILENT;
        }
    }

    /** With a short read time-out; without a least rate in the first two and the last. */
    static Stream<Arguments> slowness() {
        return Stream.of(
                // The head as a whole, and not each read.
                limit("http.read-timeout", "500ms", "30s", "408", SILENT, client -> client.drip(
                                "GET /hello" + HOST + "X: ")
                        .seen(SILENCE)),
                limit("http.read-timeout", "500ms", "30s", "408", SILENT, client -> client.send(
                                "POST /bytes" + HOST + "Content-Length: 1000\r\n\r\nx")
                        .seen(SILENCE)),
                limit("http.read-timeout", "500ms", "30s", CLOSED, SILENT, client -> {
                    client.send("GET /large" + HOST + "\r\n").seen();
                    // Takes nothing for a while. What had arrived by then is read to its end.
                    await(SILENCE);
                    return drained(client);
                }));
    }

    static Stream<Arguments> rates() {
        return Stream.of(
                limit("http.limits.min-rate", "1KiB", "0B", "408", SILENT, client -> client.drip(
                                "POST /bytes" + HOST + "Content-Length: 1000\r\n\r\n")
                        .seen(SILENCE.multipliedBy(4))),
                limit("http.limits.min-rate", "64MiB", "0B", CLOSED, SILENT, client -> {
                    client.send("GET /large" + HOST + "\r\n").seen();
                    return client.sip(100_000, SILENCE.multipliedBy(4));
                }));
    }

    private static void await(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the whole of a large answer comes. */
    private static String drained(Client client) throws IOException {
        client.socket.setSoTimeout((int) SILENCE.multipliedBy(10).toMillis());
        try {
            return client.socket.getInputStream().readNBytes(LARGE).length < LARGE ? CLOSED : SILENT;
        } catch (SocketException cut) {
            return CLOSED;
        }
    }

    private static String json(String document) {
        return "POST /json" + JSON + "Content-Length: " + document.length() + "\r\n\r\n" + document;
    }

    /** Ten megabytes in ten kilobytes. */
    private static byte[] bomb() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(new byte[10 << 20]);
        }
        var all = new ByteArrayOutputStream();
        all.writeBytes(
                ("POST /bytes" + HOST + "Content-Encoding: gzip\r\nContent-Length: " + packed.size() + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        all.writeBytes(packed.toByteArray());
        return all.toByteArray();
    }

    private void check(String limited, String lifted, String refusal, String let, Attack attack, String... settings)
            throws IOException {
        for (boolean on : new boolean[] {true, false}) {
            var all = Stream.concat(Stream.of(settings), Stream.of(on ? limited : lifted))
                    .toArray(String[]::new);
            try (var door = TestDoor.open(LimitsTest::compose, all);
                    var client = new Client(door.service.port())) {
                var seen = attack.on(client);
                assertThat(seen).as(on ? limited : lifted).isEqualTo(on ? refusal : let);
                client.close();
                try (var other = new Client(door.service.port())) {
                    assertThat(other.send("GET /health/live" + HOST + "\r\n").seen())
                            .as("the others")
                            .isEqualTo("200");
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("limits")
    void isHeldByThisLimitAlone(String key, String limited, String lifted, String refusal, String let, Attack attack)
            throws IOException {
        check(limited, lifted, refusal, let, attack, "stop.in-flight-timeout=100ms");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("slowness")
    void isTooSlow(String key, String limited, String lifted, String refusal, String let, Attack attack)
            throws IOException {
        check(limited, lifted, refusal, let, attack, "http.limits.min-rate=0B", "stop.in-flight-timeout=100ms");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rates")
    void isSlowerThanTheLeastRate(String key, String limited, String lifted, String refusal, String let, Attack attack)
            throws IOException {
        // The system takes megabytes at once and then nothing for a second or two.
        check(limited, lifted, refusal, let, attack, "http.read-timeout=4s", "stop.in-flight-timeout=100ms");
    }

    /** A head that begins with many requests is answered one by one, and others come in between. */
    @Test
    void aFloodOfRequestsSentAheadHoldsUpNobody() throws Exception {
        try (var door = TestDoor.open(LimitsTest::compose);
                var flood = new Client(door.service.port())) {
            var stop = new CountDownLatch(1);
            var reader = Thread.ofVirtual().start(() -> {
                try {
                    flood.socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                } catch (IOException closed) {
                    stop.countDown();
                }
            });
            flood.send(("GET /hello" + HOST + "\r\n").repeat(100_000));
            for (int i = 0; i < 100; i++) {
                assertThat(door.get("/hello").statusCode()).isEqualTo(200);
            }
            flood.close();
            reader.join();
        }
    }
}
