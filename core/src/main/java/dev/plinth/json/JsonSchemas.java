package dev.plinth.json;

import dev.plinth.schema.Choices;
import dev.plinth.schema.Keywords;
import dev.plinth.schema.Live;
import dev.plinth.schema.Property;
import dev.plinth.schema.Rule;
import dev.plinth.schema.Schema;
import dev.plinth.schema.Shape;
import dev.plinth.schema.TextParser;
import dev.plinth.secret.Secret;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Describes types as {@link Json} reads and writes them, by JSON Schema (2020-12). Each record, and each sealed interface of
 * records, becomes a definition of its own, to which the others refer; so records may hold themselves.
 *
 * <pre>{@code
 * var schemas = new JsonSchemas("#/components/schemas/", Set.of());
 * var order = schemas.of(Order.class);          // {"$ref": "#/components/schemas/Order"}, filled in by:
 * var definitions = schemas.definitions();      // Order, and all that it holds
 * }</pre>
 *
 * <p>What a rule says beyond the words of JSON Schema stands in the description. One document each; one thread.
 */
public final class JsonSchemas {
    private final String prefix;
    private final DefinitionNames names;
    private final Map<DefinitionNames.Key, Map<String, Object>> definitions = new LinkedHashMap<>();
    private final Map<DefinitionNames.Key, List<Map<String, Object>>> references = new HashMap<>();
    private final List<Variants> variants = new ArrayList<>(0);
    private final Deque<DefinitionNames.Key> open = new ArrayDeque<>();

    /** The names of a discriminator, which are known when all definitions have theirs. */
    private record Variants(Map<String, DefinitionNames.Key> keys, Map<String, Object> mapping) {}

    /**
     * A document without definitions.
     *
     * @param prefix of a reference, before the name of the definition
     * @param taken names that no definition gets
     */
    public JsonSchemas(String prefix, Set<String> taken) {
        this.prefix = prefix;
        this.names = new DefinitionNames(taken);
    }

    /**
     * The schema of a type; a reference is filled in by {@link #definitions}.
     *
     * @throws dev.plinth.schema.SchemaException if a record within has faults
     */
    public Map<String, Object> of(Type type) {
        var tree = type instanceof Class<?> c && c.isRecord() ? written(c) : value(Shape.of(type), Map.of());
        finish();
        return tree;
    }

    /** A record that stands alone is written as its choice where it is one of a sealed interface. */
    private Map<String, Object> written(Class<?> record) {
        var choices = Choices.declaredFor(record);
        return choices == null
                ? reference(new DefinitionNames.Key(record, null))
                : reference(new DefinitionNames.Key(record, choices));
    }

    /** The schema of one component, with its description and default. */
    public Map<String, Object> of(Property property) {
        var tree = property(property, Map.of());
        finish();
        return tree;
    }

    /** What all of them refer to, by name. With this the references are filled in, and nothing more can be asked. */
    public Map<String, Object> definitions() {
        var named = names.of(definitions.keySet());
        references.forEach((key, trees) -> trees.forEach(tree -> tree.put("$ref", prefix + named.get(key))));
        for (var each : variants) {
            each.keys.forEach((choice, key) -> each.mapping.put(choice, prefix + named.get(key)));
        }
        var sorted = new java.util.TreeMap<String, Object>();
        definitions.forEach((key, tree) -> sorted.put(String.valueOf(named.get(key)), tree));
        return sorted;
    }

    private Map<String, Object> reference(DefinitionNames.Key key) {
        if (definitions.putIfAbsent(key, new LinkedHashMap<>()) == null) {
            open.add(key);
        }
        var tree = new LinkedHashMap<String, Object>();
        tree.put("$ref", "");
        references.computeIfAbsent(key, _ -> new ArrayList<>()).add(tree);
        return tree;
    }

    /** One after the other and not one within the other, so that depth costs no stack. */
    private void finish() {
        for (var key = open.poll(); key != null; key = open.poll()) {
            var into = definitions.get(key);
            if (into == null) {
                continue;
            }
            if (key.rawType().isRecord()) {
                record(key, into);
            } else {
                choice(Shape.of(key.rawType()).choices(), into);
            }
        }
    }

    private void choice(Choices choices, Map<String, Object> into) {
        var forms = new ArrayList<Object>();
        var keys = new LinkedHashMap<String, DefinitionNames.Key>();
        choices.records().forEach((name, record) -> {
            var key = new DefinitionNames.Key(record, choices);
            keys.put(name, key);
            forms.add(reference(key));
        });
        into.put("oneOf", forms);
        var mapping = new LinkedHashMap<String, Object>();
        var discriminator = new LinkedHashMap<String, Object>();
        discriminator.put("propertyName", choices.key());
        discriminator.put("mapping", mapping);
        into.put("discriminator", discriminator);
        variants.add(new Variants(keys, mapping));
    }

