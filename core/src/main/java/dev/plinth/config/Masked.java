package dev.plinth.config;

import java.util.Locale;

/** Hides the passwords of addresses in texts that people will see, where the key itself is not a secret. */
final class Masked {
    private static final String[] NAMES = {"password=", "passwd=", "pwd=", "secret=", "token="};

    private Masked() {}

    /** {@code text} with {@code ***} for the password in {@code //user:password@host} and {@code password=...}. */
    static String text(String text) {
        var masked = text;
        for (int slashes = masked.indexOf("//"); slashes >= 0; slashes = masked.indexOf("//", slashes + 2)) {
            int end = end(masked, slashes + 2, "/?# '\"");
            int at = masked.lastIndexOf('@', end - 1);
            int colon = masked.indexOf(':', slashes);
            if (at > slashes && colon >= 0 && colon < at) {
                masked = masked.substring(0, colon + 1) + "***" + masked.substring(at);
            }
        }
        for (var name : NAMES) {
            var lower = masked.toLowerCase(Locale.ROOT);
            for (int begin = lower.indexOf(name); begin >= 0; begin = lower.indexOf(name, begin + name.length())) {
                int from = begin + name.length();
                masked = masked.substring(0, from) + "***" + masked.substring(end(masked, from, "&;, '\""));
                lower = masked.toLowerCase(Locale.ROOT);
            }
        }
        return masked;
    }

    private static int end(String text, int from, String ends) {
        int end = from;
        while (end < text.length() && ends.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }
}
