package dev.plinth.http;

import dev.plinth.error.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Names with values, as a query, a form ({@code application/x-www-form-urlencoded}) or a {@code Cookie} header has them. */
final class Fields {
    private Fields() {}

    /**
     * Reads {@code a=1&b=2&a=3}.
     *
     * @param most how many pairs there may be
     * @throws Problem 400 {@code MALFORMED_QUERY} or {@code MALFORMED_FORM}
     */
    static Map<String, List<String>> urlEncoded(String text, boolean form, int most) {
        if (text.isEmpty()) {
            return Map.of();
        }
        var parsed = new LinkedHashMap<String, List<String>>();
        int pairs = 0;
        for (int from = 0; from < text.length(); ) {
            int and = text.indexOf('&', from);
            int end = and < 0 ? text.length() : and;
            if (end > from) {
                var pair = text.substring(from, end);
                int equals = pair.indexOf('=');
                var name = PercentDecoder.decode(equals < 0 ? pair : pair.substring(0, equals), true);
                var value = equals < 0 ? "" : PercentDecoder.decode(pair.substring(equals + 1), true);
                if (name == null || value == null) {
                    // A form's text may be a secret; what was in the address is in the address line anyway.
                    throw form
                            ? Problem.badRequest(
                                    "MALFORMED_FORM",
                                    "pair " + pairs + " of the form (expected: percent-encoded UTF-8)")
                            : Problem.badRequest(
                                    "MALFORMED_QUERY", "query '" + shown(pair) + "' (expected: percent-encoded UTF-8)");
                }
                if (++pairs > most) {
                    throw Problem.badRequest(
                                    "TOO_MANY_FIELDS",
                                    "the " + (form ? "form" : "query") + " has more than " + most
                                            + " fields (http.uploads.max-parts)")
                            .withStatus(413);
                }
                parsed.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
            }
            from = end + 1;
        }
        return parsed;
    }

    private static String shown(String pair) {
        return pair.length() > 100 ? pair.substring(0, 100) + "…" : pair;
    }

    /** Reads {@code a=1; b="2"} as browsers send it; what is no pair is passed over, as RFC 6265 wants. */
    static Map<String, List<String>> cookies(List<String> headers) {
        var parsed = new LinkedHashMap<String, List<String>>();
        for (var header : headers) {
            for (int from = 0; from < header.length(); ) {
                int semicolon = header.indexOf(';', from);
                int end = semicolon < 0 ? header.length() : semicolon;
                int equals = header.indexOf('=', from);
                if (equals > from && equals < end) {
                    var name = header.substring(from, equals).strip();
                    var value = header.substring(equals + 1, end).strip();
                    if (value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")) {
                        value = value.substring(1, value.length() - 1);
                    }
                    if (!name.isEmpty()) {
                        parsed.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
                    }
                }
                from = end + 1;
            }
        }
        return parsed;
    }
}
