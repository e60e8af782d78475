package dev.plinth.http;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import jakarta.validation.constraints.Positive;
import java.time.Duration;

/**
 * Whether a listener begins in maintenance, key {@code maintenance}.
 *
 * @param on whether all but probes are answered by 503 from the start; the admin listener switches at run time
 * @param retryAfter what callers are told to wait
 */
public record MaintenanceConfig(
        @Default("false") @Doc("Whether all but probes are answered by 503; PUT /maintenance switches at run time.")
                boolean on,
        @Default("1m") @Positive @Doc("What callers are told to wait.") Duration retryAfter) {}
