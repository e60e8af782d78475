package dev.plinth.schema;

import dev.plinth.secret.Secret;
import jakarta.validation.Constraint;
import jakarta.validation.constraints.AssertFalse;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.FutureOrPresent;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Negative;
import jakarta.validation.constraints.NegativeOrZero;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Null;
import jakarta.validation.constraints.Past;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Turns constraint annotations into rules, and what can't be turned into faults.
 *
 * <p>The switch is over names and not over types, because the first switch over types costs a start more than all of
 * these rules together.
 */
final class Constraints {
    private static final String PACKAGE = "jakarta.validation.constraints.";
    private static final String NUMBERS = "a number, Duration, ByteSize or Percent";

    private final List<Rule> rules = new ArrayList<>(2);
    private final Shape.Kind kind;
    private final Class<?> type;
    private final String where;
    private final List<String> faults;

    private Constraints(Shape.Kind kind, Class<?> type, String where, List<String> faults) {
        this.kind = kind;
        this.type = type;
        this.where = where;
        this.faults = faults;
    }

    /** The rules of those annotations on a value of that type. */
    static List<Rule> read(
            List<Annotation> annotations, Shape.Kind kind, Class<?> type, String where, List<String> faults) {
        if (annotations.isEmpty()) {
            return List.of();
        }
        var constraints = new Constraints(kind, type, where, faults);
        for (var annotation : annotations) {
            constraints.add(annotation);
        }
        return List.copyOf(constraints.rules);
    }

    /** The rule on the record as a whole that stands on one of its methods; null if there is none. */
    static Rule.@Nullable Whole readWhole(Method method, String where, List<String> faults) {
        Rule.Whole rule = null;
        for (var annotation : method.getDeclaredAnnotations()) {
            var asserted = annotation instanceof AssertTrue || annotation instanceof AssertFalse;
            if (!asserted && !isConstraint(annotation.annotationType())) {
                continue;
            }
            if (asserted && method.getReturnType() == boolean.class && method.getParameterCount() == 0) {
                var constraints = new Constraints(Shape.Kind.TEXT, boolean.class, where, faults);
                var wanted = annotation instanceof AssertTrue;
                var message = annotation instanceof AssertTrue a
                        ? constraints.message(annotation, a.message(), a.groups(), a.payload(), "")
                        : constraints.messageOfFalse((AssertFalse) annotation);
                rule = new Rule.Whole(
                        method,
                        wanted,
                        message.isEmpty()
                                ? "must " + (wanted ? "" : "not ") + "satisfy '" + method.getName() + "'"
                                : message);
            } else {
                faults.add(
                        where + ": " + name(annotation)
                                + " on a method (expected: a component, or @AssertTrue on a boolean method without parameters)");
            }
        }
        return rule;
    }

    private String messageOfFalse(AssertFalse a) {
        return message(a, a.message(), a.groups(), a.payload(), "");
    }

