package dev.plinth.config;

import dev.plinth.schema.Keywords;
import dev.plinth.schema.Property;
import dev.plinth.schema.Schema;
import dev.plinth.schema.Shape;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Describes the files of a layout as a JSON Schema. One description each. */
final class JsonSchema {
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

    private final Layout layout;
    private final ClassLoader loader;
    private final List<Class<?>> above = new ArrayList<>();

    JsonSchema(Layout layout, ClassLoader loader) {
        this.layout = layout;
        this.loader = loader;
    }

    Map<String, Object> tree() {
        var properties = new LinkedHashMap<String, Object>();
        layout.sections()
                .forEach((name, section) -> properties.put(name, section.many() ? map(one(section)) : one(section)));
        for (var reserved : Schema.of(Known.Reserved.class).properties()) {
            properties.put(reserved.key(), property(reserved));
        }
        var tree = new LinkedHashMap<String, Object>();
        tree.put("$schema", DIALECT);
        tree.put("title", "service.yaml");
        tree.putAll(object(properties));
        tree.put("$defs", JsonSchemaText.definitions());
        return tree;
    }

    private Map<String, Object> one(Layout.Section section) {
        var backends = section.backends();
        return backends == null ? record(Objects.requireNonNull(section.type())) : choice(backends, section.type());
    }

    /**
     * One form for each backend, of which a file must fit any. The choice itself need not be in it: another file may have
     * it. With a placeholder for it, nothing more can be told.
     */
    private Map<String, Object> choice(Backends<?> backends, @Nullable Class<? extends Record> common) {
        var records = new LinkedHashMap<String, Class<? extends Record>>();
        for (var backend : backends.all(loader)) {
            records.put(backend.name(), backend.settings());
        }
        return choice(Choice.OfBackend.KEY, records, common);
    }

    private Map<String, Object> choice(
            String key,
            Map<String, ? extends Class<? extends Record>> records,
            @Nullable Class<? extends Record> common) {
        var forms = new ArrayList<Object>();
        for (var record : records.entrySet()) {
            if (above.contains(record.getValue())) {
                forms.add(Map.of("type", "object"));
                continue;
            }
            var properties = new LinkedHashMap<String, Object>();
            properties.put(key, Map.of("enum", Arrays.asList(record.getKey(), null)));
            if (common != null) {
                properties.putAll(properties(common));
            }
            properties.putAll(properties(record.getValue()));
            forms.add(object(properties));
        }
        var open = new LinkedHashMap<String, Object>();
        open.put("type", "object");
        open.put("properties", Map.of(key, JsonSchemaText.placeholder()));
        open.put("required", List.of(key));
        forms.add(open);
        var tree = new LinkedHashMap<String, Object>();
        tree.put("anyOf", forms);
        return tree;
    }

    /** A record, or nothing, which counts as not written. */
    private Map<String, Object> record(Class<? extends Record> type) {
        return above.contains(type)
                ? new LinkedHashMap<>(Map.of("type", List.of("object", "null")))
                : object(properties(type));
    }

    private Map<String, Object> properties(Class<? extends Record> type) {
        above.add(type);
        var properties = new LinkedHashMap<String, Object>();
        for (var each : Schema.of(type).properties()) {
            properties.put(each.key(), property(each));
        }
        for (var former : Schema.of(type).formerKeys().values()) {
            if (former.now() != null) {
                var tree = property(former.now());
                tree.put("deprecated", true);
                properties.put(former.key(), tree);
            }
        }
        above.removeLast();
        return properties;
    }

    private static Map<String, Object> object(Map<String, Object> properties) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("type", List.of("object", "null"));
        tree.put("properties", properties);
        var patterns = new LinkedHashMap<String, Object>();
        patterns.put("^x-", true);
        patterns.put("^enc[-_]", Map.of("type", List.of("string", "null"))); // a token in the place of a value
        tree.put("patternProperties", patterns);
        tree.put("additionalProperties", false);
        return tree;
    }

    private static Map<String, Object> map(Map<String, Object> values) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("type", List.of("object", "null"));
        tree.put("patternProperties", Map.of("^x-", true));
        tree.put("additionalProperties", values);
        return tree;
    }

    private Map<String, Object> property(Property property) {
        var tree = value(property.held(), true);
        var description = new StringBuilder(property.doc() == null ? "" : property.doc());
        if (property.isLive()) {
            description.append(description.isEmpty() ? "" : " ").append("A reload takes it.");
        }
        if (!description.isEmpty()) {
            tree.put("description", description.toString());
        }
        if (property.obsolete() != null) {
            tree.put("deprecated", true);
        }
        if (property.defaultText() != null) {
            tree.put("default", given(property.held(), property.defaultText()));
        }
        return tree;
    }

    /**
     * A value of that shape.
     *
     * @param absent whether nothing may stand there too
     */
    private Map<String, Object> value(Shape shape, boolean absent) {
        return switch (shape.kind()) {
            case OPTIONAL, LIVE -> value(shape.arguments().getFirst(), absent);
            case RECORD -> {
                var tree = record(shape.rawType().asSubclass(Record.class));
                if (!absent) {
                    tree.put("type", "object");
                }
                yield tree;
            }
            case CHOICE -> choice(shape.choices().key(), shape.choices().records(), null);
            case MAP -> {
                var tree = map(value(shape.arguments().getLast(), false));
                if (shape.arguments().getLast().kind() != Shape.Kind.RECORD) {
                    tree.remove("patternProperties"); // x- is free beside records alone
                }
                Keywords.size(shape.rules(), "Properties", tree);
                yield tree;
            }
            case LIST, SET, ARRAY -> {
                var tree = new LinkedHashMap<String, Object>();
                tree.put("type", absent ? List.of("array", "null") : "array");
                tree.put("items", value(shape.arguments().getFirst(), false));
                if (shape.kind() == Shape.Kind.SET) {
                    tree.put("uniqueItems", true);
                }
                Keywords.size(shape.rules(), "Items", tree);
                yield tree;
            }
            case TEXT -> JsonSchemaText.of(shape, absent);
            case BYTES, ANY, OTHER -> new LinkedHashMap<>();
        };
    }

    /** A default as JSON has it. */
    private static Object given(Shape shape, String text) {
        return switch (shape.kind()) {
            case OPTIONAL -> given(shape.arguments().getFirst(), text);
            case MAP -> Map.of();
            case LIST, SET -> {
                var items = new ArrayList<Object>();
                for (var item : Arguments.names(text)) {
                    items.add(given(shape.arguments().getFirst(), item));
                }
                yield items;
            }
            default -> {
                var type = shape.rawType();
                if (type == boolean.class || type == Boolean.class) {
                    yield text.equals("true");
                }
                yield JsonSchemaText.isNumber(type) ? new BigDecimal(text) : text;
            }
        };
    }
}
