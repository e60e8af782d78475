package dev.plinth.resilience;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.schema.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import java.time.Duration;

/**
 * How a call is repeated. The wait before repetition n is drawn evenly between zero and {@code delay} · 2^(n-1), but at
 * most {@code maxDelay}: full jitter, which spreads the callers best (M. Brooker, "Exponential Backoff And Jitter", AWS
 * Architecture Blog, 2015).
 *
 * @param attempts how often a call is made at most, the first one included; 1 never repeats. Choose 2 or 3: what three
 *     attempts don't cure is not a passing failure.
 * @param delay the most that is waited before the first repetition. Choose about the time that the other side takes.
 * @param maxDelay the most that is ever waited, unless the other side asks for more
 */
public record RetryConfig(
        @Default("3") @Min(1) @Max(100) @Doc("How often a call is made at most, the first one included.") int attempts,
        @Default("50ms") @Positive @Doc("The most that is waited before the first repetition; it doubles with each.")
                Duration delay,
        @Default("2s") @Positive @Doc("The most that is waited, unless the other side asks for more.")
                Duration maxDelay) {

    /** The values of one that nothing is said about. */
    public static RetryConfig defaults() {
        return Schema.of(RetryConfig.class).defaults();
    }
}
