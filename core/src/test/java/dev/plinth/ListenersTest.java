package dev.plinth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.config.ConfigException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A service with more doors than one. */
@Timeout(60)
class ListenersTest {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    private void compose(Service service) {
        service.http().get("/hello", _ -> "public");
        service.http("internal").get("/hello", _ -> "internal").get("/slow", _ -> {
            begun.countDown();
            go.await();
            return "slow";
        });
    }

    private Launch launch(String... settings) {
        var launch = Service.of(args -> Service.run("doors", args, this::compose))
                .environment(Map.of())
                .set("http.host=127.0.0.1")
                .set("http.port=0")
                .set("admin.port=0")
                .set("stop.drain-delay=0s");
        for (var setting : settings) {
            launch.set(setting);
        }
        return launch;
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void eachHasItsOwnRoutesKeysAndSeries() throws Exception {
        var service = launch(
                        "listeners.internal.port=0",
                        "listeners.internal.host=127.0.0.1",
                        "listeners.internal.security-headers=false",
                        "metrics.jvm=false")
                .start();
        try (service) {
            int internal = service.port("internal");
            assertThat(internal).isNotEqualTo(service.port());
            var outside = get(service.port(), "/hello");
            var inside = get(internal, "/hello");
            assertThat(outside.body()).isEqualTo("public");
            assertThat(outside.headers().firstValue("X-Content-Type-Options")).isPresent();
            assertThat(inside.body()).isEqualTo("internal");
            assertThat(inside.headers().firstValue("X-Content-Type-Options")).isEmpty();
            assertThat(get(internal, "/health/ready").statusCode()).isEqualTo(404);
            Await.until("both are counted", () -> {
                try {
                    var page = get(service.adminPort(), "/metrics").body();
                    return page.contains("http_server_requests_seconds_count{listener=\"http\",method=\"GET\"")
                            && page.contains("http_server_requests_seconds_count{listener=\"internal\",method=\"GET\"");
                } catch (IOException | InterruptedException failed) {
                    throw new IllegalStateException(failed);
                }
            });
            assertThatThrownBy(() -> service.port("nobody"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("listener 'nobody' (there are: internal)");
        }
    }

    @Test
    void eachTellsItsOwnRoutes_whereItIsToldTo() throws Exception {
        var service = launch(
                        "listeners.internal.port=0",
                        "listeners.internal.host=127.0.0.1",
                        "listeners.internal.openapi.path=/internal-api")
                .start();
        try (service) {
            assertThat(get(service.port(), "/openapi.json").body())
                    .contains("\"/hello\"")
                    .doesNotContain("\"/slow\"");
            assertThat(get(service.port("internal"), "/internal-api.json").body())
                    .contains("\"/hello\"", "\"/slow\"");
            assertThat(get(service.port("internal"), "/openapi.json").statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void allAreDrainedTogether() throws Exception {
        var service = launch("listeners.internal.port=0", "listeners.internal.host=127.0.0.1")
                .start();
        int internal = service.port("internal");
        var answer = CompletableFuture.supplyAsync(() -> {
            try {
                return get(internal, "/slow").body();
            } catch (IOException | InterruptedException failed) {
                return failed.toString();
            }
        });
        begun.await();
        var stopping = Thread.ofVirtual().start(service::stop);
        Await.until("no door is open", () -> isClosed(internal));
        go.countDown();
        assertThat(answer.join()).isEqualTo("slow");
        stopping.join();
    }

    private static boolean isClosed(int port) {
        try {
            get(port, "/hello");
            return false;
        } catch (ConnectException closed) {
            return true;
        } catch (IOException | InterruptedException other) {
            return false;
        }
    }

    @Test
    void tellsWhereTheyAre() {
        try (var log = new LogCapture(Service.class)) {
            launch("listeners.internal.port=0").start().stop();
            assertThat(log.lines())
                    .anyMatch(line -> line.matches(
                            "INFO doors is ready: http on port [0-9]+, admin on port [0-9]+, internal on port [0-9]+"));
        }
    }

    @Test
    void refusesOneThatNobodyAsksFor_andTwoOnOnePort() {
        assertThatThrownBy(() -> launch("listeners.internl.port=0", "listeners.internal.port=0")
                        .start())
                .isInstanceOf(ConfigException.class)
                .hasMessage("The configuration has a problem:\n  listeners.internl: the service asks for no listener of"
                        + " that name (it asks for: internal) [--set listeners.internl.port]");
        assertThatThrownBy(() -> launch("http.port=8080").start())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "listeners.internal.port: 8080 is the port of http.port. Choose another (0 takes any free one)");
    }

    @Test
    void refusesToAnnounceWhatHasNoPort() {
        assertThatThrownBy(() -> launch(
                                "listeners.internal.port=0",
                                "http.socket.path=/nowhere/http.sock",
                                "http.socket.only=true",
                                "discovery.backend=rest",
                                "discovery.endpoints=[http://127.0.0.1:9]")
                        .start())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "http.socket.only: true leaves no port to announce. Set discovery.advertise-port to"
                                + " that of the proxy in front, or discovery.announce to false");
    }

    @Test
    void hasNamesThatSayWhatTheyAre() {
        for (var name : List.of("http", "admin", "", "Internal", "a b", "9")) {
            assertThatThrownBy(() -> Service.of(args -> Service.run("doors", args, service -> service.http(name)))
                            .environment(Map.of())
                            .start())
                    .rootCause()
                    .hasMessage("listener '" + name
                            + "' (expected: lower-case letters, digits and hyphens, and neither http nor admin)");
        }
    }
}
