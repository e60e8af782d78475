package dev.plinth.openapi;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What stands at a place of a document, told by the way there. Only so can a {@code $ref} be told from a property of that
 * name, and a schema's {@code example} from a schema's property {@code example}.
 */
enum Kind {
    DOCUMENT,
    COMPONENTS,
    PATHS,
    PATH_ITEM,
    OPERATION,
    PARAMETER,
    BODY,
    RESPONSE,
    RESPONSES,
    MEDIA,
    ENCODING,
    HEADER,
    EXAMPLE,
    LINK,
    CALLBACK,
    SECURITY_SCHEME,
    SCHEMA,
    /** All that holds no reference: texts, numbers, examples, extensions. */
    DATA;

    /** The methods that a path item has, in lower case as it writes them. */
    static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    /** How a key's value holds its things. */
    private enum Form {
        ONE,
        LIST,
        MAP
    }

    private record Child(Kind kind, Form form) {}

    private static final Child PLAIN = new Child(DATA, Form.ONE);
    private static final Map<Kind, Map<String, Child>> CHILDREN = Map.ofEntries(
            Map.entry(
                    DOCUMENT,
                    Map.of(
                            "paths", one(PATHS),
                            "webhooks", map(PATH_ITEM),
                            "components", one(COMPONENTS),
                            "definitions", map(SCHEMA),
                            "parameters", map(PARAMETER),
                            "responses", map(RESPONSE))),
            Map.entry(
                    COMPONENTS,
                    Map.of(
                            "schemas", map(SCHEMA),
                            "responses", map(RESPONSE),
                            "parameters", map(PARAMETER),
                            "examples", map(EXAMPLE),
                            "requestBodies", map(BODY),
                            "headers", map(HEADER),
                            "securitySchemes", map(SECURITY_SCHEME),
                            "links", map(LINK),
                            "callbacks", map(CALLBACK),
                            "pathItems", map(PATH_ITEM))),
            Map.entry(
                    OPERATION,
                    Map.of(
                            "parameters", list(PARAMETER),
                            "requestBody", one(BODY),
                            "responses", one(RESPONSES),
                            "callbacks", map(CALLBACK))),
            Map.entry(PARAMETER, described()),
            Map.entry(HEADER, described()),
            Map.entry(BODY, Map.of("content", map(MEDIA))),
            Map.entry(
                    RESPONSE,
                    Map.of(
                            "headers", map(HEADER),
                            "content", map(MEDIA),
                            "links", map(LINK),
                            "schema", one(SCHEMA))),
            Map.entry(MEDIA, Map.of("schema", one(SCHEMA), "examples", map(EXAMPLE), "encoding", map(ENCODING))),
            Map.entry(ENCODING, Map.of("headers", map(HEADER))),
            Map.entry(
                    SCHEMA,
                    Map.ofEntries(
                            Map.entry("properties", map(SCHEMA)),
                            Map.entry("patternProperties", map(SCHEMA)),
                            Map.entry("$defs", map(SCHEMA)),
                            Map.entry("definitions", map(SCHEMA)),
                            Map.entry("dependentSchemas", map(SCHEMA)),
                            Map.entry("prefixItems", list(SCHEMA)),
                            Map.entry("allOf", list(SCHEMA)),
                            Map.entry("anyOf", list(SCHEMA)),
                            Map.entry("oneOf", list(SCHEMA)),
                            Map.entry("items", one(SCHEMA)),
                            Map.entry("additionalProperties", one(SCHEMA)),
                            Map.entry("unevaluatedProperties", one(SCHEMA)),
                            Map.entry("unevaluatedItems", one(SCHEMA)),
                            Map.entry("propertyNames", one(SCHEMA)),
                            Map.entry("contains", one(SCHEMA)),
                            Map.entry("contentSchema", one(SCHEMA)),
                            Map.entry("not", one(SCHEMA)),
                            Map.entry("if", one(SCHEMA)),
                            Map.entry("then", one(SCHEMA)),
                            Map.entry("else", one(SCHEMA)))));

    private static Child one(Kind kind) {
        return new Child(kind, Form.ONE);
    }

    private static Child list(Kind kind) {
        return new Child(kind, Form.LIST);
    }

    private static Child map(Kind kind) {
        return new Child(kind, Form.MAP);
    }

    private static Map<String, Child> described() {
        return Map.of(
                "schema", one(SCHEMA),
                "content", map(MEDIA),
                "examples", map(EXAMPLE),
                "items", one(SCHEMA));
    }

    private Child at(String key) {
        if (key.startsWith("x-")) {
            return PLAIN;
        }
        return switch (this) {
            case PATHS -> key.startsWith("/") ? one(PATH_ITEM) : PLAIN;
            case CALLBACK -> one(PATH_ITEM);
            case RESPONSES -> one(RESPONSE);
            case PATH_ITEM ->
                METHODS.contains(key) ? one(OPERATION) : key.equals("parameters") ? list(PARAMETER) : PLAIN;
            default -> CHILDREN.getOrDefault(this, Map.of()).getOrDefault(key, PLAIN);
        };
    }

    /** What the value of a key is; where that is a list or a map of things, what they are. */
    Kind child(String key) {
        return at(key).kind;
    }

    /** Whether the value of a key is a map of things by name. */
    boolean isMap(String key) {
        return at(key).form == Form.MAP;
    }

    /** Whether the value of a key is a list of things. */
    boolean isList(String key) {
        return at(key).form == Form.LIST;
    }

    /** Whether a {@code $ref} may stand for it. */
    boolean isReferable() {
        return switch (this) {
            case DOCUMENT, COMPONENTS, PATHS, OPERATION, RESPONSES, MEDIA, ENCODING, DATA -> false;
            default -> true;
        };
    }

    /** Where a document of that version keeps what is referred to; null if there is no such section. */
    @Nullable
    String section(boolean swagger) {
        return switch (this) {
            case SCHEMA -> swagger ? "definitions" : "schemas";
            case PARAMETER -> "parameters";
            case RESPONSE -> "responses";
            case EXAMPLE -> swagger ? null : "examples";
            case BODY -> swagger ? null : "requestBodies";
            case HEADER -> swagger ? null : "headers";
            case SECURITY_SCHEME -> swagger ? null : "securitySchemes";
            case LINK -> swagger ? null : "links";
            case CALLBACK -> swagger ? null : "callbacks";
            default -> null;
        };
    }
}
