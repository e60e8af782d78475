package dev.plinth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.Await;
import dev.plinth.Service;
import dev.plinth.context.Context;
import dev.plinth.context.Principal;
import dev.plinth.error.Problem;
import dev.plinth.time.ManualTime;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket.Listener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** WebSockets, with the JDK's client and with one that keeps no rules. */
@Timeout(120)
class WebSocketTest {
    record Order(@NotBlank String item, @Positive int quantity) {}

    record Taken(String item, int total) {}

    private final List<WebSocket> open = new CopyOnWriteArrayList<>();
    private final List<String> ended = new CopyOnWriteArrayList<>();
    private final AtomicInteger inside = new AtomicInteger();

    private void compose(Service service) {
        service.http()
                .webSocket("/orders", socket -> {
                    for (var order : socket.messages(Order.class)) {
                        socket.send(new Taken(order.item(), order.quantity()));
                    }
                    ended.add(socket.closed().toString());
                })
                .webSocket(
                        "/echo/{name}",
                        socket -> {
                            socket.send(socket.request().path("name") + " " + socket.protocol() + " "
                                    + Context.current().deadline().isPresent());
                            for (var text : socket.messages(String.class)) {
                                socket.send(text);
                            }
                        },
                        "v2",
                        "v1")
                .webSocket("/bytes", socket -> {
                    inside.incrementAndGet();
                    for (var bytes : socket.messages(byte[].class)) {
                        socket.send(bytes);
                    }
                    inside.decrementAndGet();
                })
                .webSocket("/patient", socket -> {
                    while (true) {
                        try {
                            var order = socket.receive(Order.class);
                            if (order.isEmpty()) {
                                return;
                            }
                            socket.send(order.get());
                        } catch (Problem refused) {
                            socket.send(Map.of("code", refused.code()));
                        }
                    }
                })
                .webSocket("/feed", socket -> {
                    open.add(socket);
                    try {
                        socket.await();
                    } finally {
                        ended.add("feed " + socket.closed().map(String::valueOf).orElse("cut"));
                    }
                })
                .webSocket("/elsewhere", socket -> {
                    open.add(socket);
                    try {
                        new LinkedBlockingQueue<String>().take();
                    } catch (InterruptedException gone) {
                        ended.add("interrupted " + socket.closed().orElseThrow());
                        throw gone;
                    }
                })
                .webSocket("/once", socket -> socket.send("only this"))
                .webSocket("/closes", socket -> socket.close(4001, "enough"))
                .webSocket("/breaks", socket -> {
                    throw new IllegalStateException("a mistake that the test wants");
                })
                .webSocket("/busy", socket -> {
                    throw Problem.unavailable("BUSY", "come again");
                })
                .group("/private", inside -> inside.filter((request, next) -> {
                            if (request.header("Authorization").isEmpty()) {
                                throw Problem.forbidden("NOBODY", "who are you?");
                            }
                            return Context.current()
                                    .withPrincipal(new Principal("ada", Set.of()))
                                    .call(() -> next.proceed(request));
                        })
                        .webSocket(
                                "/who",
                                socket -> socket.send(Context.current()
                                                .principal()
                                                .name() + " in trace "
                                        + !Context.current().trace().traceId().isEmpty())))
                .get("/hello", _ -> "hello");
    }

    private TestDoor door(String... settings) {
        return TestDoor.open(this::compose, settings);
    }

    // ---- a client that keeps the rules -----------------------------------------------------------------------------

    /** What the JDK's client hears. */
    private static final class Ears implements Listener {
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(java.net.http.WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(java.net.http.WebSocket socket, int code, String reason) {
            heard.add("closed " + code + " " + reason);
            return null;
        }

        @Override
        public void onError(java.net.http.WebSocket socket, Throwable error) {
            heard.add("failed");
        }

        String next() throws InterruptedException {
            return heard.poll(20, TimeUnit.SECONDS);
        }
    }

    private static java.net.http.WebSocket connect(HttpClient client, TestDoor door, String path, Ears ears) {
        var uri = URI.create("ws://127.0.0.1:" + door.service.port() + path);
        return client.newWebSocketBuilder().buildAsync(uri, ears).join();
    }

