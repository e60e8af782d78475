package dev.plinth.trace;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/** Trace and span ids: lower-case hexadecimal, never all zero. */
final class Ids {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
    private static final String ZEROS = "0000000000000000";

    private Ids() {}

    static String trace(RandomGenerator random) {
        var text = new byte[32];
        write(random.nextLong(), text, 0);
        write(drawNonZero(random), text, 16);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    static String span(RandomGenerator random) {
        var text = new byte[16];
        write(drawNonZero(random), text, 0);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static long drawNonZero(RandomGenerator random) {
        long drawn;
        do {
            drawn = random.nextLong();
        } while (drawn == 0);
        return drawn;
    }

    private static void write(long value, byte[] to, int at) {
        for (int i = 0; i < 16; i++) {
            to[at + i] = HEX[(int) (value >>> (60 - 4 * i)) & 15];
        }
    }

    /** Whether {@code text} has lower-case hexadecimal digits, not all zero, in {@code [from, to)}. */
    static boolean isId(String text, int from, int to) {
        int seen = 0;
        for (int i = from; i < to; i++) {
            int digit = lowerHex(text.charAt(i));
            if (digit < 0) {
                return false;
            }
            seen |= digit;
        }
        return seen != 0;
    }

    /** The value of a lower-case hexadecimal digit; -1 for anything else. */
    static int lowerHex(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    }

    /** A B3 trace id of 16 digits fills the low half of the 32. */
    static String padded(String traceId) {
        return traceId.length() == 16 ? ZEROS.concat(traceId) : traceId;
    }

    /** The low 63 bits, which ratio sampling compares, so that services with one ratio choose the same traces. */
    static long low(String traceId) {
        return Long.parseUnsignedLong(traceId, 16, 32, 16) & Long.MAX_VALUE;
    }
}
