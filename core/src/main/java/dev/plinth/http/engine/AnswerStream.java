package dev.plinth.http.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** The body of an answer that is written piece by piece: gathered, and sent when 8 KiB are there and at each flush. */
abstract class AnswerStream extends OutputStream {
    /** What is not sent yet. */
    final byte[] waiting = new byte[8 * 1024];

    int size;
    /** What was promised; -1 where nothing was. */
    final long length;

    private final boolean bodiless;
    private long sent;
    private boolean closed;

    AnswerStream(long length, boolean bodiless) {
        this.length = length;
        this.bodiless = bodiless;
    }

    private void count(boolean last) throws IOException {
        sent += size;
        if (length >= 0 && !bodiless && (last ? sent != length : sent > length)) {
            throw new IOException("the body is not as long as was said: " + sent + " bytes of " + length);
        }
    }

    /** Sends {@link #waiting} up to {@link #size}, which may be nothing. */
    abstract void send(boolean last) throws IOException;

    /** Whether the answer is complete. */
    boolean closed() {
        return closed;
    }

    @Override
    public void write(int octet) throws IOException {
        if (size == waiting.length) {
            flush();
        }
        waiting[size++] = (byte) octet;
    }

    @Override
    public void write(byte[] from, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, from.length);
        int at = offset;
        int rest = count;
        while (rest > 0) {
            if (size == waiting.length) {
                flush();
            }
            int n = Math.min(rest, waiting.length - size);
            System.arraycopy(from, at, waiting, size, n);
            size += n;
            at += n;
            rest -= n;
        }
    }

    @Override
    public void flush() throws IOException {
        if (closed) {
            throw new IOException("the stream is closed");
        }
        count(false);
        send(false);
        size = 0;
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            count(true);
            send(true);
            size = 0;
            closed = true;
        }
    }
}
