package dev.plinth.resilience;

/** One protection of one target. Thread-safe, all of them. */
public sealed interface Policy
        permits AdaptiveLimit,
                Breaker,
                BreakerTree,
                Bulkhead,
                Fallback,
                Gate,
                Hedge,
                RateLimiter,
                Retry,
                RetryBudget,
                Timeout {
    /** What it protects, as given: in every message, metric and event. */
    String name();

    /** Which of the policies it is, such as {@code breaker}. */
    String kind();

    /** Where it stands now. */
    PolicySnapshot snapshot();
}
