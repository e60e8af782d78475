package dev.plinth.client.engine;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way in. The connection is given back with the last byte of it; closing before drops it, since the rest
 * would have to be waited for.
 */
abstract class WireInput extends InputStream {
    private final boolean reusable;
    private @Nullable Wire wire;

    WireInput(Wire wire, boolean reusable) {
        this.wire = wire;
        this.reusable = reusable;
    }

    /** Bytes of the body, at least one; -1 at its end. */
    abstract int receive(Wire from, byte[] to, int offset, int length) throws IOException;

    /** Whether all of it was received. */
    abstract boolean isOver();

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        var open = wire;
        if (open == null) {
            return -1;
        }
        if (length == 0) {
            return 0;
        }
        int n;
        try {
            n = receive(open, to, offset, length);
        } catch (IOException failed) {
            wire = null;
            open.drop();
            var fault = open.fault(failed, "inside the body");
            open.finished(false);
            throw fault;
        }
        if (n < 0 || isOver()) {
            wire = null;
            open.finished(reusable && isOver());
        }
        return n;
    }

    @Override
    public void close() {
        var open = wire;
        if (open != null) {
            wire = null;
            open.drop();
            open.finished(false);
        }
    }
}
