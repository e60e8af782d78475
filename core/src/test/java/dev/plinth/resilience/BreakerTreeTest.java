package dev.plinth.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.error.Problem;
import dev.plinth.time.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BreakerTreeTest {
    private static final String HOST = "http://pricing:8080";

    private final ManualTime time = new ManualTime();
    private final BreakerTree tree = BreakerTree.of("partners", BreakerConfig.samba(), 100, time);

    private void fail(String host, String route, int times) {
        for (int i = 0; i < times; i++) {
            assertThatThrownBy(() -> tree.call(host, route, () -> {
                        throw new IOException("down");
                    }))
                    .isInstanceOf(IOException.class);
        }
    }

    private String call(String route) {
        return tree.call(HOST, route, () -> "ok");
    }

    /** What samba-chassis' own tests see: ten failures open a path, its prefixes and its host, and what was never called. */
    @Test
    void aFailingPathOpensItsPrefixesAndItsHostAsSambaDid() {
        fail(HOST, "/a/b", 10);
        assertThat(tree.state(HOST, "/a/b")).isEqualTo(BreakerState.OPEN);
        assertThat(tree.state(HOST, "/a")).isEqualTo(BreakerState.OPEN);
        assertThat(tree.state(HOST, "")).isEqualTo(BreakerState.OPEN);
        assertThatThrownBy(() -> call("/z"))
                .isInstanceOf(Problem.class)
                .hasMessage("CIRCUIT_OPEN: circuit 'partners http://pricing:8080' is open: too many calls failed."
                        + " Next trial in 10 s");
        assertThat(tree.call("http://other:8080", "/a/b", () -> "ok")).isEqualTo("ok");
    }

    @Test
    void aSuccessBesideItKeepsTheHostClosed() {
        fail(HOST, "/a/b", 9);
        assertThat(call("/z")).isEqualTo("ok");
        fail(HOST, "/a/b", 1);
        assertThat(tree.state(HOST, "")).isEqualTo(BreakerState.CLOSED);
        assertThat(tree.state(HOST, "/z")).isEqualTo(BreakerState.CLOSED);
        assertThat(tree.state(HOST, "/a")).isEqualTo(BreakerState.OPEN);
        assertThat(call("/z")).isEqualTo("ok");
        assertThatThrownBy(() -> call("/a/c")).hasMessageContaining("'partners http://pricing:8080/a' is open");
    }

    @Test
    void tenSuccessesCloseAllOfThemAgainAndTheFirstCallIsATrial() {
        fail(HOST, "/a/b", 10);
        time.advance(Duration.ofSeconds(10));
        for (int i = 0; i < 10; i++) {
            assertThat(tree.state(HOST, "/a/b")).isNotEqualTo(BreakerState.CLOSED);
            assertThat(call("/a/b")).isEqualTo("ok");
        }
        assertThat(tree.state(HOST, "/a/b")).isEqualTo(BreakerState.CLOSED);
        assertThat(tree.state(HOST, "")).isEqualTo(BreakerState.CLOSED);
    }

    /** {@code depth} calls of /b, one inside the other, all let in before the host opens and all failing after. */
    private void failLate(int depth) {
        if (depth == 0) {
            fail(HOST, "/a", 10);
            time.advance(Duration.ofSeconds(5));
            return;
        }
        assertThatThrownBy(() -> tree.call(HOST, "/b", () -> {
                    failLate(depth - 1);
                    throw new IOException("late");
                }))
                .hasMessage("late");
    }

    @Test
    void aRefusalBelowGivesTheTrialAboveBack() {
        failLate(10);
        time.advance(Duration.ofSeconds(5));
        assertThat(call("/z")).isEqualTo("ok");
        assertThat(tree.state(HOST, "")).isEqualTo(BreakerState.HALF_OPEN);
        for (int i = 0; i < 30; i++) { // more than the host has places for trials
            assertThatThrownBy(() -> call("/b")).hasMessageContaining("'partners http://pricing:8080/b' is open");
        }
        for (int i = 0; i < 9; i++) {
            assertThat(call("/z")).isEqualTo("ok");
        }
        assertThat(tree.state(HOST, "")).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void theQueryIsNoPartOfAPath() {
        fail(HOST, "/a?b=/c/d", 1);
        @SuppressWarnings("unchecked")
        var keys = (Map<String, String>) tree.snapshot().figures().get("keys");
        assertThat(keys).containsOnlyKeys(HOST, HOST + "/a");
    }

    @Test
    void thereAreNoMoreBreakersThanThereMayBe() {
        for (int i = 0; i < 1000; i++) {
            call("/items/" + i);
        }
        @SuppressWarnings("unchecked")
        var keys = (Map<String, String>) tree.snapshot().figures().get("keys");
        assertThat(keys).hasSize(100);
        assertThat(tree.snapshot().figures()).containsEntry("without_room", 902L);
        fail(HOST, "/items/999", 10);
        assertThat(tree.state(HOST, "/items/999"))
                .as("its prefixes still count")
                .isEqualTo(BreakerState.OPEN);
    }
}
