package dev.plinth.json;

/**
 * Finds what is not Unicode in a document: the parser takes overlong forms, code points beyond the last, and halves of
 * surrogate pairs, which other readers of the same bytes may take for something else.
 */
final class Unicode {
    private Unicode() {}

    /** The offset of the first byte that is not part of well-formed UTF-8 or of a whole escaped pair; -1 if there is none. */
    static int firstFault(byte[] bytes) {
        var at = 0;
        while (at < bytes.length) {
            var b = bytes[at];
            if (b >= 0 && b != '\\') {
                at++;
                continue;
            }
            var length = b >= 0 ? escape(bytes, at) : sequence(bytes, at);
            if (length == 0) {
                return at;
            }
            at += length;
        }
        return -1;
    }

    /** The length of the well-formed sequence, by table 3-7 of the Unicode standard; 0 if it is none. */
    private static int sequence(byte[] bytes, int at) {
        var first = bytes[at] & 0xff;
        var second = at + 1 < bytes.length ? bytes[at + 1] & 0xff : 0;
        if (first >= 0xc2 && first <= 0xdf) {
            return isBetween(second, 0x80, 0xbf) ? 2 : 0;
        } else if (first >= 0xe0 && first <= 0xef) {
            var least = first == 0xe0 ? 0xa0 : 0x80;
            var most = first == 0xed ? 0x9f : 0xbf;
            return isBetween(second, least, most) && isFurther(bytes, at + 2) ? 3 : 0;
        } else if (first >= 0xf0 && first <= 0xf4) {
            var least = first == 0xf0 ? 0x90 : 0x80;
            var most = first == 0xf4 ? 0x8f : 0xbf;
            return isBetween(second, least, most) && isFurther(bytes, at + 2) && isFurther(bytes, at + 3) ? 4 : 0;
        }
        return 0;
    }

    private static boolean isFurther(byte[] bytes, int at) {
        return at < bytes.length && isBetween(bytes[at] & 0xff, 0x80, 0xbf);
    }

    private static boolean isBetween(int value, int least, int most) {
        return value >= least && value <= most;
    }

    /** The length of the escape, or of the two that make a pair; 0 if it is one half alone. */
    private static int escape(byte[] bytes, int at) {
        var unit = unit(bytes, at);
        if (unit < 0) {
            return 2;
        } else if (unit < 0xd800 || unit > 0xdfff) {
            return 6;
        }
        var second = unit(bytes, at + 6);
        return unit <= 0xdbff && isBetween(second, 0xdc00, 0xdfff) ? 12 : 0;
    }

    /** The code unit that is escaped there; -1 if none is, which the parser judges. */
    private static int unit(byte[] bytes, int at) {
        if (at + 6 > bytes.length || bytes[at] != '\\' || bytes[at + 1] != 'u') {
            return -1;
        }
        var unit = 0;
        for (int i = at + 2; i < at + 6; i++) {
            var digit = Character.digit(bytes[i], 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }
}
