package dev.plinth.log;

import java.time.Instant;
import java.util.Optional;

/**
 * What a logger says.
 *
 * @param name its name; {@code ROOT} is the one above all
 * @param own the level that was set for it; empty if it takes that of the next one above
 * @param effective the level that holds
 * @param until when a level that was set for a time ends; empty if it stays
 */
public record LoggerLevel(String name, Optional<LogLevel> own, LogLevel effective, Optional<Instant> until) {}
