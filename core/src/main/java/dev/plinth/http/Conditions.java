package dev.plinth.http;

import dev.plinth.error.Problem;
import dev.plinth.http.engine.HttpDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a request still holds for what is there: the preconditions of RFC 9110, section 13. */
final class Conditions {
    private Conditions() {}

    /** {@code 7} is {@code "7"}; what is a tag already, strong or weak, stays. */
    static String tag(Object version) {
        var text = version.toString();
        int start = text.startsWith("W/") ? 2 : 0;
        boolean quoted = text.length() >= start + 2 && text.charAt(start) == '"' && text.endsWith("\"");
        var inside = quoted ? text.substring(start + 1, text.length() - 1) : text;
        for (int i = 0; i < inside.length(); i++) {
            char c = inside.charAt(i);
            if (c <= ' ' || c == '"' || c >= 127) {
                throw new IllegalArgumentException(
                        "ETag of the version '" + text + "' (expected: visible ASCII without quotes)");
            }
        }
        return quoted ? text : '"' + text + '"';
    }

    /** Whether one of the tags in the headers is {@code tag}; a weak comparison looks at the text alone. */
    static boolean names(List<String> headers, String tag, boolean weak) {
        for (var header : headers) {
            int at = 0;
            while (at < header.length()) {
                char c = header.charAt(at);
                if (c == ' ' || c == '\t' || c == ',') {
                    at++;
                    continue;
                }
                int start = at;
                if (header.startsWith("W/", at)) {
                    at += 2;
                }
                int close = at < header.length() && header.charAt(at) == '"' ? header.indexOf('"', at + 1) : -1;
                if (close < 0) {
                    return false;
                }
                if (same(header.substring(start, close + 1), tag, weak)) {
                    return true;
                }
                at = close + 1;
            }
        }
        return false;
    }

    private static boolean same(String a, String b, boolean weak) {
        if (weak) {
            return strip(a).equals(strip(b));
        }
        return a.equals(b) && !a.startsWith("W/");
    }

    private static String strip(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }

    /** Whether a {@code GET} or {@code HEAD} is answered by 304: what the client has is what would be sent. */
    static boolean unchanged(Request request, @Nullable String tag, @Nullable String lastModified) {
        var known = request.headers("if-none-match");
        if (!known.isEmpty()) {
            return known.getFirst().strip().equals("*") || (tag != null && names(known, tag, true));
        }
        if (lastModified == null) {
            return false;
        }
        var since = request.header("if-modified-since").map(HttpDate::parse).orElse(-1L);
        return since >= 0 && HttpDate.parse(lastModified) <= since;
    }

    /** Whether a range may be sent: {@code If-Range} is not there, or names what is there now. */
    static boolean rangeHolds(Request request, String tag, String lastModified) {
        var condition = request.header("if-range").orElse(null);
        if (condition == null) {
            return true;
        }
        boolean isTag = condition.startsWith("\"") || condition.startsWith("W/");
        return isTag ? names(List.of(condition), tag, false) : condition.equals(lastModified);
    }

    /** Refuses a write whose {@code If-Match} or {@code If-None-Match} does not hold; {@code tag} null: nothing is there. */
    static void check(Request request, @Nullable String tag) {
        var wanted = request.headers("if-match");
        if (!wanted.isEmpty()) {
            boolean any = wanted.getFirst().strip().equals("*");
            if (tag == null || !(any || names(wanted, tag, false))) {
                throw failed(
                        tag == null
                                ? "there is nothing that If-Match could name"
                                : "If-Match names another version than the one there is. Get it anew, then change that.");
            }
        }
        var unwanted = request.headers("if-none-match");
        if (!unwanted.isEmpty()
                && tag != null
                && (unwanted.getFirst().strip().equals("*") || names(unwanted, tag, true))) {
            throw failed("If-None-Match names what is there already");
        }
    }

    private static Problem failed(String detail) {
        return Problem.of(dev.plinth.error.Category.CONFLICT, "PRECONDITION_FAILED", detail)
                .withStatus(412);
    }
}
