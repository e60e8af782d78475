package dev.plinth.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.Launch;
import dev.plinth.Service;
import dev.plinth.error.Problem;
import dev.plinth.resilience.PolicySnapshot;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client whose paths have circuits of their own, beside one whose target has a single one. */
@Timeout(60)
class ClientBreakerByPathTest {
    private final AtomicInteger quotes = new AtomicInteger();
    private final Map<String, Client> clients = new ConcurrentHashMap<>();
    private Service pricing;
    private Service caller;

    @BeforeEach
    void start() {
        pricing = launch("pricing", composed -> composed.http()
                        .get("/quotes/{item}", _ -> {
                            quotes.incrementAndGet();
                            throw new IllegalStateException("no quotes today");
                        })
                        .get("/quotes/{item}/history", _ -> Map.of())
                        .get("/stock/{item}", _ -> Map.of())
                        .get("/stock/{item}/places", _ -> {
                            throw new IllegalStateException("no places today");
                        }))
                .start();
        var launch = launch("desk", composed -> {
            for (var name : List.of("by-path", "whole", "off")) {
                clients.put(name, composed.client(name));
            }
        });
        for (var name : List.of("by-path", "whole", "off")) {
            launch.set("clients." + name + ".url=http://127.0.0.1:" + pricing.port())
                    .set("clients." + name + ".timeout=20s")
                    .set("clients." + name + ".retry.attempts=1")
                    .set("clients." + name + ".breaker.consecutive-failures=3")
                    .set("clients." + name + ".breaker.open-time=1m");
        }
        caller = launch.set("clients.by-path.breaker-by-path=true")
                .set("clients.off.breaker-by-path=true")
                .set("clients.off.breaker.enabled=false")
                .start();
    }

    @AfterEach
    void stop() {
        caller.stop();
        pricing.stop();
    }

    private static Launch launch(String name, Service.Compose compose) {
        return Service.of(args -> Service.run(name, args, compose))
                .environment(Map.of())
                .set("http.host=127.0.0.1")
                .set("http.port=0")
                .set("admin.port=0")
                .set("stop.in-flight-timeout=1s")
                .set("stop.drain-delay=0s");
    }

    private void call(String client, String pattern, int item) {
        clients.get(client).get(pattern).path("item", item).send();
    }

    private void fails(String client, String pattern, int item) {
        assertThatThrownBy(() -> call(client, pattern, item)).hasMessageStartingWith("INTERNAL_ERROR");
    }

    private void isRefused(String client, String pattern, String circuit) {
        assertThatThrownBy(() -> call(client, pattern, 99))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo("CIRCUIT_OPEN"))
                .hasMessageContaining("circuit '" + circuit + "' is open");
    }

    private List<PolicySnapshot> seen(String client) {
        return caller.policies().snapshots().stream()
                .filter(policy ->
                        policy.name().equals(client) && policy.policy().startsWith("breaker"))
                .toList();
    }

    @SuppressWarnings("unchecked")
    private Map<String, String> circuits() {
        return (Map<String, String>) seen("by-path").getFirst().figures().get("keys");
    }

    /** Three failures of quotes, each of another item, and successes beside them. */
    private void quotesFail() {
        for (int item = 0; item < 3; item++) {
            fails("by-path", "/quotes/{item}", item);
            call("by-path", "/stock/{item}", item);
        }
    }

    @Test
    void aFailingPathOpensItsCircuitAndTheOthersGoOn() {
        quotesFail();
        isRefused("by-path", "/quotes/{item}", "by-path /quotes");
        assertThat(quotes.get()).isEqualTo(3);
        call("by-path", "/stock/{item}", 1);
    }

    @Test
    void anOpenPrefixRefusesWhatIsBelow() {
        quotesFail();
        isRefused("by-path", "/quotes/{item}/history", "by-path /quotes");
    }

    @Test
    void aPathBelowOneThatSucceedsOpensAlone() {
        for (int item = 0; item < 3; item++) {
            fails("by-path", "/stock/{item}/places", item);
            call("by-path", "/stock/{item}", item);
        }
        isRefused("by-path", "/stock/{item}/places", "by-path /stock/{item}/places");
        call("by-path", "/stock/{item}", 1);
    }

    @Test
    void wherePathsAllFailTheTargetIsLeftAlone() {
        fails("by-path", "/quotes/{item}", 1);
        fails("by-path", "/stock/{item}/places", 1);
        fails("by-path", "/quotes/{item}", 2);
        isRefused("by-path", "/stock/{item}", "by-path");
    }

    @Test
    void eachCircuitIsSeenByItsPatternAndNoneByAnId() {
        quotesFail();
        assertThat(seen("by-path")).singleElement().satisfies(policy -> assertThat(
                        policy.policy() + " " + policy.state())
                .isEqualTo("breaker-tree OPEN"));
        assertThat(circuits())
                .isEqualTo(Map.of(
                        "/", "CLOSED",
                        "/quotes", "OPEN",
                        "/quotes/{item}", "OPEN",
                        "/stock", "CLOSED",
                        "/stock/{item}", "CLOSED"));
        assertThat(new String(caller.metrics().scrape(null).body(), StandardCharsets.UTF_8))
                .contains("circuit_state{name=\"by-path /quotes/{item}\",service=\"desk\"} 1.0");
    }

    @Test
    void thereAreNoMoreCircuitsThanThereMayBe() {
        for (int item = 0; item < Client.MAX_CIRCUITS + 20; item++) {
            clients.get("by-path").get("/stock/" + item).send();
        }
        assertThat(circuits()).hasSize(Client.MAX_CIRCUITS);
    }

    @Test
    void oneCircuitHoldsForTheWholeTargetUnlessToldOtherwise() {
        for (int item = 0; item < 3; item++) {
            fails("whole", "/quotes/{item}", item);
        }
        isRefused("whole", "/stock/{item}", "whole");
        assertThat(seen("whole")).singleElement().satisfies(policy -> assertThat(policy.policy())
                .isEqualTo("breaker"));
    }

    @Test
    void aBreakerThatIsOffIsOffForPathsToo() {
        for (int item = 0; item < 5; item++) {
            fails("off", "/quotes/{item}", item);
        }
        assertThat(seen("off")).isEmpty();
    }
}
