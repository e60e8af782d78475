package dev.plinth.schema;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Rules and types in the words of JSON Schema, as far as it has one: what the schema of configuration and that of bodies
 * have in common. A description is a tree of maps, lists and values, to which these methods add.
 */
public final class Keywords {
    private static final String NOT_ZERO = "(?=[^$]*[1-9])";
    private static final String DURATION =
            "(?=[0-9])([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?([0-9]+us)?([0-9]+ns)?$";

    /** What a regular expression of Java can hold and that of an editor can't, or reads otherwise. */
    private static final Pattern JAVA_ALONE =
            Pattern.compile("\\(\\?|\\\\[pPQEhHvVRXGzZAbB]|[+*?}]\\+|&&|\\[[^\\]]*\\[");

    private Keywords() {}

    /** {@code minItems}, {@code maxLength}, and so on, of {@code @NotEmpty} and {@code @Size}. */
    public static void size(List<Rule> rules, String of, Map<String, Object> to) {
        for (var rule : rules) {
            if (rule instanceof Rule.NotEmpty) {
                to.put("min" + of, 1);
            } else if (rule instanceof Rule.Size size) {
                if (size.min() > 0) {
                    to.put("min" + of, size.min());
                }
                if (size.max() < Integer.MAX_VALUE) {
                    to.put("max" + of, size.max());
                }
            }
        }
    }

    /** {@code minimum}, {@code exclusiveMaximum}, and so on, of the limits of numbers. */
    public static void bounds(List<Rule> rules, Map<String, Object> to) {
        for (var rule : rules) {
            if (rule instanceof Rule.Bound bound && bound.limit() instanceof Number) {
                var inclusive = bound.lower() ? "minimum" : "maximum";
                if (bound.inclusive()) {
                    to.put(inclusive, bound.limit());
                } else {
                    to.remove(inclusive);
                    to.put(bound.lower() ? "exclusiveMinimum" : "exclusiveMaximum", bound.limit());
                }
            }
        }
    }

    /** {@code minimum} and {@code maximum} of what a small whole number can hold. */
    public static void range(Class<?> type, Map<String, Object> to) {
        if (type == int.class || type == Integer.class) {
            to.put("minimum", Integer.MIN_VALUE);
            to.put("maximum", Integer.MAX_VALUE);
        } else if (type == short.class || type == Short.class) {
            to.put("minimum", Short.MIN_VALUE);
            to.put("maximum", Short.MAX_VALUE);
        } else if (type == byte.class || type == Byte.class) {
            to.put("minimum", Byte.MIN_VALUE);
            to.put("maximum", Byte.MAX_VALUE);
        }
    }

    /** {@code pattern}, {@code minLength}, {@code format}, of the rules on texts. */
    public static void text(List<Rule> rules, Map<String, Object> to) {
        var patterns = new ArrayList<String>(1);
        for (var rule : rules) {
            if (rule instanceof Rule.NotBlank) {
                patterns.add("\\S");
            } else if (rule instanceof Rule.Matches matches && isPortable(matches.pattern())) {
                patterns.add("^(" + matches.pattern().pattern() + ")$");
            } else if (rule instanceof Rule.Email) {
                to.put("format", "email");
            }
        }
        if (patterns.size() == 1) {
            to.put("pattern", patterns.getFirst());
        } else if (!patterns.isEmpty()) {
            var all = new ArrayList<Object>();
            for (var pattern : patterns) {
                all.add(new LinkedHashMap<>(Map.of("pattern", pattern)));
            }
            to.put("allOf", all);
        }
        size(rules, "Length", to);
    }

    /** Whether others than Java read the expression alike. */
    public static boolean isPortable(Pattern pattern) {
        return pattern.flags() == 0 && !JAVA_ALONE.matcher(pattern.pattern()).find();
    }

    /**
     * What a text of that type looks like, from behind {@code ^} to the end, as a regular expression; empty where that is
     * not worth one.
     *
     * @param moreThanZero whether 0s is none
     */
    public static String form(Class<?> type, boolean moreThanZero) {
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

    /** Whether a rule says that a value is above zero. */
    public static boolean isMoreThanZero(List<Rule> rules) {
        for (var rule : rules) {
            if (rule instanceof Rule.Bound bound && bound.lower() && !bound.inclusive()) {
                return true;
            }
        }
        return false;
    }
}
