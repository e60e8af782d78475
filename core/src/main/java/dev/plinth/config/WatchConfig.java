package dev.plinth.config;

import dev.plinth.schema.Doc;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.util.Optional;

/**
 * How configuration is kept up to date, section {@code config}.
 *
 * @param watch how often the files are looked at; without it a reload happens only where it is asked for, by SIGHUP or on
 *     the admin listener. All instances that share a file follow it at once, so choose it where that is wanted; 5s to 60s
 *     cost nothing that can be measured.
 */
public record WatchConfig(
        @Doc(
                        "How often the files are looked at for a change; without it, only SIGHUP and POST /config/reload read them anew.")
                Optional<@Positive Duration> watch) {}
