package dev.plinth.http.engine;

import static dev.plinth.http.engine.FrameClient.ACK;
import static dev.plinth.http.engine.FrameClient.CONTINUATION;
import static dev.plinth.http.engine.FrameClient.DATA;
import static dev.plinth.http.engine.FrameClient.END_HEADERS;
import static dev.plinth.http.engine.FrameClient.END_STREAM;
import static dev.plinth.http.engine.FrameClient.GOAWAY;
import static dev.plinth.http.engine.FrameClient.HEADERS;
import static dev.plinth.http.engine.FrameClient.PADDED;
import static dev.plinth.http.engine.FrameClient.PING;
import static dev.plinth.http.engine.FrameClient.PREFACE;
import static dev.plinth.http.engine.FrameClient.PRIORITY;
import static dev.plinth.http.engine.FrameClient.PUSH_PROMISE;
import static dev.plinth.http.engine.FrameClient.RST_STREAM;
import static dev.plinth.http.engine.FrameClient.SETTINGS;
import static dev.plinth.http.engine.FrameClient.WHOLE;
import static dev.plinth.http.engine.FrameClient.WINDOW_UPDATE;
import static dev.plinth.http.engine.FrameClient.block;
import static dev.plinth.http.engine.FrameClient.int32;
import static dev.plinth.http.engine.FrameClient.request;
import static dev.plinth.http.engine.FrameClient.setting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** HTTP/2 (RFC 9113), with the JDK's client for what is ordinary, and frame by frame for what is not. */
@Timeout(60)
class Http2Test {
    private static final Duration BOUND = TestEngine.BOUND;

    // ---- ordinary use -----------------------------------------------------------------------------------------------

