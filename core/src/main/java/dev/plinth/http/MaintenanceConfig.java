package dev.plinth.http;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.schema.Live;
import jakarta.validation.constraints.Positive;
import java.time.Duration;

/**
 * Whether a listener is in maintenance, key {@code maintenance}.
 *
 * @param on whether all but probes are answered by 503; a change of it switches, and so does the admin listener
 * @param retryAfter what callers are told to wait
 */
public record MaintenanceConfig(
        @Default("false")
                @Doc("Whether all but probes are answered by 503; PUT /maintenance on the admin listener switches too.")
                Live<Boolean> on,
        @Default("1m") @Positive @Doc("What callers are told to wait.") Duration retryAfter) {}