    @Test
    void takesAndSendsRecords() throws Exception {
        try (var door = door();
                var client = HttpClient.newHttpClient()) {
            var ears = new Ears();
            var socket = connect(client, door, "/orders", ears);
            socket.sendText("{\"item\":\"tea\",", false).join();
            socket.sendText("\"quantity\":2}", true).join();
            assertThat(ears.next()).isEqualTo("{\"item\":\"tea\",\"total\":2}");
            socket.sendClose(java.net.http.WebSocket.NORMAL_CLOSURE, "done").join();
            assertThat(ears.next()).isEqualTo("closed 1000 ");
            Await.until("the handler has ended", () -> !ended.isEmpty());
            assertThat(ended).containsExactly("Optional[Closed[code=1000, reason=done]]");
        }
    }

    @Test
    void agreesOnASubProtocolAndSeesTheRequest() throws Exception {
        try (var door = door();
                var client = HttpClient.newHttpClient()) {
            var ears = new Ears();
            var socket = client.newWebSocketBuilder()
                    .subprotocols("v1", "v2")
                    .buildAsync(URI.create("ws://127.0.0.1:" + door.service.port() + "/echo/ada"), ears)
                    .join();
            assertThat(socket.getSubprotocol()).isEqualTo("v1");
            assertThat(ears.next()).isEqualTo("ada v1 false");
            var large = "ü".repeat(300_000);
            socket.sendText(large, true).join();
            assertThat(ears.next()).isEqualTo(large);
            socket.abort();
        }
    }

    @Test
    void refusesWhatBreaksTheRulesOfARecord() throws Exception {
        try (var door = door()) {
            try (var client = new FrameSocket(door.service.port(), "/orders")) {
                client.text("{\"item\":\"\",\"quantity\":0}");
                assertThat(client.closed()).isEqualTo("1007 VALIDATION_FAILED");
                assertThat(client.close(1007, "").ended()).isTrue();
            }
            try (var client = new FrameSocket(door.service.port(), "/orders")) {
                client.frame(FrameSocket.FIN | 2, (byte) 1);
                assertThat(client.closed()).isEqualTo("1008 UNSUPPORTED_MESSAGE");
            }
            try (var client = new FrameSocket(door.service.port(), "/patient")) {
                client.text("{\"item\":\"tea\",\"quantity\":0}").text("{\"item\":\"tea\",\"quantity\":1}");
                assertThat(client.next().text()).isEqualTo("{\"code\":\"VALIDATION_FAILED\"}");
                assertThat(client.next().text()).isEqualTo("{\"item\":\"tea\",\"quantity\":1}");
            }
        }
    }

    @Test
    void closesAsTheHandlerSays() throws Exception {
        try (var door = door()) {
            assertThat(closeOf(door, "/once")).isEqualTo("1000 ");
            assertThat(closeOf(door, "/closes")).isEqualTo("4001 enough");
            assertThat(closeOf(door, "/breaks")).isEqualTo("1011 INTERNAL_ERROR");
            assertThat(closeOf(door, "/busy")).isEqualTo("1013 BUSY");
        }
    }

    private static String closeOf(TestDoor door, String path) throws IOException {
        try (var client = new FrameSocket(door.service.port(), path)) {
            var close = client.closed();
            client.close(1000, "");
            assertThat(client.ended()).isTrue();
            return close;
        }
    }

    @Test
    void keepsFiltersPrincipalAndTrace() throws Exception {
        try (var door = door()) {
            try (var client = new FrameSocket(door.service.port(), "/private/who")) {
                assertThat(client.head).startsWith("HTTP/1.1 403 Forbidden\r\n");
            }
            try (var client = new FrameSocket(door.service.port(), "/private/who", "Authorization: x\r\n")) {
                assertThat(client.head)
                        .startsWith("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n")
                        .contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
                assertThat(client.next().text()).isEqualTo("ada in trace true");
            }
        }
    }

    // ---- the handshake ---------------------------------------------------------------------------------------------

