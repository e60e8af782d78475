package dev.plinth.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts of a file that a {@code Range} header asks for (RFC 9110, section 14). */
final class Ranges {
    /** Players ask for one, readers of documents for a handful; floods of small ones make work out of nothing. */
    private static final int MOST = 16;

    /**
     * One part.
     *
     * @param first the first byte
     * @param last the last byte, which is part of it
     */
    record Range(long first, long last) {
        long length() {
            return last - first + 1;
        }
    }

    private Ranges() {}

    /**
     * The parts, in the order asked for; null if the header is to be ignored, since it is malformed, not in bytes, or
     * asks for too many parts or for more than the whole; empty if there is nothing of what it asks for.
     */
    static @Nullable List<Range> of(String header, long size) {
        if (!header.regionMatches(true, 0, "bytes=", 0, 6)) {
            return null;
        }
        var specs = header.substring(6).split(",", MOST + 2);
        if (specs.length > MOST) {
            return null;
        }
        var ranges = new ArrayList<Range>(specs.length);
        long total = 0;
        for (var spec : specs) {
            var text = spec.strip();
            int dash = text.indexOf('-');
            if (dash < 0) {
                return null;
            }
            long first = number(text.substring(0, dash));
            long last = number(text.substring(dash + 1));
            if (first == MALFORMED || last == MALFORMED || (first == NONE && last == NONE)) {
                return null;
            }
            if (first == NONE) {
                first = Math.max(0, size - last);
                last = last == 0 ? -1 : size - 1;
            } else if (last == NONE) {
                last = size - 1;
            } else if (last < first) {
                return null;
            }
            if (first < size && last >= first) {
                var range = new Range(first, Math.min(last, size - 1));
                total += range.length();
                ranges.add(range);
            }
        }
        return total > size ? null : ranges;
    }

    private static final long NONE = -1;
    private static final long MALFORMED = -2;

    private static long number(String digits) {
        if (digits.isEmpty()) {
            return NONE;
        }
        if (digits.length() > 18) {
            return MALFORMED;
        }
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return MALFORMED;
            }
        }
        return Long.parseLong(digits);
    }
}
