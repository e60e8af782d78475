package dev.plinth.client.engine;

import java.io.IOException;

/** A body in chunks (RFC 9112, section 7.1), read strictly; trailers are judged and thrown away. */
final class ChunkedInput extends WireInput {
    private static final int MAX_LINE = 256;
    /** The end of a chunk, and a last one without trailers. */
    private static final int LAST_CHUNK = 7;

    private final int maxTrailers;
    private long left;
    private boolean first = true;
    private boolean over;

    ChunkedInput(Wire wire, boolean reusable, int maxTrailers) {
        super(wire, reusable);
        this.maxTrailers = maxTrailers;
    }

    @Override
    int receive(Wire wire, byte[] to, int offset, int length) throws IOException {
        if (left == 0) {
            next(wire);
            if (over) {
                return -1;
            }
        }
        int n = wire.read(to, offset, (int) Math.min(length, left));
        if (n < 0) {
            throw cut();
        }
        left -= n;
        if (left == 0 && wire.end - wire.start >= LAST_CHUNK) {
            // So that an end that is there is seen, and the connection is free at once.
            next(wire);
        }
        return n;
    }

    private void next(Wire wire) throws IOException {
        if (!first && !line(wire, 2).isEmpty()) {
            throw ReplyHead.malformed("a chunk is longer than it said");
        }
        first = false;
        var line = line(wire, MAX_LINE);
        int semicolon = line.indexOf(';');
        var size = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
        if (size.isEmpty() || size.length() > 15) {
            throw ReplyHead.malformed("the size of a chunk is no number");
        }
        for (int i = 0; i < size.length(); i++) {
            int digit = Character.digit(size.charAt(i), 16);
            if (digit < 0) {
                throw ReplyHead.malformed("the size of a chunk is no number");
            }
            left = left * 16 + digit;
        }
        if (left == 0) {
            int trailers = 0;
            for (var trailer = line(wire, maxTrailers); !trailer.isEmpty(); trailer = line(wire, maxTrailers)) {
                trailers += trailer.length();
                if (trailers > maxTrailers || trailer.indexOf(':') <= 0) {
                    throw ReplyHead.malformed("its trailers are malformed or too long");
                }
            }
            over = true;
        }
    }

    private static String line(Wire wire, int max) throws IOException {
        var line = new StringBuilder();
        while (true) {
            if (wire.start == wire.end) {
                wire.start = 0;
                wire.end = 0;
                if (wire.fill() < 0) {
                    throw cut();
                }
            }
            byte octet = wire.bytes[wire.start++];
            int last = line.length() - 1;
            if (octet == '\n') {
                if (last < 0 || line.charAt(last) != '\r') {
                    throw ReplyHead.malformed("a line of its chunks does not end in CRLF");
                }
                line.setLength(last);
                return line.toString();
            }
            if (line.length() > max || (last >= 0 && line.charAt(last) == '\r')) {
                throw ReplyHead.malformed("a line of its chunks is malformed or too long");
            }
            line.append((char) (octet & 0xff));
        }
    }

    private static Fault cut() {
        return Fault.sent(Fault.Kind.BROKEN, "the connection ended inside the body, before its last chunk", null);
    }

    @Override
    boolean isOver() {
        return over;
    }
}
