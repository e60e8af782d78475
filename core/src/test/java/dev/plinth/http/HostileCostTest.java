package dev.plinth.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.plinth.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What hostile clients cost others: nothing while they are at it, since whoever asks beside them is served, and nothing
 * afterwards, since no connection, thread or memory stays behind.
 */
@Timeout(180)
class HostileCostTest {
    private static final int TIMES = 300;
    private static final int AT_ONCE = 50;
    private static final int ANSWERS_IN_MILLIS = 5000;
    private static final String HOST = " HTTP/1.1\r\nHost: a\r\n";

    /** When a hostile client goes away. */
    enum Leaves {
        WHEN_ALL_IS_SENT,
        WHEN_ANSWERED,
        /** Or where nothing came for a second, since a connection of HTTP/2 outlives what is refused on it. */
        WHEN_CUT
    }

    record Deep(List<Object> deep) {}

    private static TestDoor door;

    @BeforeAll
    static void open() {
        door = TestDoor.open(
                service -> service.http()
                        .get("/hello", _ -> "hello")
                        .post("/json", Deep.class, _ -> "read")
                        .post("/bytes", request -> "" + request.stream().readAllBytes().length)
                        .webSocket("/socket", socket -> {
                            for (var message : socket.messages(String.class)) {
                                socket.send(message);
                            }
                        }),
                "http.read-timeout=1s",
                "stop.in-flight-timeout=1s");
    }

    @AfterAll
    static void close() {
        door.close();
    }

    static Stream<Arguments> attacks() throws IOException {
        var deep = "{\"deep\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        return Stream.of(
                http1("a malformed head", "GET /hello HTTP/1.1\r\nHost : a\r\n\r\n"),
                http1("no head at all", "\0\1\2\3".repeat(100) + "\r\n\r\n"),
                http1(
                        "both lengths",
                        "POST /bytes" + HOST + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                http1("a chunk without a size", chunked("zz\r\nabc\r\n0\r\n\r\n")),
                http1("a chunk that is said to be huge", chunked("7fffffffffffffff\r\nabc\r\n0\r\n\r\n")),
                http1("chunks of one byte", chunked("1\r\nx\r\n".repeat(10_000) + "0\r\n\r\n")),
                http1("a head too large", "GET /hello" + HOST + "X: " + "x".repeat(100_000) + "\r\n\r\n"),
                http1("too many headers", "GET /hello" + HOST + "X: y\r\n".repeat(1000) + "\r\n"),
                http1("a URL too long", "GET /" + "x".repeat(100_000) + HOST + "\r\n"),
                http1("a body too large", chunked(("100000\r\n" + "x".repeat(1 << 20) + "\r\n").repeat(2))),
                http1("a bomb of gzip", bomb()),
                http1(
                        "a bomb of JSON",
                        "POST /json" + HOST + "Content-Type: application/json\r\nContent-Length: " + deep.length()
                                + "\r\n\r\n" + deep),
                arguments("a slow head that is left", bytes("GET /hello" + HOST + "X: "), Leaves.WHEN_ALL_IS_SENT),
                arguments(
                        "a slow body that is left",
                        bytes("POST /bytes" + HOST + "Content-Length: 9\r\n\r\nx"),
                        Leaves.WHEN_ALL_IS_SENT),
                http1("a slow head until it is cut", "GET /hello" + HOST + "X: "),
                http1("a slow body until it is cut", "POST /bytes" + HOST + "Content-Length: 9\r\n\r\nx"),
                socket("a WebSocket frame that is not masked", "\u0081\1x"),
                socket("a WebSocket frame of no kind", "\u0083\u0081\0\0\0\0x"),
                socket("a WebSocket frame that is said to be huge", "\u0082\u00ff\177" + "\u00ff".repeat(7)),
                http2("rapid reset", rapidReset()),
                http2("a flood of CONTINUATION", continuations()),
                http2("a bomb of HPACK", unfolding()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static Arguments http1(String name, String sent) {
        return arguments(name, bytes(sent), Leaves.WHEN_ANSWERED);
    }

    private static Arguments http2(String name, String frames) {
        var sent = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, "") + frames;
        return arguments(name, bytes(sent), Leaves.WHEN_CUT);
    }

    private static String chunked(String body) {
        return "POST /bytes" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + body;
    }

    private static Arguments socket(String name, String frame) {
        var sent = "GET /socket" + HOST + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" + frame;
        return arguments(name, bytes(sent), Leaves.WHEN_CUT);
    }

    /** Ten megabytes in ten kilobytes. */
    private static String bomb() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(new byte[10 << 20]);
        }
        return "POST /bytes" + HOST + "Content-Encoding: gzip\r\nContent-Length: " + packed.size() + "\r\n\r\n"
                + packed.toString(ISO_8859_1);
    }

