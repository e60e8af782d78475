package dev.plinth.http.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The PROXY protocol, byte by byte. */
@Timeout(60)
class ProxyProtocolTest {
    private static final String GET = "GET /who HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final byte[] SIGNATURE = "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.ISO_8859_1);

    private static TestEngine open(Predicate<InetAddress> trusted, Duration read) throws IOException {
        var settings = new ListenerSettings(
                "test",
                "127.0.0.1",
                0,
                1024,
                1000,
                16384,
                1 << 20,
                true,
                true,
                read,
                TestEngine.BOUND,
                null,
                null,
                trusted,
                ListenerSettings.Bounds.STANDARD);
        return TestEngine.open(
                settings,
                exchange -> exchange.send(
                        200,
                        (exchange.peer().getAddress().getHostAddress() + ":"
                                        + exchange.peer().getPort() + " " + exchange.secure())
                                .getBytes(StandardCharsets.UTF_8)));
    }

    private static TestEngine open() throws IOException {
        return open(InetAddress::isLoopbackAddress, TestEngine.BOUND);
    }

    private static String after(TestEngine engine, byte[] header) throws IOException {
        var all = new ByteArrayOutputStream();
        all.writeBytes(header);
        all.writeBytes(GET.getBytes(StandardCharsets.ISO_8859_1));
        try (var client = engine.client()) {
            return client.send(all.toByteArray()).answer().body();
        }
    }

    private static byte[] v1(String line) {
        return line.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] v2(int command, int family, int... rest) {
        var header = new ByteArrayOutputStream();
        header.writeBytes(SIGNATURE);
        header.write(command);
        header.write(family);
        header.write(rest.length >> 8);
        header.write(rest.length);
        for (int octet : rest) {
            header.write(octet);
        }
        return header.toByteArray();
    }

    @Test
    void takesTheClientFromEitherVersion() throws IOException {
        try (var engine = open()) {
            assertThat(after(engine, v1("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n")))
                    .isEqualTo("192.0.2.1:56324 false");
            assertThat(after(engine, v1("PROXY TCP6 2001:db8::7 ::1 1 65535\r\n")))
                    .isEqualTo("2001:db8:0:0:0:0:0:7:1 false");
            assertThat(after(engine, v2(0x21, 0x11, 192, 0, 2, 9, 10, 0, 0, 1, 0x10, 0x01, 0, 80)))
                    .isEqualTo("192.0.2.9:4097 false");
            var six = new int[36];
            six[0] = 0x20;
            six[15] = 9;
            six[33] = 5;
            assertThat(after(engine, v2(0x21, 0x21, six))).isEqualTo("2000:0:0:0:0:0:0:9:5 false");
            // A client that speaks TLS with the proxy: extension 0x20, after one that isn't known.
            assertThat(after(
                            engine,
                            v2(
                                    0x21, 0x11, 192, 0, 2, 9, 10, 0, 0, 1, 0, 7, 0, 80, 0xee, 0, 1, 7, 0x20, 0, 5, 1, 0,
                                    0, 0, 0)))
                    .isEqualTo("192.0.2.9:7 true");
        }
    }

    @Test
    void takesTheProxyItselfWhereItKnowsNoClient() throws IOException {
        try (var engine = open()) {
            assertThat(after(engine, v1("PROXY UNKNOWN\r\n"))).startsWith("127.0.0.1:");
            assertThat(after(engine, v1("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n")))
                    .startsWith("127.0.0.1:");
            assertThat(after(engine, v2(0x20, 0x00))).startsWith("127.0.0.1:");
            assertThat(after(engine, v2(0x21, 0x00))).startsWith("127.0.0.1:");
            assertThat(after(engine, v2(0x21, 0x31, new int[216]))).startsWith("127.0.0.1:");
        }
    }

    @Test
    void speaksHttp2BehindIt() throws IOException {
        try (var engine = open();
                var client = engine.client()) {
            client.send("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n").send(Http1.HTTP2_PREFACE);
            // The server's settings.
            assertThat(client.bytes(9)[3]).isEqualTo((byte) 4);
        }
    }

    @Test
    void closesWithoutAWordWhatIsMalformed() throws IOException {
        try (var engine = open()) {
            for (var bad : List.of(
                    GET,
                    "PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\n",
                    "PROXY TCP4 192.0.2.1 198.51.100.7 56324\r\n",
                    "PROXY TCP4  192.0.2.1 198.51.100.7 56324 443\r\n",
                    "PROXY TCP4 192.0.2.1 198.51.100.7 56324 443 \r\n",
                    "PROXY TCP4 192.0.2.256 198.51.100.7 56324 443\r\n",
                    "PROXY TCP4 192.0.2.1 198.51.100.7 065 443\r\n",
                    "PROXY TCP4 192.0.2.1 198.51.100.7 65536 443\r\n",
                    "PROXY TCP4 2001:db8::7 198.51.100.7 1 443\r\n",
                    "PROXY TCP6 192.0.2.1 198.51.100.7 1 443\r\n",
                    "PROXY TCP4 localhost 198.51.100.7 1 443\r\n",
                    "PROXY UDP4 192.0.2.1 198.51.100.7 1 443\r\n",
                    "PROXY \r\n",
                    "PROXY " + "x".repeat(200),
                    "proxy TCP4 192.0.2.1 198.51.100.7 56324 443\r\n")) {
                assertClosed(engine, v1(bad));
            }
            assertClosed(engine, v2(0x11, 0x11, new int[12]));
            assertClosed(engine, v2(0x22, 0x11, new int[12]));
            assertClosed(engine, v2(0x21, 0x11, new int[11]));
            assertClosed(engine, v2(0x21, 0x21, new int[35]));
            assertClosed(engine, v2(0x21, 0x11, new int[5000]));
            assertClosed(engine, v2(0x21, 0x11, 192, 0, 2, 9, 10, 0, 0, 1, 0, 7, 0, 80, 0xee, 0, 2, 7));
            assertClosed(engine, v2(0x21, 0x11, 192, 0, 2, 9, 10, 0, 0, 1, 0, 7, 0, 80, 0xee));
        }
    }

    private static void assertClosed(TestEngine engine, byte[] bytes) throws IOException {
        try (var client = engine.client()) {
            client.sendInBackground(bytes);
            boolean closed;
            try {
                closed = client.closed();
            } catch (java.net.SocketException cut) {
                closed = true;
            }
            assertThat(closed)
                    .as(new String(bytes, StandardCharsets.ISO_8859_1))
                    .isTrue();
        }
    }

    @Test
    void waitsForItNoLongerThanForARequest() throws IOException {
        try (var engine = open(InetAddress::isLoopbackAddress, Duration.ofMillis(200));
                var client = engine.client()) {
            assertThat(client.send("PROXY TCP4 192.").closed()).isTrue();
        }
    }

    @Test
    void closesConnectionsOfOthers() throws IOException {
        try (var engine = open(_ -> false, TestEngine.BOUND)) {
            assertClosed(engine, v1("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n"));
        }
    }
}
