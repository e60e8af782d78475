package dev.plinth.http.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What clients must not be able to do: make two readers see different requests, inject, or use much by sending little.
 * Each row is what is sent and the status of the answer; {@code KEPT} means that the connection serves one more request,
 * {@code CLOSED} that it ends behind the one answer, so that nothing of the rest is taken for a request.
 */
@Timeout(60)
class HostileInputTest {
    private static final boolean KEPT = true;
    private static final boolean CLOSED = false;
    private static final String HOST = "Host: a\r\n";
    private static final String POST = "POST /echo HTTP/1.1\r\n" + HOST;
    private static final String GET = "GET /hello HTTP/1.1\r\n" + HOST;
    private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    private static TestEngine test;

    @BeforeAll
    static void open() throws IOException {
        test = TestEngine.open();
    }

    @AfterAll
    static void close() {
        test.close();
    }

    static Stream<Arguments> framing() {
        return Stream.of(
                arguments("plain", GET + "\r\n", 200, KEPT),
                arguments(
                        "length and chunks",
                        POST + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                        400,
                        CLOSED),
                arguments(
                        "chunks and length",
                        POST + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + SMUGGLED,
                        400,
                        CLOSED),
                arguments(
                        "two lengths that differ",
                        POST + "Content-Length: 3\r\nContent-Length: 38\r\n\r\nabc" + SMUGGLED,
                        400,
                        CLOSED),
                arguments("a list of lengths", POST + "Content-Length: 3, 38\r\n\r\nabc" + SMUGGLED, 400, CLOSED),
                arguments("two lengths alike", POST + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400, CLOSED),
                arguments("negative length", POST + "Content-Length: -1\r\n\r\n" + SMUGGLED, 400, CLOSED),
                arguments("signed length", POST + "Content-Length: +3\r\n\r\nabc", 400, CLOSED),
                arguments("empty length", POST + "Content-Length:\r\n\r\n" + SMUGGLED, 400, CLOSED),
                arguments("hexadecimal length", POST + "Content-Length: 0x3\r\n\r\nabc", 400, CLOSED),
                arguments("length beyond long", POST + "Content-Length: 99999999999999999999\r\n\r\nabc", 400, CLOSED),
                arguments(
                        "unknown coding",
                        POST + "Transfer-Encoding: xchunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                        400,
                        CLOSED),
                arguments(
                        "coding under chunks",
                        POST + "Transfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                        501,
                        CLOSED),
                arguments(
                        "coding over chunks",
                        POST + "Transfer-Encoding: chunked, gzip\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                        400,
                        CLOSED),
                arguments(
                        "chunked twice",
                        POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        400,
                        CLOSED),
                arguments(
                        "another case of chunked",
                        POST + "Transfer-Encoding: CHUNKED\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                        200,
                        KEPT),
                arguments(
                        "chunks on HTTP/1.0",
                        "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        400,
                        CLOSED),
                arguments("body of GET", "GET /echo HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\nabc", 200, KEPT),
                arguments("unread body", "POST /hello HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\nabc", 200, KEPT),
                arguments(
                        "unread chunks",
                        "POST /hello HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                        200,
                        KEPT),
                arguments(
                        "unread bad chunks",
                        "POST /hello HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + SMUGGLED,
                        200,
                        CLOSED));
    }

