package dev.plinth.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.error.Problem;
import dev.plinth.schema.Percent;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every kind of fault against every policy, on a time that moves only as the fault moves it: how the call ends, how often
 * it was made, and that nothing is left behind: no interrupt, no place taken, no timer, no state that outlives the fault.
 */
@org.junit.jupiter.api.Timeout(60) // Timeout alone is the policy
class FaultTableTest {
    /** Rows are faults, columns policies; a cell is how the call ends, and how often it was made. */
    private static final String TABLE =
            """
            fault          timeout       retry         breaker       bulkhead      rate-limit    adaptive      hedge         fallback      guard
            succeeds       ok 1          ok 1          ok 1          ok 1          ok 1          ok 1          ok 1          ok 1          ok 1
            slow           ok 1          ok 1          ok 1          ok 1          ok 1          ok 1          ok 1          ok 1          ok 1
            hangs          DEADLINE 1    late 1        late 1        late 1        late 1        late 1        ok 2          late 1        DEADLINE 1
            deaf           late 1        late 1        late 1        late 1        late 1        late 1        ok 2          late 1        late 1
            throws         IO 1          IO 3          IO 1          IO 1          IO 1          IO 1          IO 1          else 1        IO 3
            fails-once     IO 1          ok 2          IO 1          IO 1          IO 1          IO 1          IO 1          else 1        ok 2
            never-sent     CONNECT 1     CONNECT 3     CONNECT 1     CONNECT 1     CONNECT 1     CONNECT 1     CONNECT 1     else 1        CONNECT 3
            answers-503    503 1         503 3         503 1         503 1         503 1         503 1         503 1         else 1        503 3
            retry-after    503 1         ok 2          503 1         503 1         503 1         503 1         503 1         else 1        ok 2
            after-too-long 503 1         503 3         503 1         503 1         503 1         503 1         503 1         else 1        503 1
            answers-429    429 1         429 3         429 1         429 1         429 1         429 1         429 1         else 1        429 3
            answers-404    404 1         404 1         404 1         404 1         404 1         404 1         404 1         404 1         404 1
            further-down   503 1         503 1         503 1         503 1         503 1         503 1         503 1         else 1        503 1
            upstream-late  504 1         504 3         504 1         504 1         504 1         504 1         504 1         else 1        504 3
            cancelled      INTERRUPT 1   INTERRUPT 1   INTERRUPT 1   INTERRUPT 1   INTERRUPT 1   INTERRUPT 1   INTERRUPT 1   INTERRUPT 1   INTERRUPT 1
            error          ERROR 1       ERROR 1       ERROR 1       ERROR 1       ERROR 1       ERROR 1       ERROR 1       ERROR 1       ERROR 1
            """;

    private final JumpingTime time = new JumpingTime();
    private final Policies policies = new Policies(time);
    private final AtomicInteger calls = new AtomicInteger();

    /** What the call does, the first time or each time. */
    private String fault(String kind) throws Exception {
        int call = calls.incrementAndGet();
        return switch (kind) {
            case "succeeds" -> "ok";
            case "slow" -> {
                time.advance(Duration.ofMillis(40));
                yield "ok";
            }
            case "hangs" -> call == 1 ? hang(false) : "ok";
            case "deaf" -> call == 1 ? hang(true) : "ok";
            case "throws" -> throw new IOException("down");
            case "fails-once" -> {
                if (call == 1) {
                    throw new IOException("down");
                }
                yield "ok";
            }
            case "never-sent" -> throw new ConnectException("refused");
            case "answers-503" -> throw Problem.unavailable("DOWN", "down");
            case "retry-after" -> {
                if (call == 1) {
                    throw Problem.unavailable("BUSY", "busy").with("retry_after", 1);
                }
                yield "ok";
            }
            case "after-too-long" -> throw Problem.unavailable("BUSY", "busy").with("retry_after", 60);
            case "answers-429" ->
                throw Problem.badRequest("SLOW_DOWN", "slow down").withStatus(429);
            case "answers-404" -> throw Problem.notFound("NO_ITEM", "no item");
            case "further-down" -> throw Problem.unavailable("DOWN", "down").with("retryable", false);
            case "upstream-late" -> throw Problem.deadlineExceeded("late");
            case "cancelled" -> throw new InterruptedException();
            case "error" -> throw new StackOverflowError();
            default -> throw new AssertionError(kind);
        };
    }

    /** A minute that passes in small steps, until the thread is interrupted; one that is deaf goes on. */
    private String hang(boolean deaf) throws InterruptedException {
        for (int step = 0; step < 600; step++) {
            time.advance(Duration.ofMillis(100));
            LockSupport.parkNanos(20_000); // a hedge needs a moment to set off
            if (Thread.interrupted() && !deaf) {
                throw new InterruptedException();
            }
        }
        return "late";
    }

    /** A policy around a call. */
    private interface Around {
        String call(ScopedValue.CallableOp<String, Exception> op) throws Exception;
    }

