package dev.plinth;

import dev.plinth.config.BootException;
import dev.plinth.config.BootWatch;
import dev.plinth.config.Booted;
import dev.plinth.config.Config;
import dev.plinth.config.ConfigException;
import dev.plinth.config.FileWatch;
import dev.plinth.config.Reloaded;
import dev.plinth.context.Context;
import dev.plinth.health.Check;
import dev.plinth.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Reads the configuration of a service anew whoever asks for it, and tells the log what came of it. Thread-safe. */
final class Reloads implements AutoCloseable {
    private final Config config;
    private final Logger log;
    private @Nullable FileWatch watch;
    private volatile @Nullable BootWatch boot;

    Reloads(Config config, Logger log) {
        this.config = config;
        this.log = log;
    }

    /**
     * Reloads.
     *
     * @param asker for the log: {@code SIGHUP}
     * @throws ConfigException as {@link Config#reload}
     * @throws BootException as {@link Config#reload}
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
            keepCopy();
            return reloaded;
        } catch (ConfigException | BootException failed) {
            log.warn("configuration not reloaded ({}), nothing has changed. {}", asker, failed.getMessage());
            throw failed;
        }
    }

    /** Keeps the last good copy of the remote tree, if it is wanted; to be called when its values have proved good. */
    synchronized void keepCopy() {
        try {
            config.keepCopy();
        } catch (IOException full) {
            log.warn(
                    "the last good copy of the remote configuration can't be kept, so a start without its store would"
                            + " do without it: {} (choose another place by boot.copy)",
                    full.getMessage());
        }
    }

    /** The same where nobody waits for an answer. */
    void quietly(String asker) {
        try {
            now(asker);
        } catch (ConfigException | BootException failed) {
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

    /** Begins to follow the remote tree, if there is one. */
    synchronized void follow(Time time, String service) {
        if (config.isBootWatched()) {
            var watching = new BootWatch(config, time, this::remoteChanged);
            boot = watching;
            Context.of(service).call(() -> Context.start("boot", watching));
        }
    }

    private void remoteChanged() {
        try {
            now("the remote configuration has changed");
        } catch (ConfigException wrong) {
            // The log has it; there is nothing to do before the next change.
        }
    }

    /** How it is with the remote tree, for the service's health: degraded at most, since the service has its values. */
    Check.Result check() {
        var booted = config.booted();
        if (booted.isPresent() && booted.get().from() != Booted.From.SOURCE) {
            return Check.Result.degraded(
                    (booted.get().from() == Booted.From.COPY ? "on the last good copy: " : "without: ")
                            + booted.get().trouble());
        }
        var watching = boot;
        var failure = watching == null ? null : watching.failure();
        return failure == null ? Check.Result.up() : Check.Result.degraded(failure);
    }

    @Override
    public synchronized void close() {
        if (boot != null) {
            boot.close();
        }
        if (watch != null) {
            watch.close();
        }
    }
}
