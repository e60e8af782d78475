package dev.plinth.resilience;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.schema.Schema;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Positive;
import java.time.Duration;

/**
 * Between what bounds an adaptive limit moves, and how it judges.
 *
 * @param initial calls at one time to begin with
 * @param min calls at one time that are always allowed
 * @param max calls at one time that are never exceeded
 * @param tolerance how much slower than usual calls may get before the limit falls: 1.5 is half as slow again
 * @param window the least time between two adjustments; there must have been ten calls too
 */
public record AdaptiveLimitConfig(
        @Default("20") @Positive @Doc("Calls at one time to begin with.") int initial,
        @Default("4") @Positive @Doc("Calls at one time that are always allowed.") int min,
        @Default("1000") @Positive @Doc("Calls at one time that are never exceeded.") int max,
        @Default("1.5") @DecimalMin("1") @Doc("How much slower than usual calls may get before the limit falls.")
                double tolerance,
        @Default("100ms") @Positive @Doc("The least time between two adjustments.") Duration window) {

    /** The values of one that nothing is said about. */
    public static AdaptiveLimitConfig defaults() {
        return Schema.of(AdaptiveLimitConfig.class).defaults();
    }

    /** The three limits fit together. */
    @AssertTrue(message = "must have min <= initial <= max")
    boolean inOrder() {
        return min <= initial && initial <= max;
    }
}
