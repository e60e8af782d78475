package dev.plinth.client;

import dev.plinth.client.engine.HeaderRules;
import dev.plinth.client.engine.Outbound;
import dev.plinth.error.Problem;
import dev.plinth.json.Json;
import dev.plinth.resilience.Safety;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One call in the making, from {@link Client#get} and its like; nothing is sent before {@link #as}, {@link #find}, {@link
 * #list}, {@link #send}, {@link #answer} or {@link #read}. Used by one thread.
 */
public final class Call {
    private static final Set<String> OURS = Set.of(
            "host",
            "connection",
            "content-length",
            "transfer-encoding",
            "te",
            "upgrade",
            "expect",
            "keep-alive",
            "trailer",
            "accept-encoding");

    private final Client client;
    private final String method;
    private final String pattern;
    /** Names and values in turn. */
    private final List<String> path = new ArrayList<>(2);

    private final List<String> headers = new ArrayList<>(4);
    private String query = "";
    private Outbound.@Nullable Body body;
    private @Nullable String contentType;
    private @Nullable String node;
    private Duration timeout;
    private boolean idempotent;
    private boolean once;

    Call(Client client, String method, String pattern, Duration timeout) {
        if (!pattern.startsWith("/")) {
            throw new IllegalArgumentException("path '" + pattern + "' (expected: one that begins with /)");
        }
        if (!HeaderRules.isToken(method)) {
            throw new IllegalArgumentException("method '" + method + "' (expected: one such as GET)");
        }
        this.client = client;
        this.method = method;
        this.pattern = pattern;
        this.timeout = timeout;
        this.idempotent = isIdempotent(method);
    }

    // ---- what is sent ----------------------------------------------------------------------------------------------

    /**
     * Fills {@code {parameter}} in the path, percent-encoded.
     *
     * @throws Problem 400 {@code BAD_PATH_VALUE} if the value is empty, {@code .} or {@code ..}: these would be another path
     */
    public Call path(String parameter, Object value) {
        if (!pattern.contains("{" + parameter + "}")) {
            throw new IllegalArgumentException("path '" + pattern + "' has no {" + parameter + "}");
        }
        var text = String.valueOf(value);
        if (text.isEmpty() || text.equals(".") || text.equals("..")) {
            throw Problem.badRequest(
                    "BAD_PATH_VALUE",
                    "'" + text + "' can't be a part of a path (" + parameter + " of " + pattern + ")");
        }
        path.add(parameter);
        path.add(encode(text));
        return this;
    }

    /** Adds a query parameter, percent-encoded. */
    public Call query(String parameter, Object value) {
        query += (query.isEmpty() ? "?" : "&") + encode(parameter) + "=" + encode(String.valueOf(value));
        return this;
    }

    /**
     * Sets a header; one of that name that was set before is replaced.
     *
     * @throws IllegalArgumentException if HTTP can't carry it, or it belongs to the connection
     */
    public Call header(String header, String value) {
        if (!HeaderRules.isToken(header) || OURS.contains(header.toLowerCase(java.util.Locale.ROOT))) {
            throw new IllegalArgumentException("header '" + header + "' can't be set on a call");
        }
        if (!HeaderRules.isValue(value)) {
            throw new IllegalArgumentException(
                    "the value of header " + header + " holds what HTTP can't carry. Encode it, or leave it out.");
        }
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase(header)) {
                headers.set(i + 1, value);
                return this;
            }
        }
        headers.add(header);
        headers.add(value);
        return this;
    }

    /** Sends a value as JSON. */
    public Call json(Object value) {
        return body("application/json", Json.standard().write(value));
    }

    /** Sends bytes of that content type. */
    public Call body(String newContentType, byte[] bytes) {
        return body(newContentType, new Outbound.Bytes(bytes));
    }

    /** Sends fields as a browser's form does. */
    public Call form(Map<String, ?> fields) {
        var text = new StringBuilder();
        fields.forEach((name, value) -> text.append(text.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(String.valueOf(value), StandardCharsets.UTF_8)));
        return body("application/x-www-form-urlencoded", text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Sends fields and files; see {@link Multipart}. */
    public Call multipart(Multipart parts) {
        return body(parts.contentType(), parts.body());
    }

    /**
     * Sends a body that is written piece by piece, for what doesn't fit into memory.
     *
     * @param length how many bytes it will be; -1 where that is not known
     */
    public Call stream(String newContentType, long length, BodyWriter writer) {
        return body(newContentType, new Outbound.Body() {
            @Override
            public long length() {
                return length;
            }

            @Override
            public void writeTo(OutputStream to) throws IOException {
                writer.write(to);
            }
        });
    }

    private Call body(String newContentType, Outbound.Body newBody) {
        contentType = newContentType;
        body = newBody;
        return this;
    }

    // ---- how it is made --------------------------------------------------------------------------------------------

    /** Sets the most that this call may take, in place of the client's. */
    public Call timeout(Duration most) {
        if (!most.isPositive()) {
            throw new IllegalArgumentException("timeout " + most + " (expected: more than zero)");
        }
        timeout = most;
        return this;
    }

    /** Says that the call may be made a second time although its method doesn't promise that: a search by POST, say. */
    public Call idempotent() {
        idempotent = true;
        return this;
    }

    /** Sends {@code Idempotency-Key} with that key, so that the other side does the work once; makes it repeatable. */
    public Call idempotencyKey(String key) {
        return header("Idempotency-Key", key).idempotent();
    }

    /** The same with a key that nobody else has. */
    public Call idempotencyKey() {
        return idempotencyKey(UUID.randomUUID().toString());
    }

    /** Makes one attempt and no more, whatever the client is configured to do. */
    public Call once() {
        once = true;
        return this;
    }

    /** Takes that member of the answer's object for the answer: {@code data} of {@code {"data": {...}}}. */
    public Call node(String member) {
        node = member;
        return this;
    }

    // ---- making it -------------------------------------------------------------------------------------------------

    /**
     * Makes the call and reads the answer as a record.
     *
     * @throws Problem what the other side answered; {@code UPSTREAM_UNREACHABLE} (502), {@code UPSTREAM_BUSY} (503),
     *     {@code UPSTREAM_TIMEOUT} (504), {@code UPSTREAM_ERROR} (502), {@code UPSTREAM_TOO_LARGE} (502) or {@code
     *     UPSTREAM_GARBAGE} (502) if it did not answer properly; {@code DEADLINE_EXCEEDED} (504), and nothing is sent, if
     *     the caller's deadline has passed
     */
    public <T> T as(Class<T> type) {
        return noded().as(type);
    }

    /** The same for a list. */
    public <T> List<T> list(Class<T> type) {
        return noded().list(type);
    }

    /** The same for a thing that may not be there: 404, 204, or a missing {@link #node} give empty. */
    public <T> Optional<T> find(Class<T> type) {
        try {
            var answer = answer();
            if (answer.status() == 204) {
                return Optional.empty();
            }
            return (node == null ? Optional.of(answer) : answer.node(node)).map(found -> found.as(type));
        } catch (Problem problem) {
            if (problem.status() == 404) {
                return Optional.empty();
            }
            throw problem;
        }
    }

    private Answer noded() {
        var answer = answer();
        if (node == null) {
            return answer;
        }
        return answer.node(node).orElseThrow(() -> Failed.garbage(toString(), "answered without '" + node + "'", null));
    }

    /** Makes the call and ignores the body of the answer. */
    public void send() {
        answer();
    }

    /** Makes the call and gives the answer as it is; fails as {@link #as} does. */
    public Answer answer() {
        return client.make(this);
    }

    /**
     * Makes the call and has the body of the answer read as it comes, within the call's time; fails as {@link #as} does.
     * Once {@code reader} has begun the call is not repeated. What the reader throws of itself passes.
     */
    public <T extends @Nullable Object> T read(Answer.Reader<T> reader) throws IOException {
        return client.make(this, reader);
    }

    // ---- for the client --------------------------------------------------------------------------------------------

    String method() {
        return method;
    }

    String pattern() {
        return pattern;
    }

    /** Path and query, encoded. */
    String target() {
        if (pattern.indexOf('{') < 0) {
            return pattern + query;
        }
        var text = new StringBuilder(pattern.length() + 32);
        int at = 0;
        for (int open = pattern.indexOf('{'); open >= 0; open = pattern.indexOf('{', at)) {
            int close = pattern.indexOf('}', open);
            var value = close < 0 ? null : value(pattern.substring(open + 1, close));
            if (value == null) {
                throw new IllegalArgumentException(
                        "path '" + pattern + "' of client '" + client.name() + "' has a parameter left");
            }
            text.append(pattern, at, open).append(value);
            at = close + 1;
        }
        return text.append(pattern, at, pattern.length()).append(query).toString();
    }

    private @Nullable String value(String parameter) {
        for (int i = path.size() - 2; i >= 0; i -= 2) {
            if (path.get(i).equals(parameter)) {
                return path.get(i + 1);
            }
        }
        return null;
    }

    List<String> headers() {
        return headers;
    }

    boolean sets(String header) {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase(header)) {
                return true;
            }
        }
        return false;
    }

    Outbound.@Nullable Body outbound() {
        return body;
    }

    @Nullable
    String contentType() {
        return contentType;
    }

    Duration timeout() {
        return timeout;
    }

    boolean isIdempotent() {
        return idempotent;
    }

    Safety safety() {
        if (once) {
            return Safety.ONCE;
        }
        return idempotent ? Safety.IDEMPOTENT : Safety.AT_MOST_ONCE;
    }

    /** RFC 9110, section 9.2.2. */
    private static boolean isIdempotent(String method) {
        return switch (method) {
            case "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE" -> true;
            default -> false;
        };
    }

    private static String encode(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
            if (!plain) {
                return encodeSpecial(value);
            }
        }
        return value;
    }

    private static String encodeSpecial(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The client, method and pattern: never the values in it. */
    @Override
    public String toString() {
        return "client '" + client.name() + "' " + method + " " + pattern;
    }

    /** Writes a body piece by piece. */
    @FunctionalInterface
    public interface BodyWriter {
        /** Writes; called once for each attempt. The stream is not to be closed. */
        void write(OutputStream to) throws IOException;
    }
}
