package dev.plinth.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.error.Problem;
import dev.plinth.schema.Schema;
import dev.plinth.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

class BalancerTest {
    private static final DiscoveryConfig DEFAULTS =
            Schema.of(DiscoveryConfig.class).defaults();

    private final ManualTime time = new ManualTime();

    private static Instance instance(int number) {
        return Instance.of("pricing", "p" + number, "10.0.0." + number, 8080);
    }

    private static DiscoveryConfig inZone(String zone) {
        var d = DEFAULTS;
        return new DiscoveryConfig(
                d.announce(),
                d.advertiseHost(),
                d.advertisePort(),
                d.advertiseScheme(),
                zone,
                d.weight(),
                d.metadata(),
                d.lease(),
                d.renew(),
                d.timeout(),
                d.grace(),
                d.required(),
                d.ejectAfter(),
                d.ejectFor(),
                d.ejectMost(),
                d.slowReturn());
    }

    private Balancer balancer(int instances) {
        var list = new ArrayList<Instance>();
        for (int i = 1; i <= instances; i++) {
            list.add(instance(i));
        }
        return Balancer.of("pricing", list, DEFAULTS, time);
    }

    /** Makes that many calls one after the other; returns how many went to each. */
    private Map<String, Integer> calls(Balancer balancer, int calls, ToLongFunction<String> micros) {
        var counts = new HashMap<String, Integer>();
        for (int i = 0; i < calls; i++) {
            var pick = balancer.pick();
            var id = pick.instance().id();
            counts.merge(id, 1, Integer::sum);
            time.advance(Duration.ofNanos(micros.applyAsLong(id) * 1000));
            pick.succeeded();
        }
        return counts;
    }

    private void fail(Balancer balancer, String id, int times) {
        int calls = 0;
        for (int failed = 0; failed < times; ) {
            assertThat(calls++).isLessThan(10_000);
            var pick = balancer.pick();
            time.advance(Duration.ofMillis(1));
            if (pick.instance().id().equals(id)) {
                pick.failed();
                failed++;
            } else {
                pick.succeeded();
            }
        }
    }

    /** A pick of that instance; others that come before are given back. */
    private static Pick picked(Balancer balancer, String id) {
        for (int i = 0; i < 10_000; i++) {
            var pick = balancer.pick();
            if (pick.instance().id().equals(id)) {
                return pick;
            }
            pick.close();
        }
        throw new AssertionError(id + " was never picked");
    }

    private static boolean isEjected(Balancer balancer, String id) {
        return balancer.status().stream()
                .filter(status -> status.instance().id().equals(id))
                .findFirst()
                .orElseThrow()
                .ejected();
    }

    @Test
    void equalsGetEqualShares() {
        var counts = calls(balancer(4), 8000, _ -> 1000);
        assertThat(counts).hasSize(4);
        assertThat(counts.values()).allSatisfy(count -> assertThat(count).isCloseTo(2000, within(200)));
    }

    @Test
    void weightsShareTheLoad() {
        var balancer = Balancer.of("pricing", List.of(instance(1).withWeight(3), instance(2)), DEFAULTS, time);
        assertThat(calls(balancer, 8000, _ -> 1000).get("p1")).isCloseTo(6000, within(300));
        var open = new HashMap<String, Integer>();
        for (int i = 0; i < 400; i++) {
            open.merge(balancer.pick().instance().id(), 1, Integer::sum);
        }
        assertThat(open.get("p1")).isCloseTo(300, within(15));
    }

    @Test
    void theOneWithFewerCallsInFlightIsTaken() {
        var balancer = balancer(4);
        for (int i = 0; i < 400; i++) {
            balancer.pick();
        }
        assertThat(balancer.status())
                .allSatisfy(status -> assertThat(status.inFlight()).isBetween(97, 103));
    }

    @Test
    void aSlowInstanceGetsNextToNothingUntilItIsFastAgain() {
        var balancer = balancer(4);
        var slow = calls(balancer, 10_000, id -> id.equals("p1") ? 10_000 : 1000);
        assertThat(slow.getOrDefault("p1", 0)).isBetween(1, 50);
        time.advance(Duration.ofSeconds(10));
        var again = calls(balancer, 10_000, _ -> 1000);
        assertThat(again.get("p1")).isGreaterThan(2000);
    }

    @Test
    void oneSlowCallDoesNotSendAnInstanceAwayForLong() {
        var balancer = balancer(2);
        calls(balancer, 100, _ -> 1000);
        var pick = picked(balancer, "p1");
        time.advance(Duration.ofSeconds(2));
        pick.succeeded();
        time.advance(Duration.ofSeconds(6));
        assertThat(calls(balancer, 100, _ -> 1000).getOrDefault("p1", 0)).isGreaterThan(25);
    }

    @Test
    void anInstanceThatFailsFastAttractsNothing() {
        var balancer = balancer(4);
        int bad = 0;
        for (int i = 0; i < 4000; i++) {
            var pick = balancer.pick();
            boolean fails = pick.instance().id().equals("p1") && i % 5 != 0; // never five in a row, or seldom
            time.advance(Duration.ofNanos(fails ? 10_000 : 1_000_000));
            bad += pick.instance().id().equals("p1") ? 1 : 0;
            if (fails) {
                pick.failed();
            } else {
                pick.succeeded();
            }
        }
        assertThat(bad).isLessThan(1000);
    }

