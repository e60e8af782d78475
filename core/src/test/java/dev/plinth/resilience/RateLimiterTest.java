package dev.plinth.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.context.Context;
import dev.plinth.context.Deadline;
import dev.plinth.error.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@org.junit.jupiter.api.Timeout(60) // Timeout alone is the policy
class RateLimiterTest {
    private final JumpingTime time = new JumpingTime();

    private RateLimiter limiter(int calls, Duration per, int burst, Duration wait) {
        return RateLimiter.of("partner", new RateLimitConfig(calls, per, burst, wait), time);
    }

    private static int callAll(RateLimiter limiter) {
        int made = 0;
        try {
            while (made < 1_000_000) {
                limiter.call(() -> "ok");
                made++;
            }
        } catch (Problem limited) {
            assertThat(limited.code()).isEqualTo("RATE_LIMITED");
        }
        return made;
    }

    @Test
    void letsABurstBeginAndThenOneAtATime() {
        var limiter = limiter(10, Duration.ofSeconds(1), 5, Duration.ZERO);
        assertThat(callAll(limiter)).isEqualTo(5);
        time.advance(Duration.ofMillis(100));
        assertThat(callAll(limiter)).isEqualTo(1);
        time.advance(Duration.ofMillis(250));
        assertThat(callAll(limiter)).isEqualTo(2);
        time.advance(Duration.ofHours(1));
        assertThat(callAll(limiter)).isEqualTo(5);
    }

    @Test
    void theRateIsNeverMoreThanWasSaidAlsoWhereItDoesNotDivide() {
        var limiter = limiter(7, Duration.ofSeconds(1), 1, Duration.ZERO);
        int made = 0;
        for (int i = 0; i < 60_000; i++) {
            made += callAll(limiter);
            time.advance(Duration.ofMillis(1));
        }
        assertThat(made).isBetween(415, 420); // a turn is found up to a millisecond late
    }

    @Test
    void saysWhenTheNextMayBegin() {
        var limiter = limiter(1, Duration.ofMinutes(1), 1, Duration.ZERO);
        limiter.call(() -> "ok");
        time.advance(Duration.ofMillis(58_600));
        var limited = catchThrowableOfType(Problem.class, () -> limiter.call(() -> "ok"));
        assertThat(limited)
                .hasMessage(
                        "RATE_LIMITED: rate limit 'partner': more than 1 calls in 60 s. The next may begin in 1.4 s");
        assertThat(limited.status()).isEqualTo(503);
        assertThat(limited.members()).containsEntry("retry_after", 2);
        assertThat(limiter.snapshot().state()).isEqualTo("EMPTY");
    }

    @Test
    void forCallsThatComeInItIsA429ThatMayBeRepeated() {
        var limiter = RateLimiter.inbound(
                "public", new RateLimitConfig(1, Duration.ofSeconds(10), 1, Duration.ZERO), new Policies(time));
        limiter.call(() -> "ok");
        var limited = catchThrowableOfType(Problem.class, () -> limiter.call(() -> "ok"));
        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.members()).containsOnlyKeys("retry_after");
    }

    @Test
    void waitsForItsTurnWhereItMay() {
        var limiter = limiter(10, Duration.ofSeconds(1), 1, Duration.ofMillis(250));
        var begun = new ArrayList<Long>();
        for (int i = 0; i < 4; i++) {
            limiter.call(() -> begun.add(time.nanos() / 1_000_000));
        }
        assertThat(begun).containsExactly(0L, 100L, 200L, 300L);
    }

    @Test
    void neverWaitsBeyondTheDeadline() {
        var limiter = limiter(1, Duration.ofSeconds(1), 1, Duration.ofMinutes(1));
        limiter.call(() -> "ok");
        var soon = Context.of("orders").withDeadline(Deadline.after(time, Duration.ofMillis(999)));
        assertThatThrownBy(() -> soon.call(() -> limiter.call(() -> "ok"))).isInstanceOf(Problem.class);
        assertThat(time.slept).isEmpty();
    }

    @Test
    void anInterruptedWaitGivesItsTurnBack() {
        var limiter = limiter(1, Duration.ofSeconds(1), 1, Duration.ofMinutes(1));
        limiter.call(() -> "ok");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> limiter.call(() -> "ok"))
                .hasMessage("CANCELLED: 'partner' was not called: interrupted while it waited");
        assertThat(Thread.interrupted()).isTrue();
        limiter.call(() -> "ok");
        assertThat(time.slept).containsExactly(Duration.ofSeconds(1));
    }

    @Test
    void manyThreadsGetNoMoreThanTheBurst() throws Exception {
        var limiter = limiter(1, Duration.ofSeconds(1), 500, Duration.ZERO);
        var made = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int n = 0; n < 200; n++) {
                    try {
                        limiter.call(made::incrementAndGet);
                    } catch (Problem limited) {
                        return;
                    }
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        assertThat(made).hasValue(500);
    }
}