    private Around policy(String name) {
        var budget = new BudgetConfig(new Percent(0), 100, Duration.ofSeconds(10));
        var retry = new RetryConfig(3, Duration.ofMillis(50), Duration.ofSeconds(2));
        var breaker = new BreakerConfig(
                true,
                BreakerConfig.Preset.STANDARD,
                100,
                new Percent(1),
                Optional.empty(),
                new Percent(1),
                100,
                Duration.ofSeconds(10),
                Optional.empty(),
                Duration.ofSeconds(10),
                1,
                1);
        var bulkhead = new BulkheadConfig(1, Duration.ZERO, 0);
        var rate = new RateLimitConfig(10, Duration.ofSeconds(1), 10, Duration.ZERO);
        var adaptive = new AdaptiveLimitConfig(1, 1, 1, 1.5, Duration.ofMillis(100));
        return switch (name) {
            case "timeout" -> Timeout.of(name, Duration.ofSeconds(5), Duration.ZERO, policies)::call;
            case "retry" -> {
                var policy =
                        Retry.of(name, retry, RetryBudget.of(name, budget, policies), Classifier.STANDARD, policies);
                yield op -> policy.call(Safety.IDEMPOTENT, op);
            }
            case "breaker" -> halfOpen(Breaker.of(name, breaker, Classifier.STANDARD, policies))::call;
            case "bulkhead" -> Bulkhead.of(name, bulkhead, policies)::call;
            case "rate-limit" -> RateLimiter.of(name, rate, policies)::call;
            case "adaptive" -> AdaptiveLimit.of(name, adaptive, Classifier.STANDARD, policies)::call;
            case "hedge" -> {
                var policy = Hedge.of(
                        name,
                        new HedgeConfig(Duration.ofSeconds(1), 1),
                        RetryBudget.of(name, budget, policies),
                        Classifier.STANDARD,
                        policies);
                yield op -> policy.call(Safety.IDEMPOTENT, op);
            }
            case "fallback" -> {
                var policy = Fallback.of(name, Classifier.STANDARD, policies);
                yield op -> policy.call(op, _ -> "else");
            }
            case "guard" -> {
                var guard = Guard.of(name, policies)
                        .timeout(Duration.ofSeconds(5))
                        .retry(retry)
                        .budget(budget)
                        .breaker(breaker)
                        .rateLimit(rate)
                        .adaptiveLimit(adaptive)
                        .bulkhead(bulkhead)
                        .build();
                yield op -> guard.call(Safety.IDEMPOTENT, op);
            }
            default -> throw new AssertionError(name);
        };
    }

    /** Opens it and waits, so that the fault meets a trial, of which there is one at a time. */
    private Breaker halfOpen(Breaker breaker) {
        for (int i = 0; i < 100; i++) {
            try {
                breaker.call(() -> {
                    throw new IOException("down");
                });
            } catch (IOException expected) {
                assertThat(expected).hasMessage("down");
            }
        }
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        time.advance(Duration.ofSeconds(10));
        return breaker;
    }

    private static String end(Around around, ScopedValue.CallableOp<String, Exception> op) {
        try {
            return around.call(op);
        } catch (Problem problem) {
            return problem.code().equals("DEADLINE_EXCEEDED") && problem.getCause() != null
                    ? "DEADLINE"
                    : Integer.toString(problem.status());
        } catch (ConnectException refused) {
            return "CONNECT";
        } catch (IOException down) {
            return "IO";
        } catch (InterruptedException cancelled) {
            return "INTERRUPT";
        } catch (StackOverflowError error) {
            return "ERROR";
        } catch (Exception unexpected) {
            return unexpected.toString();
        }
    }

    private void check(String policy, String kind, String expected) {
        var around = policy(policy);
        assertThat(end(around, () -> fault(kind)) + " " + calls).isEqualTo(expected);

        assertThat(Thread.interrupted()).as("an interrupt left behind").isFalse();
        time.advance(Duration.ofHours(1));
        assertThat(time.manual.pending()).as("timers left behind").isZero();
        for (var snapshot : policies.snapshots()) {
            assertThat(snapshot.figures().getOrDefault("running", 0))
                    .as("%s", snapshot)
                    .isEqualTo(0);
            assertThat(snapshot.figures().getOrDefault("trials_running", 0))
                    .as("%s", snapshot)
                    .isEqualTo(0);
        }
        assertThat(end(around, () -> "ok")).as("the next call").isEqualTo("ok");
    }

    @TestFactory
    Stream<DynamicTest> table() {
        var lines = TABLE.lines().toList();
        var names = lines.getFirst().split("\\s+", -1);
        List<DynamicTest> tests = new ArrayList<>();
        for (var line : lines.subList(1, lines.size())) {
            var words = line.split("\\s+", -1);
            for (int i = 1; i < names.length; i++) {
                var policy = names[i];
                var kind = words[0];
                var expected = words[2 * i - 1] + " " + words[2 * i];
                tests.add(DynamicTest.dynamicTest(
                        policy + " when the call " + kind, () -> new FaultTableTest().check(policy, kind, expected)));
            }
        }
        assertThat(tests).hasSize(16 * 9);
        return tests.stream();
    }
}
