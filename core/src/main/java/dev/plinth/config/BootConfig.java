package dev.plinth.config;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import jakarta.validation.constraints.Positive;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Configuration that comes from elsewhere, section {@code boot}: the keys that hold whatever {@code backend} is chosen. It
 * is read from local sources alone.
 *
 * @param required whether the service refuses to start where the store can't be asked. Switch it off where a service on
 *     yesterday's values is better than none.
 * @param timeout the most that reading may take at the start, over all addresses. A start takes so much longer where
 *     the store is down.
 * @param watch whether a change acts at once, as a reload does. All instances follow it at the same time; switch it off
 *     where they are to be restarted or reloaded one after the other.
 * @param copy where the last good document is kept, with mode 0600; only where it is not {@code required}. It holds
 *     whatever the store holds. Services that share a working directory need one each.
 */
public record BootConfig(
        @Default("true") @Doc("Whether the service refuses to start where the store can't be asked.") boolean required,
        @Default("5s") @Positive @Doc("The most that reading may take, over all addresses.") Duration timeout,
        @Default("true") @Doc("Whether a change acts at once, as a reload does.") boolean watch,
        @Default("boot-copy.yaml") @Doc("Where the last good document is kept, if it is not required.") Path copy) {}