    private void record(DefinitionNames.Key key, Map<String, Object> into) {
        var type = key.rawType().asSubclass(Record.class);
        var schema = Schema.of(type);
        into.put("type", "object");
        var description = described(schema.doc(), schema.rules());
        if (!description.isEmpty()) {
            into.put("description", description);
        }
        var required = new ArrayList<String>();
        var properties = new LinkedHashMap<String, Object>();
        var choices = key.choices();
        if (choices != null) {
            required.add(choices.key());
            var chosen = new LinkedHashMap<String, Object>();
            chosen.put("type", "string");
            chosen.put("const", choices.name(type));
            properties.put(choices.key(), chosen);
        }
        var variables = DefinitionNames.variables(key.type());
        for (var property : schema.properties()) {
            var tree = property(property, variables);
            if (property.required()) {
                required.add(property.name());
            } else if (property.absent() == null) {
                tree = orNull(tree);
            }
            properties.put(property.name(), tree);
        }
        if (!required.isEmpty()) {
            into.put("required", required);
        }
        into.put("properties", properties);
    }

    private Map<String, Object> property(Property property, Map<Type, Type> variables) {
        var shape = property.held();
        var tree = value(shape, variables);
        var description = described(property.doc(), shape.rules());
        if (!description.isEmpty()) {
            tree.put("description", description);
        }
        if (property.defaultText() != null && property.absent() != null) {
            var given = given(property.absent());
            if (given != null) {
                tree.put("default", given);
            }
        }
        var obsolete = property.obsolete();
        if (obsolete != null) {
            tree.put("deprecated", true);
        }
        return tree;
    }

    /** The same, or null: what a component without a rule against it may be left out as, and is written as. */
    private static Map<String, Object> orNull(Map<String, Object> tree) {
        if (tree.get("enum") instanceof List<?> constants) {
            var withNull = new ArrayList<@Nullable Object>(constants);
            withNull.add(null);
            tree.put("enum", withNull);
        }
        if (tree.get("type") instanceof String type) {
            tree.put("type", List.of(type, "null"));
            return tree;
        }
        if (!tree.containsKey("$ref")) {
            return tree; // whatever it is
        }
        var either = new LinkedHashMap<String, Object>();
        for (var outside : List.of("description", "deprecated")) {
            var kept = tree.remove(outside);
            if (kept != null) {
                either.put(outside, kept);
            }
        }
        either.put("anyOf", List.of(tree, Map.of("type", "null")));
        return either;
    }

    private Map<String, Object> value(Shape shape, Map<Type, Type> variables) {
        var tree = new LinkedHashMap<String, Object>();
        switch (shape.kind()) {
            case TEXT -> {
                return JsonTypes.of(shape);
            }
            case RECORD -> {
                return reference(new DefinitionNames.Key(DefinitionNames.resolve(shape.type(), variables), null));
            }
            case CHOICE -> {
                return reference(new DefinitionNames.Key(shape.rawType(), null));
            }
            case OPTIONAL, LIVE -> {
                return value(shape.arguments().getFirst(), variables);
            }
            case LIST, SET, ARRAY -> {
                tree.put("type", "array");
                tree.put("items", value(shape.arguments().getFirst(), variables));
                if (shape.kind() == Shape.Kind.SET) {
                    tree.put("uniqueItems", true);
                }
                Keywords.size(shape.rules(), "Items", tree);
            }
            case MAP -> {
                tree.put("type", "object");
                var key = shape.arguments().getFirst();
                if (key.rawType() != String.class || !key.rules().isEmpty()) {
                    tree.put("propertyNames", JsonTypes.asName(key));
                }
                tree.put("additionalProperties", value(shape.arguments().getLast(), variables));
                Keywords.size(shape.rules(), "Properties", tree);
            }
            case BYTES -> {
                tree.put("type", "string");
                tree.put("contentEncoding", "base64");
            }
            case ANY -> {
                var bound = variables.get(shape.type());
                return bound == null ? tree : value(Shape.of(bound), Map.of());
            }
            case OTHER -> {}
        }
        return tree;
    }

    /** The sentence, and what the rules say that JSON Schema has no word for. */
    private static String described(@Nullable String doc, List<Rule> rules) {
        var text = new StringBuilder(doc == null ? "" : doc);
        for (var rule : rules) {
            if (!JsonTypes.hasWord(rule)) {
                var message = rule.message();
                text.append(text.isEmpty() ? "" : " ")
                        .append(Character.toUpperCase(message.charAt(0)))
                        .append(message, 1, message.length())
                        .append('.');
            }
        }
        return text.toString();
    }

    /** A default as JSON has it; null where it has none. */
    private static @Nullable Object given(Object value) {
        return switch (value) {
            case Live<?> live -> given(live.get());
            case Optional<?> optional -> optional.map(JsonSchemas::given).orElse(null);
            case Number number -> number;
            case Boolean truth -> truth;
            case Secret _ -> null;
            case Record record when !TextParser.supports(record.getClass()) -> null;
            case Map<?, ?> map -> map;
            case Collection<?> items -> {
                var all = new ArrayList<@Nullable Object>();
                items.forEach(item -> all.add(given(item)));
                yield all;
            }
            default -> TextParser.print(value);
        };
    }
}
