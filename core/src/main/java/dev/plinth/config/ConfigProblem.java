package dev.plinth.config;

/**
 * One thing that is wrong with the configuration.
 *
 * <p>Its text is one line: {@code http.prot: unknown key (did you mean http.port?) [service.yaml:3:3]}. Immutable.
 *
 * @param key the key, dotted, or the name of the variable; empty where a whole file is meant
 * @param message what is wrong, what would be right, what to do; never holds a secret
 * @param origin where it was written; a default where nobody wrote it
 */
public record ConfigProblem(String key, String message, Origin origin) {
    private static final int LONGEST = 1000;

    public ConfigProblem {
        key = line(key);
        message = line(message);
    }

    /** The text in one line that no terminal obeys, and not longer than a person reads. */
    private static String line(String text) {
        StringBuilder line = null;
        int length = Math.min(text.length(), LONGEST);
        for (int at = 0; at < length; at++) {
            if (Character.isISOControl(text.charAt(at))) {
                line = line == null ? new StringBuilder(text).delete(length, text.length()) : line;
                line.setCharAt(at, ' ');
            }
        }
        var whole = line == null ? text.substring(0, length) : line.toString();
        return length == text.length() ? whole : whole + "…";
    }

    @Override
    public String toString() {
        var text = key.isEmpty() ? message : key + ": " + message;
        var place = origin.toString();
        return origin.kind() == Origin.Kind.DEFAULT || place.equals(key) ? text : text + " [" + line(place) + "]";
    }
}
