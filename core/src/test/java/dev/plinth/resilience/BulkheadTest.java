package dev.plinth.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.Await;
import dev.plinth.context.Context;
import dev.plinth.context.Deadline;
import dev.plinth.error.Problem;
import dev.plinth.time.ManualTime;
import dev.plinth.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@org.junit.jupiter.api.Timeout(60) // Timeout alone is the policy
class BulkheadTest {
    private final ManualTime time = new ManualTime();
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> ends = new ConcurrentLinkedQueue<>();

    private Bulkhead bulkhead(int most, Duration wait, int waiting) {
        return Bulkhead.of("pricing", new BulkheadConfig(most, wait, waiting), time);
    }

    @AfterEach
    void everyPlaceIsFreeInTheEnd() throws InterruptedException {
        release.countDown();
        for (var thread : threads) {
            assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    /** Takes a place on a thread of its own until the test ends. */
    private void occupy(Bulkhead bulkhead) throws InterruptedException {
        var inside = new CountDownLatch(1);
        threads.add(Thread.startVirtualThread(() -> bulkhead.call(() -> {
            inside.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return null;
        })));
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private Thread waiting(Bulkhead bulkhead, String name) throws InterruptedException {
        int before = waiters(bulkhead);
        var thread = Context.start(name, () -> {
            try {
                ends.add(bulkhead.call(() -> name + " ran"));
            } catch (Problem refused) {
                ends.add(name + " " + refused.code());
            }
        });
        threads.add(thread);
        Await.until("the condition", () -> waiters(bulkhead) == before + 1);
        return thread;
    }

    private static int waiters(Bulkhead bulkhead) {
        return (Integer) bulkhead.snapshot().figures().get("waiting");
    }

    @Test
    void refusesAtOnceWhereNothingMayWait() throws Exception {
        var bulkhead = bulkhead(2, Duration.ZERO, 10);
        occupy(bulkhead);
        occupy(bulkhead);
        assertThatThrownBy(() -> bulkhead.call(() -> "ok"))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.status()).isEqualTo(503);
                    assertThat(Refused.is(problem)).isTrue();
                })
                .hasMessage("BULKHEAD_FULL: bulkhead 'pricing' is full: 2 of 2 calls run, 0 wait");
        assertThat(bulkhead.snapshot().state()).isEqualTo("FULL");
        assertThat(bulkhead.snapshot().figures()).containsEntry("refused", 1L);
    }

    @Test
    void whoWaitsLongestIsNext() throws Exception {
        var bulkhead = bulkhead(1, Duration.ofSeconds(1), 10);
        occupy(bulkhead);
        waiting(bulkhead, "first");
        waiting(bulkhead, "second");
        waiting(bulkhead, "third");
        release.countDown();
        for (var thread : threads) {
            thread.join();
        }
        assertThat(ends).containsExactly("first ran", "second ran", "third ran");
        assertThat(bulkhead.snapshot().figures()).containsEntry("running", 0);
        assertThat(time.pending()).isZero();
    }

    @Test
    void waitsNoLongerThanItMay() throws Exception {
        var bulkhead = bulkhead(1, Duration.ofSeconds(1), 10);
        occupy(bulkhead);
        var late = waiting(bulkhead, "late");
        time.advance(Duration.ofMillis(999));
        assertThat(late.isAlive()).isTrue();
        time.advance(Duration.ofMillis(1));
        late.join();
        assertThat(ends).containsExactly("late BULKHEAD_FULL");
    }

    @Test
    void neverWaitsBeyondTheDeadline() throws Exception {
        var bulkhead = bulkhead(1, Duration.ofSeconds(1), 10);
        occupy(bulkhead);
        var soon = Context.of("orders").withDeadline(Deadline.after(time, Duration.ofMillis(200)));
        var late = soon.call(() -> waiting(bulkhead, "late"));
        time.advance(Duration.ofMillis(200));
        late.join();
        assertThat(ends).containsExactly("late BULKHEAD_FULL");
    }

    @Test
    void refusesWhereTooManyWait() throws Exception {
        var bulkhead = bulkhead(1, Duration.ofSeconds(1), 1);
        occupy(bulkhead);
        waiting(bulkhead, "one");
        assertThatThrownBy(() -> bulkhead.call(() -> "ok")).hasMessageEndingWith("1 of 1 calls run, 1 wait");
    }

    @Test
    void anInterruptEndsTheWaitAndTakesNoPlace() throws Exception {
        var bulkhead = bulkhead(1, Duration.ofSeconds(1), 10);
        occupy(bulkhead);
        var cancelled = waiting(bulkhead, "cancelled");
        cancelled.interrupt();
        cancelled.join();
        assertThat(ends).containsExactly("cancelled CANCELLED");
        release.countDown();
        threads.getFirst().join();
        assertThat(bulkhead.snapshot().figures()).containsEntry("running", 0).containsEntry("waiting", 0);
    }

    @Test
    void anErrorGivesThePlaceBack() {
        var bulkhead = bulkhead(1, Duration.ZERO, 0);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> bulkhead.call(() -> {
                        throw new StackOverflowError();
                    }))
                    .isInstanceOf(StackOverflowError.class);
        }
        assertThat(bulkhead.call(() -> "ok")).isEqualTo("ok");
    }

    /** Calls that end, wait, give up and are interrupted, all at once: never more than allowed, and none lost. */
    @Test
    void neverLetsInMoreThanItMayAndLosesNoPlace() throws Exception {
        var bulkhead = Bulkhead.of("storm", new BulkheadConfig(3, Duration.ofMillis(1), 100), Time.system());
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var ran = new AtomicInteger();
        var callers = new ArrayList<Thread>();
        for (int i = 0; i < 16; i++) {
            callers.add(Thread.startVirtualThread(() -> {
                for (int n = 0; n < 300; n++) {
                    try {
                        bulkhead.call(() -> {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            LockSupport.parkNanos(1000);
                            inside.decrementAndGet();
                            return ran.incrementAndGet();
                        });
                    } catch (Problem refused) {
                        Thread.interrupted();
                    }
                }
            }));
        }
        while (callers.stream().anyMatch(Thread::isAlive)) {
            callers.get(ran.get() % 16).interrupt();
            LockSupport.parkNanos(50_000);
        }
        assertThat(most.get()).isBetween(1, 3);
        assertThat(ran.get()).isPositive();
        assertThat(bulkhead.snapshot().figures()).containsEntry("running", 0).containsEntry("waiting", 0);
    }
}
