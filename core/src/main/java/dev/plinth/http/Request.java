package dev.plinth.http;

import dev.plinth.auth.Evidence;
import dev.plinth.context.Principal;
import dev.plinth.error.Problem;
import dev.plinth.http.engine.Exchange;
import dev.plinth.json.Json;
import dev.plinth.json.JsonException;
import dev.plinth.schema.Property;
import dev.plinth.schema.TextParser;
import dev.plinth.time.Time;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
    private final HttpConfig config;
    private final Time time;
    private Router.@Nullable Route route;
    private Router.Match match = Router.Match.Nothing.INSTANCE;
    private List<String> pathValues = List.of();
    private @Nullable Map<String, List<String>> queries;
    private @Nullable Map<String, List<String>> cookies;
    private final BodyLimit limit;
    private @Nullable InputStream content;
    private @Nullable Form form;
    private @Nullable Forwarded forwarded;
    private final List<Response.Header> answerHeaders = new ArrayList<>(2);
    private Principal principal = Principal.ANONYMOUS;

    Request(Exchange exchange, InputStream body, BodyLimit limit, Json json, HttpConfig config, Time time) {
        this.limit = limit;
        this.exchange = exchange;
        this.body = body;
        this.json = json;
        this.config = config;
        this.time = time;
    }

    /** Whether its route answers whatever happens: in maintenance, over any limit. */
    boolean isProbe() {
        return route != null && route.probe();
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
        if (path().equals("*")) { // OPTIONS alone may ask for that: what the service can do at all
            return Response.noContent().withHeader("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
        }
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

    /** The path as it was sent, percent-encoded, without the query, and without {@link #prefix()}. */
    public String path() {
        return Forwarded.path(exchange, config.proxies());
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
            queries = Fields.urlEncoded(exchange.query(), false, Integer.MAX_VALUE);
        }
        return List.copyOf(queries.getOrDefault(name, List.of()));
    }

    /**
     * The query as a record: a component takes the parameter of its name, a list all of them, a record within {@code
     * outer.inner}. Parameters that the record doesn't have are passed over.
     *
     * @throws Problem 400 {@code VALIDATION_FAILED} with all that is wrong
     */
    public <T extends Record> T query(Class<T> type) {
        return Binding.bind(type, "query:", this::queries, Property::name, time);
    }

    /** The first value of a header, whatever the case of its name. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(exchange.header(lowerCase(name)));
    }

    /**
     * The first value of a header as a type that {@link TextParser} reads.
     *
     * @throws Problem 400 {@code VALIDATION_FAILED} if it can't be read so
     */
    public <T> Optional<T> header(String name, Class<T> type) {
        return header(name).map(text -> parse("header:" + lowerCase(name), text, type));
    }

    /** All values of a header, whatever the case of its name. */
    public List<String> headers(String name) {
        return exchange.headers(lowerCase(name));
    }

    /**
     * Headers as a record: {@code xTenantId} takes {@code X-Tenant-Id}, a list all values of it.
     *
     * @throws Problem 400 {@code VALIDATION_FAILED} with all that is wrong
     */
    public <T extends Record> T headers(Class<T> type) {
        return Binding.bind(type, "header:", this::headers, Property::key, time);
    }

    /** The first cookie of that name; its value as it was sent, without quotes around it. */
    public Optional<String> cookie(String name) {
        return cookies(name).stream().findFirst();
    }

    /**
     * The first cookie of that name as a type that {@link TextParser} reads.
     *
     * @throws Problem 400 {@code VALIDATION_FAILED} if it can't be read so
     */
    public <T> Optional<T> cookie(String name, Class<T> type) {
        return cookie(name).map(text -> parse("cookie:" + name, text, type));
    }

    /**
     * Cookies as a record, each component of its name.
     *
     * @throws Problem 400 {@code VALIDATION_FAILED} with all that is wrong
     */
    public <T extends Record> T cookies(Class<T> type) {
        return Binding.bind(type, "cookie:", this::cookies, Property::name, time);
    }

    private List<String> cookies(String name) {
        if (cookies == null) {
            cookies = Fields.cookies(exchange.headers("cookie"));
        }
        return cookies.getOrDefault(name, List.of());
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
            return json.read(stream(), type);
        } catch (JsonException refused) {
            throw Problem.invalid(refused.violations());
        }
    }

    /** The whole body; it can be read again after that. */
    byte[] whole() throws IOException {
        var bytes = stream().readAllBytes();
        content = new ByteArrayInputStream(bytes);
        return bytes;
    }

    /** The query as it was sent. */
    String rawQuery() {
        return exchange.query();
    }

    /** Puts values in the place of those that were sent: lists taken apart, defaults of a contract. */
    void replaceQuery(String name, List<String> values) {
        queries(name);
        queries = new LinkedHashMap<>(Objects.requireNonNull(queries));
        queries.put(name, values);
    }

    HttpConfig config() {
        return config;
    }

    Json json() {
        return json;
    }

    private static boolean isJson(String contentType) {
        var type = mediaType(contentType);
        return type.equals("application/json") || type.endsWith("+json");
    }

    static String mediaType(String contentType) {
        int end = contentType.indexOf(';');
        return lowerCase((end < 0 ? contentType : contentType.substring(0, end)).strip());
    }

    /** Whether the body is a form with files, for which other limits hold. */
    static boolean isMultipart(@Nullable String contentType) {
        return contentType != null && mediaType(contentType).equals("multipart/form-data");
    }

    /**
     * The body as a form, with or without files. It is read at the first call, whole; files that are not small go to disk
     * and are gone when the request is answered.
     *
     * @throws Problem 400 {@code MALFORMED_FORM}; 413 {@code BODY_TOO_LARGE} or {@code TOO_MANY_FIELDS}; 415 {@code
     *     UNSUPPORTED_MEDIA_TYPE} if it is no form
     */
    public Form form() throws IOException {
        if (form != null) {
            return form;
        }
        var contentType = exchange.header("content-type");
        if (contentType != null && isMultipart(contentType)) {
            var reader = new Multipart(
                    stream(), contentType, config.uploads(), config.maxBody().bytes());
            form = new Form(reader.fields, reader.files, time);
            reader.read();
            return form;
        }
        if (contentType == null || !mediaType(contentType).equals("application/x-www-form-urlencoded")) {
            throw Problem.badRequest(
                            "UNSUPPORTED_MEDIA_TYPE",
                            "content type '" + (contentType == null ? "" : contentType)
                                    + "' (expected: multipart/form-data or application/x-www-form-urlencoded)")
                    .withStatus(415);
        }
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(stream().readAllBytes()))
                    .toString();
            form = new Form(Fields.urlEncoded(text, true, config.uploads().maxParts()), List.of(), time);
            return form;
        } catch (CharacterCodingException notUtf8) {
            throw Problem.badRequest("MALFORMED_FORM", "the form is not UTF-8");
        }
    }

    /**
     * The body as a form that is bound to a record, as {@link Form#as} says.
     *
     * @throws Problem 400 {@code VALIDATION_FAILED} with all that is wrong, or as {@link #form()} says
     */
    public <T extends Record> T form(Class<T> type) throws IOException {
        return form().as(type);
    }

    /** Removes what the request left on disk. */
    void release() throws IOException {
        if (form != null) {
            for (var upload : form.files()) {
                upload.remove();
            }
        }
    }

    /**
     * The body as it comes, unpacked where it is sent with {@code Content-Encoding: gzip}; it can be read once, here or
     * through {@link #body}. The limit of the body holds for what comes out.
     *
     * @throws Problem 415 {@code UNSUPPORTED_ENCODING} if it is packed otherwise
     */
    public InputStream stream() throws IOException {
        if (content == null) {
            content = Unpacked.of(body, exchange.headers("content-encoding"), limit);
        }
        return content;
    }

    /**
     * Which of the types on offer the client prefers, by {@code Accept} and its weights; the first of equals, and where
     * it has no preference. The answer says {@code Vary: Accept}.
     *
     * @throws Problem 406 {@code NOT_ACCEPTABLE} if it accepts none of them
     */
    public String accepts(String... types) {
        answerHeader("Vary", "Accept");
        var best = Qualities.of(headers("accept")).best(types);
        if (best == null) {
            throw Problem.badRequest("NOT_ACCEPTABLE", "there is " + String.join(", ", types) + " and nothing else")
                    .withStatus(406);
        }
        return best;
    }

    /** Adds a header to the answer, whichever it will be: a refusal too. */
    void answerHeader(String name, String value) {
        answerHeaders.add(new Response.Header(name, value));
    }

    List<Response.Header> answerHeaders() {
        return answerHeaders;
    }

    /**
     * Refuses to change what is not any more what the caller saw: where {@code If-Match} names another version, or {@code
     * If-None-Match: *} asks that nothing be there. To be asked before the change, with the version that is there now.
     *
     * <pre>{@code
     * .put("/orders/{id}", Order.class, (order, request) -> {
     *     var known = orders.get(request.path("id"));
     *     request.checkVersion(known.version());
     *     ...
     * })
     * }</pre>
     *
     * @param version as for {@link Response#withETag}; null where nothing is there
     * @throws Problem 412 {@code PRECONDITION_FAILED}
     */
    public void checkVersion(@Nullable Object version) {
        Conditions.check(this, version == null ? null : Conditions.tag(version));
    }

    /** Takes who sent it, as the control of access has found out; what runs inside has it in its context. */
    void principal(Principal known) {
        principal = known;
    }

    Principal principal() {
        return principal;
    }

    /** What it brings by which its caller may be known. */
    Evidence evidence() {
        return new Evidence() {
            @Override
            public List<String> headers(String lowerCaseName) {
                return exchange.headers(lowerCaseName);
            }

            @Override
            public List<X509Certificate> certificates() {
                return exchange.certificates();
            }
        };
    }

    // ---- who asks, and what he called this service -----------------------------------------------------------------

    private Forwarded forwarded() {
        if (forwarded == null) {
            forwarded = Forwarded.of(exchange, config.proxies());
        }
        return forwarded;
    }

    /**
     * Who sent it: what trusted proxies say ({@code http.proxies}), else what the socket does. The port is 0 where the
     * proxy doesn't tell it.
     */
    public InetSocketAddress peer() {
        return forwarded().peer();
    }

    /** The user whose process sent it over a Unix domain socket; empty over TCP, and where the system doesn't say. */
    public String peerUser() {
        return exchange.peerUser();
    }

    /** Whether its client speaks TLS, with this service or with a trusted proxy in front. */
    public boolean secure() {
        return forwarded().secure();
    }

    /** The host, with its port where that isn't the usual one, as the client named it; empty where it named none. */
    public String host() {
        return forwarded().host();
    }

    /** Below which prefix a trusted proxy shows this service, {@code /shop}; empty where nothing is known of one. */
    public String prefix() {
        return forwarded().prefix();
    }

    /**
     * The address of a path of this service, as the client can call it: with scheme, host and prefix, or where no host is
     * known with the prefix alone.
     *
     * @throws IllegalArgumentException if the path doesn't begin with one slash, or is no part of a URI
     */
    public URI uri(String path) {
        if (!path.startsWith("/") || path.startsWith("//")) {
            throw new IllegalArgumentException("uri of '" + path + "' (expected: a path that begins with one /)");
        }
        var below = prefix() + path;
        return URI.create(host().isEmpty() ? below : (secure() ? "https://" : "http://") + host() + below);
    }

    /** Whether it asks to go on with another protocol, and can. */
    boolean asksFor(String protocol) {
        return exchange.asksFor(protocol);
    }

    CorsConfig corsConfig() {
        return config.cors();
    }

    @SuppressWarnings("unchecked") // TextParser gives what it was asked for
    static <T> T parse(String where, String text, Class<T> type) {
        try {
            return (T) TextParser.parse(text, type);
        } catch (IllegalArgumentException wrong) {
            throw Problem.invalid(List.of(Binding.wrongType(where, text, type, wrong)));
        }
    }

    private static String lowerCase(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