    private void add(Annotation annotation) {
        var name = annotation.annotationType().getName();
        if (!name.startsWith(PACKAGE)) {
            if (isConstraint(annotation.annotationType())) {
                faults.add(where + ": the constraint " + name(annotation)
                        + " is not interpreted (expected: those of jakarta.validation.constraints). Use one of them, or"
                        + " check it in the record's compact constructor");
            }
            return;
        }
        switch (name.substring(PACKAGE.length())) {
            case "NotNull" -> {
                var a = (NotNull) annotation;
                rules.add(new Rule.NotNull(message(a, a.message(), a.groups(), a.payload(), Rule.NotNull.MESSAGE)));
            }
            case "Null" -> {
                var a = (Null) annotation;
                if (type.isPrimitive()) {
                    misplaced(a, "a type that can be null");
                }
                rules.add(new Rule.Null(message(a, a.message(), a.groups(), a.payload(), Rule.Null.MESSAGE)));
            }
            case "NotBlank" -> {
                var a = (NotBlank) annotation;
                onText(a);
                rules.add(new Rule.NotBlank(message(a, a.message(), a.groups(), a.payload(), Rule.NotBlank.MESSAGE)));
            }
            case "NotEmpty" -> {
                var a = (NotEmpty) annotation;
                onSized(a);
                rules.add(new Rule.NotEmpty(message(a, a.message(), a.groups(), a.payload(), Rule.NotEmpty.MESSAGE)));
            }
            case "Size" -> {
                var a = (Size) annotation;
                onSized(a);
                if (a.min() < 0 || a.max() < a.min()) {
                    faults.add(where + ": @Size(min = " + a.min() + ", max = " + a.max()
                            + ") (expected: 0 <= min <= max)");
                }
                var expected = size(a.min(), a.max());
                var message = message(
                        a,
                        a.message(),
                        a.groups(),
                        a.payload(),
                        "must have " + expected,
                        "min",
                        a.min(),
                        "max",
                        a.max());
                rules.add(new Rule.Size(a.min(), a.max(), expected, message));
            }
            case "Min" -> {
                var a = (Min) annotation;
                onWhole(a);
                bound(a, "MIN", a.value(), true, true, a.message(), a.groups(), a.payload());
            }
            case "Max" -> {
                var a = (Max) annotation;
                onWhole(a);
                bound(a, "MAX", a.value(), false, true, a.message(), a.groups(), a.payload());
            }
            case "DecimalMin" -> {
                var a = (DecimalMin) annotation;
                bound(a, "DECIMAL_MIN", a.value(), true, a.inclusive(), a.message(), a.groups(), a.payload());
            }
            case "DecimalMax" -> {
                var a = (DecimalMax) annotation;
                bound(a, "DECIMAL_MAX", a.value(), false, a.inclusive(), a.message(), a.groups(), a.payload());
            }
            case "Positive" -> {
                var a = (Positive) annotation;
                onNumber(a);
                bound(a, "POSITIVE", 0, true, false, a.message(), a.groups(), a.payload());
            }
            case "PositiveOrZero" -> {
                var a = (PositiveOrZero) annotation;
                onNumber(a);
                bound(a, "POSITIVE_OR_ZERO", 0, true, true, a.message(), a.groups(), a.payload());
            }
            case "Negative" -> {
                var a = (Negative) annotation;
                onNumber(a);
                bound(a, "NEGATIVE", 0, false, false, a.message(), a.groups(), a.payload());
            }
            case "NegativeOrZero" -> {
                var a = (NegativeOrZero) annotation;
                onNumber(a);
                bound(a, "NEGATIVE_OR_ZERO", 0, false, true, a.message(), a.groups(), a.payload());
            }
            case "Digits" -> {
                var a = (Digits) annotation;
                if (!isNumber() && type != String.class) {
                    misplaced(a, "a number or a text");
                }
                var standard = "must have at most " + a.integer() + " digits before and " + a.fraction()
                        + " after the decimal point";
                rules.add(new Rule.Digits(
                        a.integer(),
                        a.fraction(),
                        message(
                                a,
                                a.message(),
                                a.groups(),
                                a.payload(),
                                standard,
                                "integer",
                                a.integer(),
                                "fraction",
                                a.fraction())));
            }
            case "Pattern" -> {
                var a = (Pattern) annotation;
                onText(a);
                var pattern = compile(a, a.regexp(), a.flags());
                if (pattern != null) {
                    rules.add(new Rule.Matches(
                            pattern,
                            message(
                                    a,
                                    a.message(),
                                    a.groups(),
                                    a.payload(),
                                    "must match " + a.regexp(),
                                    "regexp",
                                    a.regexp())));
                }
            }
            case "Email" -> {
                var a = (Email) annotation;
                onText(a);
                var pattern = a.regexp().equals(".*") ? null : compile(a, a.regexp(), a.flags());
                rules.add(new Rule.Email(
                        pattern,
                        message(a, a.message(), a.groups(), a.payload(), Rule.Email.MESSAGE, "regexp", a.regexp())));
            }
            case "Past" -> {
                var a = (Past) annotation;
                temporal(a, "PAST", true, false, a.message(), a.groups(), a.payload());
            }
            case "PastOrPresent" -> {
                var a = (PastOrPresent) annotation;
                temporal(a, "PAST_OR_PRESENT", true, true, a.message(), a.groups(), a.payload());
            }
            case "Future" -> {
                var a = (Future) annotation;
                temporal(a, "FUTURE", false, false, a.message(), a.groups(), a.payload());
            }
            case "FutureOrPresent" -> {
                var a = (FutureOrPresent) annotation;
                temporal(a, "FUTURE_OR_PRESENT", false, true, a.message(), a.groups(), a.payload());
            }
            case "AssertTrue" -> {
                var a = (AssertTrue) annotation;
                onBoolean(a);
                rules.add(new Rule.Truth(true, message(a, a.message(), a.groups(), a.payload(), "must be true")));
            }
            case "AssertFalse" -> {
                var a = (AssertFalse) annotation;
                onBoolean(a);
                rules.add(new Rule.Truth(false, message(a, a.message(), a.groups(), a.payload(), "must be false")));
            }
            case "Size$List" -> addAll(((Size.List) annotation).value());
            case "Pattern$List" -> addAll(((Pattern.List) annotation).value());
            case "Min$List" -> addAll(((Min.List) annotation).value());
            case "Max$List" -> addAll(((Max.List) annotation).value());
            case "DecimalMin$List" -> addAll(((DecimalMin.List) annotation).value());
            case "DecimalMax$List" -> addAll(((DecimalMax.List) annotation).value());
            case "Digits$List" -> addAll(((Digits.List) annotation).value());
            case "Email$List" -> addAll(((Email.List) annotation).value());
            default ->
                faults.add(where + ": " + name(annotation)
                        + " is not interpreted (expected: the single constraints of jakarta.validation.constraints)");
        }
    }

