package dev.plinth.openapi;

import dev.plinth.config.Node;
import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;
import dev.plinth.config.Origin;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the operations of a document that is 3.1 and sound. */
final class Endpoints {
    private static final Pattern TEMPLATE = Pattern.compile("\\{([^{}]*)\\}");
    private static final List<String> CONTROLLERS =
            List.of("x-openapi-router-controller", "x-swagger-router-controller");

    private final Mapping root;
    private final Found found;
    private final Judges judges;
    private final List<Map<String, List<String>>> security;
    private final Map<String, Origin> ids = new HashMap<>();
    private final Map<String, String> shapes = new HashMap<>();

    Endpoints(Mapping root, Found found) {
        this.root = root;
        this.found = found;
        this.judges = new Judges(root);
        this.security = security(root.get("security"), found);
    }

    List<Endpoint> all() {
        var all = new ArrayList<Endpoint>();
        for (var entry : Trees.members(root.get("paths")).entrySet()) {
            var path = entry.getKey();
            if (path.startsWith("x-")) {
                continue;
            }
            var origin = entry.getValue().key();
            if (!path.startsWith("/")) {
                found.add("paths", "'" + path + "' (expected: a path that begins with /)", origin);
                continue;
            }
            var shape = TEMPLATE.matcher(path).replaceAll("{}");
            var item = item(entry.getValue().value());
            for (var member : item.members().entrySet()) {
                if (Kind.METHODS.contains(member.getKey()) && member.getValue().value() instanceof Mapping operation) {
                    var same = shapes.putIfAbsent(member.getKey() + " " + shape, path);
                    if (same != null) {
                        found.add(
                                "paths", member.getKey() + " of " + path + " takes the same paths as " + same, origin);
                    }
                    all.add(endpoint(
                            path,
                            member.getKey(),
                            item,
                            operation,
                            member.getValue().key()));
                }
            }
        }
        return List.copyOf(all);
    }

    /** A path item; one that refers to another has what that has beside what is its own. */
    private Mapping item(Node node) {
        if (!(node instanceof Mapping mapping)) {
            return new Mapping(Map.of(), node.origin());
        }
        if (!(mapping.get("$ref") instanceof Scalar) || !(judges.resolved(node) instanceof Mapping target)) {
            return mapping;
        }
        var draft = new Trees.Draft(target);
        mapping.members().forEach((key, member) -> {
            if (!key.equals("$ref")) {
                draft.put(key, member.value());
            }
        });
        return draft.done();
    }

    private Endpoint endpoint(String path, String method, Mapping item, Mapping node, Origin origin) {
        var id = Trees.text(node, "operationId");
        if (id != null) {
            var before = ids.putIfAbsent(id, origin);
            if (before != null) {
                found.add("operationId", id + " stands at two operations (the first at " + before + ")", origin);
            }
        }
        var parameters = parameters(item, node);
        checkTemplate(path, parameters, origin);
        return new Endpoint(
                id == null ? "" : id,
                aliases(path, method, item, node, id),
                method.toUpperCase(Locale.ROOT),
                basePath(item, node),
                path,
                parameters,
                body(node.get("requestBody")),
                answers(node.get("responses")),
                node.get("security") == null ? security : security(node.get("security"), found),
                node,
                origin);
    }

    private void checkTemplate(String path, List<Endpoint.Parameter> parameters, Origin origin) {
        var names = new HashSet<String>();
        TEMPLATE.matcher(path).results().forEach(each -> names.add(each.group(1)));
        for (var parameter : parameters) {
            if (parameter.in().equals("path") && !names.remove(parameter.name())) {
                found.add("parameters", parameter.name() + " is not in the path " + path, parameter.origin());
            }
        }
        for (var name : names) {
            found.add("parameters", "{" + name + "} of the path " + path + " is not described", origin);
        }
    }

    // ---- names
    // -------------------------------------------------------------------------------------------------------

    private Set<String> aliases(String path, String method, Mapping item, Mapping node, @Nullable String id) {
        var aliases = new LinkedHashSet<String>();
        String controller = null;
        for (var key : CONTROLLERS) {
            for (var holder : List.of(root, item, node)) {
                controller = Trees.text(holder, key) == null ? controller : Trees.text(holder, key);
            }
        }
        if (controller != null && id != null) {
            aliases.add(controller + "." + id);
        }
        var words = new ArrayList<String>();
        boolean one = false;
        for (var segment : path.substring(1).split("/", -1)) {
            one = segment.startsWith("{");
            if (!one && !segment.isEmpty()) {
                words.add(segment.replace('-', '_'));
            }
        }
        var verb = method.equals("get") && !one ? "search" : method;
        aliases.add((controller == null ? String.join(".", words) : controller) + "." + verb);
        aliases.remove(id);
        return aliases;
    }

    /** The path of the first server: of the operation, its path, or the document. */
    private String basePath(Mapping item, Mapping node) {
        Node servers = null;
        for (var holder : List.of(root, item, node)) {
            servers = Trees.items(holder.get("servers")).isEmpty() ? servers : holder.get("servers");
        }
        if (servers == null) {
            return "";
        }
        var server = Trees.items(servers).getFirst();
        var url = String.valueOf(Trees.text(server, "url"));
        for (var variable : Trees.members(Trees.get(server, "variables")).entrySet()) {
            var value = Trees.text(variable.getValue().value(), "default");
            url = url.replace("{" + variable.getKey() + "}", value == null ? "" : value);
        }
        try {
            // Seen from where the document is served, which is the root.
            var base = URI.create("/openapi.json").resolve(url).getRawPath();
            return base == null ? "" : base.replaceFirst("^(/\\.\\.)+", "").replaceFirst("/+$", "");
        } catch (IllegalArgumentException malformed) {
            found.add("servers", "'" + url + "' (expected: a URL, each {name} among the variables)", server.origin());
            return "";
        }
    }

