package dev.plinth.discovery;

import dev.plinth.context.Context;
import dev.plinth.remote.RemoteException;
import dev.plinth.time.Time;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Announces one instance, and again in time before its lease is over, on a thread of its own. Thread-safe. */
final class Announcer {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Context context;
    private final Registry registry;
    private final DiscoveryConfig config;
    private final Time time;
    private @Nullable Instance instance;
    private @Nullable Thread thread;
    private volatile @Nullable String failure;

    Announcer(Context context, Registry registry, DiscoveryConfig config, Time time) {
        this.context = context;
        this.registry = registry;
        this.config = config;
        this.time = time;
    }

    /** Why the last announcement failed; null if it did not. */
    @Nullable
    String failure() {
        return failure;
    }

    /** What is announced; null if nothing is. */
    synchronized @Nullable Instance instance() {
        return instance;
    }

    synchronized void start(Instance newInstance) {
        if (thread != null) {
            throw new IllegalStateException("'" + newInstance.service() + "' is announced already");
        }
        instance = newInstance;
        thread = context.call(() -> Context.start("announce " + newInstance.service(), () -> run(newInstance)));
    }

    private void run(Instance announced) {
        boolean known = false;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                known = announce(announced, known);
                // A little less each time, by chance, so that a fleet that was started at once does not renew at once.
                long pause = (known ? config.renew() : least(PAUSE, config.renew())).toNanos();
                time.sleep(Duration.ofNanos(pause - time.random().nextLong(pause / 5 + 1)));
            }
        } catch (InterruptedException ended) {
            // By stop().
        }
    }

    private static Duration least(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private boolean announce(Instance announced, boolean known) {
        try {
            registry.announce(announced, config.lease());
            if (!known) {
                LOG.info("{} at {} is announced to {}", announced.service(), announced.address(), registry.describe());
            }
            failure = null;
            return true;
        } catch (RuntimeException failed) {
            var why = failed instanceof RemoteException ? String.valueOf(failed.getMessage()) : failed.toString();
            if (failure == null && !Thread.currentThread().isInterrupted()) {
                LOG.warn("{} could not be announced, it is tried again: {}", announced.service(), why);
            }
            failure = why;
            return false;
        }
    }

    /** Ends the renewal and takes the instance back; returns whether there was one. */
    boolean stop() throws InterruptedException {
        Thread running;
        Instance announced;
        synchronized (this) {
            running = thread;
            announced = instance;
            thread = null;
            instance = null;
        }
        if (running == null || announced == null) {
            return false;
        }
        running.interrupt();
        running.join();
        registry.withdraw(announced);
        return true;
    }
}
