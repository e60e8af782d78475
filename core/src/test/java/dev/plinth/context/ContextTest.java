package dev.plinth.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.error.Problem;
import dev.plinth.time.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ContextTest {
    private static final TraceIds TRACE = new TraceIds("a".repeat(32), "b".repeat(16), "", true);
    private final ManualTime time = new ManualTime();

    @Test
    void isEmptyOutsideAnyWork() {
        assertThat(Context.current()).isSameAs(Context.EMPTY);
        assertThat(Context.current().job()).isEqualTo(new Job("unknown", "unknown"));
        assertThat(Context.current().trace().traceId()).isEmpty();
        assertThat(Context.current().deadline()).isEmpty();
    }

    @Test
    void isBoundForTheLengthOfACallAndNoLonger() {
        var context = Context.of("orders")
                .withTrace(TRACE, null)
                .withPrincipal(new Principal("ann", Set.of("clerk")))
                .withJob(new Job("7", "send-receipt"))
                .withBaggage("tenant", "acme");

        var seen = context.call(Context::current);

        assertThat(seen).isSameAs(context);
        assertThat(seen.service()).isEqualTo("orders");
        assertThat(seen.baggage()).containsEntry("tenant", "acme");
        assertThat(Context.current()).isSameAs(Context.EMPTY);
    }

    @Test
    void countsAttemptsFromOne_andKeepsTheNumberWhateverElseChanges() {
        assertThat(Context.EMPTY.attempt()).isEqualTo(1);
        var second = Context.of("orders").withAttempt(2);

        assertThat(second.withTrace(TRACE, null).withBaggage("tenant", "acme").attempt())
                .isEqualTo(2);
        assertThat(second.withDeadline(Deadline.after(time, Duration.ofSeconds(1)))
                        .withService("x")
                        .attempt())
                .isEqualTo(2);
        assertThatThrownBy(() -> second.withAttempt(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("attempt 0 (expected: >= 1)");
    }

    @Test
    void travelsToThreadsThatAreStartedThroughIt_andToNoOthers() throws Exception {
        var started = new AtomicReference<>(Context.EMPTY);
        var bare = new AtomicReference<>(Context.EMPTY);
        var context = Context.of("orders").withTrace(TRACE, null);

        context.run(() -> {
            join(Context.start("worker", () -> started.set(Context.current())));
            join(Thread.ofVirtual().start(() -> bare.set(Context.current())));
        });

        assertThat(started.get()).isSameAs(context);
        assertThat(bare.get()).isSameAs(Context.EMPTY);
        assertThat(context.call(() -> Context.wrap(Context::current)).call()).isSameAs(context);
    }

    @Test
    void carrierIsAskedWhereverTheContextIsBound() {
        var log = new ArrayList<String>();
        Context.Carrier carrier = new Context.Carrier() {
            @Override
            public <T, X extends Throwable> T call(ScopedValue.CallableOp<T, X> work) throws X {
                log.add("set");
                try {
                    return work.call();
                } finally {
                    log.add("reset");
                }
            }
        };
        var context = Context.of("orders").withTrace(TRACE, carrier);

        context.run(() -> join(Context.start("worker", () -> log.add("work"))));

        assertThat(log).containsExactly("set", "set", "work", "reset", "reset");
    }

    @Test
    void earlierDeadlineWins() {
        var soon = Deadline.after(time, Duration.ofSeconds(1));
        var late = Deadline.after(time, Duration.ofSeconds(5));

        assertThat(Context.of("a").withDeadline(soon).withDeadline(late).deadline())
                .contains(soon);
        assertThat(Context.of("a").withDeadline(late).withDeadline(soon).deadline())
                .contains(soon);
    }

    @Test
    void deadlineCountsDownAndRefusesLateWork() {
        var deadline = Deadline.after(time, Duration.ofSeconds(2));
        assertThat(deadline.atMost(Duration.ofSeconds(9))).isEqualTo(Duration.ofSeconds(2));
        assertThat(deadline.atMost(Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
        deadline.check("too early to fail");

        time.advance(Duration.ofSeconds(2));

        assertThat(deadline.expired()).isTrue();
        assertThat(deadline.remaining()).isZero();
        assertThatThrownBy(() -> deadline.check("query of orders"))
                .isInstanceOf(Problem.class)
                .hasMessage("DEADLINE_EXCEEDED: query of orders: the deadline has passed");
    }

    @Test
    void fanoutGivesAllResultsInTheCallersContext() throws InterruptedException {
        var context = Context.of("orders").withTrace(TRACE, null);

        var services = context.<List<String>, InterruptedException>call(() -> {
            try (var fanout = Fanout.open()) {
                var one = fanout.fork(() -> Context.current().service() + 1);
                var two = fanout.fork(() -> Context.current().service() + 2);
                fanout.join();
                return List.of(one.get(), two.get());
            }
        });

        assertThat(services).containsExactly("orders1", "orders2");
    }

    @Test
    void fanoutsFirstFailureCancelsTheRest() {
        var interrupted = new AtomicReference<>(false);
        assertThatThrownBy(() -> {
                    try (var fanout = Fanout.open()) {
                        fanout.fork(() -> {
                            try {
                                time.sleep(Duration.ofDays(1));
                            } catch (InterruptedException cancelled) {
                                interrupted.set(true);
                                throw cancelled;
                            }
                            return null;
                        });
                        time.awaitSleepers(1);
                        fanout.fork(() -> {
                            throw Problem.notFound("NO_PRICE", "no price");
                        });
                        fanout.join();
                    }
                })
                .isInstanceOf(Problem.class)
                .hasMessage("NO_PRICE: no price");
        assertThat(interrupted.get()).isTrue();
    }

    @Test
    void fanoutEndsAtTheDeadline() throws InterruptedException {
        var context = Context.of("orders").withDeadline(Deadline.after(time, Duration.ofSeconds(3)));
        var failure = new AtomicReference<Throwable>();
        var caller = Thread.ofVirtual()
                .start(() -> context.run(() -> {
                    try (var fanout = Fanout.open()) {
                        fanout.fork(() -> {
                            time.sleep(Duration.ofDays(1));
                            return null;
                        });
                        fanout.fork(() -> "done");
                        fanout.join();
                    } catch (Exception thrown) {
                        failure.set(thrown);
                    }
                }));
        time.awaitSleepers(1);
        while (time.pending() < 2) {
            Thread.onSpinWait(); // until join has set its timer beside the sleeper's
        }

        time.advance(Duration.ofSeconds(3));
        caller.join();

        assertThat(failure.get()).hasMessage("DEADLINE_EXCEEDED: fan-out of 2 calls: 1 unfinished at the deadline");
    }

    @Test
    void fanoutWrapsACheckedException_andRefusesMisuse() {
        assertThatThrownBy(() -> {
                    try (var fanout = Fanout.open()) {
                        fanout.fork(() -> {
                            throw new IOException("disk full");
                        });
                        fanout.join();
                    }
                })
                .isInstanceOf(Fanout.FanoutException.class)
                .hasMessage("a branch of the fan-out failed: java.io.IOException: disk full")
                .hasCauseInstanceOf(IOException.class);

        assertThatThrownBy(() -> {
                    try (var fanout = Fanout.open()) {
                        fanout.join();
                        fanout.fork(() -> 1);
                    }
                })
                .hasMessage("fork after join. Fork all branches first, then join once.");
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
