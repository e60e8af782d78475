package dev.plinth.metrics;

import java.util.Locale;

/** Names as Prometheus wants them. */
final class MeterNames {
    private MeterNames() {}

    /** {@code quote.calculation} becomes {@code quote_calculation}. */
    static String prometheus(String name) {
        var legal = new StringBuilder(name.length() + 1);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            boolean digit = c >= '0' && c <= '9';
            if (digit && i == 0) {
                legal.append('_');
            }
            legal.append(letter || digit ? c : '_');
        }
        return legal.toString();
    }

    /** A help text for a meter that came without: {@code orders_placed} says "Orders placed." */
    static String inWords(String name) {
        var words = name.replace('_', ' ').replace('.', ' ').strip();
        return words.isEmpty() ? name : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1) + ".";
    }
}
