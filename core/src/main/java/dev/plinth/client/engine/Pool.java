package dev.plinth.client.engine;

import dev.plinth.context.Deadline;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The connections to one target: how many there may be, and those that wait for the next request. */
final class Pool {
    /** What was used just now is not looked at again before it is used. */
    private static final long FRESH_NANOS = 20_000_000;

    private final Http1Transport transport;
    private final Target target;
    private final TransportSettings settings;
    private final Semaphore free;
    private final ConcurrentLinkedDeque<Wire> idle = new ConcurrentLinkedDeque<>();

    Pool(Http1Transport transport, Target target, TransportSettings settings) {
        this.transport = transport;
        this.target = target;
        this.settings = settings;
        this.free = new Semaphore(settings.maxConnections());
    }

    /** A connection that seems alive, the one used last if there is one, else a new one. */
    Wire take(Deadline deadline) throws Fault {
        if (!free.tryAcquire()) {
            await(deadline.atMost(settings.poolTimeout()));
        }
        try {
            long now = deadline.time().nanos();
            for (var kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
                long age = now - kept.idleSince();
                if (age < settings.idleTimeout().toNanos() && (age < FRESH_NANOS || kept.isAlive())) {
                    kept.begin(deadline);
                    return kept;
                }
                kept.close();
            }
            var wire = Wire.connect(this, target, settings, deadline);
            transport.opened(wire);
            return wire;
        } catch (Fault | RuntimeException | Error failed) {
            free.release();
            throw failed;
        }
    }

    private void await(Duration limit) throws Fault {
        try {
            if (!free.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw Fault.notSent(
                        Fault.Kind.NO_CONNECTION_FREE,
                        "all " + settings.maxConnections() + " connections were in use for " + limit.toMillis() + " ms",
                        null);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Fault.notSent(Fault.Kind.INTERRUPTED, "interrupted while it waited for a connection", interrupted);
        }
    }

    /** Takes a connection back, to keep it or not. */
    void give(Wire wire, boolean keep) {
        if (keep && !transport.closed()) {
            idle.addFirst(wire);
        } else {
            wire.close();
        }
        transport.released(wire.time());
        free.release();
        if (transport.closed()) {
            clear();
        }
    }

    /** Closes what was kept too long; whether any is left. */
    boolean sweep(long now) {
        for (var oldest = idle.pollLast(); oldest != null; oldest = idle.pollLast()) {
            if (now - oldest.idleSince() < settings.idleTimeout().toNanos()) {
                idle.addLast(oldest);
                return true;
            }
            oldest.close();
        }
        return false;
    }

    /** Called by a connection at its end. */
    void closed(Wire wire) {
        transport.closed(wire);
    }

    boolean unused() {
        return idle.isEmpty() && free.availablePermits() == settings.maxConnections();
    }

    void clear() {
        for (var wire = idle.pollFirst(); wire != null; wire = idle.pollFirst()) {
            wire.close();
        }
    }
}
