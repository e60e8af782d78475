package dev.plinth.schema;

import dev.plinth.secret.Secret;
import jakarta.validation.Constraint;
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
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Turns constraint annotations into rules, and what can't be turned into faults. */
final class Constraints {
    private static final String PACKAGE = "jakarta.validation.constraints.";

    private final List<Rule> rules = new ArrayList<>(2);
    private final Shape.Kind kind;
    private final Class<?> type;
    private final Class<?> user;
    private final String where;
    private final List<String> faults;

    private Constraints(Shape.Kind kind, Class<?> type, Class<?> user, String where, List<String> faults) {
        this.kind = kind;
        this.type = type;
        this.user = user;
        this.where = where;
        this.faults = faults;
    }

    /** The rules of those annotations on a value of that type, as {@code user} declares it. */
    static List<Rule> read(
            List<Tag> tags, Shape.Kind kind, Class<?> type, Class<?> user, String where, List<String> faults) {
        if (tags.isEmpty()) {
            return List.of();
        }
        var constraints = new Constraints(kind, type, user, where, faults);
        for (var tag : tags) {
            constraints.add(tag);
        }
        return List.copyOf(constraints.rules);
    }

    /** The rule on the record as a whole that stands on its method of that name and descriptor; null if there is none. */
    static Rule.@Nullable Whole readWhole(Class<?> record, String method, List<Tag> tags, List<String> faults) {
        var name = method.substring(0, method.indexOf('('));
        var where = record.getTypeName() + "." + name;
        Rule.Whole rule = null;
        for (var tag : tags) {
            var wanted = tag.type().equals(PACKAGE + "AssertTrue");
            var asserted = wanted || tag.type().equals(PACKAGE + "AssertFalse");
            if (asserted && method.endsWith("()Z")) {
                var standard = "must " + (wanted ? "" : "not ") + "satisfy '" + name + "'";
                var message = new Constraints(Shape.Kind.RECORD, record, record, where, faults).message(tag, standard);
                try {
                    var declared = record.getDeclaredMethod(name);
                    declared.trySetAccessible();
                    rule = new Rule.Whole(declared, wanted, message);
                } catch (NoSuchMethodException e) {
                    throw new AssertionError("a class without a method of its class file: " + where, e);
                }
            } else if (isConstraint(tag, record)) {
                faults.add(
                        where + ": " + tag
                                + " on a method (expected: a component, or @AssertTrue on a boolean method without parameters)");
            }
        }
        return rule;
    }

    /** Refuses constraints on the record itself. */
    static void readRecord(Class<?> record, List<Tag> tags, List<String> faults) {
        for (var tag : tags) {
            if (isConstraint(tag, record)) {
                faults.add(record.getTypeName() + ": the constraint " + tag + " on the whole record is not interpreted."
                        + " Check it in the compact constructor, or by a boolean method with @AssertTrue");
            }
        }
    }

    private static boolean isConstraint(Tag tag, Class<?> user) {
        var name = tag.type();
        if (name.startsWith("jakarta.validation.")) {
            // What is within is judged anyway; all else of the standard, such as groups, would mean something.
            return !name.equals("jakarta.validation.Valid");
        }
        // Most annotations that are no constraints are these, and looking into one costs.
        if (name.startsWith("org.jspecify.") || name.startsWith("dev.plinth.") || name.startsWith("java.lang.")) {
            return false;
        }
        try {
            var annotation = Class.forName(name, false, user.getClassLoader());
            return Schema.tag(Constraint.class, Declaration.of(annotation).onRecord()) != null;
        } catch (ClassNotFoundException e) {
            // Annotations may be missing at run time; one that is means nothing to anybody.
            return false;
        }
    }

