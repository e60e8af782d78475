package dev.plinth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.config.ConfigException;
import dev.plinth.context.Context;
import dev.plinth.error.Problem;
import dev.plinth.lifecycle.Component;
import dev.plinth.lifecycle.Lifecycle;
import dev.plinth.lifecycle.State;
import dev.plinth.resilience.BreakerConfig;
import dev.plinth.resilience.Guard;
import dev.plinth.secret.KeyFile;
import dev.plinth.secret.Secret;
import dev.plinth.time.ManualTime;
import dev.plinth.time.Time;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ServiceTest {
    private final List<String> log = new ArrayList<>();

    private static Launch launch(Service.Compose compose) {
        return Service.of(args -> Service.run("orders", args, compose))
                .environment(Map.of())
                .set("http.host=127.0.0.1")
                .set("http.port=0")
                .set("admin.port=0")
                .set("stop.drain-delay=0s");
    }

    private Component recording(String name) {
        return new Component() {
            @Override
            public void start() {
                log.add("+" + name);
            }

            @Override
            public void stop() {
                log.add("-" + name);
            }
        };
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(Duration.ofSeconds(20))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void warnsOfAKeyThatEveryoneCanRead(@TempDir Path folder) throws Exception {
        var key = folder.resolve("key.key");
        new KeyFile(key).create();
        var token = new KeyFile(key).fernet(Time.system()).encrypt(Secret.of("1s"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        try (var log = new LogCapture(Service.class)) {
            var service = launch(composed -> {})
                    .directory(folder)
                    .set("stop.enc_component-timeout=" + token)
                    .start();
            service.stop();
            assertThat(log.lines())
                    .contains("WARN configuration: the key " + key
                            + " can be read by every user of this machine (expected: mode 0600)");
        }
    }

    @Test
    void startsServesAndStops() throws Exception {
        var service = launch(composed -> {
                    composed.component("db", recording("db"));
                    composed.component("cache", recording("cache"));
                    composed.http().get("/hello/{name}", request -> Map.of("hello", request.path("name")));
                })
                .start();
        assertThat(service.state()).isEqualTo(State.RUNNING);
        assertThat(get(service.port(), "/hello/ann").body()).isEqualTo("{\"hello\":\"ann\"}");
        assertThat(get(service.port(), "/health/ready").statusCode()).isEqualTo(200);

        service.stop();
        service.stop();

        assertThat(service.state()).isEqualTo(State.STOPPED);
        assertThat(log).containsExactly("+db", "+cache", "-cache", "-db");
    }

    @Test
    void policiesAreShownOnTheAdminListenerAndCounted() throws Exception {
        var service = launch(composed -> {
                    var pricing = Guard.of("pricing", composed.policies())
                            .timeout(Duration.ofSeconds(1))
                            .breaker(BreakerConfig.samba())
                            .build();
                    composed.http()
                            .get(
                                    "/call",
                                    _ -> pricing.call(() -> {
                                        throw Problem.unavailable("DOWN", "down");
                                    }));
                })
                .start();
        try {
            for (int i = 0; i < 11; i++) {
                assertThat(get(service.port(), "/call").statusCode()).isEqualTo(503);
            }
            assertThat(get(service.port(), "/call").headers().firstValue("Retry-After"))
                    .isPresent();
            assertThat(get(service.adminPort(), "/resilience?name=pricing").body())
                    .contains("\"policy\":\"breaker\",\"name\":\"pricing\",\"state\":\"OPEN\"")
                    .contains("\"refused\":2")
                    .contains("\"policy\":\"timeout\"");
            assertThat(get(service.adminPort(), "/resilience?name=other").body())
                    .isEqualTo("[]");
            assertThat(get(service.adminPort(), "/metrics").body())
                    .contains("policy_rejected_total{code=\"CIRCUIT_OPEN\",name=\"pricing\",service=\"orders\"} 2.0")
                    .contains("circuit_state{name=\"pricing\",service=\"orders\"} 1.0");
        } finally {
            service.stop();
        }
    }

    @Test
    void theAttemptOfTheCallerIsThatOfTheWork() throws Exception {
        var service = launch(composed ->
                        composed.http().get("/attempt", _ -> Context.current().attempt()))
                .start();
        try (var client = HttpClient.newHttpClient()) {
            var seen = new ArrayList<String>();
            for (var header : List.of("1", "2", "17", "nonsense")) {
                var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + "/attempt"))
                        .header("X-Request-Attempt", header)
                        .build();
                seen.add(client.send(request, HttpResponse.BodyHandlers.ofString())
                        .body());
            }
            assertThat(seen).containsExactly("1", "2", "17", "2");
        } finally {
            service.stop();
        }
    }

    @Test
    void failedStartClosesWhatWasOpen() {
        var launch = launch(composed -> {
            composed.component("db", recording("db"));
            composed.component("broker", new Component() {
                @Override
                public void start() throws Exception {
                    throw new Exception("connection refused by 127.0.0.1:5672");
                }
            });
        });

        assertThatThrownBy(launch::start)
                .isInstanceOf(Lifecycle.StartFailed.class)
                .hasMessage("'broker' could not start: connection refused by 127.0.0.1:5672");
        assertThat(log).containsExactly("+db", "-db");
    }

    @Test
    void busyPortSaysWhichSettingToChange() throws Exception {
        try (var taken = new ServerSocket(0)) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> launch(_ -> {})
                            .set("http.host=0.0.0.0")
                            .set("http.port=" + port)
                            .start())
                    .isInstanceOf(Lifecycle.StartFailed.class)
                    .hasMessageContaining("'http' could not start: http: can't listen on 0.0.0.0:" + port)
                    .hasMessageEndingWith("Choose another with http.port (0 takes any free one).");
        }
    }

    @Test
    void failingComposeOpensNothing() {
        assertThatThrownBy(() -> launch(composed -> {
                            composed.component("db", recording("db"));
                            throw new IllegalArgumentException("no tariff");
                        })
                        .start())
                .hasMessage("compose failed: no tariff");
        assertThat(log).isEmpty();
    }

    @Test
    void clientThatNobodyAsksForIsAMistake() {
        assertThatThrownBy(() -> launch(composed -> composed.client("pricing"))
                        .set("clients.pricing.url=http://127.0.0.1:1")
                        .set("clients.prices.url=http://127.0.0.1:1")
                        .start())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "clients.prices: the service asks for no client of that name" + " (it asks for: pricing)");
    }

    @Test
    void clientWithoutAddressIsAMistake() {
        assertThatThrownBy(() -> launch(composed -> composed.client("pricing")).start())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("clients.pricing.url");
    }

    @Test
    void requestInFlightIsFinishedBeforeTheStop() throws Exception {
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var service = launch(composed -> {
                    composed.component("db", recording("db"));
                    composed.http().get("/slow", _ -> {
                        inside.countDown();
                        goOn.await();
                        log.add("answered");
                        return "done";
                    });
                })
                .start();
        int port = service.port();
        var answer = new AtomicReference<HttpResponse<String>>();
        var caller = Thread.ofVirtual().start(() -> {
            try {
                answer.set(get(port, "/slow"));
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
        inside.await();
        var stopper = Thread.ofVirtual().start(service::stop);
        while (!isDraining(port)) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        caller.join();
        stopper.join();

        assertThat(answer.get().statusCode()).isEqualTo(200);
        assertThat(answer.get().body()).isEqualTo("done");
        assertThat(answer.get().headers().firstValue("connection")).contains("close");
        assertThat(log).containsExactly("+db", "answered", "-db");
    }

    /** Whether answers close their connection, or no connection is taken any more. */
    private static boolean isDraining(int port) throws Exception {
        try {
            return get(port, "/health/live").headers().firstValue("connection").isPresent();
        } catch (IOException refused) {
            return true;
        }
    }

    @Test
    void readinessGoesOffFirst_whileRequestsAreStillServed() throws Exception {
        var time = new ManualTime();
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var service = launch(composed -> composed.http().get("/hello", _ -> "hello"))
                .set("stop.drain-delay=20s")
                .time(time)
                .start();
        int port = service.port();
        var stopper = Thread.ofVirtual().start(() -> {
            inside.countDown();
            service.stop();
            goOn.countDown();
        });
        inside.await();
        time.awaitSleepers(1); // the drain delay, which comes after readiness went off

        assertThat(get(port, "/health/ready").statusCode()).isEqualTo(503);
        assertThat(get(port, "/health/live").statusCode()).isEqualTo(200);
        var served = get(port, "/hello");
        assertThat(served.statusCode()).isEqualTo(200);
        assertThat(served.headers().firstValue("connection")).contains("close");
        assertThat(goOn.getCount()).isEqualTo(1);
        time.advance(Duration.ofSeconds(20));
        stopper.join();
    }

    @Test
    void forkedThreadWorksInAContextOfTheService() throws Exception {
        var seen = new AtomicReference<Context>();
        try (var service = launch(_ -> {}).start()) {
            service.fork("worker", () -> seen.set(Context.current())).join();
        }
        assertThat(seen.get().service()).isEqualTo("orders");
    }

    @Test
    void refusesANameThatDiscoveryCouldNotCarry() {
        assertThatThrownBy(() -> Service.of(args -> Service.run("My Service", args, _ -> {})))
                .hasMessageContaining("service name 'My Service' (expected: lower-case letters, digits and single"
                        + " hyphens, at most 63, such as order-desk)");
        assertThatThrownBy(() -> Service.of(_ -> {})).hasMessage("main returned without a call of Service.run");
    }
}
