package dev.plinth.client.engine;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One request and its answer on a connection, by HTTP/1.1 (RFC 9112). */
final class Http1Exchange {
    /** A body up to this goes out in one piece with its head. */
    private static final int TOGETHER = 16 * 1024;

    private final Wire wire;
    private final Outbound request;
    private final Target target;
    private final int maxHead;

    Http1Exchange(Wire wire, Outbound request, Target target, int maxHead) {
        this.wire = wire;
        this.request = request;
        this.target = target;
        this.maxHead = maxHead;
    }

    Reply send() throws Fault {
        boolean answered = false;
        try {
            var cut = write();
            var reply = reply(readHead(cut), cut == null);
            answered = true;
            return reply;
        } finally {
            if (!answered) {
                wire.drop();
                wire.finished(false);
            }
        }
    }

    /** Returns what hindered it: the other side may have answered before it had read all, with 413 say, and gone. */
    private @Nullable Fault write() throws Fault {
        var head = head();
        var body = request.body();
        var bytes = body == null ? null : body.bytes();
        try {
            if (body == null) {
                wire.write(head, head.length);
            } else if (bytes != null && bytes.length <= TOGETHER) {
                var whole = new byte[head.length + bytes.length];
                System.arraycopy(head, 0, whole, 0, head.length);
                System.arraycopy(bytes, 0, whole, head.length, bytes.length);
                wire.write(whole, whole.length);
            } else if (bytes != null) {
                wire.write(head, head.length);
                wire.write(bytes, bytes.length);
            } else {
                wire.write(head, head.length);
                stream(body);
            }
            return null;
        } catch (IOException failed) {
            return wire.fault(failed, "while the request was sent");
        }
    }

    private void stream(Outbound.Body body) throws IOException {
        var to = new BodyOutput(wire.body(), body.length());
        try {
            body.writeTo(to);
            to.finish();
        } catch (IOException | RuntimeException failed) {
            if (to.broken()) {
                throw failed;
            }
            // The connection is well, but this request can't be ended on it.
            throw Fault.sent(Fault.Kind.BROKEN, "the body could not be written: " + Wire.reason(failed), failed);
        }
    }

    private byte[] head() {
        var text = new StringBuilder(512);
        text.append(request.method()).append(' ').append(request.path()).append(" HTTP/1.1\r\nHost: ");
        text.append(target.authority()).append("\r\n");
        var headers = request.headers();
        for (int i = 0; i < headers.size(); i += 2) {
            text.append(headers.get(i)).append(": ").append(headers.get(i + 1)).append("\r\n");
        }
        var body = request.body();
        if (body != null) {
            if (body.length() >= 0) {
                text.append("Content-Length: ").append(body.length()).append("\r\n");
            } else {
                text.append("Transfer-Encoding: chunked\r\n");
            }
        } else if (wantsLength(request.method())) {
            text.append("Content-Length: 0\r\n");
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** RFC 9110, section 8.6: a method that may have content says that there is none. */
    private static boolean wantsLength(String method) {
        return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    }

    private ReplyHead readHead(@Nullable Fault cut) throws Fault {
        try {
            while (true) {
                var head = ReplyHead.read(wire, maxHead);
                if (head.status() == 101) {
                    throw Fault.sent(Fault.Kind.MALFORMED, "it switched protocols, which nobody asked for", null);
                }
                if (head.status() >= 200) {
                    return head;
                }
            }
        } catch (IOException failed) {
            if (cut != null) {
                throw cut;
            }
            boolean silent = wire.end == 0;
            var fault = failed instanceof EOFException && silent
                    ? Fault.sent(Fault.Kind.BROKEN, "the connection ended before an answer came", failed)
                    : wire.fault(failed, "while it waited for an answer");
            throw wire.isKept() && silent && fault.kind() == Fault.Kind.BROKEN ? fault.onKeptConnection() : fault;
        }
    }

    private Reply reply(ReplyHead head, boolean whole) throws Fault {
        boolean reusable = whole && head.keepsAlive();
        long length = request.isHead() || head.status() == 204 || head.status() == 304 ? 0 : head.bodyLength();
        if (length == 0) {
            wire.finished(reusable);
            return new Reply(head.status(), head.fields(), 0, InputStream.nullInputStream());
        }
        InputStream body = length == ReplyHead.CHUNKED
                ? new ChunkedInput(wire, reusable, maxHead)
                : new PlainInput(wire, length, reusable);
        return new Reply(head.status(), head.fields(), Math.max(length, -1), body);
    }

    /** Cuts a body into chunks, or counts what was promised. */
    private static final class BodyOutput extends OutputStream {
        private static final byte[] LINE_END = {'\r', '\n'};

        private final OutputStream to;
        private final byte[] buffer = new byte[8192];
        private final boolean chunked;
        private long left;
        private int size;
        private boolean broken;

        BodyOutput(OutputStream to, long length) {
            this.to = to;
            this.chunked = length < 0;
            this.left = length;
        }

        boolean broken() {
            return broken;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            if (!chunked && length > left) {
                throw new IOException("it has more bytes than it said");
            }
            left -= length;
            if (length > buffer.length - size) {
                flush();
            }
            if (length > buffer.length) {
                chunk(from, offset, length);
            } else {
                System.arraycopy(from, offset, buffer, size, length);
                size += length;
            }
        }

        @Override
        public void flush() throws IOException {
            if (size > 0) {
                int length = size;
                size = 0;
                chunk(buffer, 0, length);
            }
        }

        private void chunk(byte[] from, int offset, int length) throws IOException {
            try {
                if (chunked) {
                    to.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                }
                to.write(from, offset, length);
                if (chunked) {
                    to.write(LINE_END);
                }
            } catch (IOException failed) {
                broken = true;
                throw failed;
            }
        }

        void finish() throws IOException {
            flush();
            if (!chunked && left > 0) {
                throw new IOException("it has " + left + " bytes less than it said");
            }
            if (chunked) {
                to.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        }
    }
}
