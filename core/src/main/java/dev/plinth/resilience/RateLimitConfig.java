package dev.plinth.resilience;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;

/**
 * How many calls begin in a stretch of time. There is no default: a limit is what the target's owner says.
 *
 * @param calls calls in {@code per}
 * @param per the stretch of time
 * @param burst calls that may begin at one moment after a rest
 * @param maxWait the most that a call waits for its turn; the deadline may make it less. Zero refuses at once.
 */
public record RateLimitConfig(
        @NotNull @Positive @Doc("Calls in `per`.") Integer calls,
        @Default("1s") @Positive @Doc("The stretch of time that `calls` is of.") Duration per,
        @Default("1") @Positive @Doc("Calls that may begin at one moment after a rest.") int burst,
        @Default("0s") @PositiveOrZero @Doc("The most that a call waits for its turn.") Duration maxWait) {

    /** The arithmetic is in whole nanoseconds. */
    @AssertTrue(message = "must be at most one call a microsecond")
    boolean slowEnough() {
        return per.toNanos() / calls >= 1000;
    }
}
