package dev.plinth.http;

import dev.plinth.error.Problem;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A body that was sent with {@code Content-Encoding: gzip}, unpacked while it is read. What comes out is bounded like a
 * body that was not packed, so that a small one that unpacks to very much is refused as soon as it passes the limit.
 */
final class Unpacked extends FilterInputStream {
    private final BodyLimit limit;
    private long size;

    private Unpacked(InputStream packed, BodyLimit limit) {
        super(packed);
        this.limit = limit;
    }

    static InputStream of(InputStream body, List<String> encodings, BodyLimit limit) throws IOException {
        if (encodings.isEmpty()) {
            return body;
        }
        var encoding = String.join(",", encodings).strip();
        if (encoding.equalsIgnoreCase("identity")) {
            return body;
        }
        if (!encoding.equalsIgnoreCase("gzip") && !encoding.equalsIgnoreCase("x-gzip")) {
            throw Problem.badRequest(
                            "UNSUPPORTED_ENCODING", "content encoding '" + encoding + "' (expected: gzip or none)")
                    .withStatus(415);
        }
        try {
            return new Unpacked(new GZIPInputStream(body, 4096), limit);
        } catch (ZipException | EOFException malformed) {
            throw malformed();
        }
    }

    private static Problem malformed() {
        return Problem.badRequest("MALFORMED_BODY", "the body is not what gzip writes, or is cut short");
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        int n;
        try {
            n = in.read(to, offset, length);
        } catch (ZipException | EOFException broken) {
            throw malformed();
        }
        size += Math.max(0, n);
        if (size > limit.bytes()) {
            throw limit.exceeded();
        }
        return n;
    }

    @Override
    public long skip(long count) throws IOException {
        return readNBytes((int) Math.min(count, 8192)).length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
