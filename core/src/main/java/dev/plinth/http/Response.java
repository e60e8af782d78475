package dev.plinth.http;

import dev.plinth.context.Context;
import dev.plinth.http.engine.HttpDate;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An answer: status, headers, body. Immutable; each {@code with} gives a new one.
 *
 * <p>The body is a value until the last moment, so that a filter can look at it: a record or collection becomes JSON,
 * text and bytes go as they are, a {@link BodyWriter} streams.
 */
public final class Response {
    private final int status;
    private final List<Header> headers;
    private final @Nullable Object body;

    private Response(int status, List<Header> headers, @Nullable Object body) {
        if ((status < 200 || status > 599) && !(body instanceof WebSocket.Opening)) {
            throw new IllegalArgumentException("response status " + status + " (expected: 200..599)");
        }
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** 200 with a value. */
    public static Response ok(Object body) {
        return new Response(200, List.of(), body);
    }

    /** 201 with the thing that was made. */
    public static Response created(Object body) {
        return new Response(201, List.of(), body);
    }

    /** 201 with the thing that was made, and the path where it is. */
    public static Response created(String location, Object body) {
        return created(body).withHeader("Location", location);
    }

    /** 202: taken on, to be done later. */
    public static Response accepted() {
        return of(202);
    }

    /** 204: done, and nothing to say. */
    public static Response noContent() {
        return of(204);
    }

    /** A status without a body. */
    public static Response of(int status) {
        return new Response(status, List.of(), null);
    }

    /** 200 with plain text. */
    public static Response text(String text) {
        return bytes("text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** 200 with bytes of that content type. */
    public static Response bytes(String contentType, byte[] bytes) {
        return new Response(200, List.of(new Header("Content-Type", contentType)), bytes);
    }

    /** 200 with a body that is written piece by piece, for what doesn't fit into memory or takes its time. */
    public static Response stream(String contentType, BodyWriter writer) {
        return new Response(200, List.of(new Header("Content-Type", contentType)), writer);
    }

    /**
     * 200 with a file: by its type, size and time of change, so that parts of it ({@code Range}) and conditional requests
     * are answered.
     *
     * @throws dev.plinth.error.Problem 404 {@code NOT_FOUND} if it is no file
     */
    public static Response file(Path file) {
        return file(FileBody.of(file));
    }

    /**
     * 200 with the file of that name below a folder, which is never left, neither by {@code ..} nor by a link.
     *
     * @throws dev.plinth.error.Problem 404 {@code NOT_FOUND} if there is none
     */
    public static Response file(Path folder, String name) {
        return file(FileBody.below(folder, name));
    }

    private static Response file(FileBody file) {
        return new Response(
                200,
                List.of(
                        new Header("Content-Type", file.contentType()),
                        new Header("Last-Modified", file.lastModified()),
                        new Header("ETag", file.tag()),
                        new Header("Accept-Ranges", "bytes")),
                file);
    }

    /**
     * 200 with a stream of server-sent events, which lasts until {@code source} returns, the client goes away or the
     * service stops. No deadline bounds it.
     */
    public static Response events(Events.Source source) {
        // What filters have put into the context, such as who asks, is to be there when they have returned.
        var context = Context.current();
        Events.Source inContext = context == Context.EMPTY
                ? source
                : events -> context.withoutDeadline().call(() -> {
                    source.stream(events);
                    return true;
                });
        return new Response(
                200,
                List.of(
                        new Header("Content-Type", "text/event-stream"),
                        new Header("Cache-Control", "no-store"),
                        new Header("X-Accel-Buffering", "no")),
                inContext);
    }

    /**
     * 101: the request becomes a WebSocket, where it is known only then by whom it is served. Otherwise {@link
     * Http#webSocket} is shorter.
     *
     * @param protocols sub-protocols that the service speaks; the first that the client names is agreed on
     * @throws dev.plinth.error.Problem 400 {@code WEBSOCKET_EXPECTED} if the request asks for none; 403 {@code
     *     ORIGIN_REFUSED} if a page of another origin sends it that CORS does not let in
     */
    public static Response webSocket(Request request, WebSocket.Handler handler, String... protocols) {
        return WebSocketHandshake.open(request, handler, List.of(protocols));
    }

    static Response upgrade(WebSocket.Opening opening) {
        return new Response(101, List.of(), opening);
    }

    /**
     * 303 to a path of this service: see there for the answer, by {@code GET}. With {@link #withStatus} 307 or 308 the
     * method stays.
     *
     * @throws IllegalArgumentException if it is no path, such as {@code //other.example}, which browsers take for a host:
     *     a place that the caller named must not lead away
     */
    public static Response redirect(String path) {
        if (!path.startsWith("/") || path.startsWith("//") || path.indexOf('\\') >= 0) {
            throw new IllegalArgumentException("redirect to '" + Header.printable(path)
                    + "' (expected: a path that begins with one /). For another host use redirect(URI), with one that the"
                    + " caller can't choose.");
        }
        return of(303).withHeader("Location", path);
    }

    /**
     * 303 to wherever the program says. Never hand it what a caller named: that lends your name to his place.
     *
     * @throws IllegalArgumentException if it is not http or https with a host
     */
    public static Response redirect(URI target) {
        var scheme = target.getScheme();
        if (target.getHost() == null || !("https".equals(scheme) || "http".equals(scheme))) {
            throw new IllegalArgumentException(
                    "redirect to '" + Header.printable(target.toString()) + "' (expected: http or https with a host)");
        }
        return of(303).withHeader("Location", target.toASCIIString());
    }

    /**
     * The same with another status.
     *
     * @throws IllegalArgumentException if it is not in 200..599
     */
    public Response withStatus(int newStatus) {
        return new Response(newStatus, headers, body);
    }

    /**
     * The same with a header more; one of that name that is there stays.
     *
     * @throws IllegalArgumentException if name or value hold what HTTP doesn't allow, such as a line end
     */
    public Response withHeader(String name, String value) {
        var more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new Response(status, List.copyOf(more), body);
    }

    /** The same with a cookie to set. */
    public Response withCookie(Cookie cookie) {
        return withHeader("Set-Cookie", cookie.toString());
    }

    /**
     * The same with the version of what is sent, so that {@code If-None-Match} is answered by 304: a number, a hash, or a
     * tag with its quotes.
     *
     * @throws IllegalArgumentException if its text holds blanks, quotes or what is not ASCII
     */
    public Response withETag(Object version) {
        return withHeader("ETag", Conditions.tag(version));
    }

    /** The same with the time of the last change, so that {@code If-Modified-Since} is answered by 304. */
    public Response withLastModified(Instant time) {
        return withHeader("Last-Modified", HttpDate.format(time.getEpochSecond()));
    }

    /** The same with a word on how long it may be kept. */
    public Response withCache(CacheControl cache) {
        return withHeader("Cache-Control", cache.toString());
    }

    /** The same, to be saved under that name and not shown; any name goes. */
    public Response asDownload(String fileName) {
        var plain = new StringBuilder();
        var encoded = new StringBuilder();
        for (byte octet : fileName.getBytes(StandardCharsets.UTF_8)) {
            boolean isPlain = (octet >= '0' && octet <= '9')
                    || (octet >= 'A' && octet <= 'Z')
                    || (octet >= 'a' && octet <= 'z')
                    || octet == '-'
                    || octet == '.'
                    || octet == '_';
            plain.append(isPlain ? (char) octet : '_');
            encoded.append(isPlain ? String.valueOf((char) octet) : String.format("%%%02X", octet));
        }
        return withHeader("Content-Disposition", "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded);
    }

    /** The same with another body. */
    public Response withBody(@Nullable Object newBody) {
        return new Response(status, headers, newBody);
    }

    /** The status. */
    public int status() {
        return status;
    }

    /** The headers that were set, in their order. */
    public List<Header> headers() {
        return headers;
    }

    /** The first value of a header, whatever the case of its name; null where there is none. */
    public @Nullable String header(String name) {
        for (var header : headers) {
            if (header.name.equalsIgnoreCase(name)) {
                return header.value;
            }
        }
        return null;
    }

    /** The body as a value; null where there is none. */
    public @Nullable Object body() {
        return body;
    }

    /** Writes a body piece by piece. */
    @FunctionalInterface
    public interface BodyWriter {
        /** Writes; the stream is closed after. What it throws cuts the connection, since the status is gone already. */
        void write(OutputStream to) throws IOException;
    }

    /**
     * One header.
     *
     * @param name a token of RFC 9110, section 5.6.2
     * @param value visible characters, spaces and tabs
     */
    public record Header(String name, String value) {
        private static final Set<String> OWN =
                Set.of("content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "date");

        public Header {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("header name '' (expected: a token)");
            }
            if (OWN.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("header " + name + " is written by the listener. Leave it out.");
            }
            for (int i = 0; i < name.length(); i++) {
                char c = name.charAt(i);
                if (c <= ' ' || c >= 127 || "\"(),/:;<=>?@[\\]{}".indexOf(c) >= 0) {
                    throw new IllegalArgumentException(
                            "header name '" + printable(name) + "' (expected: a token, RFC 9110)");
                }
            }
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if ((c < ' ' && c != '\t') || c == 127 || c > 255) {
                    throw new IllegalArgumentException("header " + name + ": '" + printable(value)
                            + "' (expected: visible characters of ISO-8859-1). Encode it, or leave the character out.");
                }
            }
        }

        private static String printable(String text) {
            var printable = new StringBuilder();
            for (int i = 0; i < Math.min(text.length(), 80); i++) {
                char c = text.charAt(i);
                printable.append(c < ' ' || c == 127 ? '?' : c);
            }
            return printable.toString();
        }
    }
}
