package dev.plinth.http.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The body of an HTTP/2 request: Helidon's stream of it, with the limit of its size and an end of each wait.
 *
 * <p>Helidon's stream waits for ever and takes an interrupt for the end of the body, so both are watched here.
 */
final class Http2Body extends InputStream {
    private static final int WORTH_SKIPPING = 64 * 1024;
    private static final long NONE = 0;
    private static final long OVER = 1;

    private final SocketEngine engine;
    private final InputStream from;
    private final long declared;
    private final Thread thread = Thread.currentThread();
    private final AtomicLong until = new AtomicLong(NONE);
    private boolean limited;
    private long limit;
    private long total;
    private boolean ended;
    private boolean failed;

    Http2Body(SocketEngine engine, InputStream from, long declared) {
        this.engine = engine;
        this.from = from;
        this.declared = declared;
        ended = declared == 0;
    }

    void timeLimit(long nanos) {
        limited = true;
        limit = System.nanoTime() + nanos;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, to.length);
        if (failed) {
            throw new IOException("the body could not be read to its end");
        }
        if (ended || length == 0) {
            return ended ? -1 : 0;
        }
        failed = true;
        if (declared > engine.maxBodyBytes()) {
            throw new BodyTooLargeException(engine.maxBodyBytes());
        }
        int n = await(to, offset, length);
        total += Math.max(n, 0);
        if (total > engine.maxBodyBytes()) {
            throw new BodyTooLargeException(engine.maxBodyBytes());
        }
        failed = false;
        ended = n < 0;
        return n;
    }

    private int await(byte[] to, int offset, int length) throws IOException {
        long now = System.nanoTime();
        long end = now + engine.readNanos();
        end = limited && limit - end < 0 ? limit : end;
        until.set(end);
        int n = -1;
        RuntimeException broken = null;
        try {
            n = from.read(to, offset, length);
        } catch (UncheckedIOException gone) {
            throw gone.getCause();
        } catch (RuntimeException reset) {
            broken = reset;
        }
        if (!until.compareAndSet(end, NONE)) {
            Thread.interrupted();
            throw new SocketTimeoutException("the client sent nothing in time");
        }
        if (broken != null) {
            throw new IOException("the client has reset the stream", broken);
        }
        if (n < 0 && Thread.currentThread().isInterrupted()) {
            throw new IOException("the read was interrupted");
        }
        return n;
    }

    /** Ends the wait if it is over. Not while the thread writes: an interrupt would close the socket of all streams. */
    void expire(long now, ReentrantLock writing) {
        long end = until.get();
        if (end != NONE && end != OVER && now - end >= 0 && writing.tryLock()) {
            try {
                if (until.compareAndSet(end, OVER)) {
                    thread.interrupt();
                }
            } finally {
                writing.unlock();
            }
        }
    }

    void interrupt() {
        thread.interrupt();
    }

    /** Throws away what was not read; false if that is too much, or something went wrong. */
    boolean skipRest() {
        timeLimit(engine.readNanos());
        var waste = new byte[4096];
        try {
            for (int skipped = 0; !failed && skipped <= WORTH_SKIPPING; ) {
                int n = read(waste, 0, waste.length);
                if (n < 0) {
                    return true;
                }
                skipped += n;
            }
        } catch (IOException broken) {
            return false;
        }
        return false;
    }

    /** Lets Helidon believe that it was read to its end, which it would else wait for. */
    void abandon() {
        var waste = new byte[4096];
        Thread.currentThread().interrupt();
        try {
            while (from.read(waste) > 0) {
                // thrown away
            }
        } catch (IOException | RuntimeException gone) {
            // There is nothing to wait for then.
        } finally {
            Thread.interrupted();
        }
    }
}
