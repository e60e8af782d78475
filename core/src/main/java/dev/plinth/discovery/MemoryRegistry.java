package dev.plinth.discovery;

import dev.plinth.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A registry inside this JVM: for tests, for several services in one process, and behind {@link RegistryRoutes}.
 *
 * <p>Leases run on the {@link Time} that it was given. Thread-safe.
 */
public final class MemoryRegistry implements Registry {
    private record Entry(Instance instance, long endNanos, Instant heartbeat) {}

    /** The entries of one service, the change that made them so, and who waits for the next one. */
    private static final class Shelf {
        private final TreeMap<String, Entry> entries = new TreeMap<>();
        private final List<CountDownLatch> waiting = new ArrayList<>();
        private long change;

        private void wake() {
            waiting.forEach(CountDownLatch::countDown);
            waiting.clear();
        }
    }

    private final Time time;
    private final String epoch = UUID.randomUUID().toString();
    private final Map<String, Shelf> shelves = new HashMap<>();
    private long changes;

    /** An empty one. */
    public MemoryRegistry(Time time) {
        this.time = time;
    }

    /** The one that the services of this process share when they are configured with {@code backend: memory}. */
    public static MemoryRegistry ofProcess() {
        return OfProcess.REGISTRY;
    }

    private static final class OfProcess {
        private static final MemoryRegistry REGISTRY = new MemoryRegistry(Time.system());
    }

    @Override
    public String describe() {
        return "memory of this process";
    }

    @Override
    public boolean takesAnnouncements() {
        return true;
    }

    @Override
    public void announce(Instance instance, Duration lease) {
        synchronized (this) {
            var shelf = shelves.computeIfAbsent(instance.service(), _ -> new Shelf());
            long end = time.nanos() + lease.toNanos();
            var old = shelf.entries.put(instance.id(), new Entry(instance, end, time.now()));
            if (old == null || !old.instance.equals(instance)) {
                changed(instance.service(), shelf);
            }
        }
        time.after(lease, () -> expire(instance.service()));
    }

    @Override
    public synchronized void withdraw(Instance instance) {
        var shelf = shelves.get(instance.service());
        if (shelf != null && shelf.entries.remove(instance.id()) != null) {
            changed(instance.service(), shelf);
        }
    }

    private synchronized void expire(String service) {
        var shelf = shelves.get(service);
        long now = time.nanos();
        if (shelf != null && shelf.entries.values().removeIf(entry -> entry.endNanos - now <= 0)) {
            changed(service, shelf);
        }
    }

    private void changed(String service, Shelf shelf) {
        shelf.change = ++changes;
        shelf.wake();
        if (shelf.entries.isEmpty()) {
            shelves.remove(service);
        }
    }

    @Override
    public synchronized Snapshot look(String service) {
        return snapshot(shelves.get(service));
    }

    private Snapshot snapshot(@Nullable Shelf shelf) {
        if (shelf == null || shelf.entries.isEmpty()) {
            return new Snapshot(List.of(), epoch + "-0");
        }
        var instances =
                shelf.entries.values().stream().map(entry -> entry.instance).toList();
        return new Snapshot(instances, epoch + "-" + shelf.change);
    }

    @Override
    public Optional<Snapshot> await(String service, Snapshot known, Duration most) throws InterruptedException {
        var changed = new CountDownLatch(1);
        synchronized (this) {
            var now = look(service);
            if (!now.version().equals(known.version())) {
                return Optional.of(now);
            }
            shelves.computeIfAbsent(service, _ -> new Shelf()).waiting.add(changed);
        }
        var timer = time.after(most, changed::countDown);
        try {
            changed.await();
        } finally {
            timer.cancel();
            leave(service, changed);
        }
        var now = look(service);
        return now.version().equals(known.version()) ? Optional.empty() : Optional.of(now);
    }

    private synchronized void leave(String service, CountDownLatch waiting) {
        var shelf = shelves.get(service);
        if (shelf != null) {
            shelf.waiting.remove(waiting);
            if (shelf.entries.isEmpty() && shelf.waiting.isEmpty()) {
                shelves.remove(service);
            }
        }
    }

    @Override
    public synchronized Set<String> services() {
        var names = new TreeSet<String>();
        shelves.forEach((name, shelf) -> {
            if (!shelf.entries.isEmpty()) {
                names.add(name);
            }
        });
        return names;
    }

    @Override
    public synchronized List<Node> nodes(String service) {
        var shelf = shelves.get(service);
        return shelf == null
                ? List.of()
                : shelf.entries.values().stream()
                        .map(entry -> new Node(entry.instance, Optional.of(entry.heartbeat)))
                        .toList();
    }

    /** Ends the waits that are under way; all else stays as it is. */
    @Override
    public synchronized void close() {
        shelves.values().forEach(Shelf::wake);
    }
}
