package dev.plinth.discovery;

import dev.plinth.context.Context;
import dev.plinth.remote.RemoteException;
import dev.plinth.time.Time;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the instances of one service on a thread of its own, and remembers the last ones while the registry can't be
 * asked.
 *
 * <p>After a failure it asks again with exponential back-off and full jitter. A registry that comes back may have
 * forgotten: for one lease what it tells is added to what was known, and only then taken alone. Thread-safe.
 */
final class Watcher {
    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
    private static final Duration LONG_POLL = Duration.ofSeconds(20);
    private static final Duration PACE = Duration.ofMillis(50);

    /** The pause after an answer that brought nothing and came sooner than it was asked for: from a server that stops, say. */
    private static final Duration EARLY = Duration.ofSeconds(1);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /**
     * What is known at one moment.
     *
     * @param change counts the views
     * @param instances null before the first answer
     * @param failure why the registry can't be asked; null while it can
     * @param failingSince since when, on the monotonic clock
     */
    record View(long change, @Nullable List<Instance> instances, @Nullable String failure, long failingSince) {}

    private final String service;
    private final Context context;
    private final Registry registry;
    private final Duration lease;
    private final Time time;
    private volatile View view = new View(0, null, null, 0);
    private @Nullable Thread thread;
    private boolean stopped;
    private long mergeUntil;
    private List<Instance> before = List.of();

    Watcher(Context context, String service, Registry registry, Duration lease, Time time) {
        this.service = service;
        this.context = context;
        this.registry = registry;
        this.lease = lease;
        this.time = time;
    }

    View view() {
        return view;
    }

    /** Begins to follow, if it has not. */
    synchronized void start() {
        if (thread == null && !stopped) {
            thread = context.call(() -> Context.start("discovery " + service, this::run));
        }
    }

    /** Ends it; the call of the registry that is under way is interrupted. */
    synchronized void stop() {
        stopped = true;
        if (thread != null) {
            thread.interrupt();
        }
        notifyAll();
    }

    /** Waits for the first answer or the first failure, at most {@code most}. */
    View first(Duration most) throws InterruptedException {
        start();
        var timer = time.after(most, this::wake);
        long end = time.nanos() + most.toNanos();
        try {
            synchronized (this) {
                while (view.instances == null && view.failure == null && !stopped && end - time.nanos() > 0) {
                    wait();
                }
            }
        } finally {
            timer.cancel();
        }
        return view;
    }

    private synchronized void wake() {
        notifyAll();
    }

    private synchronized void show(View newView) {
        view = newView;
        notifyAll();
    }

    private void run() {
        Snapshot known = null;
        int failures = 0;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    long begin = time.nanos();
                    var now = follow(known);
                    boolean early = now.equals(known) && time.nanos() - begin < EARLY.toNanos();
                    known = now;
                    failures = 0;
                    time.sleep(early ? EARLY : PACE);
                } catch (RuntimeException failed) {
                    known = null;
                    failures++;
                    failed(failed, failures);
                    time.sleep(pause(failures));
                }
            }
        } catch (InterruptedException ended) {
            // By stop().
        }
    }

    private Snapshot follow(@Nullable Snapshot known) throws InterruptedException {
        if (known == null) {
            var now = registry.look(service);
            answered(now);
            return now;
        }
        long merging = mergeUntil - time.nanos();
        boolean merges = !before.isEmpty();
        var most = merges && merging < LONG_POLL.toNanos() ? Duration.ofNanos(Math.max(1, merging)) : LONG_POLL;
        Optional<Snapshot> changed = registry.await(service, known, most);
        var now = changed.orElse(known);
        if (changed.isPresent() || merges) {
            answered(now);
        }
        return now;
    }

    private void answered(Snapshot now) {
        var old = view;
        if (old.failure != null && old.instances != null) {
            before = old.instances;
            mergeUntil = time.nanos() + lease.toNanos();
        }
        if (mergeUntil - time.nanos() <= 0) {
            before = List.of();
        }
        if (old.failure != null) {
            LOG.info(
                    "{} answers again; {} instances of {}",
                    registry.describe(),
                    now.instances().size(),
                    service);
        }
        var instances = before.isEmpty() ? now.instances() : merged(before, now.instances());
        if (old.failure != null || !instances.equals(old.instances)) {
            show(new View(old.change + 1, instances, null, 0));
        }
    }

    private static List<Instance> merged(List<Instance> before, List<Instance> now) {
        var byId = new LinkedHashMap<String, Instance>();
        before.forEach(instance -> byId.put(instance.id(), instance));
        now.forEach(instance -> byId.put(instance.id(), instance));
        return List.copyOf(byId.values());
    }

    private void failed(RuntimeException failed, int failures) {
        var why = failed instanceof RemoteException ? String.valueOf(failed.getMessage()) : failed.toString();
        if (failures == 1) {
            LOG.warn("the instances of {} can't be asked for, the last known ones are used: {}", service, why);
        }
        if (!(failed instanceof RemoteException)) {
            LOG.warn("{} failed in a way that it should not", registry.describe(), failed);
        }
        var old = view;
        show(new View(old.change + 1, old.instances, why, old.failure == null ? time.nanos() : old.failingSince));
    }

    private Duration pause(int failures) {
        long most = Math.min(LONGEST_PAUSE.toNanos(), FIRST_PAUSE.toNanos() << Math.min(failures - 1, 10));
        return Duration.ofNanos(most / 10 + time.random().nextLong(most));
    }
}