    @Test
    void failuresInARowLeaveAnInstanceOutAndItReturnsSlowly() {
        var balancer = balancer(4);
        fail(balancer, "p1", 5);
        assertThat(isEjected(balancer, "p1")).isTrue();
        assertThat(balancer.ejections()).isEqualTo(1);
        assertThat(calls(balancer, 1000, _ -> 1000)).doesNotContainKey("p1");
        time.advance(Duration.ofMillis(4001));
        assertThat(isEjected(balancer, "p1")).isFalse();
        int early = calls(balancer, 1000, _ -> 100).getOrDefault("p1", 0);
        assertThat(early).isBetween(5, 150); // a full share were 250
        time.advance(Duration.ofSeconds(10));
        assertThat(calls(balancer, 1000, _ -> 100).get("p1")).isCloseTo(250, within(60));
    }

    @Test
    void oneFailureOnTheReturnSendsItAwayForLonger() {
        var balancer = balancer(4);
        fail(balancer, "p1", 5);
        time.advance(Duration.ofMillis(5001));
        fail(balancer, "p1", 1);
        assertThat(isEjected(balancer, "p1")).isTrue();
        time.advance(Duration.ofMillis(9900));
        assertThat(isEjected(balancer, "p1")).isTrue();
        time.advance(Duration.ofMillis(200));
        assertThat(isEjected(balancer, "p1")).isFalse();
    }

    @Test
    void aSuccessBreaksTheRow() {
        var balancer = balancer(4);
        for (int i = 0; i < 5; i++) {
            fail(balancer, "p1", 4);
            time.advance(Duration.ofSeconds(20));
            picked(balancer, "p1").succeeded();
        }
        assertThat(isEjected(balancer, "p1")).isFalse();
    }

    @Test
    void halfAreLeftOutAtMost() {
        var balancer = balancer(4);
        for (int i = 0; i < 400; i++) {
            balancer.pick().failed();
        }
        assertThat(balancer.status().stream().filter(Balancer.Status::ejected)).hasSize(2);
    }

    @Test
    void theOnlyOneIsNeverLeftOut() {
        var balancer = balancer(1);
        fail(balancer, "p1", 50);
        assertThat(isEjected(balancer, "p1")).isFalse();
    }

    @Test
    void aCancelledCallCountsNeitherWay() {
        var balancer = balancer(2);
        fail(balancer, "p1", 4);
        for (int i = 0; i < 20; i++) {
            balancer.pick().close();
        }
        assertThat(isEjected(balancer, "p1")).isFalse();
        assertThat(balancer.status())
                .allSatisfy(status -> assertThat(status.inFlight()).isZero());
        fail(balancer, "p1", 1);
        assertThat(isEjected(balancer, "p1")).isTrue();
    }

    @Test
    void theOwnZoneIsPreferredUnlessHalfOfItIsLeftOut() {
        var list = List.of(
                instance(1).withZone("a"),
                instance(2).withZone("a"),
                instance(3).withZone("a"),
                instance(4).withZone("b"),
                instance(5).withZone("b"),
                instance(6).withZone("b"));
        var balancer = Balancer.of("pricing", list, inZone("a"), time);
        assertThat(calls(balancer, 300, _ -> 1000)).containsOnlyKeys("p1", "p2", "p3");
        fail(balancer, "p1", 5);
        assertThat(calls(balancer, 300, _ -> 1000)).containsOnlyKeys("p2", "p3");
        fail(balancer, "p2", 5);
        assertThat(calls(balancer, 300, _ -> 1000)).containsOnlyKeys("p3", "p4", "p5", "p6");
        var elsewhere = Balancer.of("pricing", list, inZone("c"), time);
        assertThat(calls(elsewhere, 300, _ -> 1000)).hasSize(6);
    }

    @Test
    void anotherAttemptGoesToAnotherInstanceWhereThereIsOne() {
        var balancer = balancer(3);
        for (int i = 0; i < 100; i++) {
            try (var pick = balancer.pick(Set.of("p1", "p2"))) {
                assertThat(pick.instance().id()).isEqualTo("p3");
            }
        }
        try (var pick = balancer(1).pick(Set.of("p1"))) {
            assertThat(pick.instance().id()).isEqualTo("p1");
        }
    }

    @Test
    void noInstanceIsAProblemWhoseCauseStaysHere() {
        assertThatThrownBy(() -> balancer(0).pick()).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.status()).isEqualTo(503);
            assertThat(problem.code()).isEqualTo("NO_INSTANCE");
            assertThat(problem.detail()).isEqualTo("no instance of 'pricing' is known");
            assertThat(problem.getCause()).hasMessage("a list knows none");
        });
    }

    @Test
    void anInstanceThatCanNotBeIsRefused() {
        assertThatThrownBy(() -> Instance.of("pricing", "p1", "0.0.0.0", 8080))
                .hasMessage("host '0.0.0.0' (expected: a name or an address by which others reach it)");
        assertThatThrownBy(() -> Instance.of("pricing", "../p1", "h", 8080))
                .hasMessage("instance id '../p1' (expected: letters, digits, '.', '_' and '-', a letter or digit first,"
                        + " at most 128)");
        assertThatThrownBy(() -> Instance.of("pricing", "p1", "h", 0)).hasMessage("port 0 (expected: 1..65535)");
        assertThat(Instance.of("pricing", "p1", "fe80::1", 80).uri()).hasToString("http://[fe80::1]:80");
        assertThat(new Instance("p", "1", "https", "h", 1, "", 1, "", Optional.empty(), Map.of(), Map.of()).uri())
                .hasToString("https://h:1");
    }
}
