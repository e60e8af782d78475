package dev.plinth.resilience;

import dev.plinth.context.Context;
import dev.plinth.error.Problem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * All that stands between a caller and one target, in this order, from the outside in:
 *
 * <pre>
 *   fallback        the caller's own, around all of it
 *     metrics         one measurement for each call that the service asked for     (the client's)
 *       trace           one span                                                   (the client's)
 *         deadline        the smaller of the time-out and what the caller has left; late work is not begun
 *           retry           what may be repeated, with back-off, inside the budget
 *             attempt-timeout  the most that one attempt may take
 *               hedge           a second call beside a slow one
 *                 breaker         refuses while the target keeps failing
 *                   rate limit      so many calls in a second
 *                     adaptive limit  so many at one time as the target bears
 *                       bulkhead        so many at one time, and no more
 *                         call            balance, authenticate, send
 * </pre>
 *
 * <p>The deadline is outside of the retry, so that it bounds all attempts and the waits between them. The breaker is inside
 * of it, so that it sees each attempt, and an open circuit ends the attempts at once. The limits are innermost, so that a
 * place is held only while a call is really on its way, and none is used up by a call that the breaker refuses. What a
 * policy refuses is counted by none further out.
 *
 * <pre>{@code
 * var pricing = Guard.of("pricing", service.policies())
 *         .timeout(Duration.ofMillis(800))
 *         .retry(RetryConfig.defaults())
 *         .breaker(BreakerConfig.defaults())
 *         .build();
 * Quote quote = pricing.call(Safety.IDEMPOTENT, () -> fetch(item));
 * }</pre>
 *
 * <p>What isn't asked for isn't there, except the budget of a retry or hedge. Thread-safe.
 */
public final class Guard {
    /** The target as a whole, as host and as route. */
    private static final String WHOLE = "";

    private final String name;
    private final @Nullable Timeout timeout;
    private final @Nullable Retry retry;
    private final @Nullable Timeout attemptTimeout;
    private final @Nullable Hedge hedge;
    private final @Nullable Breaker breaker;
    private final @Nullable BreakerTree breakers;
    private final @Nullable RateLimiter rateLimit;
    private final @Nullable AdaptiveLimit adaptiveLimit;
    private final @Nullable Bulkhead bulkhead;
    private final Classifier classifier;

    private Guard(Builder from) {
        this.name = from.name;
        var policies = from.policies;
        this.classifier = from.classifier;
        this.timeout = from.timeout == null ? null : Timeout.of(name, from.timeout, from.grace, policies);
        var needsBudget = from.retry != null || from.hedge != null;
        var budget = needsBudget
                ? RetryBudget.of(name, from.budget == null ? BudgetConfig.defaults() : from.budget, policies)
                : null;
        // A hedge without repetitions has a retry all the same: it counts the calls that the budget is a share of.
        var retryConfig = from.retry == null && from.hedge != null
                ? new RetryConfig(1, Duration.ofMillis(1), Duration.ofMillis(1))
                : from.retry;
        this.retry = retryConfig == null || budget == null
                ? null
                : Retry.of(name, retryConfig, budget, classifier, policies);
        this.attemptTimeout = from.attemptTimeout == null
                ? null
                : Timeout.of(name + " attempt", from.attemptTimeout, from.grace, policies);
        this.hedge =
                from.hedge == null || budget == null ? null : Hedge.of(name, from.hedge, budget, classifier, policies);
        var byPath = from.maxCircuits > 0;
        this.breaker = from.breaker == null || byPath ? null : Breaker.of(name, from.breaker, classifier, policies);
        this.breakers = from.breaker == null || !byPath
                ? null
                : BreakerTree.of(name, from.breaker, from.maxCircuits, classifier, policies);
        this.rateLimit = from.rateLimit == null ? null : RateLimiter.of(name, from.rateLimit, policies);
        this.adaptiveLimit =
                from.adaptiveLimit == null ? null : AdaptiveLimit.of(name, from.adaptiveLimit, classifier, policies);
        this.bulkhead = from.bulkhead == null ? null : Bulkhead.of(name, from.bulkhead, policies);
    }

    /** One without policies yet; {@code name} is the target's, in every message. */
    public static Builder of(String name, Policies policies) {
        return new Builder(name, policies);
    }

    /** Which policies there will be. Used by one thread. */
    public static final class Builder {
        private final String name;
        private final Policies policies;
        private Classifier classifier = Classifier.STANDARD;
        private Duration grace = Duration.ZERO;
        private @Nullable Duration timeout;
        private @Nullable Duration attemptTimeout;
        private @Nullable RetryConfig retry;
        private @Nullable BudgetConfig budget;
        private @Nullable HedgeConfig hedge;
        private @Nullable BreakerConfig breaker;
        private int maxCircuits;
        private @Nullable RateLimitConfig rateLimit;
        private @Nullable AdaptiveLimitConfig adaptiveLimit;
        private @Nullable BulkheadConfig bulkhead;

        private Builder(String name, Policies policies) {
            this.name = name;
            this.policies = policies;
        }

        /** What is a failure. If not set, {@link Classifier#STANDARD}. */
        public Builder classifier(Classifier judge) {
            classifier = judge;
            return this;
        }

        /** The most that a call may take, its repetitions included. */
        public Builder timeout(Duration most) {
            timeout = most;
            return this;
        }

        /** The most that one attempt may take. */
        public Builder attemptTimeout(Duration most) {
            attemptTimeout = most;
            return this;
        }

        /** How long after its deadline a call is interrupted; see {@link Timeout}. If not set, at the deadline. */
        public Builder grace(Duration afterDeadline) {
            grace = afterDeadline;
            return this;
        }

        /** Repeats what failed. */
        public Builder retry(RetryConfig config) {
            retry = config;
            return this;
        }

        /** How much may be repeated. If not set, that of {@link BudgetConfig#defaults()}. */
        public Builder budget(BudgetConfig config) {
            budget = config;
            return this;
        }

        /** Sends a second call where the first is slow. */
        public Builder hedge(HedgeConfig config) {
            hedge = config;
            return this;
        }

        /** Refuses while the target keeps failing. */
        public Builder breaker(BreakerConfig config) {
            breaker = config;
            maxCircuits = 0;
            return this;
        }

        /**
         * Refuses while the target, or a path of it, keeps failing: a {@link BreakerTree} in place of one breaker. If not
         * set, all paths share what {@link #breaker} sets. Choose it where paths fail each by itself; a call without a
         * route is counted on the target alone.
         *
         * @param most circuits at one time; a path that finds no room is counted on its prefixes alone
         * @throws IllegalArgumentException if {@code most} is less than 1
         */
        public Builder breakerByPath(BreakerConfig config, int most) {
            if (most < 1) {
                throw new IllegalArgumentException("breakers '" + name + "': most " + most + " (expected: >= 1)");
            }
            breaker = config;
            maxCircuits = most;
            return this;
        }

        /** Lets so many calls begin in a stretch of time. */
        public Builder rateLimit(RateLimitConfig config) {
            rateLimit = config;
            return this;
        }

        /** Lets so many calls run at one time as the target seems to bear. */
        public Builder adaptiveLimit(AdaptiveLimitConfig config) {
            adaptiveLimit = config;
            return this;
        }

        /** Lets so many calls run at one time. */
        public Builder bulkhead(BulkheadConfig config) {
            bulkhead = config;
            return this;
        }

        /**
         * Makes the policies.
         *
         * @throws IllegalArgumentException if there is a policy of that kind and name already, or a time-out isn't positive
         */
        public Guard build() {
            return new Guard(this);
        }
    }

    /** Calls {@code op}, which is repeated only where it was never sent. */
    public <T extends @Nullable Object, X extends Throwable> T call(ScopedValue.CallableOp<T, X> op) throws X {
        return call(Safety.AT_MOST_ONCE, op);
    }

    /**
     * Calls {@code op} behind all policies.
     *
     * @throws Problem what a policy refuses with: 504 {@code DEADLINE_EXCEEDED}, 503 {@code CIRCUIT_OPEN}, {@code
     *     RATE_LIMITED}, {@code LIMIT_REACHED}, {@code BULKHEAD_FULL} or {@code CANCELLED}
     * @throws X what the last attempt threw
     */
    public <T extends @Nullable Object, X extends Throwable> T call(Safety safety, ScopedValue.CallableOp<T, X> op)
            throws X {
        if (timeout != null) {
            return timeout.call(() -> attempts(safety, WHOLE, op));
        }
        Context.current().deadline().ifPresent(deadline -> deadline.check("'" + name + "' was not called"));
        return attempts(safety, WHOLE, op);
    }

    /** Calls {@code op} with another time-out than this guard's own, longer or shorter. */
    public <T extends @Nullable Object, X extends Throwable> T call(
            Safety safety, Duration most, ScopedValue.CallableOp<T, X> op) throws X {
        return call(safety, most, WHOLE, op);
    }

    /**
     * Calls {@code op}, which goes to one path of the target, with another time-out than this guard's own.
     *
     * @param route the pattern of the path, {@code /quotes/{item}}, for a breaker by path; never a path with ids in it
     */
    public <T extends @Nullable Object, X extends Throwable> T call(
            Safety safety, Duration most, String route, ScopedValue.CallableOp<T, X> op) throws X {
        if (timeout == null) {
            throw new IllegalArgumentException("the guard has no time-out that could be another");
        }
        return timeout.call(most, () -> attempts(safety, route, op));
    }

    private <T extends @Nullable Object, X extends Throwable> T attempts(
            Safety safety, String route, ScopedValue.CallableOp<T, X> op) throws X {
        return retry == null ? attempt(safety, route, op) : retry.call(safety, () -> attempt(safety, route, op));
    }

    private <T extends @Nullable Object, X extends Throwable> T attempt(
            Safety safety, String route, ScopedValue.CallableOp<T, X> op) throws X {
        return attemptTimeout == null
                ? hedged(safety, route, op)
                : attemptTimeout.call(() -> hedged(safety, route, op));
    }

    private <T extends @Nullable Object, X extends Throwable> T hedged(
            Safety safety, String route, ScopedValue.CallableOp<T, X> op) throws X {
        return hedge == null ? guarded(route, op) : hedge.call(safety, () -> guarded(route, op));
    }

    private <T extends @Nullable Object, X extends Throwable> T guarded(String route, ScopedValue.CallableOp<T, X> op)
            throws X {
        if (breakers != null) {
            return breakers.call(WHOLE, route, () -> limited(op));
        }
        if (rateLimit == null && adaptiveLimit == null && bulkhead == null) {
            return breaker == null ? op.call() : breaker.call(op);
        }
        return breaker == null ? limited(op) : breaker.call(() -> limited(op));
    }

    private <T extends @Nullable Object, X extends Throwable> T limited(ScopedValue.CallableOp<T, X> op) throws X {
        if (rateLimit != null) {
            rateLimit.enter();
        }
        if (adaptiveLimit == null) {
            return bulkhead == null ? op.call() : bulkhead.call(op);
        }
        return bulkhead == null ? adaptiveLimit.call(op) : adaptiveLimit.call(() -> bulkhead.call(op));
    }

    /** The breaker; null if there is none, or one for each path. */
    public @Nullable Breaker breaker() {
        return breaker;
    }
}
