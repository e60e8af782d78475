package dev.plinth.resilience;

import dev.plinth.context.Context;
import dev.plinth.error.Problem;
import dev.plinth.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Makes a call again when it failed in a way that may pass.
 *
 * <pre>{@code
 * var retry = Retry.of("pricing", RetryConfig.defaults(), Time.system());
 * Quote quote = retry.call(Safety.IDEMPOTENT, () -> fetch(item));
 * }</pre>
 *
 * <p>A call is repeated if the {@link Classifier} says that it may help, its {@link Safety} allows it, attempts are left,
 * the {@link RetryBudget} of the target is not spent, and the next attempt would begin before the deadline of the
 * context. Before each repetition it waits with full jitter (see {@link RetryConfig}), or as long as the other side asked
 * for and a little more, so that not all come back at one moment.
 *
 * <p>Repetitions never multiply along a chain of services. Each runs in a {@link Context} with its {@link
 * Context#attempt() attempt}, which travels as {@link #ATTEMPT_HEADER}; work that is part of a second attempt repeats
 * nothing itself. And a failure that was not cured carries the mark {@link GaveUp}, as a problem also the member {@code
 * "retryable": false}, so that the caller's caller doesn't repeat it either.
 *
 * <p>What the last attempt returned or threw is what comes out; its mark holds the failures of all attempts. A call that
 * succeeds at once costs one atomic addition and allocates nothing. Thread-safe.
 */
public final class Retry implements Policy {
    /** Carries {@link Context#attempt()} to the next service, where it is more than 1. */
    public static final String ATTEMPT_HEADER = "X-Request-Attempt";

    private final String name;
    private final RetryConfig config;
    private final RetryBudget budget;
    private final Classifier classifier;
    private final Policies policies;
    private final Time time;
    private final LongAdder repeated = new LongAdder();
    private final LongAdder cured = new LongAdder();
    private final LongAdder gaveUp = new LongAdder();

    private Retry(String name, RetryConfig config, RetryBudget budget, Classifier classifier, Policies policies) {
        this.name = name;
        this.config = config;
        this.budget = budget;
        this.classifier = classifier;
        this.policies = policies;
        this.time = policies.time();
    }

    /** One to be used alone, with a budget of defaults and the standard classifier. */
    public static Retry of(String name, RetryConfig config, Time time) {
        var own = new Policies(time);
        return of(name, config, RetryBudget.of(name, BudgetConfig.defaults(), own), Classifier.STANDARD, own);
    }

    /**
     * One of a service's.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public static Retry of(
            String name, RetryConfig config, RetryBudget budget, Classifier classifier, Policies policies) {
        return policies.add(new Retry(name, config, budget, classifier, policies));
    }

    /**
     * Calls {@code op}, again if need be. Where an attempt returns a failure that is not cured the last result is returned.
     *
     * @throws X what the last attempt threw
     */
    public <T extends @Nullable Object, X extends Throwable> T call(Safety safety, ScopedValue.CallableOp<T, X> op)
            throws X {
        long begin = time.nanos();
        budget.called(begin);
        T result;
        Verdict verdict;
        try {
            result = op.call();
        } catch (Throwable thrown) {
            verdict = Failures.verdict(classifier, thrown);
            if (verdict.repeat() == Verdict.Repeat.NEVER) {
                throw thrown;
            }
            return new Attempts<T, X>(safety, op, begin).after(null, thrown, verdict);
        }
        verdict = classifier.returned(result);
        return verdict.repeat() == Verdict.Repeat.NEVER
                ? result
                : new Attempts<T, X>(safety, op, begin).after(result, null, verdict);
    }

    /** The way of one call after its first attempt. */
    private final class Attempts<T extends @Nullable Object, X extends Throwable> {
        private final Safety safety;
        private final ScopedValue.CallableOp<T, X> op;
        private final Context context = Context.current();
        private final long begin;
        private final List<Throwable> failures = new ArrayList<>();
        private int made = 1;

        private Attempts(Safety safety, ScopedValue.CallableOp<T, X> op, long begin) {
            this.safety = safety;
            this.op = op;
            this.begin = begin;
        }

        /** Goes on after an attempt that failed, until one succeeds or there is a reason to stop. */
        @SuppressWarnings("NullAway") // T may itself be nullable
        private T after(@Nullable T firstResult, @Nullable Throwable firstThrown, Verdict firstVerdict) throws X {
            var result = firstResult;
            var thrown = firstThrown;
            var verdict = firstVerdict;
            while (verdict.repeat() != Verdict.Repeat.NEVER) {
                if (thrown != null) {
                    failures.add(thrown);
                }
                var stop = hindrance(verdict);
                if (stop == null) {
                    stop = pause(verdict, thrown);
                }
                if (stop != null) {
                    if (thrown == null) {
                        mark(stop, null);
                        return result;
                    }
                    throw Failures.<X>rethrow(mark(stop, thrown));
                }
                made++;
                result = null;
                thrown = null;
                try {
                    result = context.withAttempt(made).call(op);
                    verdict = classifier.returned(result);
                } catch (Throwable again) {
                    thrown = again;
                    verdict = Failures.verdict(classifier, again);
                }
            }
            if (thrown != null) {
                throw Failures.<X>rethrow(thrown);
            }
            cured.increment();
            return result;
        }

        private GaveUp.@Nullable Reason hindrance(Verdict verdict) {
            if (context.attempt() > 1) {
                return GaveUp.Reason.NESTED;
            }
            if (!verdict.mayRepeat(safety)) {
                return GaveUp.Reason.NOT_IDEMPOTENT;
            }
            return made >= config.attempts() ? GaveUp.Reason.NO_ATTEMPTS_LEFT : null;
        }

        /** Waits before the next attempt; gives the reason where there will be none. */
        private GaveUp.@Nullable Reason pause(Verdict verdict, @Nullable Throwable thrown) {
            var delay = delay(verdict);
            var deadline = context.deadline().orElse(null);
            if (deadline != null && deadline.remaining().compareTo(delay) <= 0) {
                return GaveUp.Reason.DEADLINE;
            }
            if (Thread.currentThread().isInterrupted()) {
                return GaveUp.Reason.INTERRUPTED;
            }
            if (!budget.take()) {
                return GaveUp.Reason.BUDGET_SPENT;
            }
            repeated.increment();
            policies.tell(new PolicyEvent.Retried(name, made + 1, delay, Failures.text(thrown)));
            try {
                time.sleep(delay);
                return null;
            } catch (InterruptedException cancelled) {
                Thread.currentThread().interrupt();
                return GaveUp.Reason.INTERRUPTED;
            }
        }

        private Duration delay(Verdict verdict) {
            long most = config.maxDelay().toNanos();
            int doublings = Math.min(made - 1, 62);
            long ceiling = config.delay().toNanos();
            ceiling = ceiling > most >> doublings ? most : ceiling << doublings;
            long jitter = time.random().nextLong(ceiling + 1);
            var asked = verdict.retryAfter();
            return asked.isZero() ? Duration.ofNanos(jitter) : asked.plusNanos(jitter);
        }

        /** The failure to throw, with its mark; a mark never holds the failure that carries it. */
        @SuppressWarnings("ReferenceEquality") // the same object is meant
        private @Nullable Throwable mark(GaveUp.Reason reason, @Nullable Throwable thrown) {
            gaveUp.increment();
            var marked = thrown instanceof Problem problem ? problem.with(Failures.RETRYABLE, false) : thrown;
            failures.removeIf(failure -> failure == marked);
            var mark = new GaveUp(name, reason, made, Duration.ofNanos(time.nanos() - begin), failures);
            if (marked != null) {
                marked.addSuppressed(mark);
            }
            policies.tell(new PolicyEvent.GivenUp(name, mark));
            return marked;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return "retry";
    }

    @Override
    public PolicySnapshot snapshot() {
        var figures = new LinkedHashMap<String, Object>();
        figures.put("attempts", config.attempts());
        figures.put("repeated", repeated.sum());
        figures.put("cured", cured.sum());
        figures.put("gave_up", gaveUp.sum());
        return new PolicySnapshot(kind(), name, "OK", figures);
    }
}
