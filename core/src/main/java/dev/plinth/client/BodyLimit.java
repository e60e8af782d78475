package dev.plinth.client;

import dev.plinth.client.engine.Fault;
import dev.plinth.client.engine.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** The body of an answer, decompressed, and no more of it than is allowed: a small one may be a very large one, packed. */
final class BodyLimit extends InputStream {
    private final InputStream in;
    private long left;

    private BodyLimit(InputStream body, long limit) {
        this.in = body;
        this.left = limit;
    }

    /** More than the limit would come. */
    static final class Exceeded extends IOException {
        private static final long serialVersionUID = 1L;

        Exceeded() {
            super("the answer is larger than max-response");
        }
    }

    static InputStream of(Reply reply, long limit) throws IOException {
        if (reply.length() > limit) {
            throw new Exceeded();
        }
        var coding = reply.header("content-encoding");
        if (coding == null || coding.equalsIgnoreCase("identity") || reply.length() == 0) {
            return new BodyLimit(reply.body(), limit);
        }
        if (!coding.toLowerCase(Locale.ROOT).matches("x-?gzip|gzip")) {
            throw Fault.sent(
                    Fault.Kind.MALFORMED,
                    "the answer can't be read: its content coding is none that was asked for",
                    null);
        }
        try {
            return new BodyLimit(new Gunzip(reply.body()), limit);
        } catch (Fault fault) {
            throw fault;
        } catch (IOException broken) {
            throw Gunzip.malformed(broken);
        }
    }

    /** All of it. */
    static byte[] read(Reply reply, long limit) throws IOException {
        try (var body = of(reply, limit)) {
            int length = (int) reply.length();
            if (length < 0 || reply.header("content-encoding") != null) {
                return body.readAllBytes();
            }
            var bytes = new byte[length];
            int n = body.readNBytes(bytes, 0, length);
            return n == length ? bytes : Arrays.copyOf(bytes, n);
        }
    }

    @Override
    public int read() throws IOException {
        int octet = in.read();
        count(octet < 0 ? 0 : 1);
        return octet;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        int n = in.read(to, offset, (int) Math.min(length, left + 1));
        count(Math.max(n, 0));
        return n;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void count(int n) throws IOException {
        left -= n;
        if (left < 0) {
            left = 0;
            throw new Exceeded();
        }
    }

    /** What is no gzip is garbage, and not a broken connection. */
    private static final class Gunzip extends GZIPInputStream {
        Gunzip(InputStream packed) throws IOException {
            super(packed, 8192);
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            try {
                int n = super.read(to, offset, length);
                if (n < 0 && in.read() >= 0) {
                    throw new ZipException("more follows behind its end");
                }
                return n;
            } catch (Fault fault) {
                throw fault;
            } catch (IOException broken) {
                throw malformed(broken);
            }
        }

        static Fault malformed(IOException broken) {
            var why = broken instanceof ZipException ? String.valueOf(broken.getMessage()) : "it ends too early";
            return Fault.sent(Fault.Kind.MALFORMED, "the answer can't be read as gzip: " + why, broken);
        }
    }
}
