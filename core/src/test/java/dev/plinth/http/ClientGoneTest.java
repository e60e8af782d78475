package dev.plinth.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.LogCapture;
import dev.plinth.Service;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that goes away: whoever works for it is told, at the next write on HTTP/1.1 and at once on HTTP/2. */
@Timeout(60)
class ClientGoneTest {
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private final CountDownLatch begun = new CountDownLatch(1);

    private void compose(Service service) {
        service.http()
                .get(
                        "/stream",
                        _ -> Response.stream("text/plain", out -> {
                            var piece = new byte[8 * 1024];
                            try {
                                while (true) {
                                    out.write(piece);
                                    begun.countDown();
                                }
                            } catch (IOException gone) {
                                ended.add("stream: " + gone.getClass().getSimpleName());
                                throw gone;
                            }
                        }))
                .get(
                        "/events",
                        _ -> Response.events(events -> {
                            while (events.send("x")) {
                                begun.countDown();
                            }
                            ended.add("events");
                        }))
                .get("/wait", _ -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException gone) {
                        ended.add("interrupted");
                        throw gone;
                    }
                    return null;
                });
    }

    private String endOf(TestDoor door, String path) throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), door.service.port())) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            begun.await();
        }
        return ended.poll(30, TimeUnit.SECONDS);
    }

    @Test
    void aWriterOfHttp1FailsAtItsNextWrite() throws Exception {
        try (var door = TestDoor.open(this::compose)) {
            assertThat(endOf(door, "/stream")).startsWith("stream: ");
        }
    }

    @Test
    void aStreamOfEventsOverHttp1EndsAtTheNext() throws Exception {
        try (var door = TestDoor.open(this::compose)) {
            assertThat(endOf(door, "/events")).isEqualTo("events");
        }
    }

    @Test
    void aHandlerOfHttp2IsInterruptedAtOnce_andThatIsNoFault() throws Exception {
        try (var log = new LogCapture(Listener.class)) {
            try (var door = TestDoor.open(this::compose, "http.http2-upgrade=true")) {
                assertThat(cancelled(door)).isEqualTo("interrupted");
            } // and with it all requests have ended
            assertThat(log.lines()).noneMatch(line -> line.startsWith("ERROR"));
        }
    }

    private String cancelled(TestDoor door) throws Exception {
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            // Over a connection of HTTP/2, once the first answer has upgraded it.
            assertThat(client.send(
                                    HttpRequest.newBuilder(door.uri("/health/live"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .version())
                    .isEqualTo(HttpClient.Version.HTTP_2);
            var waiting = client.sendAsync(
                    HttpRequest.newBuilder(door.uri("/wait")).build(),
                    (HttpResponse.BodyHandler<InputStream>) _ -> HttpResponse.BodySubscribers.ofInputStream());
            begun.await();
            waiting.cancel(true);
            var end = ended.poll(30, TimeUnit.SECONDS);
            client.shutdownNow();
            return end;
        }
    }
}
