package dev.plinth.openapi;

import dev.plinth.config.Node;
import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;
import dev.plinth.config.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Brings a Swagger 2.0 document, which is one file already, to the shape of OpenAPI 3.0. */
final class Swagger {
    /** What a 2.0 parameter or header says of its value, and a 3.x one in a schema. */
    private static final Set<String> OF_SCHEMA = Set.of(
            "type",
            "format",
            "items",
            "default",
            "maximum",
            "exclusiveMaximum",
            "minimum",
            "exclusiveMinimum",
            "maxLength",
            "minLength",
            "pattern",
            "maxItems",
            "minItems",
            "uniqueItems",
            "enum",
            "multipleOf",
            "x-nullable");

    private final Mapping root;
    private final Found found;

    private Swagger(Mapping root, Found found) {
        this.root = root;
        this.found = found;
    }

    static Mapping to30(Mapping root, Found found) {
        return new Swagger(root, found).document();
    }

    private Mapping document() {
        var origin = root.origin();
        var draft = new Trees.Draft(origin).text("openapi", "3.0.3");
        var components = new Trees.Draft(origin);
        for (var entry : root.members().entrySet()) {
            var value = entry.getValue().value();
            switch (entry.getKey()) {
                case "swagger", "host", "basePath", "schemes", "consumes", "produces" -> {}
                case "definitions" -> components.put("schemas", schemas(value));
                case "responses" -> components.put("responses", each(value, item -> response(item, produces(root))));
                case "parameters" -> {
                    parameters(value, components);
                }
                case "securityDefinitions" -> components.put("securitySchemes", each(value, this::scheme));
                case "paths" -> draft.put("paths", paths(value));
                default -> draft.put(entry.getKey(), value);
            }
        }
        draft.put("servers", servers());
        if (!components.isEmpty()) {
            draft.put("components", components.done());
        }
        return draft.done();
    }

    private @Nullable Node servers() {
        var host = Trees.text(root, "host");
        var base = Trees.text(root, "basePath");
        if (host == null && base == null) {
            return null;
        }
        var schemes = host == null ? List.of("") : Trees.texts(root.get("schemes"));
        var servers = new ArrayList<Node>();
        for (var scheme : schemes.isEmpty() ? List.of("") : schemes) {
            var url = (host == null ? "" : (scheme.isEmpty() ? "" : scheme + ":") + "//" + host)
                    + (base == null ? "" : base.startsWith("/") ? base : "/" + base);
            servers.add(new Trees.Draft(root.origin())
                    .text("url", url.isEmpty() ? "/" : url)
                    .done());
        }
        return new Sequence(List.copyOf(servers), root.origin());
    }

    private interface Change {
        @Nullable
        Node of(Mapping mapping);
    }

    private static @Nullable Node each(@Nullable Node names, Change change) {
        return names instanceof Mapping mapping
                ? Trees.changed(mapping, (_, value) -> value instanceof Mapping item ? change.of(item) : value)
                : names;
    }

    // ---- paths
    // -------------------------------------------------------------------------------------------------------

    private Node paths(Node paths) {
        return paths instanceof Mapping mapping
                ? Trees.changed(
                        mapping,
                        (path, item) -> path.startsWith("/") && item instanceof Mapping each ? pathItem(each) : item)
                : paths;
    }

    private Mapping pathItem(Mapping item) {
        var draft = new Trees.Draft(item);
        var shared = Trees.items(draft.take("parameters"));
        for (var entry : item.members().entrySet()) {
            if (Kind.METHODS.contains(entry.getKey()) && entry.getValue().value() instanceof Mapping operation) {
                draft.put(entry.getKey(), operation(operation, shared));
            }
        }
        return draft.done();
    }

    private Mapping operation(Mapping operation, List<Node> shared) {
        var draft = new Trees.Draft(operation)
                .put("consumes", null)
                .put("produces", null)
                .put("schemes", null);
        var own = Trees.items(operation.get("parameters"));
        var parameters = new ArrayList<Node>();
        var form = new ArrayList<Mapping>();
        Mapping body = null;
        for (var each : joined(shared, own)) {
            var parameter = resolved(each);
            switch (String.valueOf(Trees.text(parameter, "in"))) {
                case "body" -> body = (Mapping) parameter;
                case "formData" -> form.add((Mapping) parameter);
                default ->
                    parameters.add(
                            Trees.get(each, "$ref") == null && each instanceof Mapping plain
                                    ? parameter(plain)
                                    : referred(each));
            }
        }
        draft.put(
                "parameters", parameters.isEmpty() ? null : new Sequence(List.copyOf(parameters), operation.origin()));
        var consumes = types(operation, "consumes");
        if (body != null) {
            draft.put("requestBody", body(body, consumes));
        } else if (!form.isEmpty()) {
            draft.put("requestBody", form(form, consumes, operation.origin()));
        }
        var produces = types(operation, "produces");
        var responses = draft.take("responses");
        if (responses instanceof Mapping answers) {
            draft.put(
                    "responses",
                    Trees.changed(
                            answers,
                            (code, answer) -> code.startsWith("x-") || !(answer instanceof Mapping mapping)
                                    ? answer
                                    : response(mapping, produces)));
        }
        return draft.done();
    }

