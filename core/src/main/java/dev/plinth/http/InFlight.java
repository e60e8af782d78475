package dev.plinth.http;

import dev.plinth.context.Deadline;
import dev.plinth.error.Problem;
import dev.plinth.http.engine.BodyTooLargeException;
import dev.plinth.resilience.Gate;
import dev.plinth.time.Time;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The requests that are being answered: their number, the interruption of those past their deadline, and the wait for
 * their end at stop.
 *
 * <p>A deadline acts first through the time-outs of whatever a handler waits on. Only where that did not help is the
 * thread interrupted, {@link #GRACE} later, by one sweep over all requests and not by a timer for each. The interrupt
 * must never reach the connection's own reads and writes, since it would close the socket: it is given under the lock of
 * the request, only while its handler runs, and taken back when the handler ends.
 */
final class InFlight {
    static final Duration GRACE = Duration.ofMillis(100);

    private final Time time;
    private final Set<Work> works = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    /** Of those that are let in, without those that only send on. */
    private final AtomicInteger places = new AtomicInteger();

    private final AtomicBoolean sweeping = new AtomicBoolean();
    private final Object idle = new Object();
    private volatile boolean draining;

    InFlight(Time time) {
        this.time = time;
    }

    /**
     * Takes a request in, on its own thread; null if {@code most} are there.
     *
     * @param gate that let it in, and where its place is given back
     */
    @Nullable
    Work enter(Deadline deadline, int most, @Nullable Gate gate) {
        count.incrementAndGet();
        if (places.incrementAndGet() > most) {
            places.decrementAndGet();
            leave();
            return null;
        }
        var work = new Work(Thread.currentThread(), deadline, gate, places);
        works.add(work);
        if (sweeping.compareAndSet(false, true)) {
            time.after(GRACE, this::sweep);
        }
        return work;
    }

    /** Lets a request go. */
    void exit(Work work) {
        works.remove(work);
        work.handled(time.nanos());
        work.release();
        leave();
    }

    /** How many take a place. */
    int places() {
        return places.get();
    }

    private void leave() {
        if (count.decrementAndGet() == 0 && draining) {
            synchronized (idle) {
                idle.notifyAll();
            }
        }
    }

    /** How many there are. */
    int count() {
        return count.get();
    }

    private void sweep() {
        long now = time.nanos();
        for (var work : works) {
            if (now - work.deadline.atNanos() >= GRACE.toNanos()) {
                work.interrupt();
            }
        }
        if (works.isEmpty()) {
            sweeping.set(false);
            if (works.isEmpty() || !sweeping.compareAndSet(false, true)) {
                return;
            }
        }
        time.after(GRACE, this::sweep);
    }

    /** Waits until none is left, at most {@code limit}; returns how many are. */
    int awaitNone(Duration limit) throws InterruptedException {
        var over = Deadline.after(time, limit);
        draining = true;
        var timer = time.after(limit, () -> {
            synchronized (idle) {
                idle.notifyAll();
            }
        });
        try {
            synchronized (idle) {
                while (count.get() > 0 && !over.expired()) {
                    idle.wait();
                }
            }
        } finally {
            timer.cancel();
        }
        return count.get();
    }

    /** Whether the end of all is waited for. */
    boolean draining() {
        return draining;
    }

    /** Interrupts all that are left. */
    void interruptAll() {
        for (var work : works) {
            work.interrupt();
        }
    }

    /** One request and the thread that answers it. */
    static final class Work {
        private final Thread thread;
        private final Deadline deadline;
        private final @Nullable Gate gate;
        private final AtomicInteger places;
        private final long began;
        /** What it waited for the client. */
        private long waited;

        private boolean handling;
        private boolean interrupted;
        private boolean handled;
        private boolean released;

        private Work(Thread thread, Deadline deadline, @Nullable Gate gate, AtomicInteger places) {
            this.thread = thread;
            this.deadline = deadline;
            this.gate = gate;
            this.places = places;
            this.began = gate == null ? 0 : deadline.time().nanos();
        }

        /** The answer is there and only has to be sent: what the client takes for that is no work. */
        void handled(long now) {
            if (gate != null && !handled) {
                handled = true;
                gate.leave(now - began - waited);
            }
        }

        /** It sends on, for as long as the client likes, and takes no place from now on. */
        void release() {
            if (!released) {
                released = true;
                places.decrementAndGet();
            }
        }

        /** From here on the thread may be interrupted. */
        synchronized void begin() {
            handling = true;
        }

        /** From here on it may not; an interrupt that was given is taken back. Returns whether there was one. */
        synchronized boolean end() {
            handling = false;
            if (interrupted) {
                Thread.interrupted();
            }
            return interrupted;
        }

        synchronized void interrupt() {
            if (handling && !interrupted) {
                interrupted = true;
                thread.interrupt();
            }
        }

        /** The body with its limit; while a read waits on the socket the thread is not interrupted. */
        InputStream guard(InputStream body, BodyLimit limit) {
            return new InputStream() {
                private long read;

                @Override
                public int read() throws IOException {
                    var one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] to, int offset, int length) throws IOException {
                    boolean before;
                    synchronized (Work.this) {
                        before = handling;
                        handling = false;
                    }
                    int n;
                    long asked = gate == null ? 0 : deadline.time().nanos();
                    try {
                        n = body.read(to, offset, length);
                    } catch (BodyTooLargeException tooLarge) {
                        throw limit.exceeded();
                    } catch (SocketTimeoutException tooSlow) {
                        throw deadline.expired()
                                ? Problem.deadlineExceeded("the body was not there in time")
                                : Problem.badRequest("BODY_TIMEOUT", "the body came too slowly (http.read-timeout)")
                                        .withStatus(408);
                    } catch (ProtocolException | EOFException malformed) {
                        throw Problem.badRequest(
                                "MALFORMED_BODY", "the body is cut short, or its chunks are malformed");
                    } finally {
                        if (gate != null) {
                            waited += deadline.time().nanos() - asked;
                        }
                        synchronized (Work.this) {
                            handling = before;
                        }
                    }
                    if (n > 0) {
                        read += n;
                        if (read > limit.bytes()) {
                            throw limit.exceeded();
                        }
                        if (deadline.expired()) {
                            throw Problem.deadlineExceeded("the body was not there in time");
                        }
                    }
                    return n;
                }

                @Override
                public void close() throws IOException {
                    body.close();
                }
            };
        }
    }
}
