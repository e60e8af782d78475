package dev.plinth.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.time.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

@org.junit.jupiter.api.Timeout(60) // Timeout alone is the policy
class AdaptiveLimitTest {
    private final ManualTime time = new ManualTime();
    private final AdaptiveLimit limit = AdaptiveLimit.of("pricing", AdaptiveLimitConfig.defaults(), time);

    private record Running(long ends, long begun, int with) {}

    /** A server with so many places, each call 10 ms; what finds no place queues. Callers keep {@code wanted} on their way. */
    private void serve(int places, int wanted, Duration length) {
        long service = Duration.ofMillis(10).toNanos();
        var running = new PriorityQueue<Running>((a, b) -> Long.compare(a.ends, b.ends));
        var free = new PriorityQueue<Long>();
        for (int i = 0; i < places; i++) {
            free.add(time.nanos());
        }
        long until = time.nanos() + length.toNanos();
        while (time.nanos() < until) {
            while (running.size() < Math.min(wanted, limit.limit())) {
                int with = limit.enter();
                long begins = Math.max(time.nanos(), free.poll());
                free.add(begins + service);
                running.add(new Running(begins + service, time.nanos(), with));
            }
            var next = running.poll();
            time.advance(Duration.ofNanos(Math.max(0, next.ends - time.nanos())));
            limit.exit(next.with, next.begun, Verdict.Effect.SUCCESS);
        }
        while (!running.isEmpty()) {
            var last = running.poll();
            limit.exit(last.with, last.begun, Verdict.Effect.IGNORED);
        }
    }

    @Test
    void growsWhileCallsTakeWhatTheyUsuallyTake() {
        serve(200, 100, Duration.ofSeconds(10));
        assertThat(limit.limit()).isGreaterThan(80);
    }

    @Test
    void settlesNearWhatTheServerBears() {
        serve(30, 1000, Duration.ofSeconds(20));
        // Vegas keeps a small queue: more than the places, far less than what is asked for.
        assertThat(limit.limit()).isBetween(30, 70);
        serve(30, 1000, Duration.ofSeconds(60));
        assertThat(limit.limit()).as("after a minute of too much").isBetween(30, 80);
    }

    @Test
    void fallsWhenTheServerLosesPlaces() {
        serve(100, 1000, Duration.ofSeconds(15));
        int before = limit.limit();
        serve(10, 1000, Duration.ofSeconds(10));
        assertThat(limit.limit()).isLessThan(before / 2);
    }

    @Test
    void staysWhereLittleOfItIsUsed() {
        serve(200, 3, Duration.ofSeconds(10));
        assertThat(limit.limit()).isEqualTo(20);
    }

    @Test
    void refusesBeyondTheLimitAndGivesPlacesBack() {
        for (int i = 0; i < 20; i++) {
            limit.enter();
        }
        assertThatThrownBy(() -> limit.call(() -> "ok"))
                .hasMessage("LIMIT_REACHED: limit 'pricing': 20 calls run, and more would be too many for now");
        assertThat(limit.snapshot().state()).isEqualTo("FULL");
        limit.exit(20, 0, Verdict.Effect.IGNORED);
        assertThatThrownBy(() -> limit.call(() -> {
                    throw new StackOverflowError();
                }))
                .isNotNull();
        assertThatThrownBy(() -> limit.call(() -> {
                    throw new IOException("down");
                }))
                .isNotNull();
        assertThat(limit.call(() -> "ok")).isEqualTo("ok");
        assertThat(limit.snapshot().figures()).containsEntry("running", 19);
    }
}
