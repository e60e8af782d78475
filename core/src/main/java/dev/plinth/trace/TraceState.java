package dev.plinth.trace;

import java.util.HashSet;

/** The grammar of W3C {@code tracestate}: {@code key=value} members of other tracing systems. */
final class TraceState {
    private static final int LONGEST = 512;
    private static final int MOST_MEMBERS = 32;

    private TraceState() {}

    /** A list that breaks the grammar anywhere is not handed on at all. */
    static boolean isValid(String header) {
        if (header.length() > LONGEST) {
            return false;
        }
        var keys = new HashSet<String>();
        int from = 0;
        while (from <= header.length()) {
            int comma = header.indexOf(',', from);
            int to = comma < 0 ? header.length() : comma;
            var member = header.substring(from, to).strip();
            from = to + 1;
            if (member.isEmpty()) {
                continue; // allowed, so that a list may end with a comma
            }
            int equals = member.indexOf('=');
            if (equals < 0
                    || !isKey(member, equals)
                    || !isValue(member, equals + 1)
                    || !keys.add(member.substring(0, equals))
                    || keys.size() > MOST_MEMBERS) {
                return false;
            }
        }
        return !keys.isEmpty();
    }

    private static boolean isKey(String member, int end) {
        if (end == 0 || end > 256) {
            return false;
        }
        for (int i = 0; i < end; i++) {
            char c = member.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!alphanumeric && (i == 0 || "_-*/@".indexOf(c) < 0)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isValue(String member, int from) {
        int length = member.length() - from;
        if (length == 0 || length > 256) {
            return false;
        }
        for (int i = from; i < member.length(); i++) {
            char c = member.charAt(i);
            if (c < ' ' || c > '~' || c == '=') {
                return false;
            }
        }
        return true;
    }
}
