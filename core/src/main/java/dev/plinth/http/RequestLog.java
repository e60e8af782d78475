package dev.plinth.http;

import dev.plinth.http.engine.Exchange;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one line for each request: who asked for what, and what came of it. Never a body. Values that are secret by their
 * name are written as {@code ***}, here and not by the reader.
 */
final class RequestLog {
    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);

    /** Anything with one of these in its name. */
    private static final Set<String> SECRET = Set.of(
            "authorization",
            "cookie",
            "token",
            "secret",
            "password",
            "passwd",
            "api-key",
            "apikey",
            "api_key",
            "credential",
            "signature",
            "session",
            "code",
            "jwt");

    private final boolean headers;
    private final Set<String> redact = new HashSet<>();

    RequestLog(RequestLogConfig config) {
        this.headers = config.headers();
        config.redact().forEach(name -> redact.add(name.toLowerCase(Locale.ROOT)));
    }

    void write(Exchange exchange, Request request, Response response, int status, long nanos) {
        var line = LOG.atInfo()
                .addKeyValue("method", exchange.method())
                .addKeyValue("path", exchange.path())
                .addKeyValue("route", request.route())
                .addKeyValue("status", status)
                .addKeyValue("millis", nanos / 1e6)
                .addKeyValue("peer", request.peer().getAddress().getHostAddress());
        if (!exchange.query().isEmpty()) {
            line = line.addKeyValue("query", query(exchange.query()));
        }
        if (!request.principal().isAnonymous()) {
            line = line.addKeyValue("principal", request.principal().name())
                    .addKeyValue("authenticator", request.principal().by());
        }
        if (headers) {
            var sent = new LinkedHashMap<String, String>();
            exchange.eachHeader((name, value) -> sent.merge(name, shown(name, value), (a, b) -> a + ", " + b));
            var answered = new LinkedHashMap<String, String>();
            for (var header : response.headers()) {
                var name = header.name().toLowerCase(Locale.ROOT);
                answered.merge(name, shown(name, header.value()), (a, b) -> a + ", " + b);
            }
            line = line.addKeyValue("request_headers", (Map<String, String>) sent)
                    .addKeyValue("response_headers", (Map<String, String>) answered);
        }
        line.log("{} {} answered {}", exchange.method(), exchange.path(), status);
    }

    private String query(String query) {
        var text = new StringBuilder();
        for (var pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            text.append(text.isEmpty() ? "" : "&");
            var decoded = equals < 0 ? null : PercentDecoder.decode(pair.substring(0, equals), true);
            if (equals < 0) {
                text.append(pair);
            } else if (decoded == null || isSecret(decoded.toLowerCase(Locale.ROOT))) {
                text.append(pair, 0, equals).append("=***");
            } else {
                text.append(pair);
            }
        }
        return text.toString();
    }

    private String shown(String lowerCaseName, String value) {
        return isSecret(lowerCaseName) ? "***" : value;
    }

    private boolean isSecret(String lowerCaseName) {
        if (redact.contains(lowerCaseName)) {
            return true;
        }
        for (var part : SECRET) {
            if (lowerCaseName.contains(part)) {
                return true;
            }
        }
        return false;
    }
}
