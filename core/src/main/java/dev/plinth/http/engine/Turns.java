package dev.plinth.http.engine;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Gives each request one turn in a round, where processors are busy.
 *
 * <p>A carrier of virtual threads runs what is ready in its own queue, and looks at what comes from outside only when that
 * is empty: threads that were just started, that a timer or a thread of the system has woken, that yielded. What sockets
 * wake goes into its own queue, and where sockets are always ready it is never empty: then some connections are served
 * again and again, and everybody else stands still for seconds. So a request that waits here is called by a thread that
 * comes from outside. The carrier's own queue runs empty meanwhile, since nobody in it goes on, and whoever waits outside
 * is before the one that calls.
 *
 * <p>Whether processors are busy is seen by a probe, a thread that is started now and then and looks how late it is.
 * Thread-safe.
 */
final class Turns {
    /** A thread that is ready and has to wait longer than this for a processor shows that they are busy. */
    private static final long BUSY_NANOS = 2_000_000;

    private final ThreadFactory threads;
    private final ConcurrentLinkedQueue<Waiter> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean calling = new AtomicBoolean();
    /** When the probe that is on its way was started; 0 where none is. */
    private volatile long probing;

    private volatile boolean busy;

    private static final class Waiter {
        private final Thread thread = Thread.currentThread();
        private volatile boolean called;
    }

    /** {@code threads} makes virtual ones. */
    Turns(ThreadFactory threads) {
        this.threads = threads;
    }

    boolean isBusy() {
        return busy;
    }

    /** Looks how late a thread begins. Called by one thread, every now and then. */
    void probe(long now) {
        long since = probing;
        if (since != 0) {
            busy |= now - since > BUSY_NANOS;
            return;
        }
        probing = now == 0 ? 1 : now;
        threads.newThread(() -> {
                    busy = System.nanoTime() - probing > BUSY_NANOS;
                    probing = 0;
                })
                .start();
    }

    /** Where processors are busy, waits until the others that are ready had their turn. An interrupt ends it. */
    void await() {
        if (!busy) {
            return;
        }
        var waiter = new Waiter();
        waiting.add(waiter);
        if (calling.compareAndSet(false, true)) {
            try {
                threads.newThread(this::call).start();
            } catch (Throwable noThread) {
                calling.set(false);
                throw noThread;
            }
        }
        while (!waiter.called && !waiter.thread.isInterrupted()) {
            LockSupport.park(this);
        }
    }

    /**
     * Calls all who wait. It has been behind those that were started before, and passes behind those that timers have
     * woken. A carrier may also stay with one of the queues outside for as long as there is something in it; the one for
     * the next round is in another than this one, so it goes through all.
     */
    private void call() {
        LockSupport.parkNanos(1);
        calling.set(false);
        for (int left = waiting.size(); left > 0; left--) {
            var next = waiting.poll();
            if (next != null) {
                next.called = true;
                LockSupport.unpark(next.thread);
            }
        }
    }
}
