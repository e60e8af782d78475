package dev.plinth.http.engine;

import java.util.ArrayList;

/** Reads compressed headers (RFC 7541) with the table that the client builds up. One thread at a time. */
final class HeaderTable {
    /** The size that is taken for granted where nothing else was agreed, and nothing else is. */
    private static final int MAX_SIZE = 4096;

    private static final int OVERHEAD = 32;

    /** The table that everybody has (RFC 7541, appendix A). */
    private static final String[][] STATIC = {
        {":authority", ""},
        {":method", "GET"},
        {":method", "POST"},
        {":path", "/"},
        {":path", "/index.html"},
        {":scheme", "http"},
        {":scheme", "https"},
        {":status", "200"},
        {":status", "204"},
        {":status", "206"},
        {":status", "304"},
        {":status", "400"},
        {":status", "404"},
        {":status", "500"},
        {"accept-charset", ""},
        {"accept-encoding", "gzip, deflate"},
        {"accept-language", ""},
        {"accept-ranges", ""},
        {"accept", ""},
        {"access-control-allow-origin", ""},
        {"age", ""},
        {"allow", ""},
        {"authorization", ""},
        {"cache-control", ""},
        {"content-disposition", ""},
        {"content-encoding", ""},
        {"content-language", ""},
        {"content-length", ""},
        {"content-location", ""},
        {"content-range", ""},
        {"content-type", ""},
        {"cookie", ""},
        {"date", ""},
        {"etag", ""},
        {"expect", ""},
        {"expires", ""},
        {"from", ""},
        {"host", ""},
        {"if-match", ""},
        {"if-modified-since", ""},
        {"if-none-match", ""},
        {"if-range", ""},
        {"if-unmodified-since", ""},
        {"last-modified", ""},
        {"link", ""},
        {"location", ""},
        {"max-forwards", ""},
        {"proxy-authenticate", ""},
        {"proxy-authorization", ""},
        {"range", ""},
        {"referer", ""},
        {"refresh", ""},
        {"retry-after", ""},
        {"server", ""},
        {"set-cookie", ""},
        {"strict-transport-security", ""},
        {"transfer-encoding", ""},
        {"user-agent", ""},
        {"vary", ""},
        {"via", ""},
        {"www-authenticate", ""}
    };

    /** Takes what was read. */
    interface Sink {
        void header(String name, String value);
    }

    /** The newest at the end. */
    private final ArrayList<String[]> added = new ArrayList<>();

    private int size;
    private int limit = MAX_SIZE;

    private byte[] from = new byte[0];
    private int at;
    private int end;

    /**
     * Reads a whole block of headers.
     *
     * @throws Http2Error {@code COMPRESSION_ERROR} if it can't be understood; the table is of no use from then on
     */
    void read(byte[] block, int begin, int length, Sink sink) throws Http2Error {
        from = block;
        at = begin;
        end = begin + length;
        boolean first = true;
        while (at < end) {
            int octet = from[at] & 0xff;
            if (octet >= 0x80) {
                var header = entry(number(7));
                sink.header(header[0], header[1]);
            } else if (octet >= 0x40) {
                var name = name(number(6));
                var value = text();
                add(name, value);
                sink.header(name, value);
            } else if (octet >= 0x20) {
                if (!first) {
                    throw broken("the table's size changes behind a header");
                }
                resize(number(5));
                continue;
            } else {
                sink.header(name(number(4)), text());
            }
            first = false;
        }
    }

    private static Http2Error broken(String what) {
        return new Http2Error(Http2Error.COMPRESSION, what);
    }

    /** A number whose first bits are the last ones of the next octet (RFC 7541, section 5.1). */
    private int number(int bits) throws Http2Error {
        int most = (1 << bits) - 1;
        int value = octet() & most;
        if (value < most) {
            return value;
        }
        for (int shift = 0; shift <= 14; shift += 7) {
            int more = octet();
            value += (more & 0x7f) << shift;
            if (more < 0x80) {
                return value;
            }
        }
        throw broken("a number is too large");
    }

    private int octet() throws Http2Error {
        if (at == end) {
            throw broken("the headers end too early");
        }
        return from[at++] & 0xff;
    }

    private String text() throws Http2Error {
        boolean huffman = at < end && from[at] < 0;
        int length = number(7);
        if (length > end - at) {
            throw broken("a text is longer than the headers");
        }
        int begin = at;
        at += length;
        if (!huffman) {
            return new String(from, begin, length, java.nio.charset.StandardCharsets.ISO_8859_1);
        }
        var text = Huffman.decode(from, begin, length);
        if (text == null) {
            throw broken("a text is badly coded");
        }
        return text;
    }

    private String name(int index) throws Http2Error {
        return index == 0 ? text() : entry(index)[0];
    }

    private String[] entry(int index) throws Http2Error {
        if (index == 0 || index > STATIC.length + added.size()) {
            throw broken("there is no header at place " + index);
        }
        return index <= STATIC.length ? STATIC[index - 1] : added.get(added.size() - (index - STATIC.length));
    }

    private void add(String name, String value) {
        size += name.length() + value.length() + OVERHEAD;
        added.add(new String[] {name, value});
        evict();
    }

    private void resize(int newLimit) throws Http2Error {
        if (newLimit > MAX_SIZE) {
            throw broken("the table is made larger than was agreed");
        }
        limit = newLimit;
        evict();
    }

    private void evict() {
        int gone = 0;
        while (size > limit) {
            var oldest = added.get(gone++);
            size -= oldest[0].length() + oldest[1].length() + OVERHEAD;
        }
        added.subList(0, gone).clear();
    }

    /**
     * Writes a header, not to be remembered and in plain text: what compression would save here is not worth a table for
     * each connection.
     */
    static void write(String lowerCaseName, String value, Bytes to) {
        int index = indexOf(lowerCaseName);
        writeNumber(Math.max(index, 0), 4, 0, to);
        if (index < 0) {
            writeText(lowerCaseName, to);
        }
        writeText(value, to);
    }

    /** Writes the status. */
    static void writeStatus(int status, Bytes to) {
        int index =
                switch (status) {
                    case 200 -> 8;
                    case 204 -> 9;
                    case 206 -> 10;
                    case 304 -> 11;
                    case 400 -> 12;
                    case 404 -> 13;
                    case 500 -> 14;
                    default -> 0;
                };
        if (index > 0) {
            writeNumber(index, 7, 0x80, to);
        } else {
            writeNumber(8, 4, 0, to);
            writeText(Integer.toString(status), to);
        }
    }

    private static int indexOf(String name) {
        return switch (name) {
            case "content-length" -> 28;
            case "content-type" -> 31;
            case "date" -> 33;
            default -> -1;
        };
    }

    private static void writeText(String text, Bytes to) {
        writeNumber(text.length(), 7, 0, to);
        to.add(text);
    }

    private static void writeNumber(int number, int bits, int pattern, Bytes to) {
        int most = (1 << bits) - 1;
        if (number < most) {
            to.add(pattern | number);
            return;
        }
        to.add(pattern | most);
        int rest = number - most;
        for (; rest >= 0x80; rest >>>= 7) {
            to.add((rest & 0x7f) | 0x80);
        }
        to.add(rest);
    }
}