    /** Those of the operation over those of its path. */
    private List<Node> joined(List<Node> shared, List<Node> own) {
        var all = new ArrayList<Node>();
        for (var each : shared) {
            boolean replaced = false;
            for (var other : own) {
                replaced |= name(each).equals(name(other));
            }
            if (!replaced) {
                all.add(each);
            }
        }
        all.addAll(own);
        return all;
    }

    private String name(Node parameter) {
        var resolved = resolved(parameter);
        return Trees.text(resolved, "in") + " " + Trees.text(resolved, "name");
    }

    private Node resolved(Node node) {
        var at = node;
        for (int steps = 0; steps < 20; steps++) {
            var ref = Trees.text(at, "$ref");
            var next = ref == null ? null : Document.find(root, ref);
            if (next == null) {
                return at;
            }
            at = next;
        }
        return at;
    }

    private List<String> types(Mapping operation, String key) {
        return operation.get(key) == null ? Trees.texts(root.get(key)) : Trees.texts(operation.get(key));
    }

    private static List<String> produces(Mapping root) {
        return Trees.texts(root.get("produces"));
    }

    // ---- what is in a path
    // -------------------------------------------------------------------------------------------

    /** Shared ones: a body becomes a request body; those of forms are written in where they are asked for. */
    private void parameters(Node parameters, Trees.Draft components) {
        var rest = each(parameters, item -> switch (String.valueOf(Trees.text(item, "in"))) {
            case "body", "formData" -> null;
            default -> parameter(item);
        });
        components.put("parameters", Trees.members(rest).isEmpty() ? null : rest);
    }

    private Mapping parameter(Mapping parameter) {
        var draft = new Trees.Draft(parameter);
        var format = draft.take("collectionFormat");
        draft.put("schema", schemaOf(parameter, draft));
        if ("array".equals(Trees.text(parameter, "type"))) {
            var in = Trees.text(parameter, "in");
            boolean query = "query".equals(in);
            var text = format instanceof Scalar scalar ? scalar.text() : "csv";
            switch (text) {
                case "csv" -> {
                    if (query) {
                        draft.text("style", "form").put("explode", Trees.plain("false", parameter.origin()));
                    }
                }
                case "multi" -> draft.text("style", "form").put("explode", Trees.plain("true", parameter.origin()));
                case "ssv" ->
                    draft.text("style", "spaceDelimited").put("explode", Trees.plain("false", parameter.origin()));
                case "pipes" ->
                    draft.text("style", "pipeDelimited").put("explode", Trees.plain("false", parameter.origin()));
                default ->
                    found.add(
                            "collectionFormat",
                            text + " has no counterpart in OpenAPI 3 (expected: csv, ssv, pipes or multi)",
                            format == null ? parameter.origin() : format.origin());
            }
        }
        return draft.done();
    }

    /** What the parameter says of its value, which goes out of the draft. */
    private @Nullable Node schemaOf(Mapping parameter, Trees.Draft draft) {
        var schema = new Trees.Draft(parameter.origin());
        for (var key : parameter.members().keySet()) {
            if (OF_SCHEMA.contains(key)) {
                schema.put(key, draft.take(key));
            }
        }
        return schema.isEmpty() ? null : schema(schema.done());
    }

    private Mapping body(Mapping body, List<String> consumes) {
        var draft = new Trees.Draft(body.origin())
                .put("description", body.get("description"))
                .put("required", body.get("required"));
        draft.put("content", content(schema(body.get("schema")), null, consumes, body.origin()));
        return draft.done();
    }

