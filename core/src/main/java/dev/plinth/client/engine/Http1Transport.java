package dev.plinth.client.engine;

import dev.plinth.context.Deadline;
import dev.plinth.time.Time;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * HTTP/1.1 over blocking sockets: one connection for each request on its way, kept after it for the next one to the same
 * target. A connection that nobody used for the idle time-out is closed, also where no further request comes.
 */
final class Http1Transport implements Transport {
    private final TransportSettings settings;
    private final ConcurrentHashMap<Target, Pool> pools = new ConcurrentHashMap<>();
    private final Set<Wire> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private volatile boolean closed;

    Http1Transport(TransportSettings settings) {
        this.settings = settings;
    }

    @Override
    public Reply send(Outbound request, Target target, Deadline deadline) throws Fault {
        var pool = pools.get(target);
        if (pool == null) {
            pool = pools.computeIfAbsent(target, _ -> new Pool(this, target, settings));
        }
        if (closed) {
            throw Fault.notSent(Fault.Kind.UNREACHABLE, "the client is closed", null);
        }
        var wire = pool.take(deadline);
        return new Http1Exchange(wire, request, target, settings.maxHead()).send();
    }

    /** A connection was made. */
    void opened(Wire wire) {
        open.add(wire);
        if (closed) {
            wire.drop();
        }
    }

    /** A connection was closed. */
    void closed(Wire wire) {
        open.remove(wire);
    }

    /** A connection is not in use any more. */
    void released(Time time) {
        if (!sweeping.get() && sweeping.compareAndSet(false, true)) {
            time.after(settings.idleTimeout(), () -> sweep(time));
        }
    }

    boolean closed() {
        return closed;
    }

    private void sweep(Time time) {
        boolean more = false;
        long now = time.nanos();
        for (var entry : pools.entrySet()) {
            var pool = entry.getValue();
            if (pool.sweep(now)) {
                more = true;
            } else if (pool.unused()) {
                pools.remove(entry.getKey(), pool);
            }
        }
        if (more && !closed) {
            time.after(settings.idleTimeout().dividedBy(2), () -> sweep(time));
            return;
        }
        sweeping.set(false);
    }

    /** How many connections are open, in use or kept. */
    int open() {
        return open.size();
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(Wire::drop);
        pools.values().forEach(Pool::clear);
    }
}
