package dev.plinth.openapi;

import dev.plinth.config.Node;
import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings the schemas of OpenAPI 3.0 to those of 3.1, which are JSON Schema 2020-12: {@code nullable} becomes a type, the bounds
 * that exclude become numbers, and what stands beside a {@code $ref} goes, since it meant nothing.
 */
final class Upgrade {
    private Upgrade() {}

    static Mapping from30(Mapping root) {
        var upgraded = (Mapping) thing(root, Kind.DOCUMENT);
        return new Trees.Draft(upgraded).text("openapi", "3.1.0").done();
    }

    static Node thing(Node node, Kind kind) {
        if (kind == Kind.DATA || node instanceof Scalar) {
            return node;
        }
        if (node instanceof Sequence sequence) {
            return Trees.changed(sequence, (_, item) -> thing(item, kind));
        }
        var changed = Trees.changed((Mapping) node, (key, value) -> {
            var below = kind.child(key);
            if (kind.isMap(key)) {
                return value instanceof Mapping names ? Trees.changed(names, (_, each) -> thing(each, below)) : value;
            }
            if (kind.isList(key)) {
                return value instanceof Sequence list ? Trees.changed(list, (_, each) -> thing(each, below)) : value;
            }
            return thing(value, below);
        });
        return kind == Kind.SCHEMA ? schema(changed) : changed;
    }

    private static Mapping schema(Mapping schema) {
        if (schema.get("$ref") instanceof Scalar ref) {
            return schema.members().size() == 1
                    ? schema
                    : new Trees.Draft(schema.origin())
                            .put("$ref", ref)
                            .put("summary", schema.get("summary"))
                            .put("description", schema.get("description"))
                            .done();
        }
        var changed = bound(bound(schema, "minimum", "exclusiveMinimum"), "maximum", "exclusiveMaximum");
        if (changed.get("items") instanceof Sequence tuple) {
            changed = new Trees.Draft(changed)
                    .put("items", null)
                    .put("prefixItems", tuple)
                    .done();
        }
        boolean nullable = Trees.isTrue(changed, "nullable") || Trees.isTrue(changed, "x-nullable");
        if (changed.get("nullable") != null || nullable) {
            var draft = new Trees.Draft(changed).put("nullable", null).put("x-nullable", null);
            changed = nullable ? nullable(draft.done()) : draft.done();
        }
        return changed;
    }

    private static Mapping bound(Mapping schema, String bound, String excluding) {
        if (!(schema.get(excluding) instanceof Scalar flag) || !(flag.value() instanceof Boolean excluded)) {
            return schema;
        }
        var draft = new Trees.Draft(schema).put(excluding, null);
        if (excluded && schema.get(bound) != null) {
            draft.put(excluding, draft.take(bound));
        }
        return draft.done();
    }

    private static Mapping nullable(Mapping schema) {
        var origin = schema.origin();
        if (schema.get("type") instanceof Scalar type) {
            var types =
                    new Sequence(List.of(Trees.text(type.text(), type.origin()), Trees.text("null", origin)), origin);
            return new Trees.Draft(schema)
                    .put("type", types)
                    .put("enum", withNull(schema.get("enum")))
                    .done();
        }
        if (schema.get("allOf") == null && schema.get("anyOf") == null && schema.get("oneOf") == null) {
            return new Trees.Draft(schema)
                    .put("enum", withNull(schema.get("enum")))
                    .done();
        }
        var isNull = new Trees.Draft(origin).text("type", "null").done();
        return new Trees.Draft(origin)
                .put("anyOf", new Sequence(List.of(schema, isNull), origin))
                .done();
    }

    private static @Nullable Node withNull(@Nullable Node values) {
        if (!(values instanceof Sequence list)
                || list.items().stream().anyMatch(each -> each instanceof Scalar scalar && scalar.isNull())) {
            return values;
        }
        var more = new ArrayList<>(list.items());
        more.add(Trees.plain("null", list.origin()));
        return new Sequence(List.copyOf(more), list.origin());
    }
}
