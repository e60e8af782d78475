package dev.plinth.http;

import dev.plinth.error.Problem;
import dev.plinth.error.Violation;
import dev.plinth.schema.Property;
import dev.plinth.schema.Schema;
import dev.plinth.schema.Shape;
import dev.plinth.schema.TextParser;
import dev.plinth.time.Time;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes a record of texts that have names: those of a query, a form, headers or cookies. A component takes the text of
 * its own name, a list or set all of them, an {@link Upload} the file; a record within takes {@code outer.inner}. All that
 * is wrong comes back at once.
 */
final class Binding {
    private enum Mark {
        /** What stands in place of a value that could not be read; what was wrong has been noted. */
        FAILED
    }

    /** Where the texts are from. */
    interface Source {
        /** The texts of that name, in their order. */
        List<String> texts(String name);

        /** The files of that name, in their order. */
        default List<Upload> files(String name) {
            return List.of();
        }

        /** Whether an empty text stands for none where no text is asked for, as in a form that people fill in. */
        default boolean blankIsNone() {
            return false;
        }
    }

    private final String where;
    private final Source source;
    private final Function<Property, String> names;
    private final Time time;
    private final List<Violation> violations = new ArrayList<>(0);

    private Binding(String where, Source source, Function<Property, String> names, Time time) {
        this.where = where;
        this.source = source;
        this.names = names;
        this.time = time;
    }

    /**
     * Binds.
     *
     * @param where begins the pointer of each violation: {@code query:}
     * @throws Problem 400 {@code VALIDATION_FAILED} with all that is wrong
     * @throws IllegalArgumentException if a component is of a type that no text can be
     */
    static <T extends Record> T bind(
            Class<T> type, String where, Source source, Function<Property, String> names, Time time) {
        var binding = new Binding(where, source, names, time);
        var bound = binding.record(Schema.of(type), "");
        if (bound == Mark.FAILED || !binding.violations.isEmpty()) {
            throw Problem.invalid(binding.violations);
        }
        return type.cast(bound);
    }

    private Object record(Schema<?> schema, String prefix) {
        var properties = schema.properties();
        var values = new @Nullable Object[properties.size()];
        boolean failed = false;
        for (int i = 0; i < values.length; i++) {
            var property = properties.get(i);
            values[i] = component(property, prefix + names.apply(property));
            failed |= values[i] == Mark.FAILED;
        }
        return failed ? Mark.FAILED : create(schema, values, prefix);
    }

    /** Calls the constructor, which may refuse, and asks the rules on the record as a whole. */
    private Object create(Schema<?> schema, @Nullable Object[] values, String prefix) {
        var pointer = where + (prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1));
        Record record;
        try {
            record = schema.create(values);
        } catch (IllegalArgumentException refused) {
            var message = refused.getMessage();
            violations.add(Violation.of(pointer, "INVALID", message == null ? "is refused" : message));
            return Mark.FAILED;
        }
        return schema.checkWhole(record, "", time, violation -> violations.add(moved(violation, pointer)))
                ? record
                : Mark.FAILED;
    }

    /** A rule on the whole may name a component, {@code /to}: here that is {@code query:to}. */
    private static Violation moved(Violation violation, String to) {
        var name = violation.pointer().replace("/", to.endsWith(":") ? "" : ".");
        return new Violation(
                to + name, violation.code(), violation.message(), violation.expected(), violation.actual());
    }

    private @Nullable Object component(Property property, String name) {
        var shape = property.shape();
        if (shape.kind() == Shape.Kind.RECORD) {
            return record(Schema.of(property.rawType().asSubclass(Record.class)), name + ".");
        }
        int before = violations.size();
        var value = value(shape, name);
        if (violations.size() > before) {
            return Mark.FAILED;
        }
        if (value == null) {
            value = property.absent();
        }
        if (value == null && property.rawType().isPrimitive()) {
            violations.add(Violation.of(where + name, "REQUIRED", "must be given"));
            return Mark.FAILED;
        }
        if (value == null && shape.kind() == Shape.Kind.LIST) {
            value = List.of();
        } else if (value == null && shape.kind() == Shape.Kind.SET) {
            value = Set.of();
        }
        shape.check(value, where + name, time, violations::add);
        return violations.size() > before ? Mark.FAILED : value;
    }

    private @Nullable Object value(Shape shape, String name) {
        return switch (shape.kind()) {
            case TEXT, OTHER -> single(shape, name);
            case OPTIONAL -> {
                var held = single(shape.arguments().getFirst(), name);
                yield held == null ? null : Optional.of(held);
            }
            case LIST -> {
                var items = items(shape.arguments().getFirst(), name);
                yield items.isEmpty() ? null : List.copyOf(items);
            }
            case SET -> {
                var items = items(shape.arguments().getFirst(), name);
                yield items.isEmpty() ? null : Collections.unmodifiableSet(new LinkedHashSet<>(items));
            }
            default -> throw unsupported(shape, name);
        };
    }

    private @Nullable Object single(Shape shape, String name) {
        var all = items(shape, name);
        return all.isEmpty() ? null : all.getFirst();
    }

    private List<Object> items(Shape shape, String name) {
        if (shape.rawType() == Upload.class) {
            return new ArrayList<>(source.files(name));
        }
        if (shape.kind() != Shape.Kind.TEXT) {
            throw unsupported(shape, name);
        }
        var items = new ArrayList<>(1);
        for (var text : source.texts(name)) {
            if (text.isEmpty() && shape.rawType() != String.class && source.blankIsNone()) {
                continue;
            }
            try {
                items.add(TextParser.parse(text, shape.type()));
            } catch (IllegalArgumentException wrong) {
                violations.add(wrongType(where + name, text, shape.rawType(), wrong));
            }
        }
        return items;
    }

    static Violation wrongType(String pointer, String text, Class<?> type, IllegalArgumentException wrong) {
        return new Violation(
                pointer, "WRONG_TYPE", String.valueOf(wrong.getMessage()), TextParser.expected(type), text);
    }

    private IllegalArgumentException unsupported(Shape shape, String name) {
        return new IllegalArgumentException(
                where + name + ": a " + shape
                        + " can't be read from text (expected: what TextParser reads, an Optional, List or Set of it, or a record)");
    }
}
