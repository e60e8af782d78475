package dev.plinth.http.engine;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;

/**
 * A connection that has left HTTP and carries another protocol. One thread reads; one at a time writes, which may be
 * another; {@link #cut} is for any.
 */
public final class Tunnel {
    private final Connection wire;

    Tunnel(Connection wire) {
        this.wire = wire;
    }

    /** Waits for input, for as long as it takes; false if it has ended. */
    public boolean await() throws IOException {
        return wire.awaitFrame();
    }

    /**
     * Reads that many bytes; each wait for some of them is bounded by the listener's read time-out.
     *
     * @throws EOFException if the input ends before
     */
    public void read(byte[] to, int offset, int length) throws IOException {
        for (int n = 0; n < length; ) {
            int more = wire.read(to, offset + n, length - n);
            if (more < 0) {
                throw new EOFException("the client ended the connection");
            }
            n += more;
        }
    }

    /**
     * Writes all of it.
     *
     * @param limit what that may take in all; afterwards the connection is cut
     */
    public void write(byte[] from, int offset, int length, Duration limit) throws IOException {
        wire.write(from, offset, length, System.nanoTime() + limit.toNanos());
    }

    /** Ends the output, and takes what the client still sends for a while, so that it gets what was written. */
    public void end() throws IOException {
        wire.linger();
    }

    /** Ends it at once: whoever reads or writes fails. */
    public void cut() {
        wire.cut();
    }
}
