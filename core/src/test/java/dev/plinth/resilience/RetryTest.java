package dev.plinth.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.context.Context;
import dev.plinth.context.Deadline;
import dev.plinth.error.Problem;
import dev.plinth.schema.Percent;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryTest {
    private final JumpingTime time = new JumpingTime();
    private final Policies policies = new Policies(time);
    private final List<PolicyEvent> events = new ArrayList<>();
    private final List<Integer> attempts = new ArrayList<>();
    private final RetryBudget budget =
            RetryBudget.of("pricing", new BudgetConfig(new Percent(0), 1000, Duration.ofSeconds(10)), policies);
    private final Retry retry = Retry.of("pricing", RetryConfig.defaults(), budget, Classifier.STANDARD, policies);

    RetryTest() {
        policies.listen(events::add);
    }

    /** Throws {@code failures} one after the other, then returns. */
    private <X extends Exception> ScopedValue.CallableOp<String, X> failing(List<X> failures) {
        return () -> {
            attempts.add(Context.current().attempt());
            time.advance(Duration.ofMillis(5));
            if (attempts.size() <= failures.size()) {
                throw failures.get(attempts.size() - 1);
            }
            return "ok";
        };
    }

    private static List<IOException> io(int count) {
        var failures = new ArrayList<IOException>();
        for (int i = 1; i <= count; i++) {
            failures.add(new IOException("failure " + i));
        }
        return failures;
    }

    @Test
    void repeatsUntilASuccess() throws IOException {
        assertThat(retry.call(Safety.IDEMPOTENT, failing(io(2)))).isEqualTo("ok");
        assertThat(attempts).containsExactly(1, 2, 3);
        assertThat(retry.snapshot().figures()).containsEntry("repeated", 2L).containsEntry("cured", 1L);
        assertThat(events)
                .extracting(event -> ((PolicyEvent.Retried) event).why())
                .containsExactly("java.io.IOException: failure 1", "java.io.IOException: failure 2");
    }

    @Test
    void theFinalErrorKeepsAllAttempts() {
        var thrown = catchThrowableOfType(IOException.class, () -> retry.call(Safety.IDEMPOTENT, failing(io(5))));
        assertThat(thrown).hasMessage("failure 3");
        var mark = GaveUp.on(thrown);
        assertThat(mark).isNotNull();
        assertThat(mark.reason()).isEqualTo(GaveUp.Reason.NO_ATTEMPTS_LEFT);
        assertThat(mark.attempts()).isEqualTo(3);
        assertThat(mark.getSuppressed()).extracting(Throwable::getMessage).containsExactly("failure 1", "failure 2");
        var elapsed = Duration.ofMillis(15).plus(time.slept.get(0)).plus(time.slept.get(1));
        assertThat(mark.elapsed()).isEqualTo(elapsed);
        assertThat(mark)
                .hasMessage(
                        "retry 'pricing' gave up after 3 attempts in " + elapsed.toMillis() + " ms: no attempts left");
    }

    @Test
    void waitsWithFullJitterThatDoublesUpToTheMost() {
        var config = new RetryConfig(100, Duration.ofMillis(100), Duration.ofMillis(400));
        var many = Retry.of("many", config, budget, Classifier.STANDARD, policies);
        assertThatThrownBy(() -> many.call(Safety.IDEMPOTENT, failing(io(1000))))
                .isNotNull();
        assertThat(time.slept).hasSize(99);
        assertThat(time.slept.get(0)).isBetween(Duration.ZERO, Duration.ofMillis(100));
        assertThat(time.slept.get(1)).isBetween(Duration.ZERO, Duration.ofMillis(200));
        assertThat(time.slept).allSatisfy(each -> assertThat(each).isLessThanOrEqualTo(Duration.ofMillis(400)));
        assertThat(time.slept).anySatisfy(each -> assertThat(each).isLessThan(Duration.ofMillis(40)));
        assertThat(time.slept).anySatisfy(each -> assertThat(each).isGreaterThan(Duration.ofMillis(360)));
    }

    @Test
    void honoursRetryAfterAndAddsJitter() {
        var busy = Problem.unavailable("BUSY", "busy").with("retry_after", 3);
        assertThat(retry.call(Safety.IDEMPOTENT, failing(List.of(busy)))).isEqualTo("ok");
        assertThat(time.slept).singleElement().satisfies(each -> assertThat(each)
                .isBetween(Duration.ofSeconds(3), Duration.ofMillis(3050)));
    }

    @Test
    void repeatsWhatIsNotIdempotentOnlyWhereItWasNeverSent() {
        assertThatThrownBy(() -> retry.call(Safety.AT_MOST_ONCE, failing(io(1))))
                .hasMessage("failure 1");
        assertThat(attempts).containsExactly(1);
        assertThat(events).hasSize(1);
        attempts.clear();
        var unreachable =
                Problem.unavailable("UPSTREAM_UNREACHABLE", "can't connect").causedBy(new ConnectException("refused"));
        assertThat(retry.call(Safety.AT_MOST_ONCE, failing(List.of(unreachable))))
                .isEqualTo("ok");
    }

    @Test
    void doesNotRepeatTheCallersFault() {
        assertThatThrownBy(() ->
                        retry.call(Safety.IDEMPOTENT, failing(List.of(Problem.badRequest("BAD_ITEM", "no such item")))))
                .hasMessage("BAD_ITEM: no such item")
                .hasNoSuppressedExceptions();
        assertThat(attempts).containsExactly(1);
    }

    @Test
    void neverBeginsAnAttemptAfterTheDeadline() {
        var deadline = Deadline.after(time, Duration.ofMillis(1002));
        var busy = Problem.unavailable("BUSY", "busy").with("retry_after", 1);
        var thrown = catchThrowableOfType(Problem.class, () -> Context.of("orders")
                .withDeadline(deadline)
                .call(() -> retry.call(Safety.IDEMPOTENT, failing(List.of(busy, busy)))));
        assertThat(attempts).containsExactly(1);
        assertThat(time.slept).isEmpty();
        assertThat(GaveUp.on(thrown).reason()).isEqualTo(GaveUp.Reason.DEADLINE);
        assertThat(thrown.members()).containsEntry("retryable", false).containsEntry("retry_after", 1);
    }

    @Test
    void workThatIsPartOfARepetitionRepeatsNothing() {
        var thrown = catchThrowable(
                () -> Context.of("orders").withAttempt(2).call(() -> retry.call(Safety.IDEMPOTENT, failing(io(1)))));
        assertThat(attempts).containsExactly(2);
        assertThat(GaveUp.on(thrown).reason()).isEqualTo(GaveUp.Reason.NESTED);
    }

    @Test
    void retriesAtTwoPlacesDontMultiply() {
        var outer = Retry.of("front", RetryConfig.defaults(), budget, Classifier.STANDARD, policies);
        assertThatThrownBy(() -> outer.call(Safety.IDEMPOTENT, () -> retry.call(Safety.IDEMPOTENT, failing(io(1000)))))
                .isNotNull();
        assertThat(attempts).containsExactly(1, 2, 3);
    }

    @Test
    void aProblemThatWasGivenUpIsNotRepeatedByTheCallersCaller() {
        var thrown = catchThrowableOfType(
                Problem.class,
                () -> retry.call(
                        Safety.IDEMPOTENT,
                        failing(List.of(
                                Problem.unavailable("DOWN", "one"),
                                Problem.unavailable("DOWN", "two"),
                                Problem.unavailable("DOWN", "three")))));
        // What travels is the members; the marks stay in this process.
        var onTheOtherSide = Problem.unavailable(thrown.code(), thrown.detail())
                .with("retryable", thrown.members().get("retryable"));
        attempts.clear();
        assertThatThrownBy(() -> retry.call(Safety.IDEMPOTENT, failing(List.of(onTheOtherSide))))
                .isNotNull();
        assertThat(attempts).containsExactly(1);
    }

    @Test
    void stopsWhereTheBudgetIsSpent() {
        var poor = RetryBudget.of("poor", new BudgetConfig(new Percent(0.5), 1, Duration.ofSeconds(10)), policies);
        var tight = Retry.of("tight", RetryConfig.defaults(), poor, Classifier.STANDARD, policies);
        // One call: the floor of 1 and half a call allow one repetition.
        var thrown = catchThrowable(() -> tight.call(Safety.IDEMPOTENT, failing(io(1000))));
        assertThat(attempts).hasSize(2);
        assertThat(GaveUp.on(thrown).reason()).isEqualTo(GaveUp.Reason.BUDGET_SPENT);
        assertThat(GaveUp.on(thrown))
                .hasMessageContaining("gave up after 2 attempts")
                .hasMessageEndingWith("the retry budget is spent");
    }

    @Test
    void anInterruptEndsTheWaitAndStays() {
        var thrown = catchThrowable(() -> retry.call(Safety.IDEMPOTENT, () -> {
            attempts.add(1);
            Thread.currentThread().interrupt();
            throw new IOException("down");
        }));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown).isInstanceOf(IOException.class);
        assertThat(attempts).hasSize(1);
        assertThat(GaveUp.on(thrown).reason()).isEqualTo(GaveUp.Reason.INTERRUPTED);
    }

    @Test
    void aFailureThatIsReturnedIsRepeatedAndAtLastReturned() {
        Classifier byStatus =
                result -> result instanceof Integer status && status >= 500 ? Verdict.FAILURE : Verdict.SUCCESS;
        var results = Retry.of("results", RetryConfig.defaults(), budget, byStatus, policies);
        assertThat(results.<Integer, RuntimeException>call(Safety.IDEMPOTENT, () -> {
                    attempts.add(Context.current().attempt());
                    return attempts.size() == 2 ? 200 : 503;
                }))
                .isEqualTo(200);
        attempts.clear();
        assertThat(results.<Integer, RuntimeException>call(Safety.IDEMPOTENT, () -> {
                    attempts.add(Context.current().attempt());
                    return 503;
                }))
                .isEqualTo(503);
        assertThat(attempts).containsExactly(1, 2, 3);
    }

    @Test
    void theSameExceptionThrownAgainDoesNotHoldItself() {
        var same = new IOException("always the same");
        var thrown = catchThrowable(() -> retry.call(Safety.IDEMPOTENT, failing(List.of(same, same, same))));
        assertThat(thrown).isSameAs(same);
        assertThat(GaveUp.on(thrown)).hasNoSuppressedExceptions();
    }

    @Test
    void refusalsOfOtherPoliciesAreNotRepeated() {
        var closed = Breaker.of("closed", BreakerConfig.samba(), Classifier.STANDARD, policies);
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> closed.call(() -> {
                        throw new IOException("down");
                    }))
                    .isNotNull();
        }
        events.clear();
        assertThatThrownBy(() -> retry.call(Safety.IDEMPOTENT, () -> {
                    attempts.add(1);
                    return closed.call(() -> "ok");
                }))
                .isNotNull();
        assertThat(attempts).hasSize(1);
        assertThat(events).containsExactly(new PolicyEvent.Rejected("breaker", "closed", "CIRCUIT_OPEN"));
    }
}
