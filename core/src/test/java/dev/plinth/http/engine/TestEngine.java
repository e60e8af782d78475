package dev.plinth.http.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** An engine with a handler for the tests, on a free port of the loopback address. */
final class TestEngine implements AutoCloseable {
    static final String HELLO = "{\"message\":\"hello\"}";
    static final Duration BOUND = Duration.ofSeconds(20);

    final Engine engine;
    /** The handler of {@code /wait} counts down the first and waits for the second. */
    final CountDownLatch waiting = new CountDownLatch(1);

    final CountDownLatch go = new CountDownLatch(1);

    TestEngine(ListenerSettings settings) throws IOException {
        engine = Engine.open(settings, this::handle);
    }

    private TestEngine(ListenerSettings settings, Handler handler) throws IOException {
        engine = Engine.open(settings, exchange -> {
            try {
                handler.handle(exchange);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
    }

    /** A handler that may fail as bodies and streams do. */
    interface Handler {
        void handle(Exchange exchange) throws IOException;
    }

    static TestEngine open() throws IOException {
        return new TestEngine(settings(BOUND, BOUND, 1000));
    }

    static TestEngine open(Handler handler) throws IOException {
        return new TestEngine(settings(BOUND, BOUND, 1000), handler);
    }

    static TestEngine open(ListenerSettings settings, Handler handler) throws IOException {
        return new TestEngine(settings, handler);
    }

    static ListenerSettings settings(Duration read, Duration idle, int connections) {
        return new ListenerSettings(
                "test", "127.0.0.1", 0, 1024, connections, 16 * 1024, 1 << 20, true, true, read, idle, null);
    }

    RawClient client() throws IOException {
        return new RawClient(engine);
    }

    @Override
    public void close() {
        go.countDown();
        engine.close(Duration.ofSeconds(5));
    }

    private void handle(Exchange exchange) {
        try {
            answer(exchange);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void answer(Exchange exchange) throws IOException {
        switch (exchange.path()) {
            case "/hello" -> {
                exchange.responseHeader("Content-Type", "application/json");
                exchange.send(200, HELLO.getBytes(StandardCharsets.UTF_8));
            }
            case "/echo" -> echo(exchange);
            case "/wait" -> {
                waiting.countDown();
                try {
                    go.await();
                    exchange.send(200, "waited".getBytes(StandardCharsets.UTF_8));
                } catch (InterruptedException cut) {
                    exchange.send(503, "interrupted".getBytes(StandardCharsets.UTF_8));
                }
            }
            default -> exchange.send(404, ("no " + exchange.path()).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Sends the body back, or what went wrong. */
    private static void echo(Exchange exchange) throws IOException {
        byte[] body;
        try {
            body = exchange.body().readAllBytes();
        } catch (BodyTooLargeException tooLarge) {
            exchange.send(413, new byte[0]);
            return;
        } catch (SocketTimeoutException late) {
            exchange.send(408, new byte[0]);
            return;
        } catch (IOException broken) {
            exchange.send(400, broken.getMessage().getBytes(StandardCharsets.UTF_8));
            return;
        }
        exchange.send(200, body);
    }
}
