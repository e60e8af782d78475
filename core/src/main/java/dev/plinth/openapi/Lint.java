package dev.plinth.openapi;

import dev.plinth.config.ConfigException;
import dev.plinth.config.Node;
import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;
import dev.plinth.config.Origin;
import dev.plinth.schema.DidYouMean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at a document for what can't be served, and for what probably isn't meant. */
public final class Lint {
    private static final int MOST = 500;
    private static final Set<String> OF_SCHEMA = Set.of(
            "$schema",
            "$defs",
            "$comment",
            "title",
            "description",
            "default",
            "example",
            "examples",
            "deprecated",
            "readOnly",
            "writeOnly",
            "type",
            "enum",
            "const",
            "format",
            "pattern",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "minItems",
            "maxItems",
            "uniqueItems",
            "minContains",
            "maxContains",
            "minProperties",
            "maxProperties",
            "required",
            "dependentRequired",
            "properties",
            "patternProperties",
            "additionalProperties",
            "unevaluatedProperties",
            "propertyNames",
            "dependentSchemas",
            "items",
            "prefixItems",
            "contains",
            "unevaluatedItems",
            "allOf",
            "anyOf",
            "oneOf",
            "not",
            "if",
            "then",
            "else",
            "discriminator",
            "xml",
            "externalDocs",
            "contentEncoding",
            "contentMediaType",
            "contentSchema",
            "definitions",
            "$ref",
            "summary");
    private static final Map<Kind, Set<String>> KNOWN = Map.of(
            Kind.SCHEMA,
            OF_SCHEMA,
            Kind.OPERATION,
            Set.of(
                    "tags",
                    "summary",
                    "description",
                    "externalDocs",
                    "operationId",
                    "parameters",
                    "requestBody",
                    "responses",
                    "callbacks",
                    "deprecated",
                    "security",
                    "servers"),
            Kind.PARAMETER,
            Set.of(
                    "name",
                    "in",
                    "description",
                    "required",
                    "deprecated",
                    "allowEmptyValue",
                    "style",
                    "explode",
                    "allowReserved",
                    "schema",
                    "example",
                    "examples",
                    "content",
                    "$ref",
                    "summary"),
            Kind.RESPONSE,
            Set.of("description", "headers", "content", "links", "$ref", "summary"),
            Kind.BODY,
            Set.of("description", "content", "required", "$ref", "summary"),
            Kind.MEDIA,
            Set.of("schema", "example", "examples", "encoding"));

    private final Document document;
    private final Judges judges;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> used = new HashSet<>();
    private final IdentityHashMap<Node, Boolean> done = new IdentityHashMap<>();

    private Lint(Document document) {
        this.document = document;
        this.judges = new Judges(document.root());
    }

    /** What there is to say of a document, errors first, each kind in the order of its places; 500 things at most. */
    public static List<Finding> of(Path file) {
        try {
            return new Lint(Document.file(file)).all();
        } catch (ConfigException wrong) {
            return wrong.problems().stream()
                    .map(each -> new Finding(true, "valid", each.key(), each.message(), each.origin()))
                    .toList();
        }
    }

    private List<Finding> all() {
        var root = document.root();
        info(root);
        thing(root, Kind.DOCUMENT, "");
        document.endpoints().forEach(this::endpoint);
        tags(root);
        unused(root);
        findings.sort(Comparator.comparing((Finding each) -> !each.error())
                .thenComparing(each -> each.origin().name())
                .thenComparingInt(each -> each.origin().line())
                .thenComparingInt(each -> each.origin().column()));
        return List.copyOf(findings);
    }

    private void add(boolean error, String rule, String where, String message, Origin origin) {
        if (findings.size() < MOST) {
            findings.add(new Finding(error, rule, where, message, origin));
        }
    }

    private void info(Mapping root) {
        var info = root.get("info");
        for (var key : List.of("title", "version")) {
            if (Trees.text(info, key) == null) {
                add(true, "info", "/info", key + " is missing", info == null ? root.origin() : info.origin());
            }
        }
        if (root.get("paths") == null && root.get("webhooks") == null && root.get("components") == null) {
            add(true, "info", "", "paths is missing", root.origin());
        }
    }

