package dev.plinth.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.Await;
import dev.plinth.Service;
import dev.plinth.config.ConfigException;
import dev.plinth.discovery.Balancer;
import dev.plinth.discovery.DiscoveryConfig;
import dev.plinth.discovery.Instance;
import dev.plinth.error.Problem;
import dev.plinth.http.Response;
import dev.plinth.resilience.GaveUp;
import dev.plinth.schema.Schema;
import dev.plinth.time.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What stands around each call of a client when nobody configures anything, or little. */
@Timeout(60)
class ClientPoliciesTest {
    private final AtomicInteger reached = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> attempts = new ConcurrentLinkedQueue<>();
    private final CountDownLatch held = new CountDownLatch(1);
    private final Map<String, Client> clients = new ConcurrentHashMap<>();
    private Service pricing;
    private Service caller;

    @BeforeEach
    void start() {
        pricing = launch("pricing", composed -> composed.http()
                        .filter((request, next) -> {
                            reached.incrementAndGet();
                            attempts.add(request.header("x-request-attempt").orElse("1"));
                            return next.proceed(request);
                        })
                        .get("/flaky", _ -> {
                            if (failures.getAndDecrement() > 0) {
                                throw new IllegalStateException("a passing failure");
                            }
                            return Map.of("ok", true);
                        })
                        .post("/flaky", _ -> {
                            if (failures.getAndDecrement() > 0) {
                                throw new IllegalStateException("a passing failure");
                            }
                            return Map.of("ok", true);
                        })
                        .get("/missing", _ -> {
                            throw Problem.notFound("NO_QUOTE", "no quote");
                        })
                        .get("/held", _ -> {
                            held.await();
                            return "done";
                        })
                        .get("/text", _ -> Response.text("x".repeat(1000))))
                .start();
        var url = "=http://127.0.0.1:" + pricing.port();
        caller = launch("desk", composed -> {
                    for (var name : List.of("plain", "narrow", "nervous")) {
                        clients.put(name, composed.client(name));
                    }
                })
                .set("clients.plain.url" + url)
                .set("clients.plain.timeout=20s")
                .set("clients.narrow.url" + url)
                .set("clients.narrow.bulkhead.max-calls=1")
                .set("clients.narrow.bulkhead.max-wait=1ms")
                .set("clients.narrow.timeout=20s")
                .set("clients.nervous.url" + url)
                .set("clients.nervous.retry.attempts=1")
                .set("clients.nervous.breaker.consecutive-failures=3")
                .set("clients.nervous.timeout=20s")
                .start();
    }

    @AfterEach
    void stop() {
        held.countDown();
        caller.stop();
        pricing.stop();
    }

    private static dev.plinth.Launch launch(String name, Service.Compose compose) {
        return Service.of(args -> Service.run(name, args, compose))
                .environment(Map.of())
                .set("http.host=127.0.0.1")
                .set("http.port=0")
                .set("admin.port=0")
                .set("stop.in-flight-timeout=1s")
                .set("stop.drain-delay=0s");
    }

    @Test
    void passingFailureIsNotSeen() {
        failures.set(2);
        assertThat((Object) clients.get("plain").get("/flaky").as(Map.class)).isEqualTo(Map.of("ok", true));
        assertThat(attempts).containsExactly("1", "2", "3");
    }

    @Test
    void lastingFailureNamesItsAttemptsAndIsNotRepeatedByCallers() {
        failures.set(100);
        var problem = catchThrowableOfType(
                Problem.class, () -> clients.get("plain").get("/flaky").send());
        assertThat(reached.get()).isEqualTo(3);
        assertThat(problem.code()).isEqualTo("INTERNAL_ERROR");
        assertThat(problem.members()).containsEntry("retryable", false);
        var gaveUp = GaveUp.on(problem);
        assertThat(gaveUp).isNotNull();
        assertThat(gaveUp.attempts()).isEqualTo(3);
        assertThat(gaveUp.getSuppressed()).hasSize(3);
    }

    @Test
    void whatTwiceMayHarmIsMadeOnce() {
        failures.set(1);
        assertThatThrownBy(() -> clients.get("plain").post("/flaky", Map.of()).send())
                .isInstanceOf(Problem.class);
        assertThat(reached.get()).isEqualTo(1);

        failures.set(1);
        clients.get("plain").post("/flaky", Map.of()).idempotencyKey().send();
        assertThat(reached.get()).isEqualTo(3);
    }