    @Test
    void refusesHalfAHandshake() throws Exception {
        try (var door = door()) {
            var plain = door.get("/orders");
            assertThat(plain.statusCode()).isEqualTo(400);
            assertThat(plain.body())
                    .contains("\"code\":\"WEBSOCKET_EXPECTED\"")
                    .contains(
                            "\"this is a WebSocket (expected: Connection: Upgrade and Upgrade: websocket, over HTTP/1.1)\"");
            var upgrade = "Connection: Upgrade, close\r\nUpgrade: websocket\r\n";
            assertThat(door.raw(get("1.1", upgrade + "Sec-WebSocket-Version: 8\r\n")))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("\r\nSec-WebSocket-Version: 13\r\n")
                    .contains("(expected: Sec-WebSocket-Version: 13)");
            var version = upgrade + "Sec-WebSocket-Version: 13\r\n";
            for (var key :
                    List.of("", "Sec-WebSocket-Key: short\r\n", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZ!==\r\n")) {
                assertThat(door.raw(get("1.1", version + key)))
                        .startsWith("HTTP/1.1 400 ")
                        .contains("one Sec-WebSocket-Key of 16 bytes in Base64");
            }
            var whole = version + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
            assertThat(door.raw(get("1.0", whole))).startsWith("HTTP/1.1 400 ");
            assertThat(door.raw(get("1.1", whole.replace("Upgrade, ", "")))).startsWith("HTTP/1.1 400 ");
            assertThat(door.raw("POST" + get("1.1", whole).substring(3))).startsWith("HTTP/1.1 405 ");
        }
    }

    private static String get(String version, String headers) {
        return "GET /orders HTTP/" + version + "\r\nHost: localhost\r\n" + headers + "\r\n";
    }

    @Test
    void asksPagesWhereTheyComeFrom() throws Exception {
        try (var door = door("http.cors.origins=[https://app.example.org]")) {
            int port = door.service.port();
            assertThat(head(port, "Origin: http://localhost:" + port)).startsWith("HTTP/1.1 101 ");
            assertThat(head(port, "Origin: https://app.example.org")).startsWith("HTTP/1.1 101 ");
            assertThat(head(port, "Origin: https://app.example.org\r\nCookie: a=b"))
                    .startsWith("HTTP/1.1 403 ");
            assertThat(head(port, "Origin: http://localhost")).startsWith("HTTP/1.1 403 ");
            assertThat(head(port, "Origin: https://evil.example")).startsWith("HTTP/1.1 403 ");
            assertThat(head(port, "Origin: null")).startsWith("HTTP/1.1 403 ");
            var refused = door.get("/orders", "Origin", "https://evil.example");
            assertThat(refused.statusCode()).isEqualTo(400);
        }
        try (var door = door("http.cors.origins=[https://app.example.org]", "http.cors.credentials=true")) {
            assertThat(head(door.service.port(), "Origin: https://app.example.org\r\nCookie: a=b"))
                    .startsWith("HTTP/1.1 101 ");
        }
    }

    private static String head(int port, String headers) throws IOException {
        try (var client = new FrameSocket(port, "/orders", headers + "\r\n")) {
            return client.head;
        }
    }

    // ---- a client that keeps no rules ------------------------------------------------------------------------------

    @Test
    void sendsHostileFramesAway() throws Exception {
        var door = door("http.web-socket.max-message=1KiB");
        try (door) {
            byte[] x = {'x'};
            assertThat(closeAfter(door, (byte) 0x81, (byte) 1, (byte) 'x')).isEqualTo("1002 a frame is not masked");
            assertThat(closeAfter(door, FrameSocket.bytes(0xc1, x))).isEqualTo("1002 a reserved bit is set");
            assertThat(closeAfter(door, FrameSocket.bytes(0x91, x))).isEqualTo("1002 a reserved bit is set");
            for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
                assertThat(closeAfter(door, FrameSocket.bytes(0x80 | opcode, x)))
                        .isEqualTo("1002 opcode " + opcode + " is reserved");
            }
            assertThat(closeAfter(door, FrameSocket.bytes(0x80, x))).isEqualTo("1002 nothing is there to be continued");
            assertThat(closeAfter(door, joined(FrameSocket.bytes(0x01, x), FrameSocket.bytes(0x81, x))))
                    .isEqualTo("1002 a message begins inside another");
            assertThat(closeAfter(door, FrameSocket.bytes(0x09, x)))
                    .isEqualTo("1002 a control frame is fragmented or too long");
            assertThat(closeAfter(door, FrameSocket.bytes(0x89, new byte[126])))
                    .isEqualTo("1002 a control frame is fragmented or too long");
            assertThat(closeAfter(door, FrameSocket.bytes(0x81, (byte) 0xc3, (byte) 0x28)))
                    .isEqualTo("1007 a text is not UTF-8");
            assertThat(closeAfter(door, FrameSocket.bytes(0x88, (byte) 3)))
                    .isEqualTo("1002 a close has no code that may be sent");
            for (int code : new int[] {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535}) {
                assertThat(closeAfter(door, FrameSocket.bytes(0x88, (byte) (code >> 8), (byte) code)))
                        .isEqualTo("1002 a close has no code that may be sent");
            }
            assertThat(closeAfter(door, FrameSocket.bytes(0x88, (byte) 3, (byte) 0xe8, (byte) 0xff)))
                    .isEqualTo("1007 the reason of a close is not UTF-8");
            assertThat(closeAfter(door, (byte) 0x81, (byte) 0xfe, (byte) 0, (byte) 5))
                    .isEqualTo("1002 the length of a frame is not in its shortest form");
            assertThat(closeAfter(door, joined(new byte[] {(byte) 0x82, (byte) 0xff, (byte) 0x80}, new byte[7])))
                    .isEqualTo("1002 the length of a frame is not in its shortest form");
            assertThat(closeAfter(door, joined(new byte[] {(byte) 0x82, (byte) 0xff, 0x7f}, new byte[] {
                        -1, -1, -1, -1, -1, -1, -1
                    })))
                    .isEqualTo("1009 a message has more than 1024 bytes");
            assertThat(closeAfter(door, FrameSocket.bytes(0x81, new byte[1025])))
                    .isEqualTo("1009 a message has more than 1024 bytes");
            assertThat(closeAfter(
                            door,
                            joined(
                                    FrameSocket.bytes(0x02, new byte[1000]),
                                    FrameSocket.bytes(0x00, new byte[24]),
                                    FrameSocket.bytes(0x80, x))))
                    .isEqualTo("1009 a message has more than 1024 bytes");
            assertThat(door.get("/hello").body()).isEqualTo("hello");
            Await.until("all handlers have ended", () -> inside.get() == 0);
        }
    }

