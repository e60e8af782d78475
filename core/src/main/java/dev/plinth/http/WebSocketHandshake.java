package dev.plinth.http;

import dev.plinth.context.Context;
import dev.plinth.error.Problem;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Judges a request for a WebSocket (RFC 6455, section 4.2). */
final class WebSocketHandshake {
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private WebSocketHandshake() {}

    /**
     * The answer that opens it.
     *
     * @throws Problem 400 {@code WEBSOCKET_EXPECTED} if it is no such request, or not one of version 13; 403 {@code
     *     ORIGIN_REFUSED} if a page sends it that may not
     */
    static Response open(Request request, WebSocket.Handler handler, List<String> protocols) {
        if (!request.method().equals("GET") || !request.asksFor("websocket")) {
            throw expected("Connection: Upgrade and Upgrade: websocket, over HTTP/1.1");
        }
        if (!request.header("sec-websocket-version").orElse("").equals("13")) {
            request.answerHeader("Sec-WebSocket-Version", "13");
            throw expected("Sec-WebSocket-Version: 13");
        }
        var keys = request.headers("sec-websocket-key");
        if (keys.size() != 1 || !isKey(keys.getFirst())) {
            throw expected("one Sec-WebSocket-Key of 16 bytes in Base64");
        }
        checkOrigin(request);
        var protocol = protocol(request, protocols);
        var response = Response.upgrade(new WebSocket.Opening(handler, protocol, Context.current()))
                .withHeader("Sec-WebSocket-Accept", accept(keys.getFirst()));
        return protocol.isEmpty() ? response : response.withHeader("Sec-WebSocket-Protocol", protocol);
    }

    private static Problem expected(String what) {
        return Problem.badRequest("WEBSOCKET_EXPECTED", "this is a WebSocket (expected: " + what + ")");
    }

    private static boolean isKey(String key) {
        try {
            return key.length() == 24 && Base64.getDecoder().decode(key).length == 16;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static String accept(String key) {
        try {
            var hash = MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }

    /** The first that the client names and the service knows; empty where they have none in common. */
    private static String protocol(Request request, List<String> known) {
        for (var header : request.headers("sec-websocket-protocol")) {
            for (var name : header.split(",", 100)) {
                if (known.contains(name.strip())) {
                    return name.strip();
                }
            }
        }
        return "";
    }

    /**
     * A browser sends cookies along whatever page asks, and asks nobody before: so the page has to be of this host, or one
     * that CORS lets in, with its cookies only where CORS lets those in too. Who sends no origin is no browser.
     */
    private static void checkOrigin(Request request) {
        var origin = request.header("origin").orElse(null);
        if (origin == null || isSame(origin, request)) {
            return;
        }
        var cors = request.corsConfig();
        if (!new Cors(cors).allows(origin)) {
            throw refused("pages of the origin '" + Cors.shown(origin) + "' may not open it (http.cors.origins)");
        }
        if (!cors.credentials() && request.header("cookie").isPresent()) {
            throw refused("pages of other origins may not send cookies (http.cors.credentials)");
        }
    }

    private static Problem refused(String detail) {
        return Problem.forbidden("ORIGIN_REFUSED", detail);
    }

    /** By host and port. The scheme isn't compared, since a proxy in front may end TLS without being configured here. */
    private static boolean isSame(String origin, Request request) {
        int scheme = origin.indexOf("://");
        if (scheme < 0) {
            return false;
        }
        int port = origin.startsWith("https") ? 443 : 80;
        return authority(origin.substring(scheme + 3), port).equals(authority(request.host(), port));
    }

    private static String authority(String host, int port) {
        try {
            var uri = URI.create("x://" + host.toLowerCase(Locale.ROOT));
            return uri.getHost() + ":" + (uri.getPort() < 0 ? port : uri.getPort());
        } catch (IllegalArgumentException noHost) {
            return host;
        }
    }
}
