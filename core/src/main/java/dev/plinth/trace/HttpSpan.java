package dev.plinth.trace;

import org.jspecify.annotations.Nullable;

/** What a span says of an HTTP request, by OpenTelemetry's stable conventions (semconv 1.23 and later). */
final class HttpSpan {
    private HttpSpan() {}

    static void endServer(
            RecordedSpan span,
            String method,
            String path,
            @Nullable String route,
            int status,
            @Nullable Throwable failure) {
        span.attribute("url.path", path);
        end(span, method, route, status, failure, status >= 500);
    }

    static void endClient(
            RecordedSpan span,
            String method,
            String url,
            @Nullable String route,
            int status,
            @Nullable Throwable failure) {
        span.attribute("url.full", url);
        end(span, method, route, status, failure, status >= 400);
    }

    private static void end(
            RecordedSpan span,
            String method,
            @Nullable String route,
            int status,
            @Nullable Throwable failure,
            boolean isError) {
        boolean known = isKnown(method);
        span.attribute("http.request.method", known ? method : "_OTHER");
        if (!known) {
            span.attribute("http.request.method_original", method);
        }
        var verb = known ? method : "HTTP";
        if (route == null) {
            span.rename(verb);
        } else {
            span.rename(verb + " " + route);
            span.attribute(span.isServer() ? "http.route" : "url.template", route);
        }
        if (status > 0) {
            span.attribute("http.response.status_code", status);
        }
        if (failure != null) {
            span.fail(failure);
        } else if (isError) {
            span.fail(Integer.toString(status));
        }
        span.end();
    }

    /** RFC 9110 and PATCH; whatever else a client sends would be a name of its own choice. */
    private static boolean isKnown(String method) {
        return switch (method) {
            case "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH" -> true;
            default -> false;
        };
    }
}
