package dev.plinth.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bytes to be written: UTF-8 text and JSON, put together without garbage. For one thread at a time. */
final class Lines {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** For each ASCII character: 0 if JSON takes it as it is, the letter of its short escape, or 'u'. */
    private static final byte[] ESCAPES = escapes();

    private byte[] bytes;
    private int length;

    // The second that was printed last, since the next line is most likely of the same.
    private long second = Long.MIN_VALUE;
    private final byte[] secondText = new byte[19];

    Lines() {
        this(8192);
    }

    Lines(int capacity) {
        this.bytes = new byte[capacity];
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    /** Goes back to an earlier {@link #length()}. */
    void truncate(int earlier) {
        length = earlier;
    }

    /** Gives back what one huge line made it grow to. */
    void shrink(int capacity) {
        length = 0;
        if (bytes.length > capacity) {
            bytes = new byte[capacity];
        }
    }

    /** Text that is known to need no escape, in ASCII. */
    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    Lines raw(byte[] ascii) {
        ensure(ascii.length);
        System.arraycopy(ascii, 0, bytes, length, ascii.length);
        length += ascii.length;
        return this;
    }

    Lines raw(char ascii) {
        ensure(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    Lines number(long number) {
        if (number < 0) {
            return number == Long.MIN_VALUE ? raw(ascii(Long.toString(number))) : raw('-').number(-number);
        }
        ensure(19);
        var digits = 1;
        for (var rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        digits(number, length, digits);
        length += digits;
        return this;
    }

    /** {@code 2026-11-21T03:15:09.862220Z}, with as many digits of the second's fraction as asked for, 9 at most. */
    Lines timestamp(long epochSecond, int nanos, int fraction) {
        if (epochSecond != second) {
            printSecond(epochSecond);
            second = epochSecond;
        }
        raw(secondText).raw('.');
        ensure(10);
        var value = nanos;
        for (var i = 9; i > fraction; i--) {
            value /= 10;
        }
        digits(value, length, fraction);
        length += fraction;
        return raw('Z');
    }

    /** Civil date from days, after the well-known algorithm of 400-year eras that begin in March. */
    private void printSecond(long epochSecond) {
        var days = Math.floorDiv(epochSecond, 86_400);
        var secondOfDay = (int) Math.floorMod(epochSecond, 86_400L);
        var shifted = days + 719_468;
        var era = Math.floorDiv(shifted, 146_097);
        var dayOfEra = shifted - era * 146_097;
        var yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        var dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        var march = (5 * dayOfYear + 2) / 153;
        var day = dayOfYear - (153 * march + 2) / 5 + 1;
        var month = march < 10 ? march + 3 : march - 9;
        var year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        put(secondText, 0, year, 4, '-');
        put(secondText, 5, month, 2, '-');
        put(secondText, 8, day, 2, 'T');
        put(secondText, 11, secondOfDay / 3600, 2, ':');
        put(secondText, 14, secondOfDay / 60 % 60, 2, ':');
        put(secondText, 17, secondOfDay % 60, 2, ' ');
    }

    private static void put(byte[] into, int at, long value, int digits, char after) {
        var rest = value;
        for (var i = at + digits - 1; i >= at; i--) {
            into[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        if (at + digits < into.length) {
            into[at + digits] = (byte) after;
        }
    }

    private void digits(long value, int at, int digits) {
        var rest = value;
        for (var i = at + digits - 1; i >= at; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** A JSON string, its quotes included. A lone surrogate, which UTF-8 can't carry, becomes U+FFFD. */
    Lines string(String text) {
        ensure(2 + 6 * text.length());
        var to = length;
        var out = bytes;
        out[to++] = '"';
        for (int i = 0, end = text.length(); i < end; i++) {
            var c = text.charAt(i);
            if (c < 0x80) {
                var escape = ESCAPES[c];
                if (escape == 0) {
                    out[to++] = (byte) c;
                } else if (escape == 'u') {
                    to = unicode(out, to, c);
                } else {
                    out[to++] = '\\';
                    out[to++] = escape;
                }
            } else if (Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(text.charAt(i + 1))) {
                to = utf8(out, to, Character.toCodePoint(c, text.charAt(++i)));
            } else {
                to = utf8(out, to, Character.isSurrogate(c) ? 0xFFFD : c);
            }
        }
        out[to++] = '"';
        length = to;
        return this;
    }

    /**
     * Text for a terminal or a file that people read: whatever could end the line, move the cursor, change colours or
     * turn the direction of writing is shown as an escape.
     */
    Lines printable(String text) {
        ensure(6 * text.length());
        var to = length;
        var out = bytes;
        for (int i = 0, end = text.length(); i < end; i++) {
            var c = text.charAt(i);
            if (c >= 0x20 && c < 0x7f) {
                out[to++] = (byte) c;
            } else if (c == '\n' || c == '\r' || c == '\t') {
                out[to++] = '\\';
                out[to++] = ESCAPES[c];
            } else if (c <= 0x9f || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069)) {
                to = unicode(out, to, c);
            } else if (Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(text.charAt(i + 1))) {
                to = utf8(out, to, Character.toCodePoint(c, text.charAt(++i)));
            } else {
                to = utf8(out, to, Character.isSurrogate(c) ? 0xFFFD : c);
            }
        }
        length = to;
        return this;
    }

    /** A value that {@link Values} copied, as JSON. */
    Lines value(@Nullable Object value) {
        if (value instanceof String text) {
            string(text);
        } else if (value instanceof Integer || value instanceof Long) {
            number(((Number) value).longValue());
        } else if (value instanceof List<?> list) {
            var before = '[';
            for (var i = 0; i < list.size(); i++) {
                raw(before).value(list.get(i));
                before = ',';
            }
            if (list.isEmpty()) {
                raw('[');
            }
            raw(']');
        } else if (value instanceof Map<?, ?> map) {
            var before = '{';
            for (var entry : map.entrySet()) {
                raw(before).string((String) entry.getKey()).raw(':').value(entry.getValue());
                before = ',';
            }
            if (map.isEmpty()) {
                raw('{');
            }
            raw('}');
        } else {
            // null, a boolean, or a number whose own text is JSON
            raw(ascii(String.valueOf(value)));
        }
        return this;
    }

    private static int unicode(byte[] out, int at, char c) {
        var to = at;
        out[to++] = '\\';
        out[to++] = 'u';
        out[to++] = HEX[c >> 12];
        out[to++] = HEX[(c >> 8) & 15];
        out[to++] = HEX[(c >> 4) & 15];
        out[to++] = HEX[c & 15];
        return to;
    }

    private static int utf8(byte[] out, int at, int codePoint) {
        var to = at;
        if (codePoint < 0x800) {
            out[to++] = (byte) (0xc0 | codePoint >> 6);
        } else {
            if (codePoint < 0x10000) {
                out[to++] = (byte) (0xe0 | codePoint >> 12);
            } else {
                out[to++] = (byte) (0xf0 | codePoint >> 18);
                out[to++] = (byte) (0x80 | (codePoint >> 12 & 63));
            }
            out[to++] = (byte) (0x80 | (codePoint >> 6 & 63));
        }
        out[to++] = (byte) (0x80 | (codePoint & 63));
        return to;
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
        }
    }

    private static byte[] escapes() {
        var table = new byte[128];
        Arrays.fill(table, 0, 0x20, (byte) 'u');
        table['\b'] = 'b';
        table['\t'] = 't';
        table['\n'] = 'n';
        table['\f'] = 'f';
        table['\r'] = 'r';
        table['"'] = '"';
        table['\\'] = '\\';
        table[0x7f] = 'u';
        return table;
    }
}