    private void add(Tag tag) {
        if (!tag.type().startsWith(PACKAGE)) {
            if (isConstraint(tag, user)) {
                notInterpreted(tag);
            }
            return;
        }
        var name = tag.type().substring(PACKAGE.length());
        if (name.endsWith("$List")) {
            for (var repeated : tag.list("value")) {
                add((Tag) repeated);
            }
            return;
        }
        switch (name) {
            case "NotNull" -> rules.add(new Rule.NotNull(message(tag, Rule.NotNull.MESSAGE)));
            case "Null" -> {
                refuseIf(type.isPrimitive(), tag, "a type that can be null");
                rules.add(new Rule.Null(message(tag, Rule.Null.MESSAGE)));
            }
            case "NotBlank" -> {
                onText(tag);
                rules.add(new Rule.NotBlank(message(tag, Rule.NotBlank.MESSAGE)));
            }
            case "NotEmpty" -> {
                onSized(tag);
                rules.add(new Rule.NotEmpty(message(tag, Rule.NotEmpty.MESSAGE)));
            }
            case "Size" -> size(tag);
            case "Min" -> {
                onWhole(tag, "Min");
                whole(tag, "MIN", true);
            }
            case "Max" -> {
                onWhole(tag, "Max");
                whole(tag, "MAX", false);
            }
            case "DecimalMin" -> decimal(tag, "DECIMAL_MIN", true);
            case "DecimalMax" -> decimal(tag, "DECIMAL_MAX", false);
            case "Positive" -> sign(tag, "POSITIVE", true, false);
            case "PositiveOrZero" -> sign(tag, "POSITIVE_OR_ZERO", true, true);
            case "Negative" -> sign(tag, "NEGATIVE", false, false);
            case "NegativeOrZero" -> sign(tag, "NEGATIVE_OR_ZERO", false, true);
            case "Digits" -> {
                refuseIf(!isNumber() && type != String.class, tag, "a number or a text");
                var integer = tag.number("integer", 0);
                var fraction = tag.number("fraction", 0);
                var message = message(
                        tag,
                        "must have " + Rule.Digits.expected(integer, fraction),
                        "integer",
                        integer,
                        "fraction",
                        fraction);
                rules.add(new Rule.Digits(integer, fraction, message));
            }
            case "Pattern" -> {
                onText(tag);
                var pattern = pattern(tag);
                if (pattern != null) {
                    var standard = "must match " + pattern.pattern();
                    rules.add(new Rule.Matches(pattern, message(tag, standard, "regexp", pattern.pattern())));
                }
            }
            case "Email" -> {
                onText(tag);
                var regexp = tag.text("regexp", ".*");
                rules.add(new Rule.Email(
                        regexp.equals(".*") ? null : pattern(tag), message(tag, Rule.Email.MESSAGE, "regexp", regexp)));
            }
            case "Past" -> temporal(tag, "PAST", true, false);
            case "PastOrPresent" -> temporal(tag, "PAST_OR_PRESENT", true, true);
            case "Future" -> temporal(tag, "FUTURE", false, false);
            case "FutureOrPresent" -> temporal(tag, "FUTURE_OR_PRESENT", false, true);
            case "AssertTrue" -> truth(tag, true);
            case "AssertFalse" -> truth(tag, false);
            default -> notInterpreted(tag);
        }
    }

    private void size(Tag tag) {
        onSized(tag);
        var min = tag.number("min", 0);
        var max = tag.number("max", Integer.MAX_VALUE);
        if (min < 0 || max < min) {
            faults.add(where + ": @Size(min = " + min + ", max = " + max + ") (expected: 0 <= min <= max)");
        }
        var unit = kind == Shape.Kind.TEXT ? " character" : kind == Shape.Kind.BYTES ? " byte" : " item";
        String expected;
        if (max == Integer.MAX_VALUE) {
            expected = "at least " + min + unit + (min == 1 ? "" : "s");
        } else {
            expected = (min == max ? "" : min == 0 ? "at most " : min + "..") + max + unit + (max == 1 ? "" : "s");
        }
        rules.add(new Rule.Size(min, max, expected, message(tag, "must have " + expected, "min", min, "max", max)));
    }

    private void sign(Tag tag, String code, boolean lower, boolean inclusive) {
        onNumber(tag);
        Comparable<?> zero = 0L;
        if (type == Duration.class) {
            zero = Duration.ZERO;
        } else if (type == ByteSize.class) {
            zero = new ByteSize(0);
        } else if (type == Percent.class) {
            zero = new Percent(0);
        }
        bound(tag, code, zero, "0", lower, inclusive);
    }

    private void whole(Tag tag, String code, boolean lower) {
        var limit = (Long) tag.values().getOrDefault("value", 0L);
        if (type == ByteSize.class && limit < 0) {
            faults.add(where + ": " + tag + "(" + limit + ") (expected: 0 or more, as every ByteSize is)");
        } else {
            bound(tag, code, type == ByteSize.class ? new ByteSize(limit) : limit, limit.toString(), lower, true);
        }
    }

    private void decimal(Tag tag, String code, boolean lower) {
        if (type != String.class) {
            onNumber(tag);
        }
        var text = tag.text("value", "");
        try {
            bound(tag, code, limit(text), text, lower, tag.flag("inclusive", true));
        } catch (NumberFormatException e) {
            faults.add(where + ": " + tag + "(\"" + text + "\") (expected: a number)");
        } catch (IllegalArgumentException e) {
            faults.add(where + ": " + tag + ": " + e.getMessage());
        }
    }

