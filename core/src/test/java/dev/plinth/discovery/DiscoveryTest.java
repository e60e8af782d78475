package dev.plinth.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.Await;
import dev.plinth.error.Problem;
import dev.plinth.health.Check;
import dev.plinth.metrics.Metrics;
import dev.plinth.metrics.MetricsConfig;
import dev.plinth.remote.RemoteException;
import dev.plinth.schema.Schema;
import dev.plinth.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DiscoveryTest {
    private static final DiscoveryConfig DEFAULTS =
            Schema.of(DiscoveryConfig.class).defaults();
    private static final Duration HOUR = Duration.ofHours(1);

    private final ManualTime time = new ManualTime();
    private final MemoryRegistry memory = new MemoryRegistry(time);
    private final Flaky registry = new Flaky(memory);
    private Discovery discovery = discovery(DEFAULTS);

    private Discovery discovery(DiscoveryConfig config) {
        return new Discovery(
                "orders",
                registry,
                config,
                time,
                new Metrics("orders", Schema.of(MetricsConfig.class).defaults(), time));
    }

    private static DiscoveryConfig requiring(String... services) {
        var d = DEFAULTS;
        return new DiscoveryConfig(
                d.announce(),
                d.advertiseHost(),
                d.advertisePort(),
                d.advertiseScheme(),
                d.zone(),
                d.weight(),
                d.metadata(),
                d.lease(),
                d.renew(),
                d.timeout(),
                d.grace(),
                List.of(services),
                d.ejectAfter(),
                d.ejectFor(),
                d.ejectMost(),
                d.slowReturn());
    }

    @AfterEach
    void close() throws Exception {
        discovery.withdraw();
        discovery.close();
    }

    private static Instance pricing(int number) {
        return Instance.of("pricing", "p" + number, "10.0.0." + number, 8080);
    }

    private List<String> known() {
        return discovery.balancer("pricing").status().stream()
                .map(status -> status.instance().id())
                .toList();
    }

    private void untilKnown(String... ids) {
        Await.until("known are " + List.of(ids) + " and not " + known(), () -> known().equals(List.of(ids)));
    }

    /** Moves time by small steps, so that each who sleeps takes its turn. */
    private void pass(Duration duration, Duration step) {
        for (var left = duration; left.isPositive(); left = left.minus(step)) {
            time.advance(step);
            LockSupport.parkNanos(100_000);
        }
    }

    @Test
    void theFirstPickWaitsForTheFirstAnswer() {
        memory.announce(pricing(1), HOUR);
        try (var pick = discovery.balancer("pricing").pick()) {
            assertThat(pick.instance()).isEqualTo(pricing(1));
        }
    }

    @Test
    void whoComesAndGoesIsSeen() {
        discovery.balancer("pricing");
        discovery.follow();
        untilKnown();
        memory.announce(pricing(1), HOUR);
        Await.until("p1 is seen", () -> {
            time.advance(Duration.ofMillis(50));
            return known().equals(List.of("p1"));
        });
        memory.announce(pricing(2), HOUR);
        memory.withdraw(pricing(1));
        Await.until("p2 alone is seen", () -> {
            time.advance(Duration.ofMillis(50));
            return known().equals(List.of("p2"));
        });
    }

    @Test
    void anUnreachableRegistryAtTheFirstPickIsAProblem() {
        registry.down(true);
        assertThatThrownBy(() -> discovery.balancer("pricing").pick())
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.code()).isEqualTo("NO_INSTANCE");
                    assertThat(problem.getCause()).hasMessage("registry at nowhere: can't connect");
                });
        assertThat(discovery.check()).isInstanceOf(Check.Result.Degraded.class);
    }

    private void becomesDown() {
        registry.down(true);
        Await.until("the failure is seen", () -> {
            time.advance(Duration.ofMillis(50));
            return discovery.check() instanceof Check.Result.Degraded;
        });
    }

    private void comesBack() {
        registry.down(false);
        Await.until("the registry answers again", () -> {
            time.advance(Duration.ofMillis(100));
            return discovery.check() instanceof Check.Result.Up;
        });
    }

    @Test
    void theLastKnownOnesAreUsedForAGraceTime() {
        memory.announce(pricing(1), HOUR);
        discovery.balancer("pricing").pick().succeeded();
        becomesDown();
        time.advance(Duration.ofMinutes(4));
        discovery.balancer("pricing").pick().succeeded();
        time.advance(Duration.ofSeconds(61));
        assertThatThrownBy(() -> discovery.balancer("pricing").pick())
                .hasMessage("NO_INSTANCE: no instance of 'pricing' is known")
                .cause()
                .hasMessage("what is known is older than discovery.grace (300 s): registry at nowhere: can't connect");
        comesBack();
        discovery.balancer("pricing").pick().succeeded();
    }

    @Test
    void aRegistryThatForgotIsNotBelievedBeforeALeaseIsOver() {
        memory.announce(pricing(1), HOUR);
        memory.announce(pricing(2), HOUR);
        discovery.balancer("pricing").pick().succeeded();
        becomesDown();
        memory.withdraw(pricing(1));
        memory.withdraw(pricing(2));
        memory.announce(pricing(3), HOUR);
        comesBack();
        untilKnown("p1", "p2", "p3");
        pass(Duration.ofSeconds(9), Duration.ofMillis(100));
        assertThat(known()).containsExactly("p1", "p2", "p3");
        Await.until("the registry is believed", () -> {
            time.advance(Duration.ofMillis(100));
            return known().equals(List.of("p3"));
        });
    }

    @Test
    void aRegistryThatIsDownIsAskedSeldom() {
        registry.down(true);
        discovery.balancer("pricing");
        discovery.follow();
        Await.until("it was asked", () -> registry.looks.get() > 0);
        for (int i = 0; i < 6000; i++) {
            time.advance(Duration.ofMillis(100));
            if (i % 10 == 0) {
                LockSupport.parkNanos(100_000);
            }
        }
        assertThat(registry.looks.get()).isLessThan(200);
    }

    @Test
    void aServiceThatIsRequiredAndUnknownIsToldWithWhatIsKnown() throws Exception {
        memory.announce(Instance.of("billing", "b1", "h", 1), HOUR);
        memory.announce(Instance.of("prices", "b1", "h", 1), HOUR);
        discovery = discovery(requiring("pricing"));
        var failure = new AtomicReference<Throwable>();
        var asking = Thread.ofVirtual().start(() -> {
            try {
                discovery.requireKnown();
            } catch (Throwable thrown) {
                failure.set(thrown);
            }
        });
        Await.until("it has given up", () -> {
            time.advance(Duration.ofMillis(100));
            return !asking.isAlive();
        });
        assertThat(failure.get())
                .isInstanceOf(RemoteException.class)
                .hasMessage(
                        "discovery.required: 'pricing' is not known to registry at nowhere (it knows: billing, prices)."
                                + " Start it first, correct the name, or leave it out of discovery.required.");
        memory.announce(pricing(1), HOUR);
        discovery.requireKnown();
    }

    @Test
    void thisInstanceIsAnnouncedRenewedAndTakenBack() throws Exception {
        var self = discovery.describe("orders", "o1", "1.0", "127.0.0.1", 8080, Map.of("admin", 8081));
        discovery.announce(self);
        Await.until("it is announced", () -> memory.look("orders").instances().equals(List.of(self)));
        pass(Duration.ofSeconds(60), Duration.ofMillis(100));
        assertThat(memory.look("orders").instances()).containsExactly(self);
        assertThat(discovery.nodes()).extracting(Node::instance).containsExactly(self);
        assertThat(discovery.report().self()).contains(self);
        assertThat(discovery.withdraw()).isTrue();
        assertThat(memory.look("orders").instances()).isEmpty();
        int announcements = registry.announcements.get();
        pass(Duration.ofSeconds(10), Duration.ofMillis(100));
        assertThat(registry.announcements.get()).isEqualTo(announcements);
        assertThat(discovery.withdraw()).isFalse();
    }

    @Test
    void aRegistryThatIsDownAtTheStartLearnsOfItWhenItIsBack() {
        registry.down(true);
        var self = discovery.describe("orders", "o1", "1.0", "127.0.0.1", 8080, Map.of());
        discovery.announce(self);
        Await.until("the failure is seen", () -> discovery.check() instanceof Check.Result.Degraded);
        registry.down(false);
        Await.until("it is announced", () -> {
            time.advance(Duration.ofMillis(100));
            return memory.look("orders").instances().equals(List.of(self));
        });
        Await.until("all is well", () -> discovery.check() instanceof Check.Result.Up);
    }

    @Test
    void theAddressOfAllInterfacesIsNeverAdvertised() {
        assertThat(Discovery.reachable("0.0.0.0")).isNotEqualTo("0.0.0.0").isNotEmpty();
        assertThat(Discovery.reachable("::")).isNotIn("::", "0:0:0:0:0:0:0:0", "0.0.0.0");
        assertThat(Discovery.reachable("127.0.0.1")).isEqualTo("127.0.0.1");
        assertThat(Discovery.reachable("orders.internal")).isEqualTo("orders.internal");
    }
}