    private void addAll(Annotation[] repeated) {
        for (var annotation : repeated) {
            add(annotation);
        }
    }

    private void bound(
            Annotation a,
            String code,
            long limit,
            boolean lower,
            boolean inclusive,
            String message,
            Class<?>[] groups,
            Class<?>[] payload) {
        bound(a, code, BigDecimal.valueOf(limit), String.valueOf(limit), lower, inclusive, message, groups, payload);
    }

    private void bound(
            Annotation a,
            String code,
            String limit,
            boolean lower,
            boolean inclusive,
            String message,
            Class<?>[] groups,
            Class<?>[] payload) {
        onNumberOrText(a);
        try {
            var value = isUnit() ? Rule.Bound.number(TextParser.parse(limit, type)) : new BigDecimal(limit);
            if (value != null) {
                bound(a, code, value, limit, lower, inclusive, message, groups, payload);
            }
        } catch (NumberFormatException e) {
            faults.add(where + ": " + name(a) + "(\"" + limit + "\") (expected: a number)");
        } catch (IllegalArgumentException e) {
            faults.add(where + ": " + name(a) + ": " + e.getMessage());
        }
    }

    private void bound(
            Annotation a,
            String code,
            BigDecimal limit,
            String text,
            boolean lower,
            boolean inclusive,
            String message,
            Class<?>[] groups,
            Class<?>[] payload) {
        var standard =
                (lower ? "must be greater than " : "must be less than ") + (inclusive ? "or equal to " : "") + text;
        var expected = (lower ? ">" : "<") + (inclusive ? "= " : " ") + text;
        var custom = message(a, message, groups, payload, standard, "value", text, "inclusive", inclusive);
        rules.add(new Rule.Bound(code, limit, lower, inclusive, expected, custom));
    }

    private void temporal(
            Annotation a,
            String code,
            boolean past,
            boolean orPresent,
            String message,
            Class<?>[] groups,
            Class<?>[] payload) {
        if (type != Instant.class
                && type != LocalDate.class
                && type != LocalDateTime.class
                && type != LocalTime.class
                && type != OffsetDateTime.class) {
            misplaced(a, "Instant, OffsetDateTime, LocalDateTime, LocalDate or LocalTime");
        }
        var standard = Rule.Temporal.message(past, orPresent);
        rules.add(new Rule.Temporal(code, past, orPresent, message(a, message, groups, payload, standard)));
    }

    private java.util.regex.@Nullable Pattern compile(Annotation a, String regexp, Pattern.Flag[] flags) {
        var bits = 0;
        for (var flag : flags) {
            bits |= flag.getValue();
        }
        try {
            return java.util.regex.Pattern.compile(regexp, bits);
        } catch (PatternSyntaxException e) {
            faults.add(where + ": " + name(a) + " has no regular expression: '" + regexp + "' (" + e.getDescription()
                    + " near index " + e.getIndex() + ")");
            return null;
        }
    }