    // ---- operations
    // --------------------------------------------------------------------------------------------------

    private void endpoint(Endpoint endpoint) {
        var node = endpoint.node();
        if (endpoint.id().isEmpty()) {
            add(false, "operation-id", endpoint.name(), "has no operationId, so code can't name it", endpoint.origin());
        } else if (!endpoint.id().matches("[A-Za-z_][A-Za-z0-9_.-]*")) {
            add(
                    false,
                    "operation-id",
                    endpoint.id(),
                    "is no name for code (expected: a letter, then letters, digits and _.-)",
                    endpoint.origin());
        }
        if (Trees.text(node, "summary") == null && Trees.text(node, "description") == null) {
            add(false, "described", endpoint.name(), "has neither summary nor description", endpoint.origin());
        }
        if (endpoint.answers().keySet().stream().noneMatch(status -> status.matches("[23].*|DEFAULT|101"))) {
            add(
                    false,
                    "success",
                    endpoint.name(),
                    "has no answer for success (2xx, 3xx or default)",
                    endpoint.origin());
        }
        if (!endpoint.path().matches("(/([^{}]*|\\{[^{}]+\\}))+")) {
            add(
                    false,
                    "segments",
                    endpoint.name(),
                    endpoint.path()
                            + " can't be routed here (expected: segments that are text, or one {name} and nothing else)",
                    endpoint.origin());
        }
        if (endpoint.path().length() > 1 && endpoint.path().endsWith("/")) {
            add(
                    false,
                    "slash",
                    endpoint.name(),
                    endpoint.path() + " ends with a slash, which callers forget",
                    endpoint.origin());
        }
        var schemes = document.component("securitySchemes").keySet();
        for (var together : endpoint.security()) {
            for (var name : together.keySet()) {
                used.add("securitySchemes/" + name);
                if (!schemes.contains(name)) {
                    add(
                            true,
                            "security",
                            endpoint.name(),
                            "asks for " + name + ", and there is no such security scheme"
                                    + DidYouMean.nearest(name, schemes)
                                            .map(near -> " (did you mean " + near + "?)")
                                            .orElse(""),
                            endpoint.origin());
                }
            }
        }
    }

    private void tags(Mapping root) {
        var declared = new HashSet<String>();
        Trees.items(root.get("tags")).forEach(tag -> declared.add(String.valueOf(Trees.text(tag, "name"))));
        if (declared.isEmpty()) {
            return; // then they are not described at all, which is a way to do it
        }
        for (var endpoint : document.endpoints()) {
            for (var tag : Trees.items(endpoint.node().get("tags"))) {
                if (tag instanceof Scalar scalar && !declared.contains(scalar.text())) {
                    add(
                            false,
                            "tags",
                            endpoint.name(),
                            "the tag " + scalar.text() + " is not among the document's",
                            tag.origin());
                }
            }
        }
    }

    private void unused(Mapping root) {
        var components = root.get("components");
        for (var section : List.of(
                "schemas", "parameters", "responses", "requestBodies", "headers", "examples", "securitySchemes")) {
            for (var entry : Trees.members(Trees.get(components, section)).entrySet()) {
                if (!used.contains(section + "/" + entry.getKey())) {
                    add(
                            false,
                            "unused",
                            "/components/" + section + "/" + Pointer.escaped(entry.getKey()),
                            "nothing refers to it",
                            entry.getValue().key());
                }
            }
        }
    }

    // ---- everything
    // --------------------------------------------------------------------------------------------------

    private void thing(Node node, Kind kind, String pointer) {
        if (kind == Kind.DATA || done.put(node, true) != null) {
            return;
        }
        if (node instanceof Sequence list) {
            for (int i = 0; i < list.items().size(); i++) {
                thing(list.items().get(i), kind, pointer + "/" + i);
            }
            return;
        }
        if (!(node instanceof Mapping mapping)) {
            return;
        }
        var ref = Trees.text(mapping, "$ref");
        if (ref != null && kind.isReferable()) {
            uses(ref);
        }
        keys(mapping, kind, pointer);
        if (kind == Kind.SCHEMA) {
            schema(mapping, pointer);
        } else if (kind == Kind.MEDIA || kind == Kind.PARAMETER) {
            examples(mapping, pointer);
        }
        for (var entry : mapping.members().entrySet()) {
            var below = kind.child(entry.getKey());
            var value = entry.getValue().value();
            var at = pointer + "/" + Pointer.escaped(entry.getKey());
            if (kind.isMap(entry.getKey())) {
                Trees.members(value)
                        .forEach((name, member) -> thing(member.value(), below, at + "/" + Pointer.escaped(name)));
            } else {
                thing(value, below, at);
            }
        }
    }

