package dev.plinth.benchmarks;

import dev.plinth.http.engine.Engine;
import dev.plinth.http.engine.Exchange;
import dev.plinth.http.engine.ListenerSettings;
import dev.plinth.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
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
                11_000,
                16 * 1024,
                1024 * 1024,
                false,
                false,
                Duration.ofSeconds(30),
                Duration.ofSeconds(75),
                null);
        var hello = Json.standard().write(new HttpService.Hello("hello"));
        var id = Json.standard().write(new HttpService.Hello("4711"));
        var large = Json.standard().write(HttpService.large());
        Engine.open(settings, exchange -> {
            var answer =
                    switch (exchange.path()) {
                        case "/hello" -> hello;
                        case "/orders" -> id;
                        case "/record" -> large;
                        default -> ORDER;
                    };
            read(exchange);
            exchange.responseHeader("Content-Type", "application/json");
            exchange.send(200, answer);
        });
        new CountDownLatch(1).await();
    }

    private static void read(Exchange exchange) {
        try {
            exchange.body().readAllBytes();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
