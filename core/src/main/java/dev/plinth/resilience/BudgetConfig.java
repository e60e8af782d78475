package dev.plinth.resilience;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.schema.Percent;
import dev.plinth.schema.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;

/**
 * How many repetitions a target may be sent, all callers of this process together.
 *
 * @param ratio repetitions as a share of the calls in the window. It bounds what failure can add to the load: with 10 %
 *     a target that fails altogether sees 1.1 calls for each that was asked for.
 * @param floor repetitions in a window that are there whatever the traffic, so that a service with few calls can repeat
 *     one. Choose what the target bears from all instances together.
 * @param window the stretch of time in which both are counted
 */
public record BudgetConfig(
        @Default("10%") @PositiveOrZero @DecimalMax("100%") @Doc("Repetitions as a share of the recent calls.")
                Percent ratio,
        @Default("10") @PositiveOrZero @Doc("Repetitions in a window that are there whatever the traffic.") int floor,
        @Default("10s") @Positive @Doc("The stretch of time that counts as recent.") Duration window) {

    /** The values of one that nothing is said about. */
    public static BudgetConfig defaults() {
        return Schema.of(BudgetConfig.class).defaults();
    }
}