    private void uses(String ref) {
        var names = Pointer.names(ref.startsWith("#") ? ref.substring(1) : "");
        if (names != null && names.size() > 2 && names.getFirst().equals("components")) {
            used.add(names.get(1) + "/" + names.get(2));
        }
    }

    /** A key that is not known is most often one that was misspelt, and means nothing to anybody. */
    private void keys(Mapping mapping, Kind kind, String pointer) {
        var known = KNOWN.get(kind);
        if (known == null) {
            return;
        }
        for (var entry : mapping.members().entrySet()) {
            if (!known.contains(entry.getKey()) && !entry.getKey().startsWith("x-")) {
                add(
                        false,
                        "known-keys",
                        pointer,
                        "the key " + entry.getKey() + " is not known there"
                                + DidYouMean.nearest(entry.getKey(), known)
                                        .map(near -> " (did you mean " + near + "?)")
                                        .orElse(" (one of your own begins with x-)"),
                        entry.getValue().key());
            }
        }
    }

    private void schema(Mapping schema, String pointer) {
        var names = schema.get("discriminator");
        Trees.members(Trees.get(names, "mapping")).values().forEach(member -> {
            if (member.value() instanceof Scalar to) {
                uses(to.text().startsWith("#") ? to.text() : "#/components/schemas/" + to.text());
            }
        });
        if ("array".equals(Trees.text(schema, "type"))
                && schema.get("items") == null
                && schema.get("prefixItems") == null) {
            add(false, "items", pointer, "a list without items may hold anything", schema.origin());
        }
        var properties = Trees.members(schema.get("properties"));
        for (var name : Trees.items(schema.get("required"))) {
            if (name instanceof Scalar scalar
                    && !properties.isEmpty()
                    && !properties.containsKey(scalar.text())
                    && schema.get("allOf") == null) {
                add(
                        false,
                        "required",
                        pointer,
                        scalar.text() + " is required and not among the properties"
                                + DidYouMean.nearest(scalar.text(), properties.keySet())
                                        .map(near -> " (did you mean " + near + "?)")
                                        .orElse(""),
                        name.origin());
            }
        }
        var values = new HashSet<String>();
        for (var value : Trees.items(schema.get("enum"))) {
            if (!values.add(Numbers.canonical(Trees.value(value)))) {
                add(false, "enum", pointer, "a value stands there twice", value.origin());
            }
        }
        example(schema, schema.get("default"), pointer + "/default");
        example(schema, schema.get("example"), pointer + "/example");
    }

    private void examples(Mapping holder, String pointer) {
        var schema = holder.get("schema");
        if (schema != null) {
            example(schema, holder.get("example"), pointer + "/example");
            Trees.members(holder.get("examples"))
                    .forEach((name, member) -> example(
                            schema,
                            Trees.get(judges.resolved(member.value()), "value"),
                            pointer + "/examples/" + Pointer.escaped(name)));
        }
    }

    private void example(Node schema, @Nullable Node example, String pointer) {
        if (example == null) {
            return;
        }
        // What is read-only may stand in an answer, and what is write-only in a request.
        var value = Trees.value(example);
        var judged = new Value(schema, judges);
        var broken = judged.answered(value, "");
        if (!broken.isEmpty() && !judged.sent(value, "").isEmpty()) {
            var first = broken.getFirst();
            add(
                    false,
                    "examples",
                    pointer,
                    "breaks its schema: " + (first.pointer().isEmpty() ? "" : first.pointer() + " ") + first.message(),
                    example.origin());
        }
    }
}
