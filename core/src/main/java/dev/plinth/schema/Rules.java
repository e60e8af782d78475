package dev.plinth.schema;

import dev.plinth.error.Violation;
import dev.plinth.time.Time;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rules that are put together in code: over several components of a record ({@link Ruled}), or joined from others.
 *
 * <p>They are those of pip-services. As with annotations, a value that is not there breaks none of them, except those
 * that ask for it: {@link #atLeastOne} and {@link #onlyOne}. An empty Optional, and an empty collection or map, is not
 * there. Immutable.
 */
public final class Rules {
    private Rules() {}

    /** What this class makes; the set is closed. */
    public sealed interface Made extends Rule {}

    /** All of these hold. */
    public static Rule and(Rule... rules) {
        return new And(List.of(rules));
    }

    /** One of these holds, or more. */
    public static Rule or(Rule... rules) {
        return new Or(List.of(rules));
    }

    /** This does not hold. */
    public static Rule not(Rule rule) {
        return new Not(rule);
    }

    /** Of these components of a record one is there, or more. */
    public static Rule atLeastOne(String... components) {
        return new Given(List.of(components), false);
    }

    /** Of these components of a record exactly one is there. */
    public static Rule onlyOne(String... components) {
        return new Given(List.of(components), true);
    }

    /** The value is one of these. */
    public static Rule included(Object... values) {
        return new Choice(List.of(values), true);
    }

    /** The value is none of these. */
    public static Rule excluded(Object... values) {
        return new Choice(List.of(values), false);
    }

    /** The rule holds for that component of a record; the violation names it. */
    public static Rule on(String component, Rule rule) {
        return new On(component, rule);
    }

    /** A component of a record is so to a value, or to another component: {@link #component(String)}. */
    public static Rule compare(String component, Comparison comparison, Object to) {
        if (comparison == Comparison.LIKE && !(to instanceof Pattern)) {
            return new Compare(component, comparison, Pattern.compile(to.toString()));
        }
        return new Compare(component, comparison, to);
    }

    /** Stands for the value of that component, on the right side of {@link #compare}. */
    public static Object component(String name) {
        return new Component(name);
    }

    /** The value of a component, without the Optional around it; null if it is not there. */
    private static @Nullable Object value(Object record, String component) {
        var schema = Schema.of(((Record) record).getClass());
        for (var property : schema.properties()) {
            if (property.name().equals(component)) {
                var value = property.get((Record) record);
                return value instanceof Optional<?> optional ? optional.orElse(null) : value;
            }
        }
        throw new IllegalStateException("a rule names the component '" + component + "', which "
                + record.getClass().getTypeName() + " does not have (it has: " + schema.properties() + ")");
    }

    private static boolean given(@Nullable Object value) {
        return !(value == null
                || (value instanceof Collection<?> items && items.isEmpty())
                || (value instanceof Map<?, ?> map && map.isEmpty()));
    }

    private record Component(String name) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** {@link #and}. */
    public record And(List<Rule> rules) implements Made {
        @Override
        public String code() {
            return "AND";
        }

        @Override
        public String message() {
            return joined(rules, " and ");
        }

        @Override
        public String expected() {
            return expectations(rules, " and ");
        }

        @Override
        public boolean holds(@Nullable Object value, Time time) {
            for (var rule : rules) {
                if (!rule.holds(value, time)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** {@link #or}. */
    public record Or(List<Rule> rules) implements Made {
        @Override
        public String code() {
            return "OR";
        }

        @Override
        public String message() {
            return joined(rules, " or ");
        }

        @Override
        public String expected() {
            return expectations(rules, " or ");
        }

        @Override
        public boolean holds(@Nullable Object value, Time time) {
            for (var rule : rules) {
                if (rule.holds(value, time)) {
                    return true;
                }
            }
            return rules.isEmpty();
        }
    }

    /** {@link #not}. */
    public record Not(Rule rule) implements Made {
        @Override
        public String code() {
            return "NOT";
        }

        @Override
        public String message() {
            return "must not be so: it " + rule.message();
        }

        @Override
        public String expected() {
            return "not: " + rule.expected();
        }

        @Override
        public boolean holds(@Nullable Object value, Time time) {
            return value == null || !rule.holds(value, time);
        }
    }

    /**
     * {@link #atLeastOne} and {@link #onlyOne}.
     *
     * @param one whether there may be no second
     */
    public record Given(List<String> components, boolean one) implements Made {
        @Override
        public String code() {
            return one ? "ONLY_ONE" : "AT_LEAST_ONE";
        }

        @Override
        public String message() {
            return "must have " + expected();
        }

        @Override
        public String expected() {
            return (one ? "exactly one of " : "at least one of ") + String.join(", ", components);
        }

        @Override
        public boolean holds(@Nullable Object record, Time time) {
            if (record == null) {
                return true;
            }
            int count = 0;
            for (var component : components) {
                count += given(value(record, component)) ? 1 : 0;
            }
            return one ? count == 1 : count >= 1;
        }
    }

    /**
     * {@link #included} and {@link #excluded}.
     *
     * @param included whether the value must be one of them
     */
    public record Choice(List<Object> values, boolean included) implements Made {
        @Override
        public String code() {
            return included ? "INCLUDED" : "EXCLUDED";
        }

        @Override
        public String message() {
            return "must be " + expected();
        }

        @Override
        public String expected() {
            var texts = new ArrayList<String>();
            values.forEach(value -> texts.add(value.toString()));
            return (included ? "one of " : "none of ") + String.join(", ", texts);
        }

        @Override
        public boolean holds(@Nullable Object value, Time time) {
            if (value == null) {
                return true;
            }
            for (var each : values) {
                if (order(value, each) == 0) {
                    return included;
                }
            }
            return !included;
        }
    }

    /** {@link #on}. */
    public record On(String component, Rule rule) implements Made {
        @Override
        public String code() {
            return rule.code();
        }

        @Override
        public String message() {
            return component + " " + rule.message();
        }

        @Override
        public String expected() {
            return rule.expected();
        }

        @Override
        public boolean holds(@Nullable Object record, Time time) {
            return record == null || rule.holds(value(record, component), time);
        }

        @Override
        public Violation violation(String pointer, @Nullable Object record) {
            return rule.violation(pointer + "/" + component, record == null ? null : value(record, component));
        }
    }

    /**
     * {@link #compare}.
     *
     * @param to a value, or what stands for another component
     */
    public record Compare(String component, Comparison comparison, Object to) implements Made {
        @Override
        public String code() {
            return to instanceof Component ? "COMPARE_COMPONENTS" : "COMPARE";
        }

        @Override
        public String message() {
            return "must be " + expected();
        }

        @Override
        public String expected() {
            return comparison.sign() + " " + to;
        }

        @Override
        public boolean holds(@Nullable Object record, Time time) {
            if (record == null) {
                return true;
            }
            var left = value(record, component);
            var right = to instanceof Component other ? value(record, other.name) : to;
            if (left == null || right == null) {
                return true;
            }
            if (right instanceof Pattern pattern) {
                return Rule.Matches.matches(pattern, left.toString());
            }
            return comparison.holds(order(left, right));
        }

        @Override
        public Violation violation(String pointer, @Nullable Object record) {
            var value = record == null ? null : value(record, component);
            return new Violation(
                    pointer + "/" + component, code(), message(), expected(), value == null ? "" : value.toString());
        }
    }

    /** Numbers by what they are worth, all else that has an order by that, the rest by being equal. */
    @SuppressWarnings("unchecked") // a class compares with itself
    private static int order(Object a, Object b) {
        if (a instanceof Number left && b instanceof Number right) {
            return decimal(left).compareTo(decimal(right));
        }
        if (a instanceof Comparable<?> comparable && a.getClass() == b.getClass()) {
            return ((Comparable<Object>) comparable).compareTo(b);
        }
        return Objects.equals(a, b)
                        || (a instanceof Enum<?> constant && constant.name().equals(b))
                ? 0
                : 1;
    }

    private static BigDecimal decimal(Number number) {
        return number instanceof BigDecimal exact ? exact : new BigDecimal(number.toString());
    }

    private static String joined(List<Rule> rules, String by) {
        return String.join(by, rules.stream().map(Rule::message).toList());
    }

    private static String expectations(List<Rule> rules, String by) {
        return String.join(by, rules.stream().map(Rule::expected).toList());
    }
}
