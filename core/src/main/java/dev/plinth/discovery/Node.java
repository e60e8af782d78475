package dev.plinth.discovery;

import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.Optional;

/**
 * A live instance with its last sign of life.
 *
 * @param instance what it said of itself
 * @param heartbeat when it last renewed its lease; empty where the registry does not tell
 */
public record Node(@NotNull Instance instance, Optional<Instant> heartbeat) {}