    private static String frame(int type, int flags, int stream, String payload) {
        return string(payload.length() >> 16, payload.length() >> 8, payload.length(), type, flags)
                + string(stream >> 24, stream >> 16, stream >> 8, stream)
                + payload;
    }

    private static String string(int... octets) {
        var all = new StringBuilder();
        for (int octet : octets) {
            all.append((char) (octet & 0xff));
        }
        return all.toString();
    }

    /** GET of {@code /} at {@code a}, by the static table but for the host. */
    private static final String GET = "\u0082\u0086\u0084\1\1a";

    private static String rapidReset() {
        var all = new StringBuilder();
        for (int stream = 1; stream < 6000; stream += 2) {
            all.append(frame(1, 5, stream, GET)).append(frame(3, 0, stream, "\0\0\0\b"));
        }
        return all.toString();
    }

    private static String continuations() {
        return frame(1, 1, 1, GET) + frame(9, 0, 1, "\0\1x\1y".repeat(100)).repeat(1000);
    }

    /** A header of four kilobytes, kept by the table and then named again by one byte each time. */
    private static String unfolding() {
        var large = "@\1x\177" + string(((4000 - 127) & 0x7f) | 0x80, (4000 - 127) >> 7) + "v".repeat(4000);
        return frame(1, 5, 1, GET + large + "\u00be".repeat(10_000));
    }

    /** What there is of all that can stay behind. */
    private static long openFiles() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    private static int platformThreads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    private static long usedMemory() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void attack(byte[] sent, Leaves leaves) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), door.service.port())) {
            socket.setSoTimeout(leaves == Leaves.WHEN_CUT ? 1000 : 20_000);
            // In the background, since who refuses need not read it all.
            var writer = Thread.ofVirtual().start(() -> {
                try {
                    socket.getOutputStream().write(sent);
                } catch (IOException refused) {
                    // Seen by the reader.
                }
            });
            if (leaves == Leaves.WHEN_ALL_IS_SENT) {
                writer.join();
                return;
            }
            int octet = socket.getInputStream().read();
            while (octet >= 0 && leaves == Leaves.WHEN_CUT) {
                octet = socket.getInputStream().read();
            }
        } catch (IOException refused) {
            // That is what it is to get.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void served(Socket socket) throws IOException {
        long begin = System.nanoTime();
        socket.getOutputStream().write(bytes("GET /hello" + HOST + "\r\n"));
        var answer = new StringBuilder();
        while (!answer.toString().endsWith("hello")) {
            int octet = socket.getInputStream().read();
            assertThat(octet).as("kept open").isNotNegative();
            answer.append((char) octet);
        }
        assertThat(answer).startsWith("HTTP/1.1 200");
        assertThat((System.nanoTime() - begin) / 1_000_000).isLessThan(ANSWERS_IN_MILLIS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attacks")
    void othersAreServedMeanwhileAndNothingStaysBehind(String name, byte[] sent, Leaves leaves) throws Exception {
        // Once before, so that what is loaded and pooled for good is there.
        attack(sent, leaves);
        try (var ordinary = new Socket(InetAddress.getLoopbackAddress(), door.service.port())) {
            ordinary.setSoTimeout(ANSWERS_IN_MILLIS);
            served(ordinary);
            long files = openFiles();
            int threads = platformThreads();
            long memory = usedMemory();

            var over = new AtomicBoolean();
            var attackers = Thread.ofVirtual().start(() -> {
                try (var all =
                        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
                    for (int i = 0; i < TIMES; i++) {
                        all.execute(() -> attack(sent, leaves));
                    }
                }
                over.set(true);
            });
            do {
                served(ordinary);
            } while (!over.get());
            attackers.join();

            Await.until("connections are closed", () -> openFiles() <= files + 5);
            // Carriers of virtual threads come and go.
            Await.until("threads have ended", () -> platformThreads() <= threads + 10);
            Await.until("memory is free again", () -> usedMemory() <= memory + (16 << 20));
            served(ordinary);
        }
    }
}
