package dev.plinth.http;

import dev.plinth.error.Category;
import dev.plinth.error.Problem;
import dev.plinth.error.Violation;
import dev.plinth.json.JsonException;
import dev.plinth.openapi.Endpoint;
import dev.plinth.openapi.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A handler inside what the contract says of its operation. Thread-safe. */
final class ContractRoute implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(ContractRoute.class);

    private final Endpoint endpoint;
    private final Handler handler;
    private final String[] produced;

    ContractRoute(Endpoint endpoint, Handler handler) {
        this.endpoint = endpoint;
        this.handler = handler;
        this.produced = endpoint.answers().entrySet().stream()
                .filter(each -> each.getKey().startsWith("2") || each.getKey().equals("DEFAULT"))
                .flatMap(each -> each.getValue().content().keySet().stream())
                .map(Request::mediaType)
                .distinct()
                .toArray(String[]::new);
    }

    @Override
    public Object handle(Request request) throws Exception {
        if (produced.length > 0
                && !List.of(produced).contains("*/*")
                && request.header("accept").isPresent()) {
            request.accepts(produced);
        }
        var violations = new ArrayList<Violation>();
        new ContractParameters(request, violations).judge(endpoint.parameters());
        if (endpoint.body() != null) {
            body(request, endpoint.body(), violations);
        }
        if (!violations.isEmpty()) {
            throw Problem.invalid(violations);
        }
        var response = Http.answer(handler.handle(request));
        return request.config().contract().validateResponses() ? judged(request, response) : response;
    }

    // ---- the body of a request
    // ---------------------------------------------------------------------------------------

    private void body(Request request, Endpoint.Body body, List<Violation> violations) throws IOException {
        var sent = request.header("content-type");
        if (sent.isEmpty() && request.whole().length == 0) {
            if (body.required()) {
                violations.add(Violation.of("", "REQUIRED", "must not be empty"));
            }
            return;
        }
        // One that is not named is taken for JSON where that may come, as without a contract.
        var type = Request.mediaType(sent.orElse("application/json"));
        var value = find(body.content(), type);
        if (value == null) {
            throw Problem.badRequest(
                            "UNSUPPORTED_MEDIA_TYPE",
                            "content type '" + sent.orElse("") + "' (expected: "
                                    + String.join(", ", body.content().keySet()) + ")")
                    .withStatus(415);
        }
        if (isJson(type)) {
            json(request.whole(), request, value, body.required(), violations);
        } else if (Request.isMultipart(type) || type.equals("application/x-www-form-urlencoded")) {
            violations.addAll(value.sent(form(request.form(), value, request), "form:"));
        } else if (type.startsWith("text/") && value.types().contains("string")) {
            violations.addAll(value.sent(new String(request.whole(), StandardCharsets.UTF_8), ""));
        }
    }

    private static void json(byte[] bytes, Request request, Value value, boolean required, List<Violation> violations) {
        if (bytes.length == 0 && !required) {
            return;
        }
        try {
            violations.addAll(value.sent(tree(bytes, request), ""));
        } catch (JsonException malformed) {
            violations.addAll(malformed.violations());
        }
    }

    private static @Nullable Object tree(byte[] bytes, Request request) {
        return isNull(bytes) ? null : request.json().read(bytes, Object.class);
    }

    private static boolean isNull(byte[] bytes) {
        return bytes.length >= 4
                && bytes.length < 100
                && new String(bytes, StandardCharsets.ISO_8859_1).strip().equals("null");
    }

    /** The form as what JSON would have of it. */
    private static Map<String, @Nullable Object> form(Form form, Value value, Request request) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        for (var name : form.names()) {
            var texts = form.texts(name);
            var property = value.property(name);
            var types = property.types();
            if (types.contains("array")) {
                var items = property.items();
                fields.put(name, texts.stream().map(items::cast).toList());
            } else if (types.contains("object")) {
                fields.put(name, parsed(texts.getFirst(), request));
            } else {
                fields.put(name, property.cast(texts.getFirst()));
            }
        }
        for (var file : form.files()) { // what is in them is not judged
            fields.put(file.field(), value.property(file.field()).types().contains("array") ? List.of() : "");
        }
        return fields;
    }

    static @Nullable Object parsed(String text, Request request) {
        try {
            return request.json().read(text.getBytes(StandardCharsets.UTF_8), Object.class);
        } catch (JsonException malformed) {
            return text;
        }
    }

    /** What the contract says of a media type, the most exact first. */
    private static @Nullable Value find(Map<String, Value> content, String type) {
        Value family = null;
        Value any = null;
        for (var entry : content.entrySet()) {
            var known = Request.mediaType(entry.getKey());
            if (known.equals(type)) {
                return entry.getValue();
            }
            if (known.equals("*/*")) {
                any = entry.getValue();
            } else if (known.endsWith("/*") && type.startsWith(known.substring(0, known.length() - 1))) {
                family = entry.getValue();
            }
        }
        return family == null ? any : family;
    }

    private static boolean isJson(String type) {
        return type.equals("application/json") || type.endsWith("+json");
    }

    // ---- the answer
    // --------------------------------------------------------------------------------------------------

    private Response judged(Request request, Response response) {
        var broken = new ArrayList<Violation>();
        var answer = answer(response.status());
        var sent = response;
        if (answer == null) {
            broken.add(new Violation(
                    "",
                    "UNKNOWN_STATUS",
                    "is not in the contract",
                    String.join(", ", endpoint.answers().keySet()),
                    Integer.toString(response.status())));
        } else {
            headers(response, answer, broken);
            sent = content(request, response, answer, broken);
        }
        if (broken.isEmpty()) {
            return sent;
        }
        for (var each : broken) { // without the value, which may be a secret
            LOG.atError()
                    .addKeyValue("operation", endpoint.name())
                    .log(
                            "{} {} answered {} and broke the contract: '{}' {} [{}]",
                            endpoint.method(),
                            endpoint.path(),
                            response.status(),
                            each.pointer(),
                            each.message(),
                            endpoint.origin());
        }
        throw Problem.of(
                Category.INTERNAL,
                "CONTRACT_BROKEN",
                "the answer is not what the contract says; the log has the reason under this trace id");
    }

    private Endpoint.@Nullable Answer answer(int status) {
        var exact = endpoint.answers().get(Integer.toString(status));
        var family = exact == null ? endpoint.answers().get(status / 100 + "XX") : exact;
        return family == null ? endpoint.answers().get("DEFAULT") : family;
    }

    private static void headers(Response response, Endpoint.Answer answer, List<Violation> broken) {
        answer.headers().forEach((name, header) -> {
            var value = response.header(name);
            if (value == null && header.required()) {
                broken.add(Violation.of("header:" + name, "REQUIRED", "must be given"));
            } else if (value != null) {
                broken.addAll(header.value().answered(header.value().cast(value), "header:" + name));
            }
        });
    }

    private static Response content(
            Request request, Response response, Endpoint.Answer answer, List<Violation> broken) {
        var body = response.body();
        if (body == null || answer.content().isEmpty()) {
            if (body != null && !(body instanceof byte[] bytes && bytes.length == 0)) {
                broken.add(Violation.of("", "NOT_ALLOWED", "has a body, where the contract has none"));
            } else if (body == null && !answer.content().isEmpty() && response.status() != 304) {
                broken.add(Violation.of("", "REQUIRED", "has no body, where the contract has one"));
            }
            return response;
        }
        var declared = response.header("Content-Type");
        boolean raw = body instanceof byte[] || body instanceof String || body instanceof Response.BodyWriter;
        var type = declared != null
                ? Request.mediaType(declared)
                : body instanceof String ? "text/plain" : raw ? "" : "application/json";
        var value = find(answer.content(), type);
        if (value == null && !(body instanceof FileBody) && !(body instanceof Events.Source)) {
            broken.add(new Violation(
                    "",
                    "UNSUPPORTED_MEDIA_TYPE",
                    "is not in the contract",
                    String.join(", ", answer.content().keySet()),
                    type));
            return response;
        }
        if (value == null || !isJson(type)) {
            return response;
        }
        return switch (body) {
            case byte[] bytes -> {
                json(bytes, request, value, broken);
                yield response;
            }
            case String text -> {
                json(text.getBytes(StandardCharsets.UTF_8), request, value, broken);
                yield response;
            }
            case Response.BodyWriter _, FileBody _, Events.Source _ -> response;
            default -> {
                var bytes = request.json().write(body);
                json(bytes, request, value, broken);
                yield declared == null
                        ? response.withBody(bytes).withHeader("Content-Type", "application/json")
                        : response.withBody(bytes);
            }
        };
    }

    private static void json(byte[] bytes, Request request, Value value, List<Violation> broken) {
        try {
            broken.addAll(value.answered(tree(bytes, request), ""));
        } catch (JsonException malformed) {
            broken.addAll(malformed.violations());
        }
    }
}
