package dev.plinth.http;

import dev.plinth.error.Problem;
import dev.plinth.error.Violation;
import dev.plinth.http.engine.Exchange;
import dev.plinth.json.Json;
import dev.plinth.json.JsonException;
import dev.plinth.schema.TextParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request, as a handler sees it: everything decoded, typed on asking, and refused with one problem that says where.
 *
 * <p>Deadline, trace and principal are not here but in {@link dev.plinth.context.Context#current()}, so that business
 * logic that knows nothing of HTTP finds them. Belongs to the thread of the request.
 */
public final class Request {
    private final Exchange exchange;
    private final InputStream body;
    private final Json json;
    private Router.@Nullable Route route;
    private Router.Match match = Router.Match.Nothing.INSTANCE;
    private List<String> pathValues = List.of();
    private @Nullable Map<String, List<String>> queries;

    Request(Exchange exchange, InputStream body, Json json) {
        this.exchange = exchange;
        this.body = body;
        this.json = json;
    }

    /** Takes what the look-up found; what answers is the route's handler, or {@link #unmatched}. */
    void routed(Router.Match found) {
        match = found;
        if (found instanceof Router.Match.Found(var foundRoute, var values)) {
            route = foundRoute;
            pathValues = values;
        }
    }

    /** The answer where no route took it: a refusal, or to {@code OPTIONS} the list of methods. */
    Response unmatched() {
        if (!(match instanceof Router.Match.WrongMethod wrong)) {
            throw Problem.notFound("NO_ROUTE", "no route for " + method() + " " + path());
        }
        wrong.allowed().add("OPTIONS");
        var allowed = String.join(", ", wrong.allowed());
        if (method().equals("OPTIONS")) {
            return Response.noContent().withHeader("Allow", allowed);
        }
        throw Problem.unsupported("METHOD_NOT_ALLOWED", method() + " " + path() + " (allowed: " + allowed + ")")
                .withStatus(405)
                .with("allowed", allowed);
    }

    /** The method, in capitals. */
    public String method() {
        return exchange.method();
    }

    /** The path as it was sent, percent-encoded, without the query. */
    public String path() {
        return exchange.path();
    }

    /** The pattern of the route that took it, such as {@code /orders/{id}}; empty where there is none. */
    public String route() {
        return switch (match) {
            case Router.Match.Found found -> found.route().pattern();
            case Router.Match.WrongMethod wrong -> wrong.pattern();
            case Router.Match.Nothing _ -> "";
        };
    }

    /**
     * A path parameter, decoded.
     *
     * @throws IllegalArgumentException if the route's pattern has no such name
     */
    public String path(String name) {
        int index = route == null ? -1 : route.parameters().indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("path parameter '" + name + "' is not in the route " + route());
        }
        return pathValues.get(index);
    }

    /**
     * A path parameter as a number, a UUID, an enum, or whatever {@link TextParser} reads.
     *
     * @throws Problem 400 {@code VALIDATION_FAILED} if it can't be read so
     */
    public <T> T path(String name, Class<T> type) {
        return parse("path:" + name, path(name), type);
    }

    /** The first value of a query parameter, decoded. */
    public Optional<String> query(String name) {
        var values = queries(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    /**
     * The first value of a query parameter as a type that {@link TextParser} reads.
     *
     * @throws Problem 400 {@code VALIDATION_FAILED} if it can't be read so
     */
    public <T> Optional<T> query(String name, Class<T> type) {
        return query(name).map(text -> parse("query:" + name, text, type));
    }

    /**
     * All values of a query parameter, in their order.
     *
     * @throws Problem 400 {@code MALFORMED_QUERY} if the query is not well-formed
     */
    public List<String> queries(String name) {
        if (queries == null) {
            queries = parseQuery(exchange.query());
        }
        return queries.getOrDefault(name, List.of());
    }

    /** The first value of a header, whatever the case of its name. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(exchange.header(lowerCase(name)));
    }

    /** All values of a header, whatever the case of its name. */
    public List<String> headers(String name) {
        return exchange.headers(lowerCase(name));
    }

    /**
     * The body as a record, every rule on it checked.
     *
     * @throws Problem 400 {@code VALIDATION_FAILED} with all that is wrong with it; 413 {@code BODY_TOO_LARGE}; 415
     *     {@code UNSUPPORTED_MEDIA_TYPE} if it is not JSON
     */
    public <T> T body(Class<T> type) throws IOException {
        var contentType = exchange.header("content-type");
        if (contentType != null && !isJson(contentType)) {
            throw Problem.badRequest(
                            "UNSUPPORTED_MEDIA_TYPE", "content type '" + contentType + "' (expected: application/json)")
                    .withStatus(415);
        }
        try {
            return json.read(body, type);
        } catch (JsonException refused) {
            throw Problem.invalid(refused.violations());
        }
    }

    private static boolean isJson(String contentType) {
        int end = contentType.indexOf(';');
        var type = (end < 0 ? contentType : contentType.substring(0, end)).strip();
        return type.equalsIgnoreCase("application/json") || lowerCase(type).endsWith("+json");
    }

    /** The body as it comes; it can be read once, here or through {@link #body}. */
    public InputStream stream() {
        return body;
    }

    /** Who sent it, as the socket says: a proxy in front shows its own address. */
    public InetSocketAddress peer() {
        return exchange.peer();
    }

    /** Whether it came over TLS. */
    public boolean secure() {
        return exchange.secure();
    }

    @SuppressWarnings("unchecked") // TextParser gives what it was asked for
    private static <T> T parse(String where, String text, Class<T> type) {
        try {
            return (T) TextParser.parse(text, type);
        } catch (IllegalArgumentException wrong) {
            throw Problem.invalid(List.of(new Violation(
                    where, "WRONG_TYPE", String.valueOf(wrong.getMessage()), TextParser.expected(type), text)));
        }
    }

    private static Map<String, List<String>> parseQuery(String query) {
        if (query.isEmpty()) {
            return Map.of();
        }
        var parsed = new LinkedHashMap<String, List<String>>();
        int from = 0;
        while (from <= query.length()) {
            int end = query.indexOf('&', from);
            var pair = query.substring(from, end < 0 ? query.length() : end);
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                var name = PercentDecoder.decode(equals < 0 ? pair : pair.substring(0, equals), true);
                var value = equals < 0 ? "" : PercentDecoder.decode(pair.substring(equals + 1), true);
                if (name == null || value == null) {
                    throw Problem.badRequest(
                            "MALFORMED_QUERY", "query '" + pair + "' (expected: percent-encoded UTF-8)");
                }
                parsed.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
            }
            if (end < 0) {
                break;
            }
            from = end + 1;
        }
        return parsed;
    }

    private static String lowerCase(String name) {
        return name.toLowerCase(java.util.Locale.ROOT);
    }
}
