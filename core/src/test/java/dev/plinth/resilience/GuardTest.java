package dev.plinth.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.plinth.context.Context;
import dev.plinth.context.Deadline;
import dev.plinth.error.Problem;
import dev.plinth.schema.Percent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the order of the policies is for. */
class GuardTest {
    private final JumpingTime time = new JumpingTime();
    private final Policies policies = new Policies(time);
    private final List<PolicyEvent> events = new ArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();

    GuardTest() {
        policies.listen(events::add);
    }

    private String fail() throws IOException {
        throw new IOException("call " + calls.incrementAndGet());
    }

    private Object figure(String policy, String figure) {
        return policies.snapshots().stream()
                .filter(snapshot -> snapshot.policy().equals(policy))
                .findFirst()
                .orElseThrow()
                .figures()
                .get(figure);
    }

    @Test
    void theBreakerSeesEachAttemptAndEndsThemWhenItOpens() {
        var guard = Guard.of("pricing", policies)
                .retry(new RetryConfig(50, Duration.ofMillis(1), Duration.ofMillis(1)))
                .budget(new BudgetConfig(new Percent(1), 100, Duration.ofSeconds(10)))
                .breaker(BreakerConfig.samba())
                .build();
        var thrown = catchThrowable(() -> guard.call(Safety.IDEMPOTENT, this::fail));
        assertThat(calls).hasValue(10);
        assertThat(thrown).isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.code())
                .isEqualTo("CIRCUIT_OPEN"));
    }

    @Test
    void theDeadlineBoundsAllAttempts() {
        var guard = Guard.of("pricing", policies)
                .timeout(Duration.ofMillis(100))
                .retry(new RetryConfig(50, Duration.ofMillis(1), Duration.ofMillis(1)))
                .budget(new BudgetConfig(new Percent(1), 100, Duration.ofSeconds(10)))
                .build();
        var thrown = catchThrowable(() -> guard.call(Safety.IDEMPOTENT, () -> {
            time.advance(Duration.ofMillis(30));
            return fail();
        }));
        assertThat(calls.get()).isBetween(3, 4);
        assertThat(time.nanos()).isLessThanOrEqualTo(Duration.ofMillis(135).toNanos());
        assertThat(thrown).isNotNull();
    }

    @Test
    void aCallWhoseDeadlineHasPassedUsesNothingUp() {
        var guard = Guard.of("pricing", policies)
                .timeout(Duration.ofSeconds(1))
                .retry(RetryConfig.defaults())
                .breaker(BreakerConfig.defaults())
                .bulkhead(BulkheadConfig.defaults())
                .build();
        var late = Context.of("orders").withDeadline(Deadline.after(time, Duration.ZERO));
        assertThatThrownBy(() -> late.call(() -> guard.call(Safety.IDEMPOTENT, this::fail)))
                .hasMessage("DEADLINE_EXCEEDED: 'pricing' was not called: the deadline has passed");
        assertThat(calls).hasValue(0);
        assertThat(figure("retry-budget", "recent_calls")).isEqualTo(0L);
        assertThat(figure("breaker", "recent_calls")).isEqualTo(0L);
    }

    @Test
    void theDeadlineHoldsWhereThereIsNoTimeout() {
        var guard =
                Guard.of("pricing", policies).breaker(BreakerConfig.defaults()).build();
        var late = Context.of("orders").withDeadline(Deadline.after(time, Duration.ZERO));
        assertThatThrownBy(() -> late.call(() -> guard.call(this::fail)))
                .hasMessage("DEADLINE_EXCEEDED: 'pricing' was not called: the deadline has passed");
        assertThat(calls).hasValue(0);
    }

    @Test
    void whatALimitRefusesIsNeitherCountedByTheBreakerNorRepeated() {
        var guard = Guard.of("pricing", policies)
                .retry(RetryConfig.defaults())
                .breaker(BreakerConfig.samba())
                .rateLimit(new RateLimitConfig(1, Duration.ofHours(1), 1, Duration.ZERO))
                .build();
        assertThat(guard.call(() -> "ok")).isEqualTo("ok");
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> guard.call(Safety.IDEMPOTENT, () -> "ok"))
                    .hasMessageStartingWith("RATE_LIMITED: rate limit 'pricing'");
        }
        assertThat(guard.breaker()).isNotNull();
        assertThat(guard.breaker().state()).isEqualTo(BreakerState.CLOSED);
        assertThat(figure("retry", "repeated")).isEqualTo(0L);
    }

    @Test
    void anOpenCircuitUsesNoTurnOfTheRateLimit() {
        var guard = Guard.of("pricing", policies)
                .breaker(BreakerConfig.samba())
                .rateLimit(new RateLimitConfig(1, Duration.ofHours(1), 11, Duration.ZERO))
                .build();
        for (int i = 0; i < 20; i++) {
            assertThat(catchThrowable(() -> guard.call(this::fail))).isNotNull();
        }
        assertThat(calls).hasValue(10);
        assertThat(figure("rate-limit", "available")).isEqualTo(1L);
    }

    @Test
    void anAttemptThatHangsLeavesTimeForAnother() {
        var guard = Guard.of("pricing", policies)
                .timeout(Duration.ofSeconds(5))
                .attemptTimeout(Duration.ofSeconds(1))
                .retry(RetryConfig.defaults())
                .breaker(BreakerConfig.defaults())
                .build();
        String answer = guard.<String, RuntimeException>call(Safety.IDEMPOTENT, () -> {
            if (calls.incrementAndGet() == 1) {
                time.advance(Duration.ofSeconds(1));
                assertThat(Thread.interrupted()).isTrue();
                throw new IllegalStateException(new InterruptedException());
            }
            return "second";
        });
        assertThat(answer).isEqualTo("second");
        assertThat(figure("breaker", "failures")).as("a time-out is a failure").isEqualTo(1L);
    }

    @Test
    void aCancelledCallIsNoFailureOfTheTarget() {
        var guard = Guard.of("pricing", policies)
                .timeout(Duration.ofSeconds(5))
                .breaker(BreakerConfig.defaults())
                .build();
        assertThatThrownBy(() -> guard.call(() -> {
                    throw new InterruptedException();
                }))
                .isInstanceOf(InterruptedException.class);
        assertThat(figure("breaker", "failures")).isEqualTo(0L);
    }

    @Test
    void oneCallMayTakeAnotherTime() {
        var guard = Guard.of("pricing", policies).timeout(Duration.ofSeconds(5)).build();
        assertThat(guard.<Duration, RuntimeException>call(
                        Safety.AT_MOST_ONCE,
                        Duration.ofMinutes(1),
                        () -> Context.current().deadline().orElseThrow().remaining()))
                .isEqualTo(Duration.ofMinutes(1));
        assertThatThrownBy(() -> Guard.of("other", policies)
                        .build()
                        .call(Safety.AT_MOST_ONCE, Duration.ofMinutes(1), () -> "ok"))
                .hasMessage("the guard has no time-out that could be another");
    }

    @Test
    void aHedgeAloneHasABudgetOfItsCalls() {
        var guard = Guard.of("pricing", policies)
                .hedge(new HedgeConfig(Duration.ofMillis(80), 1))
                .build();
        assertThat(guard.call(Safety.IDEMPOTENT, () -> "ok")).isEqualTo("ok");
        assertThat(figure("retry-budget", "recent_calls")).isEqualTo(1L);
    }

    @Test
    void withoutPoliciesACallIsACall() throws Exception {
        var guard = Guard.of("pricing", policies).build();
        assertThat(guard.call(() -> "ok")).isEqualTo("ok");
        assertThat(policies.snapshots()).isEmpty();
    }

    @Test
    void twoOfOneNameAreAMistake() {
        var first =
                Guard.of("pricing", policies).breaker(BreakerConfig.defaults()).build();
        assertThatThrownBy(() -> Guard.of("pricing", policies)
                        .breaker(BreakerConfig.defaults())
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("breaker 'pricing' is there already. Give each a name of its own, or share the one.");
        assertThat(first.breaker()).isNotNull();
        policies.remove(first.breaker());
        assertThat(policies.snapshots()).isEmpty();
    }

    @Test
    void aListenerThatFailsHindersNoCall() {
        policies.listen(_ -> {
            throw new IllegalStateException("listener");
        });
        var guard = Guard.of("pricing", policies).breaker(BreakerConfig.samba()).build();
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> guard.call(this::fail)).isInstanceOf(IOException.class);
        }
        assertThat(events).hasSize(1);
    }
}
