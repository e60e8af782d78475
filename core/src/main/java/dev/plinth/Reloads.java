package dev.plinth;

import dev.plinth.config.Config;
import dev.plinth.config.ConfigException;
import dev.plinth.config.FileWatch;
import dev.plinth.config.Reloaded;
import dev.plinth.context.Context;
import dev.plinth.time.Time;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Reads the configuration of a service anew whoever asks for it, and tells the log what came of it. Thread-safe. */
final class Reloads implements AutoCloseable {
    private final Config config;
    private final Logger log;
    private @Nullable FileWatch watch;

    Reloads(Config config, Logger log) {
        this.config = config;
        this.log = log;
    }

    /**
     * Reloads.
     *
     * @param asker for the log: {@code SIGHUP}
     * @throws ConfigException as {@link Config#reload}
     */
    Reloaded now(String asker) {
        try {
            var told = config.warnings();
            var reloaded = config.reload();
            log.info("configuration reloaded ({}): {}", asker, reloaded);
            for (var warning : config.warnings()) {
                if (!told.contains(warning)) {
                    log.warn("configuration: {}", warning);
                }
            }
            return reloaded;
        } catch (ConfigException wrong) {
            log.warn("configuration not reloaded ({}), nothing has changed. {}", asker, wrong.getMessage());
            throw wrong;
        }
    }

    /** The same where nobody waits for an answer. */
    void quietly(String asker) {
        try {
            now(asker);
        } catch (ConfigException wrong) {
            // The log has it.
        }
    }

    /** Begins to look at the files, if that is asked for. */
    synchronized void watch(Time time, Optional<Duration> every, String service) {
        if (every.isPresent()) {
            var context = Context.of(service);
            watch = new FileWatch(config, time, every.get(), () -> context.run(() -> quietly("a file has changed")));
        }
    }

    @Override
    public synchronized void close() {
        if (watch != null) {
            watch.close();
        }
    }
}
