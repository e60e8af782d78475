package dev.plinth.http;

import dev.plinth.context.Context;
import dev.plinth.error.Problem;
import dev.plinth.http.engine.Engine;
import dev.plinth.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A problem as an answer: by RFC 9457 as {@code application/problem+json}, or as a page for people where the client
 * prefers {@code text/html}, as browsers do. Both tell the same and no more: no stack, no class, no address.
 */
final class ProblemPage {
    private static final String PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

    private ProblemPage() {}

    static Response of(Problem problem, Request request, Json json) {
        var response = prefersHtml(request)
                ? Response.bytes("text/html; charset=utf-8", html(problem))
                        .withHeader("Content-Security-Policy", PAGE_POLICY)
                : Response.bytes("application/problem+json", json.write(members(problem)));
        response = response.withStatus(problem.status())
                .withHeader("Vary", "Accept")
                .withHeader("Cache-Control", "no-store");
        if (problem.members().get("retry_after") instanceof Integer seconds) {
            response = response.withHeader("Retry-After", seconds.toString());
        }
        if (problem.code().equals("UNSUPPORTED_ENCODING")) {
            response = response.withHeader("Accept-Encoding", "gzip");
        }
        return problem.members().get("allowed") instanceof String methods
                ? response.withHeader("Allow", methods)
                : response;
    }

    private static boolean prefersHtml(Request request) {
        var accept = request.headers("accept");
        if (accept.isEmpty()) {
            return false;
        }
        var wanted = Qualities.of(accept);
        return wanted.ofType("text/html")
                > Math.max(wanted.ofType("application/problem+json"), wanted.ofType("application/json"));
    }

    private static Map<String, Object> members(Problem problem) {
        var body = new LinkedHashMap<String, Object>();
        body.put("type", "about:blank");
        body.put("title", Engine.phrase(problem.status()));
        body.put("status", problem.status());
        body.put("detail", problem.detail());
        body.put("code", problem.code());
        body.put("category", problem.category().wireName());
        body.put("trace_id", Context.current().trace().traceId());
        if (!problem.violations().isEmpty()) {
            body.put("violations", problem.violations());
        }
        for (var member : problem.members().entrySet()) {
            body.putIfAbsent(member.getKey(), member.getValue());
        }
        return body;
    }

    private static byte[] html(Problem problem) {
        var title = problem.status() + " " + Engine.phrase(problem.status());
        var page = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(escape(title))
                .append("</title><style>body{font:16px sans-serif;margin:4em auto;max-width:40em;padding:0 1em}")
                .append("code{color:#555}</style></head>\n<body><h1>")
                .append(escape(title))
                .append("</h1>\n<p>")
                .append(escape(problem.detail()))
                .append("</p>\n");
        if (!problem.violations().isEmpty()) {
            page.append("<ul>\n");
            for (var violation : problem.violations()) {
                page.append("<li><code>")
                        .append(escape(violation.pointer()))
                        .append("</code> ")
                        .append(escape(violation.message()))
                        .append("</li>\n");
            }
            page.append("</ul>\n");
        }
        return page.append("<p><code>")
                .append(escape(problem.code()))
                .append(" &middot; ")
                .append(escape(Context.current().trace().traceId()))
                .append("</code></p></body></html>\n")
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
