package dev.plinth.http.engine;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an HTTP/2 connection sends: frames of all streams in one buffer, written by a thread that is there as long as there
 * is anything. So a handler that is interrupted closes no socket that others use.
 *
 * <p>All but {@link #awaitWritten} is called under the connection's lock.
 */
final class Http2Output {
    private static final Logger LOG = LoggerFactory.getLogger(Http2Output.class);
    /** Handlers wait while more than this is to be written. */
    private static final int FULL = 64 * 1024;
    /** Nobody waits for the client's own questions to be answered, so a client that takes no answers is sent away. */
    private static final int CONGESTED = 4 * FULL;

    private final SocketEngine engine;
    private final Connection wire;
    private final ReentrantLock lock;
    private final Runnable broken;
    /** Something has changed that a stream's thread may wait for. */
    final Condition changed;

    private Bytes next = new Bytes(512);
    private Bytes spare = new Bytes(512);
    private boolean writing;
    private boolean ended;
    private boolean failed;
    private long window = Http2.WINDOW;
    private int initialWindow = Http2.WINDOW;

    Http2Output(SocketEngine engine, Connection wire, ReentrantLock lock, Runnable broken) {
        this.engine = engine;
        this.wire = wire;
        this.lock = lock;
        this.broken = broken;
        changed = lock.newCondition();
    }

    /** Begins a frame; its payload is added to {@link #bytes} next. */
    void frame(int length, int type, int flags, int stream) {
        next.add(length >>> 16).add(length >>> 8).add(length).add(type).add(flags);
        int32(stream);
    }

    void int32(int value) {
        next.add(value >>> 24).add(value >>> 16).add(value >>> 8).add(value);
    }

    Bytes bytes() {
        return next;
    }

    /** Has written what was added. */
    void flush() {
        if (writing) {
            return;
        }
        if (failed || ended) {
            next.clear();
        } else {
            writing = true;
            engine.writerThread(this::write);
        }
    }

    private void write() {
        lock.lock();
        try {
            while (next.size > 0 && !failed) {
                var now = next;
                next = spare;
                spare = now;
                lock.unlock();
                try {
                    wire.write(now);
                } catch (IOException | RuntimeException gone) {
                    LOG.debug("{}: {} takes no more: {}", engine.name(), wire.peer(), gone.toString());
                    failed = true;
                } finally {
                    lock.lock();
                }
                now.clear();
                changed.signalAll();
            }
            if (failed) {
                next.clear();
                broken.run();
                wire.cut();
            } else if (ended) {
                wire.shutOutput();
            }
            writing = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Sends nothing more behind what was added. */
    void end() {
        if (!ended) {
            ended = true;
            if (!writing) {
                // That may have to wait for the client too.
                writing = true;
                engine.writerThread(this::write);
            }
        }
    }

    boolean ended() {
        return ended;
    }

    boolean failed() {
        return failed;
    }

    boolean isCongested() {
        return next.size > CONGESTED;
    }

    /** Whether more may be added now. */
    boolean hasRoom() {
        return next.size <= FULL;
    }

    /** How much of a body may be sent now. */
    int window() {
        return (int) Math.min(window, Http2.MAX_FRAME);
    }

    void use(int count) {
        window -= count;
    }

    /** False if the window were too large then. */
    boolean widen(int by) {
        window += by;
        return window <= Integer.MAX_VALUE;
    }

    /** The window of each stream that is opened now. */
    int initialWindow() {
        return initialWindow;
    }

    void initialWindow(int size) {
        initialWindow = size;
    }

    /** Waits until all is written, or can't be. */
    void awaitWritten(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (writing && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException hurry) {
            LOG.trace("interrupted at the end", hurry);
        } finally {
            lock.unlock();
        }
    }
}
