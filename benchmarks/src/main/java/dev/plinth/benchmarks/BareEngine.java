package dev.plinth.benchmarks;

import dev.plinth.http.engine.Engine;
import dev.plinth.http.engine.ListenerSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Plinth's own engine with nothing of Plinth around it: fixed bytes for any request. */
public final class BareEngine {
    private static final byte[] ORDER =
            "{\"id\":\"1\",\"item\":\"lamp\",\"quantity\":2}".getBytes(StandardCharsets.US_ASCII);

    private BareEngine() {}

    /** The port. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var settings = new ListenerSettings(
                "http",
                "127.0.0.1",
                Integer.parseInt(arguments[0]),
                1024,
                10_000,
                16 * 1024,
                1024 * 1024,
                false,
                false,
                Duration.ofSeconds(30),
                Duration.ofSeconds(75),
                null);
        Engine.open(settings, exchange -> {
            exchange.responseHeader("Content-Type", "application/json");
            exchange.send(200, ORDER);
        });
        new CountDownLatch(1).await();
    }
}