    private Comparable<?> limit(String text) {
        if (type == Duration.class || type == ByteSize.class || type == Percent.class) {
            return (Comparable<?>) TextParser.parse(text, type);
        }
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            return new BigDecimal(text);
        }
    }

    private void bound(Tag tag, String code, Comparable<?> limit, String text, boolean lower, boolean inclusive) {
        var standard =
                (lower ? "must be greater than " : "must be less than ") + (inclusive ? "or equal to " : "") + text;
        var expected = (lower ? ">" : "<") + (inclusive ? "= " : " ") + text;
        var message = message(tag, standard, "value", text, "inclusive", inclusive);
        rules.add(new Rule.Bound(code, limit, lower, inclusive, expected, message));
    }

    private void temporal(Tag tag, String code, boolean past, boolean orPresent) {
        var temporal = type == Instant.class
                || type == LocalDate.class
                || type == LocalDateTime.class
                || type == LocalTime.class
                || type == OffsetDateTime.class;
        refuseIf(!temporal, tag, "Instant, OffsetDateTime, LocalDateTime, LocalDate or LocalTime");
        rules.add(new Rule.Temporal(code, past, orPresent, message(tag, Rule.Temporal.message(past, orPresent))));
    }

    private void truth(Tag tag, boolean wanted) {
        refuseIf(type != boolean.class && type != Boolean.class, tag, "boolean");
        rules.add(new Rule.Truth(wanted, message(tag, wanted ? "must be true" : "must be false")));
    }

    private @Nullable Pattern pattern(Tag tag) {
        var regexp = tag.text("regexp", "");
        var flags = 0;
        for (var flag : tag.list("flags")) {
            flags |= jakarta.validation.constraints.Pattern.Flag.valueOf((String) flag)
                    .getValue();
        }
        try {
            return Pattern.compile(regexp, flags);
        } catch (PatternSyntaxException e) {
            faults.add(where + ": " + tag + " has no regular expression: '" + regexp + "' (" + e.getDescription()
                    + " near index " + e.getIndex() + ")");
            return null;
        }
    }

    /** The annotation's own message with its attributes in place of their names in braces, or else the standard one. */
    private String message(Tag tag, String standard, Object... attributes) {
        for (var unsupported : List.of("groups", "payload")) {
            if (!tag.list(unsupported).isEmpty()) {
                faults.add(where + ": " + tag + " has " + unsupported
                        + " (expected: none). Leave it out: every rule always holds");
            }
        }
        var message = tag.text("message");
        if (message == null) {
            return standard;
        }
        var text = message;
        for (int i = 0; i < attributes.length; i += 2) {
            text = text.replace("{" + attributes[i] + "}", attributes[i + 1].toString());
        }
        if (message.indexOf('{') >= 0 && text.equals(message)) {
            faults.add(where + ": the message of " + tag + " names something in braces that it does not have: '"
                    + message + "'");
        }
        return text;
    }

    private void notInterpreted(Tag tag) {
        faults.add(where + ": the constraint " + tag + " is not interpreted (expected: those of"
                + " jakarta.validation.constraints). Use one of them, or check it in the record's compact constructor");
    }

    private void onText(Tag tag) {
        refuseIf(type != String.class && type != Secret.class, tag, "String or Secret");
    }

    private void onSized(Tag tag) {
        var sized = kind == Shape.Kind.LIST
                || kind == Shape.Kind.SET
                || kind == Shape.Kind.MAP
                || kind == Shape.Kind.ARRAY
                || kind == Shape.Kind.BYTES
                || type == String.class
                || type == Secret.class;
        refuseIf(!sized, tag, "String, Secret, a collection, a map or an array");
    }

    private void onNumber(Tag tag) {
        refuseIf(!isNumber() && !isUnit(), tag, "a number, Duration, ByteSize or Percent");
    }

    private void onWhole(Tag tag, String name) {
        var unit = type == Duration.class ? "1s" : type == Percent.class ? "10%" : "";
        refuseIf(
                !isNumber() && type != ByteSize.class,
                tag,
                unit.isEmpty() ? "a number or ByteSize" : "@Decimal" + name + "(\"" + unit + "\")");
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

    private void refuseIf(boolean misplaced, Tag tag, String expected) {
        if (misplaced) {
            var hint =
                    kind == Shape.Kind.OPTIONAL ? ". Put it on what the Optional holds: Optional<" + tag + " …>" : "";
            faults.add(where + ": " + tag + " does not apply to " + type.getSimpleName() + " (expected: " + expected
                    + ")" + hint);
        }
    }
}
