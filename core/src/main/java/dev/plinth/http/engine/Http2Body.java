package dev.plinth.http.engine;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The body of an HTTP/2 request: what has arrived and is not read yet, which the stream's window bounds. */
final class Http2Body extends InputStream {
    private static final int CREDIT = Http2.WINDOW / 4;

    private final Http2 connection;
    private final Http2Stream stream;
    private final long declared;
    private final long most;
    private boolean failed;

    // ---- guarded by the connection's lock
    /** A ring. */
    private byte[] bytes = new byte[0];

    private int first;
    private int size;
    private long received;
    /** What was waited for it. */
    private long waited;

    private int windowLeft = Http2.WINDOW;
    private int uncredited;
    private boolean complete;
    private @Nullable String wrong;

    Http2Body(Http2 connection, Http2Stream stream, long declared, boolean complete) {
        this.connection = connection;
        this.stream = stream;
        this.declared = declared;
        this.complete = complete;
        most = connection.engine().maxBodyBytes();
    }

    /** Takes what has come; {@code credit} bytes of the window were used for it. */
    void receive(byte[] from, int offset, int count, int credit, boolean last) {
        if (stream.cancelled()) {
            return;
        }
        received += count;
        windowLeft -= credit;
        boolean tooLong = declared >= 0 && received > declared;
        boolean tooShort = last && declared >= 0 && received < declared;
        if (complete) {
            stream.fail(Http2Error.STREAM_CLOSED);
        } else if (windowLeft < 0) {
            stream.fail(Http2Error.FLOW_CONTROL);
        } else if (tooLong || tooShort) {
            wrong = "the body is " + (tooLong ? "longer" : "shorter") + " than its Content-Length";
            stream.fail(Http2Error.PROTOCOL);
        } else {
            append(from, offset, count);
            uncredited += credit - count;
            complete = last;
        }
    }

    private void append(byte[] from, int offset, int count) {
        if (size + count > bytes.length) {
            var larger = new byte[Math.max(size + count, Math.min(2 * bytes.length, Http2.WINDOW))];
            copy(larger, 0, size);
            bytes = larger;
            first = 0;
        }
        int at = (first + size) % Math.max(bytes.length, 1);
        int n = Math.min(count, bytes.length - at);
        System.arraycopy(from, offset, bytes, at, n);
        System.arraycopy(from, offset + n, bytes, 0, count - n);
        size += count;
    }

    private void copy(byte[] to, int offset, int count) {
        int n = Math.min(count, bytes.length - first);
        System.arraycopy(bytes, first, to, offset, n);
        System.arraycopy(bytes, 0, to, offset + n, count - n);
    }

    /** Whether all of it has arrived. */
    boolean complete() {
        return complete;
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
        if (length == 0) {
            return 0;
        }
        failed = true;
        int n = readOn(to, offset, length);
        failed = false;
        return n;
    }

    private int readOn(byte[] to, int offset, int length) throws IOException {
        if (declared > most) {
            throw new BodyTooLargeException(most);
        }
        connection.lock.lock();
        try {
            awaitSome();
            if (received > most) {
                throw new BodyTooLargeException(most);
            }
            int n = Math.min(length, size);
            if (n == 0) {
                return -1;
            }
            copy(to, offset, n);
            first = (first + n) % bytes.length;
            size -= n;
            uncredited += n;
            if (uncredited >= CREDIT && !complete) {
                connection.credit(stream.id(), uncredited);
                windowLeft += uncredited;
                uncredited = 0;
            }
            return n;
        } finally {
            connection.lock.unlock();
        }
    }

    private void awaitSome() throws IOException {
        if (size > 0 || complete) {
            return;
        }
        long began = System.nanoTime();
        try {
            await(Math.min(stream.readLimit() - began, connection.engine().patienceFor(received) - waited));
        } finally {
            waited += System.nanoTime() - began;
        }
    }

    private void await(long most) throws IOException {
        long left = most;
        while (size == 0 && !complete) {
            if (wrong != null) {
                throw new ProtocolException(wrong);
            }
            if (stream.cancelled()) {
                throw new EOFException("the client has reset the stream inside the body");
            }
            if (left <= 0) {
                throw new SocketTimeoutException("the client sent nothing in time");
            }
            try {
                left = connection.out.changed.awaitNanos(left);
            } catch (InterruptedException cut) {
                // Who is cancelled is interrupted too, and is to know the reason.
                if (wrong == null && !stream.cancelled()) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted while the client sent nothing", cut);
                }
            }
        }
    }
}
