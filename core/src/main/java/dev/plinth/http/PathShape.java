package dev.plinth.http;

import java.util.List;

/**
 * Which paths a rule is about: {@code /orders/{id}/lines}, {@code /public/...}. It sees what the {@link Router} sees, the
 * decoded segments, so that no way of writing a path leads past a rule. Immutable.
 */
record PathShape(List<String> segments, boolean rest) {
    /** What stands for one segment, whatever it is. */
    private static final String ANY = "{}";

    /**
     * Reads one; routes are such as well, with {@code {name...}} at the end.
     *
     * @throws IllegalArgumentException if it is none
     */
    static PathShape parse(String path) {
        var parts = path.startsWith("/") ? path.substring(1).split("/", -1) : new String[0];
        boolean rest =
                parts.length > 0 && (parts[parts.length - 1].equals("...") || parts[parts.length - 1].endsWith("...}"));
        var segments = new String[rest ? parts.length - 1 : parts.length];
        boolean wellFormed = parts.length > 0;
        for (int i = 0; i < segments.length; i++) {
            boolean any = parts[i].matches("\\{[A-Za-z_][A-Za-z0-9_-]*}");
            wellFormed &= any || !parts[i].matches(".*[{}*%?#].*|\\.\\.\\.");
            segments[i] = any ? ANY : parts[i];
        }
        if (!wellFormed) {
            throw new IllegalArgumentException("path: '" + path
                    + "' (expected: text, decoded, {name} for one segment, and ... at the end for all that is below, such as"
                    + " /orders/{id} or /public/...)");
        }
        return new PathShape(List.of(segments), rest);
    }

    /** The decoded segments of a path as it was sent; null where it can't be decoded. */
    static List<String> decode(String path) {
        if (path.equals("*")) {
            return List.of();
        }
        var parts = path.substring(1).split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            var decoded = PercentDecoder.decode(parts[i], false);
            if (decoded == null) {
                return List.of();
            }
            parts[i] = decoded;
        }
        return List.of(parts);
    }

    boolean matches(List<String> path) {
        if (rest ? path.size() < segments.size() : path.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < segments.size(); i++) {
            var segment = segments.get(i);
            if (segment.equals(ANY) ? path.get(i).isEmpty() : !segment.equals(path.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether there is a path that both are about. */
    boolean meets(PathShape other) {
        int common = Math.min(segments.size(), other.segments.size());
        for (int i = 0; i < common; i++) {
            var one = segments.get(i);
            var two = other.segments.get(i);
            if (!one.equals(ANY) && !two.equals(ANY) && !one.equals(two)) {
                return false;
            }
        }
        return segments.size() == other.segments.size()
                || (segments.size() < other.segments.size() ? rest : other.rest);
    }
}
