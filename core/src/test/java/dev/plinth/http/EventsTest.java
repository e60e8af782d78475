package dev.plinth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.Await;
import dev.plinth.Service;
import dev.plinth.context.Context;
import dev.plinth.json.Json;
import dev.plinth.time.ManualTime;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Server-sent events. */
@Timeout(60)
class EventsTest {
    private final List<Events> open = new CopyOnWriteArrayList<>();
    private final List<String> ended = new CopyOnWriteArrayList<>();

    private void compose(Service service) {
        service.http()
                .get(
                        "/numbers",
                        request -> Response.events(events -> {
                            int from = request.header("Last-Event-ID", Integer.class)
                                    .orElse(0);
                            for (int i = from + 1; i <= 3; i++) {
                                events.send(Event.of(Map.of("n", i))
                                        .withId(Integer.toString(i))
                                        .withName("number"));
                            }
                        }))
                .get(
                        "/feed",
                        _ -> Response.events(events -> {
                            open.add(events);
                            events.await();
                            ended.add("feed, deadline "
                                    + Context.current().deadline().isPresent());
                        }))
                .get(
                        "/fails",
                        _ -> Response.events(events -> {
                            events.send("a");
                            throw new IllegalStateException("the source broke");
                        }));
    }

    private static String encoded(Object data) {
        var out = new ByteArrayOutputStream();
        new Events(out, Json.standard(), new ManualTime()).send(data);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void eventIsWrittenInFields() {
        assertThat(encoded("a")).isEqualTo("data: a\n\n");
        assertThat(encoded(Event.of(List.of(1, 2)).withId("7").withName("n").withRetry(Duration.ofSeconds(2))))
                .isEqualTo("id: 7\nevent: n\nretry: 2000\ndata: [1,2]\n\n");
    }

    /** Each line end that the format knows, in data of a stranger: none of them begins a field or an event. */
    @Test
    void lineEndsNeverBeginAnotherField() {
        assertThat(encoded("a\nid: 9\r\n\r\nevent: x\rdata: y\n"))
                .isEqualTo("data: a\ndata: id: 9\ndata: \ndata: event: x\ndata: data: y\ndata: \n\n");
        assertThat(encoded("")).isEqualTo("data: \n\n");
        for (var evil : List.of("a\nb", "a\rb", "a\0b")) {
            assertThatThrownBy(() -> Event.of("x").withId(evil))
                    .hasMessage("event id holds a line end or NUL at 1. Leave it out.");
            assertThatThrownBy(() -> Event.of("x").withName(evil))
                    .hasMessage("event name holds a line end or NUL at 1. Leave it out.");
        }
    }

    @Test
    void streamEndsWithItsSource_andResumesWhereTheClientWas() throws Exception {
        try (var door = TestDoor.open(this::compose)) {
            var all = door.get("/numbers");
            assertThat(all.headers().firstValue("content-type")).contains("text/event-stream");
            assertThat(all.headers().firstValue("cache-control")).contains("no-store");
            assertThat(all.body())
                    .isEqualTo(
                            """
                    id: 1
                    event: number
                    data: {"n":1}

                    id: 2
                    event: number
                    data: {"n":2}

                    id: 3
                    event: number
                    data: {"n":3}

                    """);
            assertThat(door.get("/numbers", "Last-Event-ID", "2").body()).startsWith("id: 3\n");
            assertThat(door.send("HEAD", "/feed", "").statusCode()).isEqualTo(200);
            assertThat(open).isEmpty();
            assertThat(door.raw("GET /fails HTTP/1.1\r\nHost: a\r\n\r\n"))
                    .contains("data: a")
                    .doesNotEndWith("0\r\n\r\n");
        }
    }

    private static BufferedReader subscribe(Socket socket) throws IOException {
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write("GET /feed HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        while (!in.readLine().isEmpty()) {}
        return in;
    }

    private static String line(BufferedReader in, String begin) throws IOException {
        while (true) {
            var line = in.readLine();
            if (line == null || line.startsWith(begin)) {
                return String.valueOf(line);
            }
        }
    }

    @Test
    void otherThreadsSend_commentsGoOutMeanwhile_andTheStopEndsItInOrder() throws Exception {
        var time = new ManualTime();
        var service = TestDoor.launch(this::compose).time(time).start();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            var in = subscribe(socket);
            Await.until("the stream is open", () -> open.size() == 1);
            assertThat(open.getFirst().send("from afar")).isTrue();
            assertThat(line(in, "data")).isEqualTo("data: from afar");

            // Longer than the deadline of a request, which does not bound a stream.
            for (int i = 0; i < 4; i++) {
                time.advance(Events.HEARTBEAT);
                assertThat(line(in, ":")).isEqualTo(":");
            }
            var stop = Thread.ofVirtual().start(service::stop);
            assertThat(line(in, "0")).isEqualTo("0");
            assertThat(in.readLine()).isEmpty();
            Await.until("the stop is over", () -> {
                time.advance(Duration.ofSeconds(1));
                return !stop.isAlive();
            });
            assertThat(ended).containsExactly("feed, deadline false");
            assertThat(open.getFirst().isOpen()).isFalse();
            assertThat(open.getFirst().send("too late")).isFalse();
        }
    }

    @Test
    void clientThatDoesNotKeepUpIsCut() {
        var events = new Events(new ByteArrayOutputStream(), Json.standard(), new ManualTime());
        Await.until("too many wait", () -> {
            var sender = Thread.ofVirtual().start(() -> {
                for (int i = 0; i <= Events.MOST_WAITING; i++) {
                    events.send("x");
                }
            });
            try {
                sender.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return !events.isOpen();
        });
        assertThat(events.failed()).isTrue();
    }

    @Test
    void clientThatWentAwayEndsTheStream() throws Exception {
        try (var door = TestDoor.open(this::compose)) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), door.service.port())) {
                subscribe(socket);
                Await.until("the stream is open", () -> open.size() == 1);
            }
            Await.until("it ends", () -> !open.getFirst().send("anybody there?") && ended.size() == 1);
        }
    }
}
