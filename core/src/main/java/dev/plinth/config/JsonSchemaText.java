package dev.plinth.config;

import dev.plinth.schema.ByteSize;
import dev.plinth.schema.Percent;
import dev.plinth.schema.Rule;
import dev.plinth.schema.Shape;
import dev.plinth.secret.Secret;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Describes single values for a JSON Schema. A text may always hold a placeholder, of which nobody knows beforehand what it
 * stands for; what YAML takes for a number or a truth value is a text too where a text is wanted.
 */
final class JsonSchemaText {
    private static final String PLACEHOLDER = "\\$\\{";
    private static final String OR_PLACEHOLDER = "|" + PLACEHOLDER;
    private static final String NOT_ZERO = "(?=[^$]*[1-9])";
    private static final String DURATION =
            "(?=[0-9])([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?([0-9]+us)?([0-9]+ns)?$";

    /** What a regular expression of Java can hold and that of an editor can't, or reads otherwise. */
    private static final Pattern JAVA_ALONE =
            Pattern.compile("\\(\\?|\\\\[pPQEhHvVRXGzZAbB]|[+*?}]\\+|&&|\\[[^\\]]*\\[");

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
        pattern(tree, pattern(type, moreThanZero));
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
            return reference(definition(type) + (isMoreThanZero(shape.rules()) ? "-above-0" : ""));
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
            range(tree, type);
            bounds(shape.rules(), tree);
        } else if (isNumber(type)) {
            typed(tree, absent, "number", "string");
            bounds(shape.rules(), tree);
            pattern(tree, "[-+.0-9eE]+$");
        } else if (isFreeText(type)) {
            typed(tree, absent, "string", "number", "boolean");
            textRules(shape.rules(), tree);
        } else {
            typed(tree, absent, "string");
            var pattern = pattern(type, isMoreThanZero(shape.rules()));
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

    private static String pattern(Class<?> type, boolean moreThanZero) {
        var more = moreThanZero ? NOT_ZERO : "";
        if (type == Duration.class) {
            return more + DURATION + "|^" + more + "-?P[0-9DTHMS.+-]+$";
        } else if (type == ByteSize.class) {
            return more + "[0-9]+(B|KB|KiB|MB|MiB|GB|GiB|TB|TiB)$";
        } else if (type == Percent.class) {
            return more + "[0-9]+(\\.[0-9]+)?%$";
        } else if (type == UUID.class) {
            return "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";
        } else if (type == InetSocketAddress.class) {
            return "(\\[.+\\]|[^:]+):[0-9]{1,5}$";
        } else if (type == LocalDate.class) {
            return "[-+]?[0-9]{4,}-[0-9]{2}-[0-9]{2}$";
        }
        return "";
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

    private static void range(Map<String, Object> tree, Class<?> type) {
        if (type == int.class || type == Integer.class) {
            tree.put("minimum", Integer.MIN_VALUE);
            tree.put("maximum", Integer.MAX_VALUE);
        } else if (type == short.class || type == Short.class) {
            tree.put("minimum", Short.MIN_VALUE);
            tree.put("maximum", Short.MAX_VALUE);
        } else if (type == byte.class || type == Byte.class) {
            tree.put("minimum", Byte.MIN_VALUE);
            tree.put("maximum", Byte.MAX_VALUE);
        }
    }

    private static void bounds(List<Rule> rules, Map<String, Object> tree) {
        for (var rule : rules) {
            if (rule instanceof Rule.Bound bound && bound.limit() instanceof Number) {
                var inclusive = bound.lower() ? "minimum" : "maximum";
                if (bound.inclusive()) {
                    tree.put(inclusive, bound.limit());
                } else {
                    tree.remove(inclusive);
                    tree.put(bound.lower() ? "exclusiveMinimum" : "exclusiveMaximum", bound.limit());
                }
            }
        }
    }

    private static boolean isMoreThanZero(List<Rule> rules) {
        for (var rule : rules) {
            if (rule instanceof Rule.Bound bound && bound.lower() && !bound.inclusive()) {
                return true;
            }
        }
        return false;
    }

    /** Rules on texts; a text with a placeholder may have any length and form. */
    private static void textRules(List<Rule> rules, Map<String, Object> tree) {
        var exact = new LinkedHashMap<String, Object>();
        for (var rule : rules) {
            if (rule instanceof Rule.NotBlank) {
                exact.put("pattern", "\\S");
            } else if (rule instanceof Rule.Matches matches
                    && !JAVA_ALONE.matcher(matches.pattern().pattern()).find()
                    && matches.pattern().flags() == 0) {
                exact.put("pattern", "^(" + matches.pattern().pattern() + ")$");
            }
        }
        size(rules, "Length", exact);
        if (!exact.isEmpty()) {
            tree.put("anyOf", List.of(exact, Map.of("pattern", PLACEHOLDER)));
        }
    }

    /** {@code minItems}, {@code maxLength}, and so on, of {@code @NotEmpty} and {@code @Size}. */
    static void size(List<Rule> rules, String of, Map<String, Object> tree) {
        for (var rule : rules) {
            if (rule instanceof Rule.NotEmpty) {
                tree.put("min" + of, 1);
            } else if (rule instanceof Rule.Size size) {
                if (size.min() > 0) {
                    tree.put("min" + of, size.min());
                }
                if (size.max() < Integer.MAX_VALUE) {
                    tree.put("max" + of, size.max());
                }
            }
        }
    }
}
