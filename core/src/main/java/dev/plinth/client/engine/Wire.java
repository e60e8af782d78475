package dev.plinth.client.engine;

import dev.plinth.context.Deadline;
import dev.plinth.time.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One connection: its socket, and the bytes that were read ahead. Every wait on it ends with the deadline of the request
 * that it carries. Used by one thread at a time; {@link #drop} may come from any.
 */
final class Wire {
    private static final int BUFFER = 8192;
    /** What a socket's own buffer takes without waiting for the other side. */
    private static final int AT_ONCE = 16 * 1024;

    private final Pool pool;
    private final SocketChannel channel;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final boolean secure;
    private Deadline deadline;
    private Time.@Nullable Timer guard;
    private long idleSince;
    private boolean kept;
    private volatile boolean dropped;

    /** What was read: from {@link #start} to {@link #end} is not yet used. */
    byte[] bytes = new byte[BUFFER];

    int start;
    int end;

    Wire(Pool pool, SocketChannel channel, Socket socket, boolean secure, Deadline deadline) throws IOException {
        this.pool = pool;
        this.channel = channel;
        this.socket = socket;
        this.secure = secure;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.deadline = deadline;
    }

    static Wire connect(Pool pool, Target target, TransportSettings settings, Deadline deadline) throws Fault {
        var wire = new Connecting(target, settings, deadline).open(pool);
        wire.begin(deadline);
        return wire;
    }

    /** The connection carries a request now that ends with this deadline. */
    void begin(Deadline newDeadline) {
        deadline = newDeadline;
        // A read waits by the machine's clock; a clock that is moved by hand needs somebody who cuts.
        guard = newDeadline.time().equals(Time.system()) ? null : cutAtDeadline();
    }

    private Time.Timer cutAtDeadline() {
        return deadline.time().after(deadline.remaining(), this::drop);
    }

    Time time() {
        return deadline.time();
    }

    long idleSince() {
        return idleSince;
    }

    /** Whether it has carried a request before. */
    boolean isKept() {
        return kept;
    }

    /** Whether the other side has neither ended it nor sent what nobody asked for. */
    boolean isAlive() {
        try {
            return secure ? isSilent() : isQuiet();
        } catch (IOException broken) {
            return false;
        }
    }

    private boolean isQuiet() throws IOException {
        channel.configureBlocking(false);
        try {
            return channel.read(ByteBuffer.allocate(1)) == 0;
        } finally {
            channel.configureBlocking(true);
        }
    }

    /** Records of TLS may come that are no answer, so it is the socket over it that is asked. */
    private boolean isSilent() throws IOException {
        socket.setSoTimeout(1);
        try {
            in.read();
            return false;
        } catch (SocketTimeoutException nothingThere) {
            return true;
        }
    }

    void write(byte[] from, int length) throws IOException {
        // A write has no time-out of its own; one that the socket's buffer takes can't wait.
        var cut = length > AT_ONCE && guard == null ? cutAtDeadline() : null;
        try {
            out.write(from, 0, length);
        } finally {
            if (cut != null) {
                cut.cancel();
            }
        }
    }

    /** The stream for a long body, which is cut off at the deadline, whatever happens in between. */
    OutputStream body() {
        guard = guard == null ? cutAtDeadline() : guard;
        return out;
    }

    /** Reads more behind what is there, waiting for at least one byte; -1 at the end of the input. */
    int fill() throws IOException {
        if (end == bytes.length) {
            if (start > 0) {
                System.arraycopy(bytes, start, bytes, 0, end - start);
            } else {
                bytes = Arrays.copyOf(bytes, bytes.length * 2);
            }
            end -= start;
            start = 0;
        }
        int n = receive(bytes, end, bytes.length - end);
        end += Math.max(n, 0);
        return n;
    }

    /** Bytes of a body, at least one; -1 at the end of the input. */
    int read(byte[] to, int offset, int length) throws IOException {
        if (start == end) {
            start = 0;
            end = 0;
            if (length >= BUFFER) {
                return receive(to, offset, length);
            }
            if (fill() < 0) {
                return -1;
            }
        }
        int n = Math.min(length, end - start);
        System.arraycopy(bytes, start, to, offset, n);
        start += n;
        return n;
    }

    private int receive(byte[] to, int offset, int length) throws IOException {
        long left = deadline.remaining().toNanos();
        if (left == 0) {
            throw new SocketTimeoutException("the deadline has passed");
        }
        socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, left / 1_000_000 + 1));
        return in.read(to, offset, length);
    }

    /** What a failure of the socket means to the request that it carries. */
    Fault fault(IOException failed, String doing) {
        if (failed instanceof Fault fault) {
            return fault;
        }
        if (failed instanceof SocketTimeoutException || (dropped && deadline.expired())) {
            return Fault.sent(Fault.Kind.TIMEOUT, "the deadline passed " + doing, failed);
        }
        if (Thread.currentThread().isInterrupted()) {
            return Fault.sent(Fault.Kind.INTERRUPTED, "interrupted " + doing, failed);
        }
        return Fault.sent(Fault.Kind.BROKEN, "the connection broke " + doing + ": " + reason(failed), failed);
    }

    static String reason(Throwable failed) {
        return Objects.requireNonNullElse(failed.getMessage(), failed.getClass().getSimpleName());
    }

    /** The answer was read to its end, and another may follow on this connection or not. */
    void finished(boolean reusable) {
        if (guard != null) {
            guard.cancel();
            guard = null;
        }
        // More than was asked for is no answer to anything.
        boolean keep = reusable && !dropped && start == end;
        start = 0;
        end = 0;
        if (bytes.length > BUFFER) {
            bytes = new byte[BUFFER];
        }
        kept = true;
        idleSince = deadline.time().nanos();
        pool.give(this, keep);
    }

    /** Ends it now, whoever waits on it. */
    void drop() {
        dropped = true;
        close();
    }

    void close() {
        pool.closed(this);
        try {
            // The channel, not the socket over it: TLS would wait to say goodbye.
            channel.close();
        } catch (IOException alreadyGone) {
            // Nothing is left to close.
        }
    }
}
