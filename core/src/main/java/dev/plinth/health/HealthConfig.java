package dev.plinth.health;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import jakarta.validation.constraints.Positive;
import java.time.Duration;

/**
 * How health is asked for, section {@code health}.
 *
 * @param checkTimeout how long one check may take; then it counts as down. Choose less than the time-out of the probes:
 *     that of Kubernetes is 1 s unless told otherwise.
 * @param cache how long a result is good. Probes in between don't ask the part again.
 */
public record HealthConfig(
        @Default("800ms") @Positive @Doc("How long one check may take; then it counts as down.") Duration checkTimeout,
        @Default("1s") @Positive @Doc("How long the result of a check is good.") Duration cache) {}
