package dev.plinth.http;

import dev.plinth.error.Problem;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Cross-origin calls from browsers, as the Fetch standard has them. */
final class Cors {
    private final CorsConfig config;
    private final boolean everybody;
    private final String methods;
    private final String headers;
    private final String exposed;
    private final Set<String> lowerCaseHeaders = new HashSet<>();

    Cors(CorsConfig config) {
        this.config = config;
        this.everybody = config.origins().contains("*");
        this.methods = String.join(", ", config.methods());
        this.headers = String.join(", ", config.headers());
        this.exposed = String.join(", ", config.expose());
        config.headers().forEach(header -> lowerCaseHeaders.add(header.toLowerCase(Locale.ROOT)));
    }

    boolean isOff() {
        return config.origins().isEmpty();
    }

    /**
     * Says to the browser what it may do, by headers of the answer.
     *
     * @return the whole answer to a preflight; null for any other request
     * @throws Problem 403 {@code CORS_REFUSED} to a preflight of a page that may not
     */
    @Nullable
    Response before(Request request) {
        var known = origin(request);
        var origin = request.header("origin").orElse(null);
        var method = request.header("access-control-request-method").orElse(null);
        if (origin == null || method == null || !request.method().equals("OPTIONS")) {
            return null;
        }
        if (!known) {
            throw refused("pages of the origin '" + shown(origin) + "' may not call");
        }
        return preflight(request, method);
    }

    /** Says whether the page may read the answer; whether it may. */
    boolean origin(Request request) {
        if (!everybody) {
            request.answerHeader("Vary", "Origin");
        }
        var origin = request.header("origin").orElse(null);
        if (origin == null || !allows(origin)) {
            return false;
        }
        request.answerHeader("Access-Control-Allow-Origin", everybody ? "*" : origin);
        if (config.credentials()) {
            request.answerHeader("Access-Control-Allow-Credentials", "true");
        }
        if (!exposed.isEmpty()) {
            request.answerHeader("Access-Control-Expose-Headers", exposed);
        }
        return true;
    }

    private Response preflight(Request request, String method) {
        request.answerHeader("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers");
        if (!config.methods().contains(method)) {
            throw refused("pages of other origins may call with " + methods + ", not with '" + shown(method) + "'");
        }
        var wanted = request.header("access-control-request-headers").orElse("");
        boolean any = lowerCaseHeaders.contains("*");
        for (var name : wanted.isEmpty() ? new String[0] : wanted.split(",", 100)) {
            var header = name.strip().toLowerCase(Locale.ROOT);
            if (any ? !header.matches("[a-z0-9!#$%&'*+.^_`|~-]{1,100}") : !lowerCaseHeaders.contains(header)) {
                throw refused("pages of other origins may send " + headers + ", not '" + shown(header) + "'");
            }
        }
        var response = Response.noContent()
                .withHeader("Access-Control-Allow-Methods", methods)
                .withHeader(
                        "Access-Control-Max-Age", Long.toString(config.maxAge().toSeconds()));
        var allowed = any ? wanted : headers;
        return allowed.isEmpty() ? response : response.withHeader("Access-Control-Allow-Headers", allowed);
    }

    /** Whether pages of that origin may call. */
    boolean allows(String origin) {
        if (everybody) {
            return true;
        }
        for (var known : config.origins()) {
            int star = known.indexOf("://*.");
            if (star < 0
                    ? known.equalsIgnoreCase(origin)
                    : isBelow(origin, known.substring(0, star + 3), known.substring(star + 4))) {
                return true;
            }
        }
        return false;
    }

    /** {@code https://} and {@code .example.org}, with names of hosts between them and nothing else. */
    private static boolean isBelow(String origin, String scheme, String domain) {
        var lower = origin.toLowerCase(Locale.ROOT);
        var end = domain.toLowerCase(Locale.ROOT);
        return lower.length() > scheme.length() + end.length()
                && lower.startsWith(scheme)
                && lower.endsWith(end)
                && lower.substring(scheme.length(), lower.length() - end.length())
                        .matches("[a-z0-9-]+(\\.[a-z0-9-]+)*");
    }

    static String shown(String text) {
        return text.length() > 100 ? text.substring(0, 100) + "…" : text;
    }

    private static Problem refused(String detail) {
        return Problem.forbidden("CORS_REFUSED", detail);
    }
}
