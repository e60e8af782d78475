package dev.plinth.http.engine;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.Objects;

/** The body of an HTTP/1 request, by its length or in chunks (RFC 9112, sections 6 and 7), never past its end. */
final class RequestBody extends InputStream {
    private static final byte[] CONTINUE = Ascii.bytes("HTTP/1.1 100 Continue\r\n\r\n");
    /** An unread rest up to this is thrown away to keep the connection; beyond it closing is cheaper. */
    private static final int WORTH_SKIPPING = 64 * 1024;
    /** Extensions and trailers of one body together. Few exist, and each byte of them is work for nothing. */
    private static final int MAX_OVERHEAD = 8 * 1024;

    private final Connection in;
    private final long most;
    private final boolean chunked;
    private boolean awaited;
    /** Of the body, or of the chunk. */
    private long left;

    private long total;
    private int overhead;
    private boolean insideChunk;
    private boolean ended;
    private boolean failed;

    /**
     * @param length -1 for chunks
     * @param awaited whether the client waits to be asked for it
     */
    RequestBody(Connection in, long length, boolean awaited, long most) {
        this.in = in;
        this.most = most;
        this.awaited = awaited;
        chunked = length < 0;
        left = Math.max(length, 0);
        ended = length == 0;
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
        // Whatever goes wrong from here on, nothing after it can be trusted.
        failed = true;
        int n = readOn(to, offset, length);
        failed = false;
        return n;
    }

    private int readOn(byte[] to, int offset, int length) throws IOException {
        if (!chunked && left > most) {
            throw new BodyTooLargeException(most);
        }
        if (awaited) {
            awaited = false;
            in.write(CONTINUE, 0, CONTINUE.length);
        }
        if (chunked && left == 0 && !nextChunk()) {
            ended = true;
            return -1;
        }
        int n = in.read(to, offset, (int) Math.min(length, left));
        if (n < 0) {
            throw new EOFException("the client ended the connection inside the body, with " + left + " bytes to come");
        }
        left -= n;
        ended = left == 0 && !chunked;
        return n;
    }

    /** Reads up to the bytes of the next chunk; false after the last one. */
    private boolean nextChunk() throws IOException {
        if (insideChunk) {
            expect('\r');
            expect('\n');
        }
        long size = 0;
        int digits = 0;
        int octet = in.next();
        for (int digit; (digit = Ascii.hex(octet)) >= 0; octet = in.next()) {
            if (++digits > 15) {
                throw new ProtocolException("a chunk's size has too many digits");
            }
            size = size << 4 | digit;
        }
        if (digits == 0 || (octet != '\r' && octet != ';' && octet != ' ' && octet != '\t')) {
            throw new ProtocolException("a chunk's size is no number");
        }
        restOfLine(octet);
        if (size == 0) {
            skipTrailers();
            return false;
        }
        total += size;
        if (total > most) {
            throw new BodyTooLargeException(most);
        }
        left = size;
        insideChunk = true;
        return true;
    }

    private void skipTrailers() throws IOException {
        for (int octet = in.next(); octet != '\r'; octet = in.next()) {
            int name = 0;
            for (; Ascii.token((byte) octet) != 0; octet = in.next()) {
                name++;
                count();
            }
            if (name == 0 || octet != ':') {
                throw new ProtocolException("a trailer is malformed");
            }
            restOfLine(in.next());
        }
        expect('\n');
    }

    private void restOfLine(int first) throws IOException {
        int octet = first;
        for (; Ascii.field(octet); octet = in.next()) {
            count();
        }
        if (octet != '\r') {
            throw new ProtocolException("a line of the chunked body does not end in CRLF");
        }
        expect('\n');
    }

    private void count() throws ProtocolException {
        if (++overhead > MAX_OVERHEAD) {
            throw new ProtocolException("the chunked body has too many extensions or trailers");
        }
    }

    private void expect(int octet) throws IOException {
        if (in.next() != octet) {
            throw new ProtocolException("a line of the chunked body does not end in CRLF");
        }
    }

    /** Whether the connection can't be kept whatever comes, since the rest won't be read. */
    boolean spoilsConnection() {
        return failed || (awaited && !ended) || left > WORTH_SKIPPING;
    }

    boolean ended() {
        return ended;
    }

    /** Throws away what was not read; false if that is too much, or something went wrong. */
    boolean skipRest(long nanos) {
        if (ended) {
            return true;
        }
        if (spoilsConnection()) {
            return false;
        }
        in.timeLimit(nanos);
        var waste = new byte[4096];
        try {
            for (int skipped = 0; skipped <= WORTH_SKIPPING; ) {
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
}
