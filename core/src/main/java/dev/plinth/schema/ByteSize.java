package dev.plinth.schema;

/**
 * A number of bytes: {@code 10MiB}.
 *
 * @param bytes 0 or more
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
    // From the largest, so that printing finds the largest unit that divides.
    private static final String[] UNITS = {"TiB", "TB", "GiB", "GB", "MiB", "MB", "KiB", "KB", "B"};
    private static final long[] FACTORS = {
        1L << 40, 1_000_000_000_000L, 1L << 30, 1_000_000_000L, 1L << 20, 1_000_000L, 1L << 10, 1_000L, 1L
    };
    private static final String EXPECTED = "a whole number with B, KB, KiB, MB, MiB, GB, GiB, TB or TiB, such as 10MiB";

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException(bytes + " bytes (expected: 0 or more)");
        }
    }

    /**
     * Reads a whole number and its unit without a space between: {@code 512KiB} is 524,288 bytes, {@code 10MB}
     * 10,000,000.
     *
     * @throws IllegalArgumentException if it is something else, has no unit, or is more than {@link Long#MAX_VALUE}
     */
    public static ByteSize parse(String text) {
        var digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        if (digits == 0) {
            throw new IllegalArgumentException("'" + text + "' is not a size (expected: " + EXPECTED + ")");
        }
        if (digits == text.length()) {
            throw new IllegalArgumentException("'" + text + "' has no unit (expected: " + EXPECTED + ")");
        }
        var unit = text.substring(digits);
        for (int i = 0; i < UNITS.length; i++) {
            if (UNITS[i].equals(unit)) {
                try {
                    return new ByteSize(Math.multiplyExact(Long.parseLong(text.substring(0, digits)), FACTORS[i]));
                } catch (ArithmeticException | NumberFormatException e) {
                    throw new IllegalArgumentException("'" + text + "' is too large (expected: at most 8388607TiB)", e);
                }
            }
        }
        throw new IllegalArgumentException("'" + text + "' has an unknown unit (expected: " + EXPECTED + ")");
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** The text with the largest unit that leaves a whole number; {@link #parse} reads it back. */
    @Override
    public String toString() {
        for (int i = 0; i < UNITS.length; i++) {
            if (bytes != 0 && bytes % FACTORS[i] == 0) {
                return bytes / FACTORS[i] + UNITS[i];
            }
        }
        return "0B";
    }
}