    private static HttpRequest.Builder to(TestEngine test, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + test.engine.port() + path))
                .timeout(BOUND);
    }

    @Test
    void servesTheJdksClientByUpgradeAndThenByPriorKnowledge() throws Exception {
        try (var test = TestEngine.open();
                var client = HttpClient.newHttpClient()) {
            for (int i = 0; i < 3; i++) {
                var answer = client.send(to(test, "/hello").build(), HttpResponse.BodyHandlers.ofString());
                assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo(TestEngine.HELLO);
                assertThat(answer.headers().firstValue("content-type")).contains("application/json");
                assertThat(answer.headers().firstValue("date")).isPresent();
            }
        }
    }

    @Test
    void echoesManyLargeBodiesAtOnce() throws Exception {
        try (var test = TestEngine.open();
                var client = HttpClient.newHttpClient()) {
            client.send(to(test, "/hello").build(), HttpResponse.BodyHandlers.discarding());
            var body = new byte[900_000];
            new Random(7).nextBytes(body);
            var answers = new ArrayList<java.util.concurrent.CompletableFuture<HttpResponse<byte[]>>>();
            for (int i = 0; i < 20; i++) {
                var post = i % 2 == 0
                        ? HttpRequest.BodyPublishers.ofByteArray(body)
                        : HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body));
                answers.add(client.sendAsync(
                        to(test, "/echo").POST(post).build(), HttpResponse.BodyHandlers.ofByteArray()));
            }
            for (var answer : answers) {
                assertThat(answer.get(20, TimeUnit.SECONDS).body()).isEqualTo(body);
            }
        }
    }

    @Test
    void givesTheRequestAsItWasSent() throws IOException {
        var seen = new LinkedBlockingQueue<String>();
        try (var test = TestEngine.open(exchange -> {
                    seen.add(exchange.method() + " " + exchange.path() + " ? " + exchange.query());
                    exchange.eachHeader((name, value) -> seen.add(name + ": " + value));
                    seen.add(exchange.header("cookie") + " | " + exchange.headers("x") + " | "
                            + exchange.contentLength());
                    exchange.send(204, new byte[0]);
                });
                var client = FrameClient.begin(test.engine)) {
            client.frame(
                    HEADERS,
                    WHOLE,
                    1,
                    request("GET", "/a%20b?c=%22", "cookie", "a=1", "x", "1", "cookie", "b=2", "x", "2"));
            assertThat(client.status()).isEqualTo("204");
            assertThat(seen)
                    .containsExactly(
                            "GET /a%20b ? c=%22",
                            "cookie: a=1; b=2", "x: 1", "x: 2", "host: a", "a=1; b=2 | [1, 2] | 0");
        }
    }

    @Test
    void sendsNothingOfABodyForHeadAndWhereTheStatusForbidsIt() throws IOException {
        try (var test = TestEngine.open(exchange -> exchange.send(
                        exchange.path().equals("/304") ? 304 : 200, "body".getBytes(StandardCharsets.UTF_8)));
                var client = FrameClient.begin(test.engine)) {
            client.frame(HEADERS, WHOLE, 1, request("HEAD", "/"));
            var head = client.await(HEADERS);
            assertThat(client.headers(head)).containsEntry("content-length", "4");
            assertThat(head.isLast()).isTrue();
            client.get(3, "/304");
            var notModified = client.await(HEADERS);
            assertThat(client.headers(notModified)).doesNotContainKey("content-length");
            assertThat(notModified.isLast()).isTrue();
        }
    }

    @Test
    void streamsEachFlushAtOnce() throws Exception {
        var go = new CountDownLatch(1);
        try (var test = TestEngine.open(exchange -> {
                    try (var out = exchange.stream(200)) {
                        out.write('a');
                        out.flush();
                        await(go);
                        out.write('b');
                    }
                });
                var client = FrameClient.begin(test.engine)) {
            client.get(1, "/");
            assertThat(client.status()).isEqualTo("200");
            assertThat(client.next().text()).isEqualTo("a");
            go.countDown();
            var last = client.next();
            assertThat(last.text()).isEqualTo("b");
            assertThat(last.isLast()).isTrue();
        }
    }

    @Test
    void showsThatAStreamIsIncomplete() throws IOException {
        try (var test = TestEngine.open(exchange -> exchange.stream(200).write('a'));
                var client = FrameClient.begin(test.engine)) {
            client.get(1, "/");
            assertThat(client.await(RST_STREAM).code()).isEqualTo(Http2Error.INTERNAL);
        }
    }

    @Test
    void answersWithMoreHeadersThanAFrameHolds() throws Exception {
        var value = "v".repeat(30_000);
        try (var test = TestEngine.open(exchange -> {
                    exchange.responseHeader("X-Long", value);
                    exchange.send(200, new byte[] {'a'});
                });
                var client = HttpClient.newHttpClient()) {
            var answer = client.send(to(test, "/").build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.headers().firstValue("x-long")).contains(value);
            assertThat(answer.body()).isEqualTo("a");
        }
    }

    @Test
    void takesPaddingPriorityAndTrailers() throws IOException {
        try (var test = TestEngine.open();
                var client = FrameClient.begin(test.engine)) {
            var head = request("POST", "/echo");
            var padded = new Bytes(64)
                    .add(3)
                    .add(int32(0))
                    .add(7)
                    .add(head)
                    .add(0)
                    .add(0)
                    .add(0);
            client.frame(HEADERS, END_HEADERS | PADDED | 0x20, 1, java.util.Arrays.copyOf(padded.array, padded.size));
            client.frame(DATA, PADDED, 1, new byte[] {2, 'h', 'i', 0, 0});
            client.frame(HEADERS, WHOLE, 1, block("x-sum", "1"));
            assertThat(client.status()).isEqualTo("200");
            assertThat(client.await(DATA).text()).isEqualTo("hi");
        }
    }

    // ---- streams don't get in each other's way ----------------------------------------------------------------------

    /** What is not read is neither waited for nor held against the connection. */
    @Test
    void anAnswerBeforeTheBodyWasReadCostsTheStreamAlone() throws IOException {
        try (var test = TestEngine.open(exchange -> exchange.send(413, new byte[0]));
                var client = FrameClient.begin(test.engine)) {
            for (int stream = 1; stream < 40; stream += 2) {
                client.frame(HEADERS, END_HEADERS, stream, request("POST", "/"));
                client.frame(DATA, 0, stream, new byte[16_000]);
                assertThat(client.status()).isEqualTo("413");
                assertThat(client.next().code()).isEqualTo(Http2Error.NO_ERROR);
                client.frame(DATA, 0, stream, new byte[16_000]);
                client.frame(DATA, END_STREAM, stream, new byte[10_000]);
            }
        }
    }

    @Test
    void aBodyThatNobodyReadsHoldsUpNoOtherStream() throws IOException {
        var go = new CountDownLatch(1);
        try (var test = TestEngine.open(exchange -> {
                    if (exchange.path().equals("/wait")) {
                        await(go);
                    }
                    exchange.send(200, exchange.body().readAllBytes());
                });
                var client = FrameClient.begin(test.engine)) {
            client.frame(HEADERS, END_HEADERS, 1, request("POST", "/wait"));
            for (int i = 0; i < 4; i++) {
                client.frame(DATA, 0, 1, new byte[16_000]);
            }
            client.frame(HEADERS, END_HEADERS, 3, request("POST", "/"));
            client.frame(DATA, END_STREAM, 3, new byte[] {'x'});
            assertThat(client.status()).isEqualTo("200");
            assertThat(client.next().text()).isEqualTo("x");
            go.countDown();
        }
    }

    @Test
    void aClientThatTakesNothingLosesTheStreamAlone() throws Exception {
        var settings = TestEngine.settings(Duration.ofMillis(300), BOUND, 10);
        try (var test = TestEngine.open(settings, exchange -> exchange.send(200, new byte[200_000]));
                var client = FrameClient.begin(test.engine)) {
            client.get(1, "/");
            assertThat(client.await(RST_STREAM).code()).isEqualTo(Http2Error.CANCEL);
            client.frame(WINDOW_UPDATE, 0, 0, int32(1_000_000));
            client.frame(SETTINGS, 0, 0, setting(4, 300_000));
            client.get(3, "/");
            int got = 0;
            for (var frame = client.await(DATA); ; frame = client.await(DATA)) {
                got += frame.payload().length;
                if (frame.isLast()) {
                    break;
                }
            }
            assertThat(got).isEqualTo(200_000);
        }
    }

    @Test
    void awaitsABodyForTheReadTimeoutOrTheLimitOfTheRequest() throws IOException {
        BlockingQueue<Object> outcome = new LinkedBlockingQueue<>();
        try (var test = TestEngine.open(exchange -> {
                    exchange.timeLimit(Duration.ofMillis(50));
                    try {
                        exchange.body().read();
                    } catch (SocketTimeoutException late) {
                        outcome.add(late.getMessage());
                    }
                    exchange.send(408, new byte[0]);
                });
                var client = FrameClient.begin(test.engine)) {
            client.frame(HEADERS, END_HEADERS, 1, request("POST", "/"));
            assertThat(client.status()).isEqualTo("408");
            assertThat(outcome).containsExactly("the client sent nothing in time");
        }
    }

    @Test
    void refusesABodyThatIsTooLarge() throws Exception {
        try (var test = TestEngine.open();
                var client = HttpClient.newHttpClient()) {
            client.send(to(test, "/hello").build(), HttpResponse.BodyHandlers.discarding());
            var large = new byte[1_100_000];
            for (var post : List.of(
                    HttpRequest.BodyPublishers.ofByteArray(large),
                    HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large)))) {
                var answer = client.send(to(test, "/echo").POST(post).build(), HttpResponse.BodyHandlers.discarding());
                assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(answer.statusCode()).isEqualTo(413);
            }
        }
    }

    // ---- the client goes away ---------------------------------------------------------------------------------------

    @Test
    void aResetInterruptsTheHandlerAtOnce() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (var test = TestEngine.open(exchange -> {
                    if (exchange.path().equals("/hello")) {
                        exchange.send(200, new byte[0]);
                        return;
                    }
                    seen.add("begun");
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException cancelled) {
                        seen.add("cancelled");
                    }
                });
                var client = FrameClient.begin(test.engine)) {
            client.get(1, "/wait");
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("begun");
            client.frame(RST_STREAM, 0, 1, int32(8));
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("cancelled");
            client.get(3, "/hello");
            assertThat(client.status()).isEqualTo("200");
        }
    }

    @Test
    void aLostConnectionInterruptsItsHandlers() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (var test = TestEngine.open(exchange -> {
            seen.add("begun");
            try {
                exchange.body().read();
            } catch (IOException gone) {
                seen.add(gone.getMessage());
            }
        })) {
            try (var client = FrameClient.begin(test.engine)) {
                client.frame(HEADERS, END_HEADERS, 1, request("POST", "/"));
                assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("begun");
            }
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("the client has reset the stream inside the body");
        }
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    @Test
    void finishesWhatHasBegunWhenTheEngineCloses() throws Exception {
        var test = TestEngine.open();
        try (var client = FrameClient.begin(test.engine)) {
            client.get(1, "/wait");
            assertThat(test.waiting.await(10, TimeUnit.SECONDS)).isTrue();
            var closing = Thread.ofVirtual().start(() -> test.engine.close(BOUND));
            var goAway = client.await(GOAWAY);
            test.go.countDown();
            assertThat(goAway.code()).isEqualTo(Http2Error.NO_ERROR);
            assertThat(goAway.payload()[3]).isEqualTo((byte) 1);
            assertThat(client.status()).isEqualTo("200");
            assertThat(client.next().text()).isEqualTo("waited");
            assertThat(client.closed()).isTrue();
            client.leave();
            assertThat(closing.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void cutsWhatDoesNotFinish() throws Exception {
        var begun = new CountDownLatch(1);
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        var test = TestEngine.open(exchange -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException cut) {
                seen.add("cut");
            }
        });
        try (var client = FrameClient.begin(test.engine)) {
            client.get(1, "/");
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            test.engine.close(Duration.ofMillis(50));
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("cut");
        }
    }

    @Test
    void endsAnIdleConnection() throws IOException {
        var settings = TestEngine.settings(BOUND, Duration.ofMillis(100), 10);
        try (var test = TestEngine.open(settings, exchange -> exchange.send(204, new byte[0]));
                var client = FrameClient.begin(test.engine)) {
            client.get(1, "/");
            assertThat(client.await(GOAWAY).code()).isEqualTo(Http2Error.NO_ERROR);
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void endsAConnectionThatStopsInsideAFrame() throws IOException {
        var settings = TestEngine.settings(Duration.ofMillis(200), BOUND, 10);
        try (var test = TestEngine.open(settings, exchange -> exchange.send(204, new byte[0]));
                var client = FrameClient.begin(test.engine)) {
            client.raw(new byte[] {0, 0, 100, 1});
            while (!client.closed()) {
                // settings and their acknowledgement come first
            }
        }
    }

    // ---- what breaks the protocol -----------------------------------------------------------------------------------

    interface Attack {
        void run(FrameClient client) throws IOException;
    }

    private static Arguments ends(String name, int code, Attack attack) {
        return arguments(name, code, attack);
    }

    static Stream<Arguments> connectionErrors() {
        var get = request("GET", "/hello");
        return Stream.of(
                ends(
                        "a frame that is too large",
                        Http2Error.FRAME_SIZE,
                        c -> c.raw(new byte[] {0, 0x40, 1, 0, 0, 0, 0, 0, 1})),
                ends("DATA on no stream", Http2Error.PROTOCOL, c -> c.frame(DATA, 0, 0, (byte) 1)),
                ends("DATA on an idle stream", Http2Error.PROTOCOL, c -> c.frame(DATA, 0, 1, (byte) 1)),
                ends("HEADERS on no stream", Http2Error.PROTOCOL, c -> c.frame(HEADERS, WHOLE, 0, get)),
                ends("HEADERS on a stream of the server's", Http2Error.PROTOCOL, c -> c.frame(HEADERS, WHOLE, 2, get)),
                ends("padding longer than its frame", Http2Error.PROTOCOL, c -> c.frame(HEADERS, END_HEADERS, 1, get)
                        .frame(DATA, PADDED, 1, (byte) 5, (byte) 0)),
                ends("no padding where it was promised", Http2Error.FRAME_SIZE, c -> c.frame(
                                HEADERS, END_HEADERS, 1, get)
                        .frame(DATA, PADDED, 1)),
                ends("PRIORITY of the wrong size", Http2Error.FRAME_SIZE, c -> c.frame(PRIORITY, 0, 1, (byte) 1)),
                ends("RST_STREAM on an idle stream", Http2Error.PROTOCOL, c -> c.frame(RST_STREAM, 0, 1, int32(8))),
                ends("RST_STREAM of the wrong size", Http2Error.FRAME_SIZE, c -> c.frame(HEADERS, WHOLE, 1, get)
                        .frame(RST_STREAM, 0, 1, (byte) 1)),
                ends("SETTINGS on a stream", Http2Error.PROTOCOL, c -> c.frame(SETTINGS, 0, 1)),
                ends("SETTINGS of the wrong size", Http2Error.FRAME_SIZE, c -> c.frame(SETTINGS, 0, 0, (byte) 1)),
                ends(
                        "an acknowledgement with something",
                        Http2Error.FRAME_SIZE,
                        c -> c.frame(SETTINGS, ACK, 0, setting(4, 1))),
                ends("push neither on nor off", Http2Error.PROTOCOL, c -> c.frame(SETTINGS, 0, 0, setting(2, 2))),
                ends("a window beyond all", Http2Error.FLOW_CONTROL, c -> c.frame(SETTINGS, 0, 0, setting(4, -1))),
                ends("frames too small", Http2Error.PROTOCOL, c -> c.frame(SETTINGS, 0, 0, setting(5, 100))),
                ends("frames too large", Http2Error.PROTOCOL, c -> c.frame(SETTINGS, 0, 0, setting(5, 1 << 24))),
                ends("PUSH_PROMISE", Http2Error.PROTOCOL, c -> c.frame(PUSH_PROMISE, 0, 1, int32(2))),
                ends("PING on a stream", Http2Error.PROTOCOL, c -> c.frame(PING, 0, 1, new byte[8])),
                ends("PING of the wrong size", Http2Error.FRAME_SIZE, c -> c.frame(PING, 0, 0, new byte[7])),
                ends("GOAWAY on a stream", Http2Error.PROTOCOL, c -> c.frame(GOAWAY, 0, 1, new byte[8])),
                ends("GOAWAY of the wrong size", Http2Error.FRAME_SIZE, c -> c.frame(GOAWAY, 0, 0, new byte[7])),
                ends("WINDOW_UPDATE of the wrong size", Http2Error.FRAME_SIZE, c -> c.frame(WINDOW_UPDATE, 0, 0)),
                ends("WINDOW_UPDATE by nothing", Http2Error.PROTOCOL, c -> c.frame(WINDOW_UPDATE, 0, 0, int32(0))),
                ends(
                        "WINDOW_UPDATE on an idle stream",
                        Http2Error.PROTOCOL,
                        c -> c.frame(WINDOW_UPDATE, 0, 1, int32(1))),
                ends(
                        "the connection's window overflows",
                        Http2Error.FLOW_CONTROL,
                        c -> c.frame(WINDOW_UPDATE, 0, 0, int32(Integer.MAX_VALUE))),
                ends("a stream's window overflows by settings", Http2Error.FLOW_CONTROL, c -> c.frame(
                                HEADERS, END_HEADERS, 1, request("POST", "/wait"))
                        .frame(WINDOW_UPDATE, 0, 1, int32(Integer.MAX_VALUE - 65_535))
                        .frame(SETTINGS, 0, 0, setting(4, 65_536))),
                ends("CONTINUATION of nothing", Http2Error.PROTOCOL, c -> c.frame(CONTINUATION, END_HEADERS, 1)),
                ends("headers not continued", Http2Error.PROTOCOL, c -> c.frame(HEADERS, END_STREAM, 1, get)
                        .frame(PING, 0, 0, new byte[8])),
                ends("headers continued on another stream", Http2Error.PROTOCOL, c -> c.frame(
                                HEADERS, END_STREAM, 1, get)
                        .frame(CONTINUATION, END_HEADERS, 3)),
                ends(
                        "headers that are no compression",
                        Http2Error.COMPRESSION,
                        c -> c.frame(HEADERS, WHOLE, 1, (byte) 0xff)),
                ends("more than the stream's window, and then more", Http2Error.FLOW_CONTROL, Http2Test::overflow));
    }

    /** The windows are credited as bytes arrive, so only a frame beyond the stream's own can be too much. */
    private static void overflow(FrameClient client) throws IOException {
        client.frame(HEADERS, END_HEADERS, 1, request("POST", "/wait"));
        for (int i = 0; i < 6; i++) {
            client.frame(DATA, 0, 1, new byte[16_000]);
        }
        assertThat(client.await(RST_STREAM).code()).isEqualTo(Http2Error.FLOW_CONTROL);
        client.frame(WINDOW_UPDATE, 0, 0, int32(Integer.MAX_VALUE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void connectionErrors(String name, int code, Attack attack) throws IOException {
        try (var test = TestEngine.open()) {
            try (var client = FrameClient.begin(test.engine)) {
                attack.run(client);
                assertThat(client.await(GOAWAY).code()).as(name).isEqualTo(code);
            }
            servesOthers(test);
        }
    }

    private static void servesOthers(TestEngine test) throws IOException {
        try (var other = FrameClient.begin(test.engine)) {
            other.get(1, "/hello");
            assertThat(other.status()).isEqualTo("200");
        }
    }

    @Test
    void refusesAnotherBeginThanSettings() throws IOException {
        try (var test = TestEngine.open();
                var client = new FrameClient(test.engine)) {
            client.raw(PREFACE).frame(PING, 0, 0, new byte[8]);
            assertThat(client.await(GOAWAY).code()).isEqualTo(Http2Error.PROTOCOL);
        }
    }

    static Stream<Arguments> malformedRequests() {
        return Stream.of(
                arguments("no method", block(":scheme", "http", ":path", "/", ":authority", "a")),
                arguments("no scheme", block(":method", "GET", ":path", "/", ":authority", "a")),
                arguments("no path", block(":method", "GET", ":scheme", "http", ":authority", "a")),
                arguments("an empty path", request("GET", "")),
                arguments("a relative path", request("GET", "hello")),
                arguments("a path with a space", request("GET", "/hello world")),
                arguments("a path with a bad percent-encoding", request("GET", "/%2")),
                arguments("a query with a space", request("GET", "/?a b")),
                arguments("no host at all", block(":method", "GET", ":scheme", "http", ":path", "/")),
                arguments("two hosts that differ", request("GET", "/", "host", "b")),
                arguments("a host that is none", request("GET", "/", "host", "a, b")),
                arguments("a path twice", request("GET", "/", ":path", "/b")),
                arguments("a pseudo-header of the answer", request("GET", "/", ":status", "200")),
                arguments("a pseudo-header that is unknown", request("GET", "/", ":protocol", "x")),
                arguments(
                        "a pseudo-header behind a header",
                        block("a", "1", ":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a")),
                arguments("a name in upper case", request("GET", "/", "X-Upper", "1")),
                arguments("a name with a space", request("GET", "/", "a b", "1")),
                arguments("a name with a colon", request("GET", "/", "a:b", "1")),
                arguments("no name", request("GET", "/", "", "1")),
                arguments("Connection", request("GET", "/", "connection", "close")),
                arguments("Keep-Alive", request("GET", "/", "keep-alive", "1")),
                arguments("Proxy-Connection", request("GET", "/", "proxy-connection", "close")),
                arguments("Transfer-Encoding", request("GET", "/", "transfer-encoding", "chunked")),
                arguments("Upgrade", request("GET", "/", "upgrade", "h2c")),
                arguments("TE of another kind", request("GET", "/", "te", "gzip")),
                arguments("a line feed in a value", request("GET", "/", "x", "a\nb: c")),
                arguments("a NUL in a value", request("GET", "/", "x", "a\0b")),
                arguments("a space before a value", request("GET", "/", "x", " a")),
                arguments("a length that is none", request("GET", "/", "content-length", "+1")),
                arguments("two lengths", request("GET", "/", "content-length", "0", "content-length", "0")),
                arguments("a length and no body", request("GET", "/", "content-length", "1")),
                arguments("CONNECT", block(":method", "CONNECT", ":authority", "a:80")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void malformedRequests(String name, byte[] head) throws IOException {
        try (var test = TestEngine.open(exchange -> exchange.send(204, new byte[0]));
                var client = FrameClient.begin(test.engine)) {
            client.frame(HEADERS, WHOLE, 1, head);
            assertThat(client.status()).as(name).isEqualTo("400");
            assertThat(client.next().text()).contains("\"code\":\"MALFORMED_REQUEST\"");
            assertThat(client.next().code()).isEqualTo(Http2Error.PROTOCOL);
            client.get(3, "/");
            assertThat(client.status()).isEqualTo("204");
        }
    }

    static Stream<Arguments> streamErrors() {
        var post = request("POST", "/echo");
        return Stream.of(
                ends("a body longer than its length", Http2Error.PROTOCOL, c -> c.frame(
                                HEADERS, END_HEADERS, 1, request("POST", "/wait", "content-length", "1"))
                        .frame(DATA, 0, 1, new byte[2])),
                ends("a body shorter than its length", Http2Error.PROTOCOL, c -> c.frame(
                                HEADERS, END_HEADERS, 1, request("POST", "/wait", "content-length", "2"))
                        .frame(DATA, END_STREAM, 1, new byte[1])),
                ends("DATA behind the end", Http2Error.STREAM_CLOSED, c -> c.get(1, "/wait")
                        .frame(DATA, 0, 1, new byte[1])),
                ends("trailers without an end", Http2Error.PROTOCOL, c -> c.frame(HEADERS, END_HEADERS, 1, post)
                        .frame(HEADERS, END_HEADERS, 1, block("a", "b"))),
                ends("pseudo-headers in trailers", Http2Error.PROTOCOL, c -> c.frame(HEADERS, END_HEADERS, 1, post)
                        .frame(HEADERS, WHOLE, 1, block(":path", "/"))),
                ends("a stream's window is widened by nothing", Http2Error.PROTOCOL, c -> c.frame(
                                HEADERS, END_HEADERS, 1, post)
                        .frame(WINDOW_UPDATE, 0, 1, int32(0))),
                ends("a stream's window overflows", Http2Error.FLOW_CONTROL, c -> c.frame(HEADERS, END_HEADERS, 1, post)
                        .frame(WINDOW_UPDATE, 0, 1, int32(Integer.MAX_VALUE))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void streamErrors(String name, int code, Attack attack) throws IOException {
        try (var test = TestEngine.open();
                var client = FrameClient.begin(test.engine)) {
            attack.run(client);
            assertThat(client.await(RST_STREAM).code()).as(name).isEqualTo(code);
            client.get(3, "/hello");
            assertThat(client.status()).isEqualTo("200");
        }
    }

    @Test
    void refusesHeadersThatAreTooLargeAndKeepsTheConnection() throws IOException {
        try (var test = TestEngine.open();
                var client = FrameClient.begin(test.engine)) {
            client.frame(HEADERS, END_STREAM, 1, request("GET", "/hello", "x", "v".repeat(12_000)));
            client.frame(CONTINUATION, END_HEADERS, 1, block("y", "v".repeat(12_000)));
            assertThat(client.status()).isEqualTo("431");
            client.get(3, "/hello");
            assertThat(client.status()).isEqualTo("200");
        }
    }

    private static final ListenerSettings.Bounds STANDARD = ListenerSettings.Bounds.STANDARD;

    private static ListenerSettings bounded(Duration read, ListenerSettings.Bounds bounds) {
        var of = TestEngine.settings(read, BOUND, 10);
        return new ListenerSettings(
                of.name(),
                of.host(),
                of.port(),
                of.backlog(),
                of.maxConnections(),
                of.maxHeaderBytes(),
                of.maxBodyBytes(),
                of.http2(),
                of.http2Upgrade(),
                of.readTimeout(),
                of.idleTimeout(),
                of.tls(),
                of.unix(),
                of.proxies(),
                bounds);
    }

    static Stream<Arguments> bounds() {
        var headers = new String[2 * 101];
        for (int i = 0; i < headers.length; i += 2) {
            headers[i] = "x";
            headers[i + 1] = "y";
        }
        return Stream.of(
                arguments(
                        "the path",
                        "414",
                        new ListenerSettings.Bounds(15 * 1024, STANDARD.maxHeaders(), STANDARD.minRate()),
                        request("GET", "/hello?" + "x".repeat(9000))),
                arguments(
                        "the number of headers",
                        "431",
                        new ListenerSettings.Bounds(STANDARD.maxLineBytes(), 200, STANDARD.minRate()),
                        request("GET", "/hello", headers)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bounds")
    void refusesWhatIsBeyondItsBoundAndServesItWhereThatBoundIsLifted(
            String name, String refusal, ListenerSettings.Bounds lifted, byte[] head) throws IOException {
        for (var each : List.of(STANDARD, lifted)) {
            try (var test = TestEngine.open(bounded(BOUND, each), exchange -> exchange.send(200, new byte[0]));
                    var client = FrameClient.begin(test.engine)) {
                client.frame(HEADERS, WHOLE, 1, head);
                assertThat(client.status()).as(name).isEqualTo(each.equals(lifted) ? "200" : refusal);
                client.get(3, "/hello");
                assertThat(client.status()).as("the next on the connection").isEqualTo("200");
            }
        }
    }

    /** Each wait is far shorter than the read time-out, so the least rate alone can end it. */
    @Test
    void aBodyThatTricklesIsEndedWhereALeastRateIsAsked() throws Exception {
        for (long rate : new long[] {STANDARD.minRate(), 0}) {
            var bounds = new ListenerSettings.Bounds(STANDARD.maxLineBytes(), STANDARD.maxHeaders(), rate);
            var ended = new CountDownLatch(1);
            var came = new CountDownLatch(40);
            try (var test = TestEngine.open(bounded(Duration.ofSeconds(2), bounds), exchange -> {
                        try {
                            while (exchange.body().read() >= 0) {
                                came.countDown();
                            }
                            exchange.send(200, new byte[0]);
                        } catch (SocketTimeoutException tooSlow) {
                            exchange.send(408, new byte[0]);
                        } finally {
                            ended.countDown();
                        }
                    });
                    var client = FrameClient.begin(test.engine)) {
                client.frame(HEADERS, END_HEADERS, 1, request("POST", "/"));
                // Four seconds of it, twice what a body without any byte may take.
                while (came.getCount() > 0 && !ended.await(100, TimeUnit.MILLISECONDS)) {
                    client.frame(DATA, 0, 1, new byte[] {'x'});
                }
                if (rate == 0) {
                    client.frame(DATA, END_STREAM, 1);
                }
                assertThat(client.status()).as("a least rate of " + rate).isEqualTo(rate == 0 ? "200" : "408");
            }
        }
    }

    // ---- much work for little ---------------------------------------------------------------------------------------

    static Stream<Arguments> floods() {
        return Stream.of(
                ends("rapid reset", Http2Error.ENHANCE_YOUR_CALM, c -> {
                    for (int stream = 1; stream < 6000; stream += 2) {
                        c.get(stream, "/hello").frame(RST_STREAM, 0, stream, int32(8));
                    }
                }),
                ends("PING", Http2Error.ENHANCE_YOUR_CALM, c -> many(() -> c.frame(PING, 0, 0, new byte[8]))),
                ends("SETTINGS", Http2Error.ENHANCE_YOUR_CALM, c -> many(() -> c.frame(SETTINGS, 0, 0))),
                ends("PRIORITY", Http2Error.ENHANCE_YOUR_CALM, c -> many(() -> c.frame(PRIORITY, 0, 1, new byte[5]))),
                ends("unknown frames", Http2Error.ENHANCE_YOUR_CALM, c -> many(() -> c.frame(77, 0, 0))),
                ends("empty DATA", Http2Error.ENHANCE_YOUR_CALM, c -> {
                    c.frame(HEADERS, END_HEADERS, 1, request("POST", "/wait"));
                    many(() -> c.frame(DATA, 0, 1));
                }),
                ends("empty CONTINUATION", Http2Error.ENHANCE_YOUR_CALM, c -> {
                    c.frame(HEADERS, END_STREAM, 1, request("GET", "/hello"));
                    many(() -> c.frame(CONTINUATION, 0, 1));
                }),
                ends("CONTINUATION without end", Http2Error.ENHANCE_YOUR_CALM, c -> {
                    c.frame(HEADERS, END_STREAM, 1, request("GET", "/hello"));
                    many(() -> c.frame(CONTINUATION, 0, 1, block("x", "v".repeat(8000))));
                }),
                ends("streams beyond the limit", Http2Error.ENHANCE_YOUR_CALM, c -> {
                    for (int stream = 1; stream < 6000; stream += 2) {
                        c.get(stream, "/wait");
                    }
                }));
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void many(Step step) throws IOException {
        for (int i = 0; i < 3000; i++) {
            step.run();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void floods(String name, int code, Attack attack) throws Exception {
        try (var test = TestEngine.open()) {
            try (var client = FrameClient.begin(test.engine)) {
                var flood = Thread.ofVirtual().start(() -> {
                    try {
                        attack.run(client);
                    } catch (IOException sentAway) {
                        // Seen by the reader.
                    }
                });
                assertThat(client.await(GOAWAY).code()).as(name).isEqualTo(code);
                client.leave();
                flood.join();
            }
            servesOthers(test);
        }
    }

    @Test
    void compressedHeadersAreCountedAsTheyUnfold() throws IOException {
        try (var test = TestEngine.open();
                var client = FrameClient.begin(test.engine)) {
            var value = "v".repeat(4000);
            var all = new Bytes(8192)
                    .add(request("GET", "/hello"))
                    .add(0x40)
                    .add(1)
                    .add('x');
            all.add(0x7f)
                    .add(((4000 - 127) & 0x7f) | 0x80)
                    .add((4000 - 127) >> 7)
                    .add(value);
            for (int i = 0; i < 10_000; i++) {
                all.add(0x80 | 62);
            }
            client.frame(HEADERS, WHOLE, 1, java.util.Arrays.copyOf(all.array, all.size));
            assertThat(client.status()).isEqualTo("431");
            client.get(3, "/hello");
            assertThat(client.status()).isEqualTo("200");
        }
    }

    @Test
    void runsNoMoreHandlersThanStreamsAreAllowed() throws IOException {
        var most = new java.util.concurrent.atomic.AtomicInteger();
        var now = new java.util.concurrent.atomic.AtomicInteger();
        var go = new CountDownLatch(1);
        try (var test = TestEngine.open(exchange -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    // One that doesn't mind being cancelled.
                    while (go.getCount() > 0) {
                        java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
                        Thread.interrupted();
                    }
                    now.decrementAndGet();
                    exchange.send(204, new byte[0]);
                });
                var client = FrameClient.begin(test.engine)) {
            for (int stream = 1; stream < 400; stream += 2) {
                client.get(stream, "/").frame(RST_STREAM, 0, stream, int32(8));
            }
            assertThat(client.await(RST_STREAM).code()).isEqualTo(Http2Error.REFUSED_STREAM);
            go.countDown();
            assertThat(most.get()).isLessThanOrEqualTo(100);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException cut) {
            throw new IllegalStateException(cut);
        }
    }
}
