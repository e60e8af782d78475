package dev.plinth.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.plinth.context.Context;
import dev.plinth.context.Deadline;
import dev.plinth.error.Problem;
import dev.plinth.time.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

@org.junit.jupiter.api.Timeout(60) // Timeout alone is the policy
class TimeoutTest {
    private final ManualTime time = new ManualTime();
    private final Policies policies = new Policies(time);
    private final Timeout timeout = Timeout.of("pricing", Duration.ofMillis(800), Duration.ZERO, policies);

    /** What became of a call on a thread of its own. */
    private record Hanging(Thread thread, AtomicReference<Throwable> thrown) {
        Throwable join() throws InterruptedException {
            assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
            return thrown.get();
        }
    }

    /** Starts {@code call}, which must count down once it hangs. */
    private static Hanging start(CountDownLatch hangs, Callable<?> call) throws InterruptedException {
        var thrown = new AtomicReference<Throwable>();
        var thread = Thread.ofVirtual().start(() -> thrown.set(catchThrowable(call::call)));
        assertThat(hangs.await(10, TimeUnit.SECONDS)).isTrue();
        return new Hanging(thread, thrown);
    }

    private static String hang(CountDownLatch hangs) throws InterruptedException {
        hangs.countDown();
        new CountDownLatch(1).await();
        return "never";
    }

    @Test
    void interruptsACallThatHangs() throws Exception {
        var hangs = new CountDownLatch(1);
        var call = start(hangs, () -> timeout.call(() -> hang(hangs)));
        time.advance(Duration.ofMillis(799));
        assertThat(call.thread().isAlive()).isTrue();
        time.advance(Duration.ofMillis(1));
        assertThat(call.join())
                .isInstanceOf(Problem.class)
                .hasMessage("DEADLINE_EXCEEDED: 'pricing' did not answer within 800 ms")
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(timeout.snapshot().figures()).containsEntry("timed_out", 1L);
    }

    @Test
    void aCallThatSucceedsLeavesNoInterruptAndNoTimerBehindIt() {
        for (int i = 0; i < 1000; i++) {
            assertThat(timeout.call(() -> "ok")).isEqualTo("ok");
        }
        assertThat(time.pending()).isEqualTo(1);
        time.advance(Duration.ofSeconds(5));
        assertThat(time.pending()).isZero();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(timeout.snapshot().figures()).containsEntry("timed_out", 0L);
    }

    @Test
    void theCallSeesTheEarlierDeadline() {
        assertThat(timeout.<Duration, RuntimeException>call(
                        () -> Context.current().deadline().orElseThrow().remaining()))
                .isEqualTo(Duration.ofMillis(800));
        var sooner = Context.of("orders").withDeadline(Deadline.after(time, Duration.ofMillis(300)));
        assertThat(sooner.<Duration, RuntimeException>call(() -> timeout.call(
                        () -> Context.current().deadline().orElseThrow().remaining())))
                .isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void theCallersDeadlineInterruptsToo() throws Exception {
        var sooner = Context.of("orders").withDeadline(Deadline.after(time, Duration.ofMillis(300)));
        var hangs = new CountDownLatch(1);
        var call = start(hangs, () -> sooner.call(() -> timeout.call(() -> hang(hangs))));
        time.advance(Duration.ofMillis(300));
        assertThat(call.join()).hasMessage("DEADLINE_EXCEEDED: 'pricing' did not answer within 300 ms");
    }

    @Test
    void aCallWhoseDeadlineHasPassedIsNotMade() {
        var late = Context.of("orders").withDeadline(Deadline.after(time, Duration.ZERO));
        assertThatThrownBy(() -> late.call(() -> timeout.call(() -> {
                    throw new AssertionError("was called");
                })))
                .hasMessage("DEADLINE_EXCEEDED: 'pricing' was not called: the deadline has passed")
                .satisfies(problem -> assertThat(Refused.is(problem)).isTrue());
        assertThat(timeout.snapshot().figures()).containsEntry("expired_before", 1L);
        assertThat(time.pending()).isZero();
    }

    @Test
    void aGraceLetsTheWaitsInsideActFirst() throws Exception {
        var patient = Timeout.of("patient", Duration.ofMillis(800), Duration.ofMillis(100), policies);
        var hangs = new CountDownLatch(1);
        var call = start(hangs, () -> patient.call(() -> hang(hangs)));
        time.advance(Duration.ofMillis(899));
        assertThat(call.thread().isAlive()).isTrue();
        time.advance(Duration.ofMillis(1));
        assertThat(call.join()).hasMessage("DEADLINE_EXCEEDED: 'patient' did not answer within 900 ms");
    }

    @Test
    void whatTheCallHasToTellIsTold() throws Exception {
        var hangs = new CountDownLatch(1);
        var call = start(
                hangs,
                () -> timeout.call(() -> {
                    try {
                        return hang(hangs);
                    } catch (InterruptedException late) {
                        throw Problem.conflict("HALF_DONE", "the first half is done");
                    }
                }));
        time.advance(Duration.ofMillis(800));
        assertThat(call.join()).hasMessage("HALF_DONE: the first half is done");
    }

    @Test
    void aCallThatIgnoresTheInterruptIsCountedAndItsResultPassedOn() throws Exception {
        var hangs = new CountDownLatch(1);
        var result = new AtomicReference<String>();
        var call = start(hangs, () -> {
            result.set(timeout.call(() -> {
                try {
                    return hang(hangs);
                } catch (InterruptedException ignored) {
                    return "late";
                }
            }));
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            return null;
        });
        time.advance(Duration.ofMillis(800));
        assertThat(call.join()).isNull();
        assertThat(result).hasValue("late");
        assertThat(timeout.snapshot().figures()).containsEntry("ignored", 1L);
    }

    @Test
    void whatACallThrowsInTimePassesThrough() {
        assertThatThrownBy(() -> timeout.call(() -> {
                    throw new IOException("down");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("down");
    }

    @Test
    void manyCallsWithDifferentTimesAreInterruptedEachAtItsOwn() throws Exception {
        var calls = new ArrayList<Hanging>();
        for (int i = 1; i <= 20; i++) {
            var most = Duration.ofMillis(50L * (i % 2 == 0 ? i : 21 - i));
            var hangs = new CountDownLatch(1);
            calls.add(start(hangs, () -> timeout.call(most, () -> hang(hangs))));
        }
        var ended = new ArrayList<Long>();
        for (int step = 1; step <= 20; step++) {
            time.advance(Duration.ofMillis(50));
            long due = 50L * step;
            for (int i = 1; i <= 20; i++) {
                if (50L * (i % 2 == 0 ? i : 21 - i) == due) {
                    assertThat(calls.get(i - 1).join())
                            .hasMessage("DEADLINE_EXCEEDED: 'pricing' did not answer within "
                                    + Failures.text(due * 1_000_000));
                    ended.add(due);
                }
            }
        }
        assertThat(ended).hasSize(20);
        assertThat(time.pending()).isZero();
    }

    @Test
    void refusesALimitThatIsNone() {
        for (var none : List.of(Duration.ZERO, Duration.ofMillis(-1))) {
            assertThatThrownBy(() -> Timeout.of("other", none, time))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("timeout 'other': limit " + none + " (expected: more than zero)");
        }
    }
}
