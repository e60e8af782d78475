package dev.plinth.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.lifecycle.State;
import dev.plinth.schema.Schema;
import dev.plinth.time.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HealthTest {
    private final ManualTime time = new ManualTime();
    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
    private final Health health = new Health(Schema.of(HealthConfig.class).defaults(), "orders", time, state::get);

    @Test
    void probesFollowTheState() {
        assertThat(probes(State.NEW)).isEqualTo("live");
        assertThat(probes(State.STARTING)).isEqualTo("live");
        assertThat(probes(State.RUNNING)).isEqualTo("live started ready serving");
        assertThat(probes(State.STOPPING)).isEqualTo("live started serving");
        assertThat(probes(State.STOPPED)).isEqualTo("live");
        assertThat(probes(State.FAILED)).isEmpty();
    }

    private String probes(State now) {
        state.set(now);
        return ((health.isLive() ? "live " : "")
                        + (health.isStarted() ? "started " : "")
                        + (health.isReady() ? "ready " : "")
                        + (health.isServing() ? "serving" : ""))
                .strip();
    }

    @Test
    void aReadinessCheckThatIsDownTakesReadinessAway_andNotLiveness() {
        health.readiness("db", () -> {
            throw new IOException("connection refused");
        });
        health.readiness("cache", () -> Check.Result.degraded("one of three nodes"));

        assertThat(probes(State.RUNNING)).isEqualTo("live started");
        var report = health.report();
        assertThat(report.ready()).isFalse();
        assertThat(report.components())
                .extracting(component ->
                        component.name() + " " + component.kind() + " " + component.status() + " " + component.detail())
                .containsExactly(
                        "db READINESS DOWN java.io.IOException: connection refused",
                        "cache READINESS DEGRADED one of three nodes");
    }

    @Test
    void aLivenessCheckThatIsDownAsksForARestart() {
        health.liveness("loop", () -> Check.Result.down("stuck since 3 minutes"));
        assertThat(probes(State.RUNNING)).isEqualTo("started ready serving");
    }

    @Test
    void aResultIsGoodForItsTime_andAskedForAgainAfter() {
        var asked = new AtomicInteger();
        health.readiness("db", () -> {
            asked.incrementAndGet();
            return Check.Result.up();
        });
        health.isReady();
        health.isReady();
        time.advance(Duration.ofMillis(999));
        health.isServing();
        assertThat(asked.get()).isEqualTo(1);

        time.advance(Duration.ofMillis(1));
        health.isReady();
        assertThat(asked.get()).isEqualTo(2);
    }

    @Test
    void aCheckThatHangsCannotHangAProbe() throws InterruptedException {
        var asked = new AtomicInteger();
        var interrupted = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        health.readiness("db", () -> {
            asked.incrementAndGet();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException expected) {
                interrupted.countDown();
            }
            release.await();
            return Check.Result.up();
        });
        var ready = new AtomicReference<Boolean>();
        var probe = Thread.ofVirtual().start(() -> ready.set(health.isReady()));
        while (time.pending() == 0) {
            Thread.onSpinWait(); // until the probe has set its limit
        }
        time.advance(Duration.ofMillis(800));
        probe.join();
        assertThat(ready.get()).isFalse();
        interrupted.await();

        // It still hangs: the next probes are answered at once, and no second run is begun.
        time.advance(Duration.ofMinutes(1));
        assertThat(health.isReady()).isFalse();
        assertThat(health.report().components().getFirst().detail()).isEqualTo("no answer within 800 ms");
        assertThat(asked.get()).isEqualTo(1);

        release.countDown();
    }

    @Test
    void refusesTheSameNameTwice() {
        health.readiness("db", Check.Result::up);
        assertThatThrownBy(() -> health.liveness("db", Check.Result::up))
                .hasMessage("health check 'db' is there already");
    }
}
