package dev.plinth.http;

import dev.plinth.error.Violation;
import dev.plinth.json.JsonException;
import dev.plinth.openapi.Endpoint.Parameter;
import dev.plinth.openapi.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parameters of one request in the style that the contract says, and judges them. What is read from the query
 * takes the place of what was sent, so that a handler finds lists taken apart and defaults filled in.
 */
final class ContractParameters {
    private final Request request;
    private final List<Violation> violations;
    private @Nullable Map<String, List<String>> raw;

    ContractParameters(Request request, List<Violation> violations) {
        this.request = request;
        this.violations = violations;
    }

    void judge(List<Parameter> parameters) {
        for (var parameter : parameters) {
            var where = parameter.in() + ":" + parameter.name();
            var read = read(parameter);
            if (read == null) {
                if (parameter.required()) {
                    violations.add(Violation.of(where, "REQUIRED", "must be given"));
                } else {
                    fillIn(parameter);
                }
            } else if (parameter.json()) {
                json(read.getFirst(), parameter.value(), where);
            } else {
                violations.addAll(parameter.value().sent(value(parameter, read), where));
            }
        }
    }

    private void json(String text, Value value, String where) {
        try {
            var tree = text.strip().equals("null")
                    ? null
                    : request.json().read(text.getBytes(StandardCharsets.UTF_8), Object.class);
            violations.addAll(value.sent(tree, where));
        } catch (JsonException malformed) {
            malformed
                    .violations()
                    .forEach(each -> violations.add(new Violation(
                            where + each.pointer(), each.code(), each.message(), each.expected(), each.actual())));
        }
    }

    private void fillIn(Parameter parameter) {
        var otherwise = parameter.in().equals("query") ? parameter.value().otherwise() : null;
        if (otherwise != null) {
            request.replaceQuery(
                    parameter.name(),
                    otherwise instanceof List<?> list
                            ? list.stream().map(String::valueOf).toList()
                            : List.of(otherwise.toString()));
        }
    }

    /** The texts of a parameter; null where it isn't there. Those of an object are names and values in turn. */
    private @Nullable List<String> read(Parameter parameter) {
        var types = parameter.json()
                ? java.util.Set.<String>of()
                : parameter.value().types();
        boolean list = types.contains("array");
        boolean object = types.contains("object") && !list;
        return switch (parameter.in()) {
            case "query" -> query(parameter, list, object);
            case "path" -> path(parameter, list, object);
            case "header" -> {
                var values = request.headers(parameter.name());
                yield values.isEmpty()
                        ? null
                        : list || object ? apart(String.join(",", values), ",", object && parameter.explode()) : values;
            }
            default -> {
                var cookie = request.cookie(parameter.name());
                yield cookie.isEmpty()
                        ? null
                        : list || object ? apart(cookie.get(), ",", false) : List.of(cookie.get());
            }
        };
    }

    private static List<String> apart(String text, String separator, boolean pairs) {
        var parts = new ArrayList<String>();
        for (var part : text.split(Pattern.quote(separator), -1)) {
            int equals = pairs ? part.indexOf('=') : -1;
            if (equals >= 0) {
                parts.add(part.substring(0, equals).strip());
                parts.add(part.substring(equals + 1).strip());
            } else {
                parts.add(part.strip());
            }
        }
        return parts;
    }

    private List<String> path(Parameter parameter, boolean list, boolean object) {
        var text = request.path(Contract.parameter(parameter.name()));
        var separator = ",";
        if (parameter.style().equals("label") && text.startsWith(".")) {
            text = text.substring(1);
            separator = parameter.explode() ? "." : ",";
        } else if (parameter.style().equals("matrix") && text.startsWith(";")) {
            var prefix = parameter.name() + "=";
            text = text.substring(1);
            separator = parameter.explode() ? ";" : ",";
            if (!(object && parameter.explode())) {
                text = text.replace(";" + prefix, ";");
                text = text.startsWith(prefix) ? text.substring(prefix.length()) : text;
            }
        }
        return list || object ? apart(text, separator, object && parameter.explode()) : List.of(text);
    }

    // ---- the query
    // ---------------------------------------------------------------------------------------------------

    private @Nullable List<String> query(Parameter parameter, boolean list, boolean object) {
        var name = parameter.name();
        if (object && parameter.style().equals("deepObject")) {
            return deep(name);
        }
        if (object && parameter.explode()) {
            return spread(parameter.value());
        }
        var values = request.queries(name);
        if (values.isEmpty() && list) {
            values = request.queries(name + "[]");
        }
        if (values.isEmpty()) {
            return null;
        }
        if ((list || object) && !parameter.explode()) {
            var separator =
                    switch (parameter.style()) {
                        case "spaceDelimited" -> "(?:%20|\\+)";
                        case "pipeDelimited" -> "(?:\\||%7[Cc])";
                        default -> ",";
                    };
            values = raw().getOrDefault(name, List.of()).stream()
                    .flatMap(text -> List.of(text.split(separator, -1)).stream())
                    .map(text -> String.valueOf(PercentDecoder.decode(text, true)))
                    .toList();
        }
        if (list) {
            request.replaceQuery(name, values);
        }
        return values;
    }

    /** {@code filter[from]=1}, which a record of the query takes as {@code filter.from}. */
    private @Nullable List<String> deep(String name) {
        var parts = new ArrayList<String>();
        for (var decoded : raw().keySet()) { // the names are decoded there, the values are not
            if (decoded.startsWith(name + "[") && decoded.endsWith("]")) {
                var property = decoded.substring(name.length() + 1, decoded.length() - 1)
                        .replace("][", ".");
                for (var value : request.queries(decoded)) {
                    parts.add(property);
                    parts.add(value);
                }
                request.replaceQuery(name + "." + property, request.queries(decoded));
            }
        }
        return parts.isEmpty() ? null : parts;
    }

    private @Nullable List<String> spread(Value value) {
        var parts = new ArrayList<String>();
        for (var property : value.properties()) {
            for (var text : request.queries(property)) {
                parts.add(property);
                parts.add(text);
            }
        }
        return parts.isEmpty() ? null : parts;
    }

    /** The query before percents are decoded, since a comma within a value is written as one. */
    private Map<String, List<String>> raw() {
        if (raw == null) {
            raw = new LinkedHashMap<>();
            for (var pair : request.rawQuery().split("&", -1)) {
                int equals = pair.indexOf('=');
                var name = String.valueOf(PercentDecoder.decode(equals < 0 ? pair : pair.substring(0, equals), true));
                raw.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(equals < 0 ? "" : pair.substring(equals + 1));
            }
        }
        return raw;
    }

    // ---- values
    // ------------------------------------------------------------------------------------------------------

    private static @Nullable Object value(Parameter parameter, List<String> texts) {
        var value = parameter.value();
        var types = value.types();
        if (types.contains("array")) {
            var items = value.items();
            return texts.stream().map(items::cast).toList();
        }
        if (!types.contains("object")) {
            return value.cast(texts.getFirst());
        }
        var object = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 0; i + 1 < texts.size(); i += 2) {
            var property = value.property(texts.get(i));
            if (property.types().contains("array")) {
                @SuppressWarnings("unchecked") // put there two lines below
                var items = (List<Object>) object.computeIfAbsent(texts.get(i), _ -> new ArrayList<>());
                items.add(property.items().cast(texts.get(i + 1)));
            } else {
                object.put(texts.get(i), property.cast(texts.get(i + 1)));
            }
        }
        return object;
    }
}
