package dev.plinth.openapi;

import dev.plinth.config.Node;
import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * What must hold for a document to be served: references of the right kind that lead somewhere and end, expressions that
 * can be judged, keywords that are understood. What is not understood is refused and never passed over.
 */
final class Soundness {
    private static final Set<String> TYPES =
            Set.of("string", "number", "integer", "boolean", "object", "array", "null");
    private static final List<String> UNREAD =
            List.of("$dynamicRef", "$recursiveRef", "$dynamicAnchor", "$id", "$anchor");
    /** Where a schema's schema judges the same value. */
    private static final List<String> IN_PLACE = List.of("allOf", "anyOf", "oneOf");

    private static final List<String> IN_PLACE_ONE = List.of("not", "if", "then", "else");

    private final Mapping root;
    private final Found found;
    private final IdentityHashMap<Node, Boolean> done = new IdentityHashMap<>();
    private final IdentityHashMap<Node, Boolean> ended = new IdentityHashMap<>();

    private Soundness(Mapping root, Found found) {
        this.root = root;
        this.found = found;
    }

    static void check(Mapping root, Found found) {
        var soundness = new Soundness(root, found);
        soundness.thing(root, Kind.DOCUMENT, "");
    }

    private void thing(Node node, Kind kind, String pointer) {
        if (kind == Kind.DATA || done.put(node, true) != null) {
            return; // an alias makes one node stand at many places
        }
        if (node instanceof Sequence list) {
            for (int i = 0; i < list.items().size(); i++) {
                thing(list.items().get(i), kind, pointer + "/" + i);
            }
            return;
        }
        if (!(node instanceof Mapping mapping)) {
            scalar(node, kind, pointer);
            return;
        }
        if (kind.isReferable() && mapping.get("$ref") instanceof Scalar ref) {
            reference(mapping, ref, pointer);
        }
        if (kind == Kind.SCHEMA) {
            schema(mapping, pointer);
        }
        for (var entry : mapping.members().entrySet()) {
            child(kind, entry.getKey(), entry.getValue().value(), pointer + "/" + Pointer.escaped(entry.getKey()));
        }
    }

    private void child(Kind kind, String key, Node value, String pointer) {
        var below = kind.child(key);
        if (below == Kind.DATA) {
            return;
        }
        if (kind.isMap(key)) {
            if (!(value instanceof Mapping names)) {
                found.add(pointer, "must be an object of names", value.origin());
                return;
            }
            names.members().forEach((name, each) -> thing(each.value(), below, pointer + "/" + Pointer.escaped(name)));
        } else if (kind.isList(key) && !(value instanceof Sequence)) {
            found.add(pointer, "must be a list", value.origin());
        } else {
            thing(value, below, pointer);
        }
    }

    private void scalar(Node node, Kind kind, String pointer) {
        if (kind != Kind.SCHEMA || !(node instanceof Scalar scalar) || !(scalar.value() instanceof Boolean)) {
            found.add(pointer, "must be an object" + (kind == Kind.SCHEMA ? ", true or false" : ""), node.origin());
        }
    }

    private void reference(Mapping node, Scalar ref, String pointer) {
        Node at = node;
        for (int steps = 0; Trees.get(at, "$ref") instanceof Scalar next; steps++) {
            at = Document.find(root, next.text());
            if (at == null) {
                found.add(pointer, ref.text() + " leads nowhere", ref.origin());
                return;
            }
            if (steps > 50) {
                found.add(pointer, ref.text() + " leads back to itself", ref.origin());
                return;
            }
        }
    }

    // ---- schemas
    // -----------------------------------------------------------------------------------------------------

    private void schema(Mapping schema, String pointer) {
        for (var key : UNREAD) {
            if (schema.get(key) instanceof Scalar scalar && !(key.equals("$id") && pointer.isEmpty())) {
                found.add(pointer, key + " is not read (expected: $ref: with a JSON Pointer)", scalar.origin());
            }
        }
        expression(schema.get("pattern"), pointer + "/pattern");
        for (var entry : Trees.members(schema.get("patternProperties")).entrySet()) {
            expression(Trees.text(entry.getKey(), entry.getValue().key()), pointer + "/patternProperties");
        }
        var types = schema.get("type");
        for (var type :
                types instanceof Sequence list ? list.items() : types == null ? List.<Node>of() : List.of(types)) {
            if (!(type instanceof Scalar scalar) || !TYPES.contains(scalar.text())) {
                found.add(
                        pointer,
                        "type " + (type instanceof Scalar scalar ? scalar.text() : "of an object")
                                + " is not known (expected: one of array, boolean, integer, null, number, object, string)",
                        type.origin());
            }
        }
        for (var key : List.of(
                "minLength",
                "maxLength",
                "minItems",
                "maxItems",
                "minProperties",
                "maxProperties",
                "minimum",
                "maximum",
                "exclusiveMinimum",
                "exclusiveMaximum",
                "multipleOf")) {
            var value = schema.get(key);
            if (value != null && (!(value instanceof Scalar scalar) || Numbers.decimal(scalar.value()) == null)) {
                found.add(pointer + "/" + key, "must be a number", value.origin());
            }
        }
        if (schema.get("multipleOf") instanceof Scalar scalar) {
            var number = Numbers.decimal(scalar.value());
            if (number != null && number.signum() <= 0) {
                found.add(pointer + "/multipleOf", "must be more than 0", scalar.origin());
            }
        }
        endless(schema, schema, pointer, 0);
    }

    private void expression(@org.jspecify.annotations.Nullable Node node, String pointer) {
        if (node instanceof Scalar scalar) {
            try {
                EcmaPattern.of(scalar.text());
            } catch (IllegalArgumentException wrong) {
                found.add(pointer, scalar.text() + ": " + wrong.getMessage(), scalar.origin());
            }
        }
    }

    /** Whether judging one value by a schema comes back to that schema and the same value. */
    private boolean endless(Node schema, Node start, String pointer, int depth) {
        if (!(schema instanceof Mapping mapping) || ended.containsKey(schema)) {
            return false;
        }
        if (depth > 100) {
            found.add(
                    pointer,
                    "this schema refers to itself for the same value, so judging would not end",
                    start.origin());
            return true;
        }
        boolean endless = false;
        if (mapping.get("$ref") instanceof Scalar ref) {
            var target = Document.find(root, ref.text());
            endless = target != null && endless(target, start, pointer, depth + 1);
        }
        for (var key : IN_PLACE) {
            for (var each : Trees.items(mapping.get(key))) {
                endless = endless || endless(each, start, pointer, depth + 1);
            }
        }
        for (var key : IN_PLACE_ONE) {
            var each = mapping.get(key);
            endless = endless || (each != null && endless(each, start, pointer, depth + 1));
        }
        for (var each : Trees.members(mapping.get("dependentSchemas")).values()) {
            endless = endless || endless(each.value(), start, pointer, depth + 1);
        }
        ended.put(schema, true); // told once where it is
        return endless;
    }
}
