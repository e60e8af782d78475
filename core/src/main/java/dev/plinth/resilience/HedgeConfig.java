package dev.plinth.resilience;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;

/**
 * When a second call sets off beside a slow one.
 *
 * @param delay how long a call may take before the next sets off. Choose about the 95th percentile of what calls take:
 *     then one call in twenty is doubled (J. Dean and L. A. Barroso, "The Tail at Scale", CACM 56(2), 2013).
 * @param most calls beside the first one
 */
public record HedgeConfig(
        @NotNull @Positive @Doc("How long a call may take before the next sets off.") Duration delay,
        @Default("1") @Positive @Max(10) @Doc("Calls beside the first one.") int most) {}