    static Stream<Arguments> chunks() {
        return Stream.of(
                arguments("good", CHUNKED + "3\r\nabc\r\n0\r\n\r\n", 200, KEPT),
                arguments("extension", CHUNKED + "3;a=b\r\nabc\r\n0\r\n\r\n", 200, KEPT),
                arguments("trailer", CHUNKED + "3\r\nabc\r\n0\r\nX: y\r\n\r\n", 200, KEPT),
                arguments("malformed trailer", CHUNKED + "3\r\nabc\r\n0\r\nX y\r\n\r\n" + SMUGGLED, 400, CLOSED),
                arguments("size is no number", CHUNKED + "zz\r\nabc\r\n0\r\n\r\n", 400, CLOSED),
                arguments("empty size", CHUNKED + "\r\nabc\r\n0\r\n\r\n", 400, CLOSED),
                arguments("negative size", CHUNKED + "-1\r\nabc\r\n0\r\n\r\n", 400, CLOSED),
                arguments("signed size", CHUNKED + "+3\r\nabc\r\n0\r\n\r\n", 400, CLOSED),
                arguments("prefixed size", CHUNKED + "0x3\r\nabc\r\n0\r\n\r\n", 400, CLOSED),
                arguments("no CRLF behind", CHUNKED + "3\r\nabcXX0\r\n\r\n" + SMUGGLED, 400, CLOSED),
                arguments("bare LF behind the size", CHUNKED + "3\nabc\r\n0\r\n\r\n", 400, CLOSED),
                arguments("bare CR in an extension", CHUNKED + "3;\rx\r\nabc\r\n0\r\n\r\n", 400, CLOSED),
                arguments("bare LF in an extension", CHUNKED + "3;\nx\r\nabc\r\n0\r\n\r\n", 400, CLOSED),
                arguments("two bytes and CRLF", CHUNKED + "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", 200, KEPT),
                arguments("size that wraps an int", CHUNKED + "100000003\r\nabc\r\n0\r\n\r\n", 413, CLOSED),
                arguments("size that wraps a long", CHUNKED + "10000000000000003\r\nabc\r\n0\r\n\r\n", 400, CLOSED),
                arguments("size of 2 GiB", CHUNKED + "7fffffff\r\nabc\r\n0\r\n\r\n", 413, CLOSED),
                arguments(
                        "1 MB of extension",
                        CHUNKED + "3;" + "a".repeat(1_000_000) + "\r\nabc\r\n0\r\n\r\n",
                        400,
                        CLOSED),
                arguments(
                        "an extension on each byte",
                        CHUNKED + ("1;" + "a".repeat(99) + "\r\nx\r\n").repeat(100),
                        400,
                        CLOSED),
                arguments("endless trailers", CHUNKED + "0\r\n" + "X: y\r\n".repeat(10_000), 400, CLOSED));
    }

