package dev.plinth.resilience;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.schema.Schema;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;

/**
 * How many calls to one target run at one time.
 *
 * @param maxCalls calls at one time. By Little's law a target that takes 20 ms needs 2 for each 100 calls a second; choose
 *     several times that, so that only a target that has become slow is noticed.
 * @param maxWait the most that a call waits for its turn; the deadline may make it less. Zero refuses at once.
 * @param maxWaiting calls that wait at one time; further ones are refused at once
 */
public record BulkheadConfig(
        @Default("256") @Positive @Doc("Calls at one time.") int maxCalls,
        @Default("100ms") @PositiveOrZero @Doc("The most that a call waits for its turn.") Duration maxWait,
        @Default("256") @PositiveOrZero @Doc("Calls that wait at one time; more are refused at once.") int maxWaiting) {

    /** The values of one that nothing is said about. */
    public static BulkheadConfig defaults() {
        return Schema.of(BulkheadConfig.class).defaults();
    }
}
