package dev.plinth.schema;

import java.time.Duration;
import java.time.format.DateTimeParseException;

/** Durations as people write them. */
final class Durations {
    // From the largest: a duration names its units in this order, each once.
    private static final String[] UNITS = {"d", "h", "m", "s", "ms", "us", "ns"};
    private static final long[] NANOS = {
        86_400_000_000_000L, 3_600_000_000_000L, 60_000_000_000L, 1_000_000_000L, 1_000_000L, 1_000L, 1L
    };
    private static final String EXPECTED = "a duration such as 500ms, 30s or 1h30m";

    private Durations() {}

    /** Reads {@code 30s}, {@code 1h30m}, {@code 500ms} or the ISO-8601 form {@code PT30S}. */
    static Duration parse(String text) {
        if (text.startsWith("P") || text.startsWith("-P")) {
            try {
                return Duration.parse(text);
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(notADuration(text), e);
            }
        }
        var total = Duration.ZERO;
        var nextUnit = 0;
        var at = 0;
        do {
            var digits = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
            }
            var letters = at;
            while (at < text.length() && text.charAt(at) >= 'a' && text.charAt(at) <= 'z') {
                at++;
            }
            if (digits == letters || (letters == at && at < text.length())) {
                throw new IllegalArgumentException(notADuration(text));
            }
            if (letters == at) {
                throw new IllegalArgumentException(
                        "'" + text + "' has no unit (expected: d, h, m, s, ms, us or ns, such as 30s or 1h30m)");
            }
            var unit = unit(text.substring(letters, at));
            if (unit < nextUnit) {
                throw new IllegalArgumentException(notADuration(text));
            }
            nextUnit = unit + 1;
            try {
                var count = Long.parseLong(text.substring(digits, letters));
                total = total.plus(Duration.ofSeconds(NANOS[unit] / 1_000_000_000L, NANOS[unit] % 1_000_000_000L)
                        .multipliedBy(count));
            } catch (ArithmeticException | NumberFormatException e) {
                throw new IllegalArgumentException("'" + text + "' is too long (expected: " + EXPECTED + ")", e);
            }
        } while (at < text.length());
        return total;
    }

    private static int unit(String name) {
        for (int i = 0; i < UNITS.length; i++) {
            if (UNITS[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static String notADuration(String text) {
        return "'" + text + "' is not a duration (expected: " + EXPECTED + ")";
    }
}