    static Stream<Arguments> lines() {
        return Stream.of(
                arguments("bare LF", "GET /hello HTTP/1.1\nHost: a\n\n", 400, CLOSED),
                arguments("bare LF in a header", GET + "X: 1\nY: 2\r\n\r\n", 400, CLOSED),
                arguments("bare CR in a header", GET + "X: 1\rY: 2\r\n\r\n", 400, CLOSED),
                arguments("bare CR before a header", GET + "\rX: 1\r\n\r\n", 400, CLOSED),
                arguments("bare CR in the request line", "GET /hello HTTP/1.1\rX: 1\r\n" + HOST + "\r\n", 400, CLOSED),
                arguments("CRLF before the request line", "\r\n\r\n" + GET + "\r\n", 200, KEPT),
                arguments("bare CR before the request line", "\r" + GET + "\r\n", 400, CLOSED),
                arguments("folded header", GET + "X: a\r\n b\r\n\r\n", 400, CLOSED),
                arguments("folded first header", "GET /hello HTTP/1.1\r\n Host: a\r\n\r\n", 400, CLOSED),
                arguments("NUL in a header", GET + "X: a\0b\r\n\r\n", 400, CLOSED),
                arguments("DEL in a header", GET + "X: a\177b\r\n\r\n", 400, CLOSED),
                arguments("header without colon", GET + "Xfoo\r\n\r\n", 400, CLOSED),
                arguments("header without name", GET + ": x\r\n\r\n", 400, CLOSED),
                arguments("header name is no token", GET + "X(y: 1\r\n\r\n", 400, CLOSED),
                arguments("space before the colon", POST + "Content-Length : 3\r\n\r\nabc", 400, CLOSED),
                arguments("tab before the colon", POST + "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n", 400, CLOSED),
                arguments("beyond ASCII in a header", GET + "X: \u00e9\r\n\r\n", 200, KEPT),
                arguments("no Host", "GET /hello HTTP/1.1\r\n\r\n", 400, CLOSED),
                arguments("empty Host", "GET /hello HTTP/1.1\r\nHost:\r\n\r\n", 400, CLOSED),
                arguments("two Hosts", GET + "Host: b\r\n\r\n", 400, CLOSED),
                arguments("Host with a path", "GET /hello HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, CLOSED),
                arguments("Host with a user", "GET /hello HTTP/1.1\r\nHost: u@a\r\n\r\n", 400, CLOSED),
                arguments("Host with a port that is none", "GET /hello HTTP/1.1\r\nHost: a:b\r\n\r\n", 400, CLOSED),
                arguments("Host with a port", "GET /hello HTTP/1.1\r\nHost: a:80\r\n\r\n", 200, KEPT),
                arguments("Host of IPv6", "GET /hello HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 200, KEPT),
                arguments("Host with an open bracket", "GET /hello HTTP/1.1\r\nHost: [::1\r\n\r\n", 400, CLOSED),
                arguments("method is no token", "G(T /hello HTTP/1.1\r\n" + HOST + "\r\n", 400, CLOSED),
                arguments("empty method", " /hello HTTP/1.1\r\n" + HOST + "\r\n", 400, CLOSED),
                arguments("unknown method", "BREW /hello HTTP/1.1\r\n" + HOST + "\r\n", 200, KEPT),
                arguments("two spaces", "GET  /hello HTTP/1.1\r\n" + HOST + "\r\n", 400, CLOSED),
                arguments("space in the target", "GET /hel lo HTTP/1.1\r\n" + HOST + "\r\n", 400, CLOSED),
                arguments("tab for space", "GET\t/hello HTTP/1.1\r\n" + HOST + "\r\n", 400, CLOSED),
                arguments("space behind the version", "GET /hello HTTP/1.1 \r\n" + HOST + "\r\n", 400, CLOSED),
                arguments("no version", "GET /hello\r\n\r\n", 400, CLOSED),
                arguments("another protocol", "GET /hello ICY/1.1\r\n" + HOST + "\r\n", 400, CLOSED),
                arguments("HTTP/1.2", "GET /hello HTTP/1.2\r\n" + HOST + "\r\n", 505, CLOSED),
                arguments("HTTP/9.9", "GET /hello HTTP/9.9\r\n" + HOST + "\r\n", 505, CLOSED),
                arguments("HTTP/1.10", "GET /hello HTTP/1.10\r\n" + HOST + "\r\n", 400, CLOSED),
                arguments("HTTP/1.0", "GET /hello HTTP/1.0\r\n\r\n", 200, CLOSED),
                arguments(
                        "HTTP/1.0 that asks to be kept",
                        "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
                        200,
                        CLOSED),
                arguments("HTTP/2 in an HTTP/1 line", "GET /hello HTTP/2.0\r\n" + HOST + "\r\n", 505, CLOSED),
                arguments("garbage", new String(garbage(), StandardCharsets.ISO_8859_1), 400, CLOSED),
                arguments("TLS hello", "\26\3\1\0\310\1\0\0\304\3\3" + "\1".repeat(190), 400, CLOSED));
    }

    static Stream<Arguments> targets() {
        return Stream.of(
                arguments("bad percent-encoding", "GET /hel%zz HTTP/1.1\r\n" + HOST + "\r\n", 400, CLOSED),
                arguments("cut percent-encoding", "GET /hel%1 HTTP/1.1\r\n" + HOST + "\r\n", 400, CLOSED),
                arguments("encoded NUL", "GET /hel%00 HTTP/1.1\r\n" + HOST + "\r\n", 404, KEPT),
                arguments("dots", "GET /a/../../hello HTTP/1.1\r\n" + HOST + "\r\n", 404, KEPT),
                arguments("encoded dots", "GET /a/%2e%2e/hello HTTP/1.1\r\n" + HOST + "\r\n", 404, KEPT),
                arguments("backslash", "GET /a\\hello HTTP/1.1\r\n" + HOST + "\r\n", 400, CLOSED),
                arguments("beyond ASCII", "GET /h\u00e9llo HTTP/1.1\r\n" + HOST + "\r\n", 400, CLOSED),
                arguments("fragment", "GET /hello#x HTTP/1.1\r\n" + HOST + "\r\n", 400, CLOSED),
                arguments("fragment in the query", "GET /hello?a#x HTTP/1.1\r\n" + HOST + "\r\n", 400, CLOSED),
                arguments("no slash", "GET hello HTTP/1.1\r\n" + HOST + "\r\n", 400, CLOSED),
                arguments("absolute", "GET http://a/hello HTTP/1.1\r\n" + HOST + "\r\n", 200, KEPT),
                arguments("absolute with another host", "GET http://b/hello HTTP/1.1\r\n" + HOST + "\r\n", 400, CLOSED),
                arguments("absolute with a user", "GET http://u@a/hello HTTP/1.1\r\n" + HOST + "\r\n", 400, CLOSED),
                arguments("absolute of another scheme", "GET ftp://a/hello HTTP/1.1\r\n" + HOST + "\r\n", 400, CLOSED),
                arguments("CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 400, CLOSED),
                arguments("OPTIONS *", "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n", 404, KEPT),
                arguments("GET *", "GET * HTTP/1.1\r\n" + HOST + "\r\n", 400, CLOSED));
    }

    static Stream<Arguments> sizes() {
        return Stream.of(
                arguments(
                        "target of 100 kB",
                        "GET /" + "a".repeat(100_000) + " HTTP/1.1\r\n" + HOST + "\r\n",
                        414,
                        CLOSED),
                arguments("header of 100 kB", GET + "X: " + "a".repeat(100_000) + "\r\n\r\n", 431, CLOSED),
                arguments("header of 15 kB", GET + "X: " + "a".repeat(15_000) + "\r\n\r\n", 200, KEPT),
                arguments("10,000 headers", GET + "X: a\r\n".repeat(10_000) + "\r\n", 431, CLOSED),
                arguments("101 headers", GET + "X: a\r\n".repeat(100) + "\r\n", 431, CLOSED),
                arguments("100 headers", GET + "X: a\r\n".repeat(99) + "\r\n", 200, KEPT),
                arguments("empty lines without end", "\r\n".repeat(100_000), 414, CLOSED),
                arguments("body of 1 MiB", POST + "Content-Length: 1048576\r\n\r\n" + "a".repeat(1 << 20), 200, KEPT),
                arguments(
                        "body of 1 MiB and a byte",
                        POST + "Content-Length: 1048577\r\n\r\n" + "a".repeat((1 << 20) + 1),
                        413,
                        CLOSED),
                arguments(
                        "chunks of 1 MiB and a byte",
                        CHUNKED + "100000\r\n" + "a".repeat(1 << 20) + "\r\n1\r\na\r\n0\r\n\r\n",
                        413,
                        CLOSED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"framing", "chunks", "lines", "targets", "sizes"})
    void isAnsweredAndKeptOrClosed(String name, String request, int status, boolean kept) throws IOException {
        try (var client = test.client()) {
            client.sendInBackground(request.getBytes(StandardCharsets.ISO_8859_1));

            var answer = client.answer();
            assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
            if (kept) {
                assertThat(answer.header("connection")).isNull();
                assertThat(client.kept()).isTrue();
            } else {
                assertThat(client.closed()).isTrue();
            }
        }
    }

    @Test
    void refusesWithAProblemThatIsConstant() throws IOException {
        try (var client = test.client()) {
            var answer = client.send("GET /hello HTTP/1.1\r\n\r\n").answer();

            assertThat(answer.body())
                    .isEqualTo("{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,"
                            + "\"detail\":\"the Host header is missing\",\"code\":\"MALFORMED_REQUEST\","
                            + "\"category\":\"BadRequest\",\"trace_id\":\"\"}");
            assertThat(answer.headers())
                    .containsOnlyKeys("date", "content-type", "content-length", "connection")
                    .containsEntry("content-type", "application/problem+json")
                    .containsEntry("connection", "close");
        }
    }

    @Test
    void understandsCloseInAnyCaseAndPlace() throws IOException {
        for (var header :
                new String[] {"Close", "foo, close", "close\r\nConnection: foo", "foo\r\nConnection: ,CLOSE,"}) {
            try (var client = test.client()) {
                var answer =
                        client.send(GET + "Connection: " + header + "\r\n\r\n").answer();

                assertThat(answer.header("connection")).isEqualTo("close");
                assertThat(client.closed()).isTrue();
            }
        }
    }

    @Test
    void answers400ToABodyThatIsCutShort() throws IOException {
        try (var client = test.client()) {
            client.send(POST + "Content-Length: 10\r\n\r\nabc").halfClose();

            var answer = client.answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body())
                    .isEqualTo("the client ended the connection inside the body, with 7 bytes to come");
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void answersARequestBehindWhichTheClientClosedItsSide() throws IOException {
        try (var client = test.client()) {
            var answer = client.get("/hello").halfClose().answer();

            assertThat(answer.body()).isEqualTo(TestEngine.HELLO);
            assertThat(client.closed()).isTrue();
        }
    }

    private static byte[] garbage() {
        var bytes = new byte[384];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (128 + i % 128);
        }
        return bytes;
    }
}