    private static byte[] joined(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (var part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static String closeAfter(TestDoor door, byte... bytes) throws IOException {
        try (var client = new FrameSocket(door.service.port(), "/bytes")) {
            client.raw(bytes);
            var close = client.closed();
            assertThat(client.ended()).as("ended after " + close).isTrue();
            return close;
        }
    }

    @Test
    void joinsFragmentsWithPingsBetweenThem() throws Exception {
        try (var door = door();
                var client = new FrameSocket(door.service.port(), "/echo/ada")) {
            assertThat(client.next().text()).isEqualTo("ada  false");
            client.frame(0x01, (byte) 0xc3)
                    .frame(FrameSocket.FIN | 9, (byte) 'p')
                    .frame(0x00)
                    .frame(FrameSocket.FIN, (byte) 0xbc);
            var pong = client.next();
            assertThat(pong.first()).isEqualTo(FrameSocket.FIN | 10);
            assertThat(pong.text()).isEqualTo("p");
            assertThat(client.next().text()).isEqualTo("ü");
            client.frame(FrameSocket.FIN | 1);
            assertThat(client.next().text()).isEmpty();
            client.frame(FrameSocket.FIN | 8);
            assertThat(client.closed()).isEmpty();
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void endsAFloodOfPings() throws Exception {
        try (var door = door();
                var client = new FrameSocket(door.service.port(), "/feed")) {
            var ping = FrameSocket.bytes(FrameSocket.FIN | 9);
            Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 20_000; i++) {
                        client.raw(ping);
                    }
                } catch (IOException sentAway) {
                    // As it should be.
                }
            });
            assertThat(client.closed()).isIn("1008 too many frames that bring nothing", "cut");
            Await.until("the handler has ended", () -> !ended.isEmpty());
            assertThat(ended).containsExactly("feed Closed[code=1008, reason=too many frames that bring nothing]");
        }
    }

    @Test
    void cutsAClientThatTakesNothing() throws Exception {
        try (var door = door("http.web-socket.send-timeout=200ms");
                var _ = new FrameSocket(door.service.port(), "/feed")) {
            Await.until("the socket is open", () -> !open.isEmpty());
            var piece = new byte[1 << 20];
            int sent = 0;
            while (open.getFirst().send(piece)) {
                assertThat(++sent).as("messages of 1 MiB that nobody takes").isLessThan(100);
            }
            Await.until("the handler has ended", () -> !ended.isEmpty());
            assertThat(ended).singleElement().asString().startsWith("feed Closed[code=1006, reason=");
            assertThat(open.getFirst().send("more")).isFalse();
        }
    }

