package dev.plinth.testkit;

import dev.plinth.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole service inside a test: the one that {@code main} would run, on free ports of the loopback, with the project's
 * {@code service.yaml} and without {@code PLINTH_} variables.
 *
 * <pre>{@code
 * try (var orders = TestService.start(Orders::main)) {
 *     var answer = orders.post("/orders", """
 *             {"item": "tea", "quantity": 2}""");
 *     assertThat(answer.status()).isEqualTo(201);
 * }
 * }</pre>
 */
public final class TestService implements AutoCloseable {
    private final Service service;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    private TestService(Service service) {
        this.service = service;
    }

    /** Starts what {@code main} would run; {@code settings} are {@code key=value}, as on the command line. */
    public static TestService start(Service.Main main, String... settings) {
        var builder = Service.of(main)
                .environment(environment())
                .set("http.host=127.0.0.1")
                .set("http.port=0")
                .set("admin.port=0")
                .set("stop.drain-delay=0s");
        for (var setting : settings) {
            builder.set(setting);
        }
        return new TestService(builder.start());
    }

    /** Without the variables that would configure a service on this machine. */
    private static Map<String, String> environment() {
        var environment = new HashMap<>(System.getenv());
        environment.keySet().removeIf(name -> name.startsWith("PLINTH_"));
        return environment;
    }

    /** The running service. */
    public Service service() {
        return service;
    }

    /** The address of a path on the public listener. */
    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + service.port() + path);
    }

    /**
     * The address of a path on a further listener. Start the service with the setting {@code listeners.NAME.port=0}, so that
     * it takes a free port too.
     */
    public URI uri(String listener, String path) {
        return URI.create("http://127.0.0.1:" + service.port(listener) + path);
    }

    /** The address of a path on the admin listener. */
    public URI adminUri(String path) {
        return URI.create("http://127.0.0.1:" + service.adminPort() + path);
    }

    /** Makes a {@code GET}. */
    public Answer get(String path) {
        return send("GET", uri(path), null);
    }

    /** Makes a {@code GET} on the admin listener. */
    public Answer admin(String path) {
        return send("GET", adminUri(path), null);
    }

    /** Makes a {@code POST} of JSON. */
    public Answer post(String path, String json) {
        return send("POST", uri(path), json);
    }

    /** Makes any call; {@code headers} are names and values in turn. */
    public Answer send(String method, URI uri, @Nullable String json, String... headers) {
        var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30));
        if (json == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.method(method, HttpRequest.BodyPublishers.ofString(json))
                    .header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (IOException failed) {
            throw new UncheckedIOException(method + " " + uri + " failed", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(method + " " + uri + " was interrupted", interrupted);
        }
    }

    /** Stops the service in order. */
    @Override
    public void close() {
        http.shutdownNow();
        http.close();
        service.stop();
    }
}
