package dev.plinth.json;

import dev.plinth.schema.ByteSize;
import dev.plinth.schema.Keywords;
import dev.plinth.schema.Percent;
import dev.plinth.schema.Rule;
import dev.plinth.schema.Rules;
import dev.plinth.schema.Shape;
import dev.plinth.secret.Secret;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/** Describes single values for a JSON Schema, with the formats of the OpenAPI registry. */
final class JsonTypes {
    private static final Map<Class<?>, String> FORMATS = Map.ofEntries(
            Map.entry(Duration.class, "duration"),
            Map.entry(Instant.class, "date-time"),
            Map.entry(OffsetDateTime.class, "date-time"),
            Map.entry(LocalDateTime.class, "date-time-local"),
            Map.entry(LocalDate.class, "date"),
            Map.entry(LocalTime.class, "time-local"),
            Map.entry(UUID.class, "uuid"),
            Map.entry(URI.class, "uri-reference"),
            Map.entry(Pattern.class, "regex"),
            Map.entry(Secret.class, "password"));

    private JsonTypes() {}

    static Map<String, Object> of(Shape shape) {
        var type = shape.rawType();
        var tree = new LinkedHashMap<String, Object>();
        if (type.isEnum()) {
            tree.put("type", "string");
            var names = new ArrayList<Object>();
            for (var constant : type.getEnumConstants()) {
                names.add(((Enum<?>) constant).name());
            }
            tree.put("enum", names);
            return tree;
        }
        var scalar = Scalar.of(type);
        if (scalar != null && scalar != Scalar.STRING) {
            scalar(scalar, shape, tree);
            return tree;
        }
        tree.put("type", "string");
        var format = FORMATS.get(type);
        if (format != null) {
            tree.put("format", format);
        } else if (type == ByteSize.class || type == Percent.class || type == InetSocketAddress.class) {
            tree.put("pattern", "^" + Keywords.form(type, Keywords.isMoreThanZero(shape.rules())));
        } else if (type == char.class || type == Character.class) {
            tree.put("minLength", 1);
            tree.put("maxLength", 1);
        }
        if (type == Secret.class) {
            tree.put("writeOnly", true);
        }
        Keywords.text(shape.rules(), tree);
        return tree;
    }

    private static void scalar(Scalar scalar, Shape shape, Map<String, Object> tree) {
        tree.put(
                "type",
                switch (scalar) {
                    case BOOLEAN -> "boolean";
                    case STRING -> "string";
                    case INT, LONG, SHORT, BYTE, INTEGER -> "integer";
                    case DOUBLE, FLOAT, DECIMAL -> "number";
                });
        switch (scalar) {
            case INT -> tree.put("format", "int32");
            case LONG -> tree.put("format", "int64");
            case DOUBLE -> tree.put("format", "double");
            case FLOAT -> tree.put("format", "float");
            case SHORT, BYTE -> Keywords.range(shape.rawType(), tree);
            case BOOLEAN, STRING, DECIMAL, INTEGER -> {}
        }
        Keywords.bounds(shape.rules(), tree);
        for (var rule : shape.rules()) {
            if (rule instanceof Rule.Truth truth) {
                tree.put("const", truth.wanted());
            }
        }
    }

    /** The same as the name of a member, which is always a text. */
    static Map<String, Object> asName(Shape shape) {
        var tree = of(shape);
        if (!"string".equals(tree.get("type"))) {
            tree.clear();
            tree.put("type", "string");
        }
        return tree;
    }

    /** Whether all that the rule says stands in the schema, and need not be told beside it. */
    static boolean hasWord(Rule rule) {
        return switch (rule) {
            case Rule.NotNull _, Rule.NotBlank _, Rule.NotEmpty _, Rule.Size _, Rule.Truth _ -> true;
            case Rule.Bound bound -> bound.limit() instanceof Number;
            case Rule.Matches matches -> Keywords.isPortable(matches.pattern());
            case Rule.Email email -> email.pattern() == null;
            case Rule.Null _, Rule.Digits _, Rule.Temporal _, Rule.Whole _, Rules.Made _ -> false;
        };
    }
}