    @Test
    void slowsAClientThatSendsFasterThanTheHandlerTakes() throws Exception {
        try (var door = door("http.web-socket.max-message=64KiB");
                var client = new FrameSocket(door.service.port(), "/elsewhere")) {
            var sent = new AtomicInteger();
            var frame = FrameSocket.bytes(FrameSocket.FIN | 2, new byte[64 * 1024]);
            var sender = Thread.ofVirtual().start(() -> {
                try {
                    while (sent.get() < 4000) {
                        client.raw(frame);
                        sent.incrementAndGet();
                    }
                } catch (IOException over) {
                    // The test is.
                }
            });
            var last = new AtomicInteger(-1);
            var same = new AtomicInteger();
            Await.until("the sender stands still", () -> {
                int now = sent.get();
                return (last.getAndSet(now) == now ? same.incrementAndGet() : same.getAndSet(0)) > 100;
            });
            assertThat(sent.get()).isLessThan(4000);
            client.socket.close();
            sender.join();
        }
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    @Test
    void interruptsTheHandlerOfAClientThatIsGone() throws Exception {
        try (var door = door()) {
            var client = new FrameSocket(door.service.port(), "/elsewhere");
            Await.until("the socket is open", () -> !open.isEmpty());
            client.close();
            Await.until("the handler has ended", () -> !ended.isEmpty());
            assertThat(ended).containsExactly("interrupted Closed[code=1006, reason=the client ended the connection]");
        }
    }

    @Test
    void asksASilentClientAndLetsItGo() throws Exception {
        var time = new ManualTime();
        var launch = TestDoor.launch(this::compose).time(time);
        try (var door = TestDoor.of(launch.start());
                var silent = new FrameSocket(door.service.port(), "/feed");
                var awake = new FrameSocket(door.service.port(), "/echo/ada")) {
            Await.until("the socket is open", () -> !open.isEmpty());
            assertThat(awake.next().text()).isEqualTo("ada  false");
            time.advance(Duration.ofSeconds(20));
            assertThat(silent.next().opcode()).isEqualTo(9);
            assertThat(awake.next().opcode()).isEqualTo(9);
            awake.frame(FrameSocket.FIN | 10).text("here");
            assertThat(awake.next().text()).isEqualTo("here");
            time.advance(Duration.ofSeconds(20));
            assertThat(silent.closed()).isEqualTo("cut");
            Await.until("the handler has ended", () -> !ended.isEmpty());
            assertThat(ended).containsExactly("feed Closed[code=1006, reason=the client answers no ping]");
            assertThat(awake.next().opcode()).isEqualTo(9);
            awake.text("still here");
            assertThat(awake.next().text()).isEqualTo("still here");
        }
    }

    @Test
    void tellsItsClientsWhenItStops() throws Exception {
        var door = door();
        try (var polite = new FrameSocket(door.service.port(), "/feed")) {
            Await.until("the socket is open", () -> !open.isEmpty());
            var stopping = Thread.ofVirtual().start(door::close);
            assertThat(polite.closed()).isEqualTo("1001 the service stops");
            polite.close(1001, "");
            assertThat(polite.ended()).isTrue();
            stopping.join();
            assertThat(ended).containsExactly("feed Closed[code=1001, reason=]");
        }
    }

    @Test
    void cutsAtTheEndOfTheStopWhoDoesNotAnswer() throws Exception {
        var door = door("stop.in-flight-timeout=200ms");
        try (var rude = new FrameSocket(door.service.port(), "/feed")) {
            Await.until("the socket is open", () -> !open.isEmpty());
            door.close();
            assertThat(rude.closed()).isEqualTo("1001 the service stops");
            assertThat(rude.ended()).isTrue();
            assertThat(ended).hasSize(1);
        }
    }

    @Test
    void sendsNoCodeThatMayNotBeSent() throws Exception {
        try (var door = door();
                var client = new FrameSocket(door.service.port(), "/feed")) {
            Await.until("the socket is open", () -> !open.isEmpty());
            assertThatThrownBy(() -> open.getFirst().close(1006, ""))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "close code 1006 (expected: 1000 for an ordinary end, or one of your own from 3000 to 4999)");
            open.getFirst().close(3000, "ü".repeat(100));
            var reason = client.closed();
            assertThat(reason).isEqualTo("3000 " + "ü".repeat(61));
        }
    }
}
