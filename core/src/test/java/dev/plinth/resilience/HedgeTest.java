package dev.plinth.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.plinth.Await;
import dev.plinth.context.Context;
import dev.plinth.error.Problem;
import dev.plinth.schema.Percent;
import dev.plinth.time.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

@org.junit.jupiter.api.Timeout(60) // Timeout alone is the policy
class HedgeTest {
    private final ManualTime time = new ManualTime();
    private final Policies policies = new Policies(time);
    private final RetryBudget budget =
            RetryBudget.of("pricing", new BudgetConfig(new Percent(0), 2, Duration.ofSeconds(10)), policies);
    private final Hedge hedge =
            Hedge.of("pricing", new HedgeConfig(Duration.ofMillis(80), 1), budget, Classifier.STANDARD, policies);
    private final AtomicInteger calls = new AtomicInteger();
    private final ConcurrentLinkedQueue<Integer> attempts = new ConcurrentLinkedQueue<>();
    private final CountDownLatch cancelled = new CountDownLatch(1);

    private String hang() throws InterruptedException {
        try {
            new CountDownLatch(1).await();
            return "never";
        } catch (InterruptedException interrupted) {
            cancelled.countDown();
            throw interrupted;
        }
    }

    private Thread start(ScopedValue.CallableOp<String, Exception> op, AtomicReference<Object> end) {
        return Thread.startVirtualThread(() -> {
            try {
                end.set(hedge.call(Safety.IDEMPOTENT, op));
            } catch (Throwable thrown) {
                end.set(thrown);
            }
        });
    }

    private void awaitCalls(int count) throws InterruptedException {
        Await.until("the condition", () -> calls.get() == count);
    }

    @Test
    void aQuickCallIsMadeOnce() throws Exception {
        assertThat(hedge.call(Safety.IDEMPOTENT, () -> "call " + calls.incrementAndGet()))
                .isEqualTo("call 1");
        time.advance(Duration.ofSeconds(1));
        assertThat(calls).hasValue(1);
        assertThat(time.pending()).isZero();
    }

    @Test
    void theSecondCallWinsAndTheFirstIsCancelled() throws Exception {
        var end = new AtomicReference<Object>();
        var caller = start(
                () -> {
                    attempts.add(Context.current().attempt());
                    return calls.incrementAndGet() == 1 ? hang() : "second";
                },
                end);
        awaitCalls(1);
        time.advance(Duration.ofMillis(79));
        assertThat(calls).hasValue(1);
        time.advance(Duration.ofMillis(1));
        caller.join();
        assertThat(end.get()).isEqualTo("second");
        cancelled.await();
        assertThat(attempts).containsExactly(1, 2);
        assertThat(hedge.snapshot().figures()).containsEntry("sent", 1L).containsEntry("won", 1L);
    }

    @Test
    void aFailureWaitsForTheOtherCall() throws Exception {
        var end = new AtomicReference<Object>();
        var proceed = new CountDownLatch(1);
        var caller = start(
                () -> {
                    if (calls.incrementAndGet() == 1) {
                        proceed.await();
                        return "first";
                    }
                    throw new IOException("second failed");
                },
                end);
        awaitCalls(1);
        time.advance(Duration.ofMillis(80));
        awaitCalls(2);
        proceed.countDown();
        caller.join();
        assertThat(end.get()).isEqualTo("first");
    }

    @Test
    void whereAllFailTheFirstFailureIsThrown() throws Exception {
        var end = new AtomicReference<Object>();
        var proceed = new CountDownLatch(1);
        var caller = start(
                () -> {
                    int call = calls.incrementAndGet();
                    proceed.await();
                    throw new IOException("call " + call);
                },
                end);
        awaitCalls(1);
        time.advance(Duration.ofMillis(80));
        awaitCalls(2);
        proceed.countDown();
        caller.join();
        assertThat(end.get()).isInstanceOfSatisfying(IOException.class, thrown -> assertThat(thrown.getSuppressed())
                .hasSize(1));
    }

    @Test
    void aFailureBeforeTheDelayIsNotHedged() {
        assertThatThrownBy(() -> hedge.call(Safety.IDEMPOTENT, () -> {
                    calls.incrementAndGet();
                    throw new IOException("down");
                }))
                .hasMessage("down");
        assertThat(calls).hasValue(1);
    }

    @Test
    void whatIsNotIdempotentOrAlreadyARepetitionIsCalledPlainly() {
        var thread = Thread.currentThread();
        assertThat(hedge.<Thread, RuntimeException>call(Safety.AT_MOST_ONCE, Thread::currentThread))
                .isSameAs(thread);
        assertThat(Context.of("orders")
                        .withAttempt(2)
                        .<Thread, RuntimeException>call(() -> hedge.call(Safety.IDEMPOTENT, Thread::currentThread)))
                .isSameAs(thread);
    }

    @Test
    void staysInsideTheBudget() throws Exception {
        assertThat(budget.take()).isTrue();
        assertThat(budget.take()).isTrue();
        var end = new AtomicReference<Object>();
        var proceed = new CountDownLatch(1);
        var caller = start(
                () -> {
                    calls.incrementAndGet();
                    proceed.await();
                    return "first";
                },
                end);
        awaitCalls(1);
        time.advance(Duration.ofMillis(80));
        Await.until(
                "the condition",
                () -> budget.snapshot().figures().get("refused").equals(1L));
        proceed.countDown();
        caller.join();
        assertThat(calls).hasValue(1);
        assertThat(end.get()).isEqualTo("first");
    }

    @Test
    void aResultThatNobodyWantsIsClosed() throws Exception {
        var closed = new AtomicBoolean();
        var proceed = new CountDownLatch(1);
        var first = new AtomicReference<Thread>();
        var caller =
                Thread.startVirtualThread(() -> hedge.<AutoCloseable, RuntimeException>call(Safety.IDEMPOTENT, () -> {
                    if (calls.incrementAndGet() > 1) {
                        return () -> {};
                    }
                    first.set(Thread.currentThread());
                    while (proceed.getCount() > 0) { // deaf to the interrupt
                        try {
                            proceed.await();
                        } catch (InterruptedException ignored) {
                            // goes on
                        }
                    }
                    return () -> closed.set(true);
                }));
        awaitCalls(1);
        time.advance(Duration.ofMillis(80));
        caller.join();
        proceed.countDown();
        first.get().join();
        assertThat(closed).isTrue();
    }

    @Test
    void anInterruptedCallerCancelsTheCalls() throws Exception {
        var end = new AtomicReference<Object>();
        var caller = start(
                () -> {
                    calls.incrementAndGet();
                    return hang();
                },
                end);
        awaitCalls(1);
        caller.interrupt();
        caller.join();
        cancelled.await();
        assertThat(end.get()).isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.code())
                .isEqualTo("CANCELLED"));
    }

    @Test
    void aBrokenClassifierDoesNotHangTheCaller() {
        Classifier broken = _ -> {
            throw new IllegalStateException("can't judge");
        };
        var odd = Hedge.of("odd", new HedgeConfig(Duration.ofMillis(80), 1), budget, broken, policies);
        assertThat(catchThrowable(() -> odd.call(Safety.IDEMPOTENT, () -> "ok")))
                .hasMessage("can't judge");
    }
}
