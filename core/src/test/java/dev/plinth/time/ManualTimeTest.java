package dev.plinth.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ManualTimeTest {
    private final ManualTime time = new ManualTime();

    @Test
    void standsStillUntilMoved() {
        var before = time.now();
        assertThat(time.now()).isEqualTo(before).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));

        time.advance(Duration.ofHours(2));

        assertThat(time.now()).isEqualTo(before.plus(Duration.ofHours(2)));
        assertThat(time.nanos()).isEqualTo(Duration.ofHours(2).toNanos());
    }

    @Test
    void runsTimersInTheOrderInWhichTheyFallDue_eachAtItsOwnMoment() {
        var seen = new ArrayList<String>();
        time.after(Duration.ofSeconds(3), () -> seen.add("c at " + time.nanos() / 1_000_000_000));
        time.after(Duration.ofSeconds(1), () -> {
            seen.add("a at " + time.nanos() / 1_000_000_000);
            time.after(Duration.ofSeconds(1), () -> seen.add("b at " + time.nanos() / 1_000_000_000));
        });
        time.after(Duration.ofSeconds(9), () -> seen.add("late"));

        time.advance(Duration.ofSeconds(5));

        assertThat(seen).containsExactly("a at 1", "b at 2", "c at 3");
        assertThat(time.pending()).isEqualTo(1);
    }

    @Test
    void cancelledTimerNeverRuns() {
        var seen = new ArrayList<String>();
        var timer = time.after(Duration.ofSeconds(1), () -> seen.add("ran"));

        assertThat(timer.cancel()).isTrue();
        assertThat(timer.cancel()).isFalse();
        time.advance(Duration.ofSeconds(2));

        assertThat(seen).isEmpty();
    }

    @Test
    void sleeperWakesWhenItsTimeIsOver_andNotBefore() throws InterruptedException {
        var woke = new CountDownLatch(1);
        var sleeper = Thread.ofVirtual().start(() -> {
            try {
                time.sleep(Duration.ofMinutes(1));
                woke.countDown();
            } catch (InterruptedException unexpected) {
                Thread.currentThread().interrupt();
            }
        });
        time.awaitSleepers(1);

        time.advance(Duration.ofSeconds(59));
        assertThat(woke.getCount()).isEqualTo(1);
        time.advance(Duration.ofSeconds(1));

        sleeper.join();
        assertThat(woke.getCount()).isZero();
    }

    @Test
    void sameSeedDrawsTheSame() {
        var again = new ManualTime();
        assertThat(time.random().nextLong()).isEqualTo(again.random().nextLong());
        assertThat(new ManualTime(Instant.EPOCH, 2).random().nextLong())
                .isNotEqualTo(new ManualTime(Instant.EPOCH, 3).random().nextLong());
    }

    @Test
    void systemTimeRunsAndCancelsTimers() throws InterruptedException {
        var ran = new CountDownLatch(1);
        var system = Time.system();
        var never = system.after(Duration.ofHours(1), ran::countDown);
        system.after(Duration.ofMillis(1), ran::countDown);

        ran.await();

        assertThat(never.cancel()).isTrue();
        system.sleep(Duration.ofMillis(-5));
        assertThat(system.random().nextInt(10)).isBetween(0, 9);
    }
}
