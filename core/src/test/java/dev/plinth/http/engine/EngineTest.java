package dev.plinth.http.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EngineTest {
    private static final byte[] HELLO = TestEngine.HELLO.getBytes(StandardCharsets.UTF_8);

    @Test
    void answersWithLengthAndDateAndWithoutServer() throws IOException {
        try (var test = TestEngine.open();
                var client = test.client()) {
            var answer = client.get("/hello").answer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.reason()).isEqualTo("OK");
            assertThat(answer.body()).isEqualTo(TestEngine.HELLO);
            assertThat(answer.header("content-length")).isEqualTo("19");
            assertThat(answer.header("date")).matches("\\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
            assertThat(answer.headers()).containsOnlyKeys("date", "content-type", "content-length");
        }
    }

    @Test
    void givesTheRequestAsItWasSent() throws IOException {
        var seen = new CopyOnWriteArrayList<String>();
        TestEngine.Handler handler = exchange -> {
            seen.add(exchange.method());
            seen.add(exchange.path());
            seen.add(exchange.query());
            seen.add(String.valueOf(exchange.header("x-one")));
            seen.add(String.valueOf(exchange.header("x-none")));
            seen.add(String.valueOf(exchange.headers("x-one")));
            exchange.eachHeader((name, value) -> seen.add(name + "=" + value));
            seen.add(String.valueOf(exchange.contentLength()));
            seen.add(exchange.peer().getAddress().getHostAddress());
            seen.add(String.valueOf(exchange.secure()));
            seen.add(String.valueOf(exchange.answered()));
            exchange.send(204, new byte[0]);
            seen.add(String.valueOf(exchange.answered()));
        };
        try (var test = TestEngine.open(handler);
                var client = test.client()) {
            client.send(
                    "GET /a%20b/%C3%A9;x=1?q=%20|{}&r HTTP/1.1\r\nHost: a\r\nX-One: \t1 2 \t\r\nx-ONE:\u00e9\r\n\r\n");

            assertThat(client.answer().status()).isEqualTo(204);
            while (seen.size() < 14) {
                Thread.onSpinWait(); // the handler notes its last one after the answer
            }
            assertThat(seen)
                    .containsExactly(
                            "GET",
                            "/a%20b/%C3%A9;x=1",
                            "q=%20|{}&r",
                            "1 2",
                            "null",
                            "[1 2, \u00e9]",
                            "host=a",
                            "x-one=1 2",
                            "x-one=\u00e9",
                            "0",
                            "127.0.0.1",
                            "false",
                            "false",
                            "true");
        }
    }

    @Test
    void takesThePathOfAnAbsoluteTarget() throws IOException {
        try (var test = TestEngine.open(exchange -> exchange.send(
                        200, (exchange.path() + " " + exchange.query()).getBytes(StandardCharsets.UTF_8)));
                var client = test.client()) {
            assertThat(client.send("GET http://A:80?q HTTP/1.1\r\nHost: a:80\r\n\r\n")
                            .answer()
                            .body())
                    .isEqualTo("/ q");
            assertThat(client.send("GET http://a/b?c HTTP/1.1\r\nHost: a\r\n\r\n")
                            .answer()
                            .body())
                    .isEqualTo("/b c");
        }
    }

    @Test
    void keepsTheConnection() throws IOException {
        try (var test = TestEngine.open();
                var client = test.client()) {
            for (int i = 0; i < 50; i++) {
                assertThat(client.get("/hello").answer().body()).isEqualTo(TestEngine.HELLO);
            }
        }
    }

    @Test
    void answersRequestsThatAreSentAheadInTheirOrder() throws IOException {
        try (var test = TestEngine.open();
                var client = test.client()) {
            var requests = new StringBuilder();
            for (int i = 0; i < 100; i++) {
                requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(90) + "\r\n\r\n");
            }
            client.send(requests.toString());

            for (int i = 0; i < 100; i++) {
                assertThat(client.answer().body()).isEqualTo("no /" + i);
            }
        }
    }

    @Test
    void readsAHeadThatComesByteByByte() throws IOException {
        try (var test = TestEngine.open();
                var client = test.client()) {
            for (byte octet :
                    "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII)) {
                client.send(new byte[] {octet});
            }

            assertThat(client.answer().body()).isEqualTo("abc");
            assertThat(client.kept()).isTrue();
        }
    }

    @Test
    void sendsTheLengthAloneForHead() throws IOException {
        try (var test = TestEngine.open();
                var client = test.client()) {
            var answer = client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n").answer(true);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-length")).isEqualTo("19");
            assertThat(client.kept()).isTrue();
        }
    }

    @Test
    void sendsNothingOfABodyWhereTheStatusForbidsIt() throws IOException {
        try (var test = TestEngine.open(exchange -> {
                    if (exchange.path().equals("/hello")) {
                        exchange.send(200, HELLO);
                    } else {
                        exchange.send(Integer.parseInt(exchange.path().substring(1)), HELLO);
                    }
                });
                var client = test.client()) {
            assertThat(client.get("/204").answer().headers()).containsOnlyKeys("date");
            assertThat(client.get("/304").answer().headers()).containsOnlyKeys("date");
            assertThat(client.get("/205").answer().header("content-length")).isEqualTo("0");
            assertThat(client.kept()).isTrue();
        }
    }

    @Test
    void sendsALargeBody() throws IOException {
        var large = "0123456789abcdef".repeat(1 << 16);
        try (var test = TestEngine.open(exchange -> exchange.send(200, large.getBytes(StandardCharsets.US_ASCII)));
                var client = test.client()) {
            assertThat(client.get("/").answer().body()).isEqualTo(large);
        }
    }

    @Test
    void echoesLargeBodiesOfBothKinds() throws IOException {
        var large = "0123456789abcdef".repeat(60_000);
        try (var test = TestEngine.open();
                var client = test.client()) {
            client.sendInBackground(
                    ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + large.length() + "\r\n\r\n" + large)
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(client.answer().body()).isEqualTo(large);

            var chunks = new StringBuilder("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int at = 0, size = 1; at < large.length(); at += size, size = Math.min(size * 2, 1 << 16)) {
                var chunk = large.substring(at, Math.min(large.length(), at + size));
                chunks.append(Integer.toHexString(chunk.length()))
                        .append("\r\n")
                        .append(chunk)
                        .append("\r\n");
            }
            client.sendInBackground(chunks.append("0\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            assertThat(client.answer().body()).isEqualTo(large);
        }
    }

    @Test
    void streamsEachFlushAtOnce() throws Exception {
        var go = new java.util.concurrent.Semaphore(0);
        try (var test = TestEngine.open(exchange -> {
                    var out = exchange.stream(200);
                    out.write('a');
                    out.flush();
                    go.acquireUninterruptibly();
                    out.write("b".repeat(20_000).getBytes(StandardCharsets.US_ASCII));
                    out.close();
                });
                var client = test.client()) {
            client.get("/");
            var head = new String(client.bytes(17), StandardCharsets.US_ASCII);
            assertThat(head).isEqualTo("HTTP/1.1 200 OK\r\n");
            go.release();
            var rest = client.answerAfter(head);
            assertThat(rest.header("transfer-encoding")).isEqualTo("chunked");
            assertThat(rest.header("content-length")).isNull();
            assertThat(rest.body()).isEqualTo("a" + "b".repeat(20_000));
        }
    }

    @Test
    void sendsAShortStreamWithItsLength() throws IOException {
        try (var test = TestEngine.open(exchange -> {
                    try (var out = exchange.stream(201)) {
                        out.write(HELLO);
                    }
                });
                var client = test.client()) {
            var answer = client.get("/").answer();
            assertThat(answer.header("content-length")).isEqualTo("19");
            assertThat(answer.body()).isEqualTo(TestEngine.HELLO);
            assertThat(client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
                            .answer(true)
                            .headers())
                    .containsOnlyKeys("date");
            assertThat(client.get("/").answer().status()).isEqualTo(201);
        }
    }

    @Test
    void sendsALongStreamWithTheLengthThatIsKnown() throws IOException {
        try (var test = TestEngine.open(exchange -> {
                    try (var out = exchange.stream(200, 20_000)) {
                        if (!exchange.method().equals("HEAD")) {
                            out.write("b".repeat(20_000).getBytes(StandardCharsets.US_ASCII));
                        }
                    }
                });
                var client = test.client()) {
            for (int i = 0; i < 2; i++) {
                var answer = client.get("/").answer();
                assertThat(answer.headers()).containsOnlyKeys("date", "content-length");
                assertThat(answer.body()).isEqualTo("b".repeat(20_000));
                var head = client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").answer(true);
                assertThat(head.header("content-length")).isEqualTo("20000");
            }
        }
    }

    @Test
    void showsThatAStreamIsNotAsLongAsItSaid() throws IOException {
        for (int size : new int[] {0, 9_999, 10_001, 20_000}) {
            try (var test = TestEngine.open(exchange -> {
                        var out = exchange.stream(200, 10_000);
                        out.write(new byte[size]);
                        out.close();
                    });
                    var client = test.client()) {
                client.get("/");

                // What is short has no end, and of what is long nothing comes that the length does not cover.
                assertThatExceptionOfType(IOException.class)
                        .as("%d bytes", size)
                        .isThrownBy(client::answer);
            }
        }
    }

    @Test
    void streamsToHttp10UpToTheEndOfTheConnection() throws IOException {
        try (var test = TestEngine.open(exchange -> {
                    try (var out = exchange.stream(200)) {
                        out.write('a');
                        out.flush();
                        out.write('b');
                    }
                });
                var client = test.client()) {
            var answer = client.send("GET / HTTP/1.0\r\n\r\n").answer();

            assertThat(answer.headers()).containsOnlyKeys("date", "connection");
            assertThat(answer.body()).isEqualTo("ab");
        }
    }

    @Test
    void showsThatAStreamIsIncomplete() throws IOException {
        TestEngine.Handler leavesOpen = exchange -> {
            var out = exchange.stream(200);
            out.write('a');
            out.flush();
        };
        for (var version : new String[] {"1.1", "1.0"}) {
            try (var test = TestEngine.open(leavesOpen);
                    var client = test.client()) {
                client.send("GET / HTTP/" + version + "\r\nHost: a\r\n\r\n");

                assertThatExceptionOfType(IOException.class).isThrownBy(client::answer);
            }
        }
    }

    @Test
    void asksForTheBodyWhenItIsRead() throws IOException {
        try (var test = TestEngine.open();
                var client = test.client()) {
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(100);

            assertThat(client.send("abc").answer().body()).isEqualTo("abc");
            assertThat(client.kept()).isTrue();
        }
    }

    @Test
    void closesWhereTheBodyWasNotAskedFor() throws IOException {
        try (var test = TestEngine.open();
                var client = test.client()) {
            client.send("POST /hello HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");

            assertThat(client.answer().header("connection")).isEqualTo("close");
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void closesWhenTheHandlerAsks() throws IOException {
        try (var test = TestEngine.open(exchange -> {
                    exchange.closeConnection();
                    exchange.send(200, HELLO);
                });
                var client = test.client()) {
            assertThat(client.get("/").answer().header("connection")).isEqualTo("close");
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void answers500WhereTheHandlerDoesNot() throws IOException {
        try (var test = TestEngine.open(exchange -> {
                    if (exchange.path().equals("/throws")) {
                        throw new IllegalStateException("a mistake that the test wants");
                    }
                });
                var client = test.client();
                var other = test.client()) {
            assertThat(client.get("/").answer().body()).contains("\"code\":\"INTERNAL_ERROR\"", "\"status\":500");
            assertThat(client.closed()).isTrue();
            assertThat(other.get("/throws").answer().status()).isEqualTo(500);
            assertThat(other.closed()).isTrue();
        }
    }

    @Test
    void cutsTheAnswerOfAHandlerThatThrows() throws IOException {
        try (var test = TestEngine.open(exchange -> {
                    var out = exchange.stream(200);
                    out.write('a');
                    out.flush();
                    throw new IllegalStateException("a mistake that the test wants");
                });
                var client = test.client()) {
            client.get("/");

            assertThatExceptionOfType(IOException.class).isThrownBy(client::answer);
        }
    }

    @Test
    void refusesHeadersThatWouldBreakTheAnswer() throws IOException {
        var thrown = new AtomicReference<Throwable>();
        try (var test = TestEngine.open(exchange -> {
                    thrown.set(catchAll(exchange));
                    exchange.responseHeader("X-Fine", "a\tb \u00e9");
                    exchange.send(200, HELLO);
                });
                var client = test.client()) {
            var answer = client.get("/").answer();

            assertThat(thrown.get()).isNull();
            assertThat(answer.header("x-fine")).isEqualTo("a\tb \u00e9");
            assertThat(answer.headers()).containsOnlyKeys("date", "x-fine", "content-length");
        }
    }

    private static Throwable catchAll(Exchange exchange) {
        try {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> exchange.responseHeader("X", "a\r\nSet-Cookie: b"))
                    .withMessage("response header 'X' holds U+000D at 1, which a header can't carry. Encode it.");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> exchange.responseHeader("X", "\u20ac"))
                    .withMessage("response header 'X' holds U+20AC at 0, which a header can't carry. Encode it.");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> exchange.responseHeader("X:\n", "a"))
                    .withMessage("response header name 'X:?' (expected: letters, digits and !#$%&'*+-.^_`|~)");
            for (var name :
                    List.of("content-length", "TRANSFER-ENCODING", "Connection", "keep-alive", "Upgrade", "Date")) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> exchange.responseHeader(name, "1"))
                        .withMessage("response header '" + name + "' is written by the engine. Leave it out.");
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> exchange.send(100, HELLO))
                    .withMessage("response status 100 (expected: 200..599)");
            return null;
        } catch (AssertionError failed) {
            return failed;
        }
    }

    @Test
    void answersOnce() throws IOException {
        var thrown = new AtomicReference<Throwable>();
        try (var test = TestEngine.open(exchange -> {
                    exchange.send(200, HELLO);
                    try {
                        assertThatIllegalStateException()
                                .isThrownBy(() -> exchange.send(200, HELLO))
                                .withMessage("the exchange has been answered. Answer it once.");
                    } catch (AssertionError failed) {
                        thrown.set(failed);
                    }
                });
                var client = test.client()) {
            assertThat(client.get("/").answer().status()).isEqualTo(200);
            assertThat(client.get("/").answer().status()).isEqualTo(200);
            assertThat(thrown.get()).isNull();
        }
    }

    @Test
    void survivesAnInterruptThatWasMeantForTheHandler() throws IOException {
        try (var test = TestEngine.open(exchange -> {
                    Thread.currentThread().interrupt();
                    exchange.send(200, HELLO);
                    Thread.currentThread().interrupt();
                });
                var client = test.client()) {
            assertThat(client.get("/").answer().body()).isEqualTo(TestEngine.HELLO);
            assertThat(client.get("/").answer().body()).isEqualTo(TestEngine.HELLO);
        }
    }

    @Test
    void servesManyConnectionsAtOnce() throws Exception {
        try (var test = TestEngine.open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < 100; i++) {
                calls.add(() -> {
                    try (var client = test.client()) {
                        int answered = 0;
                        for (int j = 0; j < 20; j++) {
                            answered += client.get("/hello").answer().body().equals(TestEngine.HELLO) ? 1 : 0;
                        }
                        return answered;
                    }
                });
            }
            int answered = 0;
            for (var call : threads.invokeAll(calls)) {
                answered += call.get();
            }
            assertThat(answered).isEqualTo(2000);
        }
    }

    @Test
    void waitsInTheBacklogBeyondTheLimitOfConnections() throws IOException {
        try (var test = new TestEngine(TestEngine.settings(TestEngine.BOUND, TestEngine.BOUND, 2));
                var one = test.client();
                var two = test.client()) {
            assertThat(one.get("/hello").answer().status()).isEqualTo(200);
            assertThat(two.get("/hello").answer().status()).isEqualTo(200);
            try (var three = test.client()) {
                three.get("/hello");
                assertThat(three.isSilent(Duration.ofMillis(300))).isTrue();
                one.leave();
                assertThat(three.answer().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void saysWhyItCanNotOpen() throws IOException {
        try (var test = TestEngine.open()) {
            var taken = new ListenerSettings(
                    "test",
                    "127.0.0.1",
                    test.engine.port(),
                    10,
                    10,
                    1024,
                    1024,
                    true,
                    true,
                    TestEngine.BOUND,
                    TestEngine.BOUND,
                    null);
            var unknown = new ListenerSettings(
                    "test",
                    "no-such-host.invalid",
                    0,
                    10,
                    10,
                    1024,
                    1024,
                    true,
                    true,
                    TestEngine.BOUND,
                    TestEngine.BOUND,
                    null);

            assertThatExceptionOfType(BindException.class)
                    .isThrownBy(() -> Engine.open(taken, exchange -> {}))
                    .withMessage("Address already in use");
            assertThatExceptionOfType(UnknownHostException.class)
                    .isThrownBy(() -> Engine.open(unknown, exchange -> {}))
                    .withMessage("unknown host no-such-host.invalid");
        }
    }

    @Test
    void endsWithTheClient() throws IOException {
        try (var test = TestEngine.open();
                var client = test.client()) {
            client.send("GET /hello HTTP/1.1\r\nHost").halfClose();

            assertThatExceptionOfType(EOFException.class).isThrownBy(client::answer);
        }
    }

    @Test
    void formatsDates() {
        assertThat(HttpDate.format(784111777)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
        assertThat(HttpDate.format(1709164800)).isEqualTo("Thu, 29 Feb 2024 00:00:00 GMT");
    }
}
