package dev.plinth.client.engine;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The status line and headers of an answer by HTTP/1 (RFC 9112), read strictly: what two readers may understand in two
 * ways is refused.
 */
final class ReplyHead {
    /** The body comes in chunks. */
    static final int CHUNKED = -1;
    /** The body ends with the connection. */
    static final int UNTIL_CLOSE = -2;

    private static final int MAX_HEADERS = 200;

    private final int status;
    private final boolean http10;
    private final String[] fields;

    private ReplyHead(int status, boolean http10, String[] fields) {
        this.status = status;
        this.http10 = http10;
        this.fields = fields;
    }

    static ReplyHead read(Wire wire, int maxBytes) throws IOException {
        int length = awaitEnd(wire, maxBytes);
        var head = parse(wire.bytes, wire.start, wire.start + length);
        wire.start += length;
        return head;
    }

    /** Waits for the empty line; the length up to its end. */
    private static int awaitEnd(Wire wire, int maxBytes) throws IOException {
        int at = 0;
        while (true) {
            for (; wire.start + at < wire.end; at++) {
                int i = wire.start + at;
                if (wire.bytes[i] != '\n') {
                    continue;
                }
                if (at == 0 || wire.bytes[i - 1] != '\r') {
                    throw malformed("a line does not end in CRLF");
                }
                if (at >= 3 && wire.bytes[i - 2] == '\n') {
                    return at + 1;
                }
            }
            if (at >= 5 && !startsWithHttp(wire)) {
                throw malformed("it is no HTTP/1");
            }
            if (at >= maxBytes) {
                throw malformed("its headers have more than " + maxBytes + " bytes");
            }
            if (wire.fill() < 0) {
                if (at == 0) {
                    throw new EOFException("no answer");
                }
                throw Fault.sent(Fault.Kind.BROKEN, "the connection ended inside the headers", null);
            }
        }
    }

    private static boolean startsWithHttp(Wire wire) {
        var bytes = wire.bytes;
        int at = wire.start;
        return bytes[at] == 'H'
                && bytes[at + 1] == 'T'
                && bytes[at + 2] == 'T'
                && bytes[at + 3] == 'P'
                && bytes[at + 4] == '/';
    }

    private static ReplyHead parse(byte[] bytes, int begin, int end) throws Fault {
        int line = begin;
        while (bytes[line] != '\r') {
            line++;
        }
        var text = new String(bytes, begin, line - begin, StandardCharsets.ISO_8859_1);
        boolean http10 = text.startsWith("HTTP/1.0 ");
        if (!http10 && !text.startsWith("HTTP/1.1 ")) {
            throw malformed("its status line is malformed");
        }
        int status = 0;
        for (int i = 9; i < 12; i++) {
            int digit = i < text.length() ? text.charAt(i) - '0' : -1;
            if (digit < 0 || digit > 9) {
                throw malformed("its status is no number of three digits");
            }
            status = status * 10 + digit;
        }
        if (status < 100 || status > 599 || (text.length() > 12 && text.charAt(12) != ' ')) {
            throw malformed("its status is " + text.substring(9, Math.min(text.length(), 16)));
        }
        return new ReplyHead(status, http10, fields(bytes, line + 2, end - 2));
    }

    private static String[] fields(byte[] bytes, int begin, int end) throws Fault {
        var fields = new String[32];
        int count = 0;
        for (int at = begin; at < end; count += 2) {
            if (count == 2 * MAX_HEADERS) {
                throw malformed("it has more than " + MAX_HEADERS + " headers");
            }
            if (count == fields.length) {
                fields = java.util.Arrays.copyOf(fields, count * 2);
            }
            int name = at;
            for (; HeaderRules.isTokenByte(bytes[at]); at++) {
                if (bytes[at] >= 'A' && bytes[at] <= 'Z') {
                    bytes[at] = (byte) (bytes[at] + ('a' - 'A'));
                }
            }
            if (at == name || bytes[at] != ':') {
                throw malformed("a header's name is no token, or not followed by a colon");
            }
            fields[count] = new String(bytes, name, at - name, StandardCharsets.ISO_8859_1);
            int value = ++at;
            while (bytes[at] == '\t' || ((bytes[at] & 0xff) >= ' ' && bytes[at] != 0x7f)) {
                at++;
            }
            if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
                throw malformed("the value of header " + fields[count] + " holds a control character");
            }
            fields[count + 1] = new String(bytes, value, at - value, StandardCharsets.ISO_8859_1).strip();
            at += 2;
        }
        return java.util.Arrays.copyOf(fields, count);
    }

    static Fault malformed(String what) {
        return Fault.sent(Fault.Kind.MALFORMED, "the answer can't be read: " + what, null);
    }

    int status() {
        return status;
    }

    String[] fields() {
        return fields;
    }

    private List<String> values(String lowerCaseName) {
        var values = new ArrayList<String>(1);
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i].equals(lowerCaseName)) {
                values.add(fields[i + 1]);
            }
        }
        return values;
    }

    /** Whether another request may follow on this connection. */
    boolean keepsAlive() {
        boolean kept = !http10;
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i].equals("connection")) {
                for (var option : fields[i + 1].split(",", -1)) {
                    if (option.strip().equalsIgnoreCase("close")) {
                        return false;
                    }
                    kept = kept || option.strip().equalsIgnoreCase("keep-alive");
                }
            }
        }
        return kept && bodyLengthOrClose() != UNTIL_CLOSE;
    }

    private long bodyLengthOrClose() {
        try {
            return bodyLength();
        } catch (Fault ambiguous) {
            return UNTIL_CLOSE;
        }
    }

    /**
     * The length of a body that may be there (RFC 9112, section 6.3), {@link #CHUNKED} or {@link #UNTIL_CLOSE}.
     *
     * @throws Fault if that can be understood in more than one way
     */
    long bodyLength() throws Fault {
        var codings = values("transfer-encoding");
        var lengths = values("content-length");
        if (!codings.isEmpty()) {
            if (http10
                    || !lengths.isEmpty()
                    || codings.size() > 1
                    || !codings.getFirst().equalsIgnoreCase("chunked")) {
                throw malformed("its Transfer-Encoding is ambiguous");
            }
            return CHUNKED;
        }
        if (lengths.isEmpty()) {
            return UNTIL_CLOSE;
        }
        var length = lengths.getFirst();
        boolean isNumber = !length.isEmpty() && length.length() <= 18;
        for (int i = 0; i < length.length() && isNumber; i++) {
            isNumber = length.charAt(i) >= '0' && length.charAt(i) <= '9';
        }
        for (var other : lengths) {
            isNumber = isNumber && other.equals(length);
        }
        if (!isNumber) {
            throw malformed("its Content-Length is no number");
        }
        return Long.parseLong(length);
    }
}
