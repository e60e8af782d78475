package dev.plinth.http;

import dev.plinth.error.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The versions of one route, of which each request takes the one that it names, or else the first. */
final class Versions implements Filter.Next {
    static final String HEADER = "API-Version";
    private static final Pattern NAME = Pattern.compile("[0-9]{1,10}([.-][0-9]{1,10}){0,3}");
    private static final Pattern IN_TYPE = Pattern.compile(
            "(?:;\\s*version=\"?|/vnd\\.[A-Za-z0-9.-]{1,60}\\.v)([0-9]{1,10}(?:[.-][0-9]{1,10}){0,3})(?=[\"+;,\\s]|$)");

    private final Map<String, Filter.Next> handlers = new LinkedHashMap<>();
    private final Filter.Next refusal;

    /** One version; {@code filters} go around the refusal of those who want another. */
    Versions(String name, Filter.Next handler, UnaryOperator<Filter.Next> filters) {
        handlers.put(name, handler);
        this.refusal = filters.apply(this::refuse);
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Takes in what {@code more} has; false if one of them is there already. */
    boolean add(Versions more) {
        for (var entry : more.handlers.entrySet()) {
            if (handlers.putIfAbsent(entry.getKey(), entry.getValue()) != null) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Response proceed(Request request) throws Exception {
        var wanted = wanted(request);
        var name = wanted == null ? handlers.keySet().iterator().next() : wanted;
        var handler = handlers.get(name);
        if (handler == null) {
            return refusal.proceed(request);
        }
        return handler.proceed(request)
                .withHeader(HEADER, name)
                .withHeader("Vary", HEADER)
                .withHeader("Vary", "Accept");
    }

    private static @Nullable String wanted(Request request) {
        var named = request.header(HEADER).orElse(null);
        if (named != null) {
            return named;
        }
        for (var header : new String[] {"accept", "content-type"}) {
            var type = IN_TYPE.matcher(request.header(header).orElse(""));
            if (type.find()) {
                return type.group(1);
            }
        }
        return null;
    }

    private Response refuse(Request request) {
        var asked = String.valueOf(wanted(request));
        throw Problem.badRequest(
                "UNKNOWN_VERSION",
                "version '" + (asked.length() > 40 ? asked.substring(0, 40) + "…" : asked) + "' (expected: one of "
                        + String.join(", ", handlers.keySet()) + ")");
    }
}
