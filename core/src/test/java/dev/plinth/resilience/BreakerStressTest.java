package dev.plinth.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.error.Problem;
import dev.plinth.schema.Percent;
import dev.plinth.time.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;

@org.junit.jupiter.api.Timeout(60) // Timeout alone is the policy
class BreakerStressTest {
    /** Threads that succeed, fail, are cancelled and die, while circuits open and close under them: no trial is lost. */
    @RepeatedTest(5)
    void losesNoTrialAndClosesInTheEnd() throws Exception {
        var time = new ManualTime();
        var config = new BreakerConfig(
                true,
                BreakerConfig.Preset.STANDARD,
                4,
                new Percent(0.5),
                Optional.empty(),
                new Percent(1),
                5,
                Duration.ofSeconds(1),
                Optional.empty(),
                Duration.ofMillis(10),
                2,
                3);
        var breaker = Breaker.of("stress", config, time);
        var ended = new AtomicInteger();
        var called = new AtomicLong();
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 6; t++) {
            var random = new Random(t);
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 5000; i++) {
                    try {
                        breaker.call(() -> {
                            called.incrementAndGet();
                            return switch (random.nextInt(6)) {
                                case 0 -> throw new IOException("down");
                                case 1 -> throw new InterruptedException();
                                case 2 -> throw new StackOverflowError();
                                default -> "ok";
                            };
                        });
                    } catch (Problem refused) {
                        time.advance(Duration.ofMillis(1));
                    } catch (Exception | StackOverflowError expected) {
                        ended.incrementAndGet();
                    }
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        assertThat(ended.get()).isPositive();
        assertThat((long) breaker.snapshot().figures().get("opened")).isGreaterThan(10);
        assertThat(breaker.snapshot().figures().getOrDefault("trials_running", 0))
                .isEqualTo(0);
        time.advance(Duration.ofSeconds(1));
        for (int i = 0; i < 3; i++) {
            assertThat(breaker.call(() -> "ok")).isEqualTo("ok");
        }
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }
}