    @Test
    void onceIsOnce() {
        failures.set(1);
        assertThatThrownBy(() -> clients.get("plain").get("/flaky").once().send())
                .isInstanceOf(Problem.class);
        assertThat(reached.get()).isEqualTo(1);
    }

    @Test
    void refusalsOfTheOtherSideAreNotRepeated() {
        assertThat(clients.get("plain").get("/missing").find(Map.class)).isEmpty();
        assertThat(reached.get()).isEqualTo(1);
    }

    @Test
    void answerIsReadOnceOnly() {
        assertThatThrownBy(() -> clients.get("plain").get("/text").read(_ -> {
                    throw new IllegalStateException("the reader fails");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the reader fails");
        assertThat(reached.get()).isEqualTo(1);
    }

    @Test
    void circuitOpensAndIsShown() {
        failures.set(100);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> clients.get("nervous").get("/flaky").send())
                    .hasMessageStartingWith("INTERNAL_ERROR");
        }
        assertThatThrownBy(() -> clients.get("nervous").get("/flaky").send())
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.code()).isEqualTo("CIRCUIT_OPEN");
                    assertThat(problem.status()).isEqualTo(503);
                });
        assertThat(reached.get()).isEqualTo(3);
        assertThat(caller.policies().snapshots())
                .anySatisfy(policy -> assertThat(policy.policy() + " " + policy.name() + " " + policy.state())
                        .isEqualTo("breaker nervous OPEN"));
    }

    @Test
    void bulkheadRefusesWhatIsTooMuch() {
        var running = Thread.ofVirtual()
                .start(() -> clients.get("narrow").get("/held").send());
        Await.until("the first call is there", () -> reached.get() == 1);
        assertThatThrownBy(() -> clients.get("narrow").get("/text").send())
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo("BULKHEAD_FULL"));
        assertThat(reached.get()).isEqualTo(1);
        held.countDown();
        assertThat(running).isNotNull();
    }

    @Test
    void anotherInstanceIsTriedWhereOneIsDead() throws IOException {
        int dead;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            dead = socket.getLocalPort();
        }
        var instances = List.of(
                Instance.of("pricing", "dead", "127.0.0.1", dead),
                Instance.of("pricing", "alive", "127.0.0.1", pricing.port()));
        var config = Schema.of(DiscoveryConfig.class).defaults();
        var balancer = Balancer.of("pricing", instances, config, Time.system());
        var client = new Client(
                "balanced",
                clients.get("plain").config(),
                caller.policies(),
                caller.tracing(),
                caller.metrics().httpClient(),
                null,
                balancer);
        var statuses = new HashMap<Integer, Integer>();
        for (int i = 0; i < 30; i++) {
            statuses.merge(client.get("/text").answer().status(), 1, Integer::sum);
        }
        assertThat(statuses).isEqualTo(Map.of(200, 30));
        assertThat(reached.get()).isEqualTo(30);
        client.stop();
    }

    @Test
    void zeroesAndUnknownWordsAreRefusedAtTheStart() {
        for (var wrong : Map.of(
                        "retry.attempts=0", "clients.pricing.retry.attempts: ",
                        "breaker.open-time=0s", "clients.pricing.breaker.open-time: ",
                        "bulkhead.max-calls=-1", "clients.pricing.bulkhead.max-calls: ",
                        "budget.ratio=-10%", "clients.pricing.budget.ratio: ",
                        "breaker.preset=netflix", "clients.pricing.breaker.preset: ",
                        "braker.enabled=true", "clients.pricing.braker")
                .entrySet()) {
            assertThatThrownBy(() -> launch("desk", composed -> composed.client("pricing"))
                            .set("clients.pricing.url=http://pricing:8080")
                            .set("clients.pricing." + wrong.getKey())
                            .start())
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(wrong.getValue());
        }
    }

    @Test
    void deadlineBoundsAllAttempts() {
        failures.set(100);
        long begin = System.nanoTime();
        assertThatThrownBy(() -> clients.get("plain")
                        .get("/held")
                        .timeout(Duration.ofMillis(300))
                        .send())
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(504));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(reached.get()).isLessThanOrEqualTo(1);
    }
}