    // ---- parameters
    // --------------------------------------------------------------------------------------------------

    private List<Endpoint.Parameter> parameters(Mapping item, Mapping node) {
        var all = new LinkedHashMap<String, Endpoint.Parameter>();
        for (var holder : List.of(item, node)) {
            for (var each : Trees.items(holder.get("parameters"))) {
                if (judges.resolved(each) instanceof Mapping parameter) {
                    parameter(parameter, all);
                }
            }
        }
        return List.copyOf(all.values());
    }

    private void parameter(Mapping node, Map<String, Endpoint.Parameter> all) {
        var name = Trees.text(node, "name");
        var in = Trees.text(node, "in");
        if (name == null
                || in == null
                || !Set.of("path", "query", "header", "cookie").contains(in)) {
            found.add(
                    "parameters",
                    name == null
                            ? "a parameter has no name"
                            : name + " is in " + in + " (expected: path, query, header or cookie)",
                    node.origin());
            return;
        }
        if (in.equals("header")
                && Set.of("accept", "content-type", "authorization").contains(name.toLowerCase(Locale.ROOT))) {
            return; // OpenAPI says that such a one says nothing
        }
        var given = Trees.text(node, "style");
        var style = given != null ? given : in.equals("query") || in.equals("cookie") ? "form" : "simple";
        if (!styles(in).contains(style)) {
            found.add(
                    "parameters",
                    name + ": the style " + style + " (expected in " + in + ": " + String.join(", ", styles(in)) + ")",
                    node.origin());
        }
        var content = Trees.members(node.get("content"));
        var media =
                content.isEmpty() ? null : content.values().iterator().next().value();
        all.put(
                in + " " + name,
                new Endpoint.Parameter(
                        name,
                        in,
                        Trees.isTrue(node, "required") || in.equals("path"),
                        style,
                        node.get("explode") == null ? style.equals("form") : Trees.isTrue(node, "explode"),
                        value(media == null ? node.get("schema") : Trees.get(media, "schema")),
                        media != null && isJson(content.keySet().iterator().next()),
                        node.origin()));
    }

    private static List<String> styles(String in) {
        return switch (in) {
            case "query" -> List.of("form", "spaceDelimited", "pipeDelimited", "deepObject");
            case "path" -> List.of("simple", "label", "matrix");
            case "header" -> List.of("simple");
            default -> List.of("form");
        };
    }

    static boolean isJson(String mediaType) {
        var type = mediaType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return type.equals("application/json") || type.endsWith("+json");
    }

    private Value value(@Nullable Node schema) {
        return new Value(schema, judges);
    }

    // ---- bodies
    // ------------------------------------------------------------------------------------------------------

    private Endpoint.@Nullable Body body(@Nullable Node node) {
        return judges.resolved(node) instanceof Mapping body
                ? new Endpoint.Body(Trees.isTrue(body, "required"), content(body))
                : null;
    }

    private Map<String, Value> content(Mapping holder) {
        var content = new LinkedHashMap<String, Value>();
        Trees.members(holder.get("content"))
                .forEach((type, media) ->
                        content.put(type.toLowerCase(Locale.ROOT), value(Trees.get(media.value(), "schema"))));
        return content;
    }

    private Map<String, Endpoint.Answer> answers(@Nullable Node node) {
        var answers = new LinkedHashMap<String, Endpoint.Answer>();
        for (var entry : Trees.members(node).entrySet()) {
            if (entry.getKey().startsWith("x-")
                    || !(judges.resolved(entry.getValue().value()) instanceof Mapping answer)) {
                continue;
            }
            var headers = new LinkedHashMap<String, Endpoint.Header>();
            Trees.members(answer.get("headers")).forEach((name, member) -> {
                var header = judges.resolved(member.value());
                headers.put(
                        name,
                        new Endpoint.Header(Trees.isTrue(header, "required"), value(Trees.get(header, "schema"))));
            });
            answers.put(entry.getKey().toUpperCase(Locale.ROOT), new Endpoint.Answer(content(answer), headers));
        }
        return answers;
    }

    /** What is not written as it should be must not come out as nothing that is asked for. */
    private static List<Map<String, List<String>>> security(@Nullable Node node, Found found) {
        var alternatives = new ArrayList<Map<String, List<String>>>();
        if (node != null && !(node instanceof Sequence)) {
            found.add(
                    "security", "is no list (expected: such as [ { bearer: [] } ], or [] for nothing)", node.origin());
        }
        if (node instanceof Sequence list) {
            for (var each : list.items()) {
                if (!(each instanceof Mapping)) {
                    found.add(
                            "security",
                            "an entry is no mapping (expected: the name of a scheme with its scopes, such as { bearer: [] })",
                            each.origin());
                    continue;
                }
                var together = new LinkedHashMap<String, List<String>>();
                Trees.members(each).forEach((name, scopes) -> together.put(name, Trees.texts(scopes.value())));
                alternatives.add(together);
            }
        }
        return List.copyOf(alternatives);
    }
}
