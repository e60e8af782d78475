package dev.plinth.schema;

import java.math.BigDecimal;

/**
 * A share of a whole: {@code 80%}.
 *
 * @param fraction the same as a factor, 0.8; 0 or more, and more than 1 where more than the whole makes sense
 */
public record Percent(double fraction) implements Comparable<Percent> {
    public Percent {
        if (!(fraction >= 0) || Double.isInfinite(fraction)) {
            throw new IllegalArgumentException("fraction " + fraction + " (expected: 0 or more)");
        }
    }

    /**
     * Reads a decimal number and the percent sign without a space between: {@code 12.5%}.
     *
     * @throws IllegalArgumentException if it is something else, or has no percent sign
     */
    public static Percent parse(String text) {
        var sign = text.length() - 1;
        if (sign > 0 && text.charAt(sign) == '%' && isDecimal(text, sign)) {
            return new Percent(
                    new BigDecimal(text.substring(0, sign)).movePointLeft(2).doubleValue());
        }
        if (isDecimal(text, text.length())) {
            throw new IllegalArgumentException(
                    "'" + text + "' has no percent sign (expected: a percentage such as 80%)");
        }
        throw new IllegalArgumentException("'" + text + "' is not a percentage (expected: a percentage such as 80%)");
    }

    /** Whether the text before {@code end} is digits, or digits, a point and digits; 30 in all, since more is no share. */
    private static boolean isDecimal(String text, int end) {
        var digits = 0;
        var points = 0;
        for (int i = 0; i < end; i++) {
            var c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digits++;
            } else if (c == '.' && i > 0 && i < end - 1) {
                points++;
            } else {
                return false;
            }
        }
        return digits > 0 && digits <= 30 && points <= 1;
    }

    @Override
    public int compareTo(Percent other) {
        return Double.compare(fraction, other.fraction);
    }

    /** The text that {@link #parse} reads back. */
    @Override
    public String toString() {
        var percent =
                new BigDecimal(Double.toString(fraction)).movePointRight(2).stripTrailingZeros();
        return percent.toPlainString() + "%";
    }
}
