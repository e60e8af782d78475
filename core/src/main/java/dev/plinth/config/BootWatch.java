package dev.plinth.config;

import dev.plinth.time.Time;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the remote tree of a configuration, and calls when it has changed; also when it can be read for the first time,
 * where the service had to start without. After a failure it asks again with exponential back-off and jitter, and the
 * values that the service has stay. Thread-safe.
 */
public final class BootWatch implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BootWatch.class);
    private static final Duration LONG_POLL = Duration.ofSeconds(20);
    private static final Duration PACE = Duration.ofMillis(50);

    /** The pause after an answer that brought nothing and came at once: from a server that stops, say. */
    private static final Duration EARLY = Duration.ofSeconds(1);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final Boot boot;
    private final Time time;
    private final Runnable changed;
    private volatile @Nullable String failure;
    private @Nullable Thread thread;
    private boolean closed;

    /**
     * One that {@link #run} begins.
     *
     * @param config has a remote tree
     * @param changed reads all anew; a {@link BootException} out of it has the source asked again
     */
    public BootWatch(Config config, Time time, Runnable changed) {
        this.boot = Objects.requireNonNull(config.boot());
        this.time = time;
        this.changed = changed;
    }

    /** Why the source can't be asked; null while it can. */
    public @Nullable String failure() {
        return failure;
    }

    /** Follows until it is closed. */
    @Override
    public void run() {
        synchronized (this) {
            if (closed) {
                return;
            }
            thread = Thread.currentThread();
        }
        try (var source = boot.chosen().backend().open(boot.chosen().settings(), boot.config(), time)) {
            follow(source);
        } catch (InterruptedException ended) {
            // By close().
        }
    }

    private void follow(BootSource source) throws InterruptedException {
        var known = boot.booted().from() == Booted.From.SOURCE ? boot.document() : null;
        int failures = 0;
        while (!Thread.currentThread().isInterrupted()) {
            long begin = time.nanos();
            try {
                var before = known;
                known = next(source, known);
                if (failures > 0) {
                    LOG.info("{} answers again", source.describe());
                }
                failures = 0;
                failure = null;
                boolean same = before != null && Arrays.equals(known.content(), before.content());
                time.sleep(same && time.nanos() - begin < EARLY.toNanos() ? EARLY : PACE);
            } catch (BootException failed) {
                known = null; // What has changed was not taken, so it counts as unknown.
                time.sleep(pause(++failures));
            } catch (RuntimeException failed) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                failure = String.valueOf(failed.getMessage());
                if (failures == 0) {
                    LOG.warn("the remote configuration can't be watched, its values stay as they are: {}", failure);
                }
                time.sleep(pause(++failures));
            }
        }
    }

    private BootDocument next(BootSource source, @Nullable BootDocument known) throws InterruptedException {
        if (known == null) {
            var first = source.read();
            changed.run();
            return first;
        }
        var now = source.await(known, LONG_POLL);
        if (now.isEmpty()) {
            return known;
        }
        if (!Arrays.equals(now.get().content(), known.content())) {
            changed.run();
        }
        return now.get();
    }

    private Duration pause(int failures) {
        long most = Math.min(LONGEST_PAUSE.toNanos(), FIRST_PAUSE.toNanos() << Math.min(failures - 1, 10));
        return Duration.ofNanos(most / 10 + time.random().nextLong(most));
    }

    /** Ends it; the call of the source that is under way is interrupted. */
    @Override
    public synchronized void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
