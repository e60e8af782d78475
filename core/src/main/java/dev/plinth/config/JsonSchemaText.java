package dev.plinth.config;

import dev.plinth.schema.ByteSize;
import dev.plinth.schema.Keywords;
import dev.plinth.schema.Percent;
import dev.plinth.schema.Rule;
import dev.plinth.schema.Shape;
import dev.plinth.secret.Secret;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Describes single values for a JSON Schema. A text may always hold a placeholder, of which nobody knows beforehand what it
 * stands for; what YAML takes for a number or a truth value is a text too where a text is wanted.
 */
final class JsonSchemaText {
    private static final String PLACEHOLDER = "\\$\\{";
    private static final String OR_PLACEHOLDER = "|" + PLACEHOLDER;

    private JsonSchemaText() {}

    /** What {@link #of} refers to, so that a file of many durations stays short: values that may be absent. */
    static Map<String, Object> definitions() {
        var definitions = new LinkedHashMap<String, Object>();
        define(definitions, "duration", Duration.class, false);
        define(definitions, "duration-above-0", Duration.class, true);
        define(definitions, "size", ByteSize.class, false);
        define(definitions, "size-above-0", ByteSize.class, true);
        define(definitions, "percentage", Percent.class, false);
        define(definitions, "percentage-above-0", Percent.class, true);
        var truth = new LinkedHashMap<String, Object>();
        truth(truth, true);
        definitions.put("boolean", truth);
        var whole = new LinkedHashMap<String, Object>();
        whole(whole, true);
        definitions.put("whole", whole);
        return definitions;
    }

    private static void define(Map<String, Object> definitions, String name, Class<?> type, boolean moreThanZero) {
        var tree = new LinkedHashMap<String, Object>();
        typed(tree, true, "string");
        pattern(tree, Keywords.form(type, moreThanZero));
        definitions.put(name, tree);
    }

    /** A text of which nothing can be told but that it has a placeholder. */
    static Map<String, Object> placeholder() {
        return sorted("type", "string", "pattern", PLACEHOLDER);
    }

    private static Map<String, Object> reference(String name) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("$ref", "#/$defs/" + name);
        return tree;
    }

    private static String definition(Class<?> type) {
        if (type == Duration.class) {
            return "duration";
        } else if (type == ByteSize.class) {
            return "size";
        }
        return type == Percent.class ? "percentage" : "";
    }

    private static void truth(Map<String, Object> tree, boolean absent) {
        typed(tree, absent, "boolean", "string");
        pattern(tree, "(true|false)$");
    }

    private static void whole(Map<String, Object> tree, boolean absent) {
        typed(tree, absent, "integer", "string");
        pattern(tree, "-?(0|[1-9][0-9]*)$");
    }

    static Map<String, Object> of(Shape shape, boolean absent) {
        var type = shape.rawType();
        var tree = new LinkedHashMap<String, Object>();
        if (absent && !definition(type).isEmpty()) {
            return reference(definition(type) + (Keywords.isMoreThanZero(shape.rules()) ? "-above-0" : ""));
        }
        if (type.isEnum()) {
            tree.put("anyOf", choices(type, absent));
        } else if (type == boolean.class || type == Boolean.class) {
            if (absent) {
                return reference("boolean");
            }
            truth(tree, false);
        } else if (Values.isWhole(type)) {
            if (absent) {
                tree.putAll(reference("whole"));
            } else {
                whole(tree, false);
            }
            Keywords.range(type, tree);
            Keywords.bounds(shape.rules(), tree);
        } else if (isNumber(type)) {
            typed(tree, absent, "number", "string");
            Keywords.bounds(shape.rules(), tree);
            pattern(tree, "[-+.0-9eE]+$");
        } else if (isFreeText(type)) {
            typed(tree, absent, "string", "number", "boolean");
            textRules(shape.rules(), tree);
        } else {
            typed(tree, absent, "string");
            var pattern = Keywords.form(type, Keywords.isMoreThanZero(shape.rules()));
            if (!pattern.isEmpty()) {
                pattern(tree, pattern);
            }
        }
        return tree;
    }

    static boolean isNumber(Class<?> type) {
        return Values.isWhole(type)
                || type == double.class
                || type == Double.class
                || type == float.class
                || type == Float.class
                || type == BigDecimal.class;
    }

    /** Types that a text of digits, or {@code true}, can be of. */
    private static boolean isFreeText(Class<?> type) {
        return type == String.class
                || type == Secret.class
                || type == Path.class
                || type == URI.class
                || type == Pattern.class
                || type == char.class
                || type == Character.class;
    }

    private static void typed(Map<String, Object> tree, boolean absent, String... types) {
        var all = new ArrayList<>(List.of(types));
        if (absent) {
            all.add("null");
        }
        tree.put("type", all.size() == 1 ? all.getFirst() : all);
    }

    private static void pattern(Map<String, Object> tree, String fromTheBegin) {
        tree.put("pattern", "^" + fromTheBegin + OR_PLACEHOLDER);
    }

    /** As people write them, for an editor to offer; as the code does, and placeholders, for it not to refuse. */
    private static List<Object> choices(Class<?> type, boolean absent) {
        var written = new ArrayList<String>();
        var names = new ArrayList<String>();
        for (var constant : type.getEnumConstants()) {
            var name = ((Enum<?>) constant).name();
            written.add(name.toLowerCase(Locale.ROOT).replace('_', '-'));
            names.add(name);
        }
        var choices = new ArrayList<Object>(List.of(
                Map.of("enum", written),
                sorted("type", "string", "pattern", "^(" + String.join("|", names) + ")$" + OR_PLACEHOLDER)));
        if (absent) {
            choices.add(Map.of("type", "null"));
        }
        return choices;
    }

    private static Map<String, Object> sorted(String one, Object first, String other, Object second) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put(one, first);
        tree.put(other, second);
        return tree;
    }

    /** Rules on texts; a text with a placeholder may have any length and form. */
    private static void textRules(List<Rule> rules, Map<String, Object> tree) {
        var exact = new LinkedHashMap<String, Object>();
        Keywords.text(rules, exact);
        if (!exact.isEmpty()) {
            tree.put("anyOf", List.of(exact, Map.of("pattern", PLACEHOLDER)));
        }
    }
}
