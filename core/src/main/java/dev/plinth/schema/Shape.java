package dev.plinth.schema;

import dev.plinth.error.Violation;
import dev.plinth.time.Time;
import java.lang.reflect.Array;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the values of one place in a record may be: their type, the rules on them, and the shape of what they hold.
 *
 * <p>{@code List<@NotBlank String>} has the kind {@link Kind#LIST} and one {@linkplain #arguments() argument} of the kind
 * {@link Kind#TEXT} with one rule. Immutable.
 */
public final class Shape {
    /** How values of a type are taken apart; each reader and writer of values has one branch for each. */
    public enum Kind {
        /** A single value that {@link TextParser} reads. */
        TEXT,
        /** A record, described by its own {@link Schema}. */
        RECORD,
        /** A sealed interface of records, one of which a key chooses: see {@link Shape#choices}. */
        CHOICE,
        /** An {@link Optional} of the argument. */
        OPTIONAL,
        /** A {@link Live} of the argument; on a component itself and nowhere else. */
        LIVE,
        /** A {@link List} or {@link Collection} of the argument. */
        LIST,
        /** A {@link java.util.Set} of the argument. */
        SET,
        /** A {@link Map} of two arguments: a key that {@link TextParser} reads, and a value. */
        MAP,
        /** An array of the argument, other than {@code byte[]}. */
        ARRAY,
        /** A {@code byte[]}: Base64 in text. */
        BYTES,
        /** {@link Object}, a wildcard or a type variable: whatever it is. */
        ANY,
        /** Any other class, which only the reader or writer itself may know. */
        OTHER
    }

    private final Kind kind;
    private final Type type;
    private final Class<?> rawType;
    private final List<Rule> rules;
    private final List<Shape> arguments;
    private final boolean deep;

    Shape(Kind kind, Type type, Class<?> rawType, List<Rule> rules, List<Shape> arguments) {
        this.kind = kind;
        this.type = type;
        this.rawType = rawType;
        this.rules = rules;
        this.arguments = arguments;
        var inside = kind == Kind.RECORD || kind == Kind.CHOICE || kind == Kind.ANY;
        for (var argument : arguments) {
            inside |= argument.deep || !argument.rules.isEmpty();
        }
        this.deep = inside;
    }

    /**
     * The shape of a type that is declared nowhere in a record: the whole of a document, such as {@code List<Order>}. A raw
     * container holds {@link Object}.
     *
     * @throws SchemaException with all faults of the type and of the records within
     */
    public static Shape of(Type type) {
        return Shapes.read(type);
    }

    /** How to take a value apart. */
    public Kind kind() {
        return kind;
    }

    /** The declared type. */
    public Type type() {
        return type;
    }

    /** Its class: {@code List} for {@code List<String>}, {@code Object} for a type variable. */
    public Class<?> rawType() {
        return rawType;
    }

    /** The shape without {@link Live}: of the value, however it is held. */
    public Shape held() {
        return kind == Kind.LIVE ? arguments.getFirst() : this;
    }

    /** The rules on the value itself; those of LIVE stand on its argument. */
    public List<Rule> rules() {
        return rules;
    }

    /** The shapes of what it holds: one for OPTIONAL, LIVE, LIST, SET and ARRAY, key and value for MAP, else none. */
    public List<Shape> arguments() {
        return arguments;
    }

    /**
     * The records of a CHOICE.
     *
     * @throws IllegalStateException if it is of another kind
     */
    public Choices choices() {
        if (kind != Kind.CHOICE) {
            throw new IllegalStateException(type.getTypeName() + " is no sealed interface of records");
        }
        return Choices.of(rawType);
    }

    /**
     * Judges one value of this shape at this moment, with all that it holds.
     *
     * @param pointer the JSON Pointer of {@code value}
     * @param to takes each broken rule
     */
    public void check(@Nullable Object value, String pointer, Consumer<Violation> to) {
        check(value, pointer, Time.system(), to);
    }

    /** The same at the moment of {@code time}, which says what is past and what is future. */
    public void check(@Nullable Object value, String pointer, Time time, Consumer<Violation> to) {
        check(value, Place.root(pointer), time, to);
    }

    /** Reports all broken rules, and returns whether there were none. */
    boolean check(@Nullable Object value, Place place, Time time, Consumer<Violation> to) {
        var right = true;
        for (int i = 0; i < rules.size(); i++) {
            var rule = rules.get(i);
            if (!rule.holds(value, time)) {
                to.accept(rule.violation(place.pointer(), value));
                right = false;
            }
        }
        if (deep && value != null) {
            right &= checkInside(value, place, time, to);
        }
        return right;
    }

    private boolean checkInside(Object value, Place place, Time time, Consumer<Violation> to) {
        var right = true;
        switch (kind) {
            case RECORD, CHOICE, ANY -> {
                return !(value instanceof Record record)
                        || Schema.of(record.getClass()).checkComponents(record, place, time, to);
            }
            case OPTIONAL -> {
                var held = ((Optional<?>) value).orElse(null);
                return held == null || arguments.getFirst().check(held, place, time, to);
            }
            case LIVE -> {
                return arguments.getFirst().check(((Live<?>) value).get(), place, time, to);
            }
            case LIST, SET -> {
                var index = 0;
                for (var item : (Collection<?>) value) {
                    right &= arguments.getFirst().check(item, place.at(index++), time, to);
                }
            }
            case ARRAY -> {
                for (int i = 0; i < Array.getLength(value); i++) {
                    right &= arguments.getFirst().check(Array.get(value, i), place.at(i), time, to);
                }
            }
            case MAP -> {
                for (var entry : ((Map<?, ?>) value).entrySet()) {
                    var inside = place.at(entry.getKey());
                    right &= arguments.getFirst().check(entry.getKey(), inside, time, to);
                    right &= arguments.getLast().check(entry.getValue(), inside, time, to);
                }
            }
            case TEXT, BYTES, OTHER -> {}
        }
        return right;
    }

    @Override
    public String toString() {
        return type.getTypeName();
    }
}