    /** The annotation's own message with its attributes in place of their names in braces, or else the standard one. */
    private String message(
            Annotation a,
            String message,
            Class<?>[] groups,
            Class<?>[] payload,
            String standard,
            Object... attributes) {
        if (groups.length > 0 || payload.length > 0) {
            faults.add(where + ": " + name(a) + " has " + (groups.length > 0 ? "groups" : "a payload")
                    + ", which are not interpreted. Leave them out: every rule always holds");
        }
        if (message.startsWith("{jakarta.validation.constraints.")) {
            return standard;
        }
        var text = message;
        for (int i = 0; i < attributes.length; i += 2) {
            text = text.replace("{" + attributes[i] + "}", attributes[i + 1].toString());
        }
        if (message.indexOf('{') >= 0 && text.equals(message)) {
            faults.add(where + ": the message of " + name(a) + " names something in braces that it does not have: '"
                    + message + "'");
        }
        return text;
    }

    private void onText(Annotation a) {
        if (type != String.class && type != Secret.class) {
            misplaced(a, "String or Secret");
        }
    }

    private void onSized(Annotation a) {
        switch (kind) {
            case LIST, SET, MAP, ARRAY, BYTES -> {}
            default -> {
                if (type != String.class && type != Secret.class) {
                    misplaced(a, "String, Secret, a collection, a map or an array");
                }
            }
        }
    }

    private void onBoolean(Annotation a) {
        if (type != boolean.class && type != Boolean.class) {
            misplaced(a, "boolean");
        }
    }

    private void onNumber(Annotation a) {
        if (!isNumber() && !isUnit()) {
            misplaced(a, NUMBERS);
        }
    }

    private void onNumberOrText(Annotation a) {
        if (type != String.class) {
            onNumber(a);
        }
    }

    private void onWhole(Annotation a) {
        if (type == Duration.class || type == Percent.class) {
            misplaced(
                    a,
                    "a number or ByteSize; or "
                            + (type == Duration.class
                                    ? "@Decimal" + a.annotationType().getSimpleName() + "(\"1s\")"
                                    : "@Decimal" + a.annotationType().getSimpleName() + "(\"10%\")"));
        } else if (!isNumber() && type != ByteSize.class) {
            misplaced(a, "a number or ByteSize");
        }
    }

    private boolean isUnit() {
        return type == Duration.class || type == ByteSize.class || type == Percent.class;
    }

    private boolean isNumber() {
        return (type.isPrimitive() && type != boolean.class && type != char.class)
                || type == Integer.class
                || type == Long.class
                || type == Double.class
                || type == BigDecimal.class
                || type == BigInteger.class
                || type == Float.class
                || type == Short.class
                || type == Byte.class;
    }

    private void misplaced(Annotation a, String expected) {
        var hint = kind == Shape.Kind.OPTIONAL ? ". Put it on what the Optional holds: Optional<@… T>" : "";
        faults.add(where + ": " + name(a) + " does not apply to " + type.getSimpleName() + " (expected: " + expected
                + ")" + hint);
    }

    private String size(int min, int max) {
        var unit = kind == Shape.Kind.TEXT ? " character" : kind == Shape.Kind.BYTES ? " byte" : " item";
        if (max == Integer.MAX_VALUE) {
            return "at least " + min + unit + (min == 1 ? "" : "s");
        }
        if (min == max) {
            return min + unit + (min == 1 ? "" : "s");
        }
        return (min == 0 ? "at most " : min + "..") + max + unit + (max == 1 ? "" : "s");
    }

    static boolean isConstraint(Class<? extends Annotation> type) {
        // Most annotations that are no constraints are these, and looking into one costs.
        return !type.getName().startsWith("org.jspecify.")
                && !type.getName().startsWith("dev.plinth.")
                && type.isAnnotationPresent(Constraint.class);
    }

    private static String name(Annotation annotation) {
        return "@" + annotation.annotationType().getSimpleName();
    }
}