    private Mapping form(List<Mapping> fields, List<String> consumes, Origin origin) {
        var properties = new Trees.Draft(origin);
        var required = new ArrayList<Node>();
        boolean files = false;
        for (var field : fields) {
            var name = Trees.text(field, "name");
            if (name != null) {
                var draft = new Trees.Draft(field);
                properties.put(name, schemaOf(field, draft));
                files |= "file".equals(Trees.text(field, "type"));
                if (Trees.isTrue(field, "required")) {
                    required.add(Trees.text(name, field.origin()));
                }
            }
        }
        var schema = new Trees.Draft(origin).text("type", "object").put("properties", properties.done());
        if (!required.isEmpty()) {
            schema.put("required", new Sequence(List.copyOf(required), origin));
        }
        var types = consumes.stream()
                .filter(type -> type.equals("multipart/form-data") || type.equals("application/x-www-form-urlencoded"))
                .toList();
        if (types.isEmpty()) {
            types = List.of(files ? "multipart/form-data" : "application/x-www-form-urlencoded");
        }
        var draft = new Trees.Draft(origin);
        if (!required.isEmpty()) {
            draft.put("required", Trees.plain("true", origin));
        }
        return draft.put("content", content(schema.done(), null, types, origin)).done();
    }

    private static Mapping content(@Nullable Node schema, @Nullable Node examples, List<String> types, Origin origin) {
        var content = new Trees.Draft(origin);
        for (var type : types.isEmpty() ? List.of("application/json") : types) {
            var example = Trees.get(examples, type);
            content.put(
                    type,
                    new Trees.Draft(origin)
                            .put("schema", schema)
                            .put("example", example)
                            .done());
        }
        return content.done();
    }

    private Mapping response(Mapping response, List<String> produces) {
        if (response.get("$ref") != null) {
            return (Mapping) referred(response);
        }
        var draft = new Trees.Draft(response);
        var schema = draft.take("schema");
        var examples = draft.take("examples");
        draft.put("headers", each(response.get("headers"), header -> {
            var changed = new Trees.Draft(header).put("collectionFormat", null);
            return changed.put("schema", schemaOf(header, changed)).done();
        }));
        if (schema != null || examples != null) {
            draft.put("content", content(schema(schema), examples, produces, response.origin()));
        }
        return draft.done();
    }

    // ---- schemas
    // -----------------------------------------------------------------------------------------------------

    private @Nullable Node schemas(@Nullable Node names) {
        return names instanceof Mapping mapping ? Trees.changed(mapping, (_, value) -> schema(value)) : names;
    }

    private @Nullable Node schema(@Nullable Node node) {
        if (!(node instanceof Mapping mapping)) {
            return node;
        }
        if (mapping.get("$ref") != null) {
            return referred(mapping);
        }
        var changed = Trees.changed(mapping, (key, value) -> {
            if (Kind.SCHEMA.child(key) != Kind.SCHEMA) {
                return value;
            }
            if (Kind.SCHEMA.isMap(key)) {
                return schemas(value);
            }
            return value instanceof Sequence list ? Trees.changed(list, (_, item) -> schema(item)) : schema(value);
        });
        var draft = new Trees.Draft(changed);
        if (changed.get("discriminator") instanceof Scalar property) {
            draft.put(
                    "discriminator",
                    new Trees.Draft(property.origin())
                            .text("propertyName", property.text())
                            .done());
        }
        if ("file".equals(Trees.text(changed, "type"))) {
            draft.text("type", "string").text("format", "binary");
        }
        return draft.done();
    }

    private static final Map<String, String> MOVED = Map.of(
            "#/definitions/", "#/components/schemas/",
            "#/parameters/", "#/components/parameters/",
            "#/responses/", "#/components/responses/");

    private static Node referred(Node node) {
        if (!(node instanceof Mapping mapping) || !(mapping.get("$ref") instanceof Scalar ref)) {
            return node;
        }
        for (var entry : MOVED.entrySet()) {
            if (ref.text().startsWith(entry.getKey())) {
                var to = entry.getValue() + ref.text().substring(entry.getKey().length());
                return new Trees.Draft(mapping)
                        .put("$ref", Trees.text(to, ref.origin()))
                        .done();
            }
        }
        return node;
    }

    // ---- security
    // ----------------------------------------------------------------------------------------------------

    private Mapping scheme(Mapping scheme) {
        var draft = new Trees.Draft(scheme);
        switch (String.valueOf(Trees.text(scheme, "type"))) {
            case "basic" -> draft.text("type", "http").text("scheme", "basic");
            case "oauth2" -> {
                var flow = new Trees.Draft(scheme.origin());
                for (var key : List.of("authorizationUrl", "tokenUrl", "scopes")) {
                    flow.put(key, draft.take(key));
                }
                var name = draft.take("flow") instanceof Scalar scalar ? scalar.text() : "";
                var now =
                        switch (name) {
                            case "application" -> "clientCredentials";
                            case "accessCode" -> "authorizationCode";
                            default -> name;
                        };
                draft.put(
                        "flows",
                        new Trees.Draft(scheme.origin()).put(now, flow.done()).done());
            }
            default -> {}
        }
        return draft.done();
    }
}
