package dev.plinth.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.error.Problem;
import dev.plinth.time.ManualTime;
import dev.plinth.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

@org.junit.jupiter.api.Timeout(60) // Timeout alone is the policy
class WatchTest {
    /** Calls that end about when their time is over: whatever comes first, no interrupt reaches what comes after. */
    @Test
    void anInterruptNeverReachesWhatTheThreadDoesNext() throws Exception {
        var timeout = Timeout.of("race", Duration.ofMillis(1), Time.system());
        var stray = new ConcurrentLinkedQueue<String>();
        var late = new AtomicInteger();
        var inTime = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 8; t++) {
            long pause = 100_000L + t * 200_000L; // 0.1 ms to 1.5 ms
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 200; i++) {
                    try {
                        timeout.call(() -> {
                            LockSupport.parkNanos(pause);
                            if (Thread.interrupted()) {
                                throw new InterruptedException();
                            }
                            return "ok";
                        });
                        inTime.incrementAndGet();
                    } catch (Problem over) {
                        late.incrementAndGet();
                    } catch (InterruptedException interrupted) {
                        stray.add("thrown by a call that was in time");
                    }
                    if (Thread.interrupted()) {
                        stray.add("after call " + i);
                    }
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        assertThat(stray).isEmpty();
        assertThat(late.get() + inTime.get()).isEqualTo(1600);
        assertThat(late.get()).as("calls that were late").isPositive();
    }

    @Test
    void oneTimerServesAllCallsAndGoesWhenNoneIsLeft() {
        var time = new ManualTime();
        var watch = new Watch(time);
        var entries = new ArrayList<Watch.Entry>();
        for (int i = 0; i < 100; i++) {
            entries.add(watch.enter(Duration.ofSeconds(1000 - i).toNanos()));
        }
        assertThat(time.pending()).isEqualTo(1);
        time.advance(Duration.ofSeconds(901)); // the last one that came is due
        assertThat(Thread.interrupted()).isTrue();
        assertThat(time.pending()).isEqualTo(1);
        int interrupted = 0;
        for (var entry : entries) {
            interrupted += watch.exit(entry) ? 1 : 0;
        }
        assertThat(interrupted).isEqualTo(1);
        time.advance(Duration.ofSeconds(1000));
        assertThat(time.pending()).isZero();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void whoComesWhileTheListsAreReadIsNotForgotten() throws Exception {
        var timeout = Timeout.of("steady", Duration.ofMillis(2), Time.system());
        var ended = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 32; t++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 20; i++) {
                    try {
                        timeout.call(() -> {
                            while (!Thread.interrupted()) { // hangs until its interrupt comes
                                LockSupport.park();
                            }
                            throw new InterruptedException();
                        });
                    } catch (Problem over) {
                        ended.incrementAndGet();
                    } catch (InterruptedException unexpected) {
                        return;
                    }
                }
            }));
        }
        for (var thread : threads) {
            assertThat(thread.join(Duration.ofSeconds(30)))
                    .as("a call that nobody interrupted")
                    .isTrue();
        }
        assertThat(ended).hasValue(32 * 20);
    }
}
