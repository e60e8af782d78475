package dev.plinth.schema;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the shape of a declared type. */
final class Shapes {
    private final Class<?> user;
    private final List<String> faults;
    private final Set<Class<?>> records;

    /**
     * @param user the record that declares the types, which knows the annotations on them
     * @param faults takes what is wrong
     * @param records takes the records that are found within
     */
    Shapes(Class<?> user, List<String> faults, Set<Class<?>> records) {
        this.user = user;
        this.faults = faults;
        this.records = records;
    }

    /** The shape of a type that stands alone, without annotations; a raw container holds {@link Object}. */
    static Shape read(Type type) {
        var records = new LinkedHashSet<Class<?>>();
        var faults = new ArrayList<String>();
        var raw = type == List.class || type == Set.class || type == Collection.class || type == Map.class;
        var shape = raw
                ? raw((Class<?>) type)
                : new Shapes(Object.class, faults, records)
                        .read(type, new Declaration.Component(List.of(), Map.of()), type.getTypeName());
        if (!faults.isEmpty()) {
            throw new SchemaException(type.getTypeName(), faults);
        }
        for (var record : records) {
            Schema.of(record.asSubclass(Record.class));
        }
        return shape;
    }

    private static Shape raw(Class<?> container) {
        var any = new Shape(Shape.Kind.ANY, Object.class, Object.class, List.of(), List.of());
        var text = new Shape(Shape.Kind.TEXT, String.class, String.class, List.of(), List.of());
        var arguments = container == Map.class ? List.of(text, any) : List.of(any);
        return new Shape(kind(container), container, container, List.of(), arguments);
    }

    /** The shape of a component. */
    Shape read(Type type, Declaration.Component component, String where) {
        var onType = component.onType().getOrDefault("", List.of());
        return read(type, "", component, join(onType, component.declared()), where);
    }

    /** Those on the type, and those on the declaration that do not stand on the type as well. */
    private static List<Tag> join(List<Tag> onType, List<Tag> declared) {
        if (declared.isEmpty()) {
            return onType;
        }
        var all = new ArrayList<>(onType);
        for (var tag : declared) {
            if (!holds(onType, tag)) {
                all.add(tag);
            }
        }
        return all;
    }

    private static boolean holds(List<Tag> tags, Tag sought) {
        for (var tag : tags) {
            if (tag.type().equals(sought.type())) {
                return true;
            }
        }
        return false;
    }

    private Shape read(Type type, String path, Declaration.Component component, List<Tag> tags, String where) {
        var raw = rawType(type);
        var kind = kind(raw);
        var arguments = List.<Shape>of();
        if (kind == Shape.Kind.ARRAY) {
            arguments = List.of(element(type, raw, path + "[", component, where + "[]"));
        } else if (kind == Shape.Kind.LIST
                || kind == Shape.Kind.SET
                || kind == Shape.Kind.MAP
                || kind == Shape.Kind.OPTIONAL
                || kind == Shape.Kind.LIVE) {
            if (!(type instanceof ParameterizedType parameterized)) {
                faults.add(where + ": " + raw.getSimpleName() + " does not say of what (expected: "
                        + raw.getSimpleName() + (raw == Map.class ? "<String, …>" : "<…>") + ")");
                return new Shape(Shape.Kind.OTHER, type, raw, List.of(), List.of());
            }
            if (kind == Shape.Kind.LIVE) {
                return live(parameterized, raw, path, component, tags, where);
            }
            arguments = arguments(parameterized, path, component, where);
        }
        if (kind == Shape.Kind.RECORD) {
            records.add(raw);
        } else if (kind == Shape.Kind.CHOICE) {
            faults.addAll(Choices.of(raw).faults());
        } else if (kind == Shape.Kind.MAP && arguments.getFirst().kind() != Shape.Kind.TEXT) {
            faults.add(where + ": a map by " + arguments.getFirst() + " (expected: keys that are written as text, such"
                    + " as String, an enum, a number or UUID)");
        } else if (raw == OptionalInt.class || raw == OptionalLong.class || raw == OptionalDouble.class) {
            faults.add(where + ": " + raw.getSimpleName() + " (expected: Optional<"
                    + (raw == OptionalInt.class
                            ? "Integer"
                            : raw.getSimpleName().substring("Optional".length()))
                    + ">)");
        }
        return new Shape(kind, type, raw, Constraints.read(tags, kind, raw, user, where, faults), arguments);
    }

    /** Rules are about the value, wherever they stand: {@code @Positive Live<Duration>} and the other way round. */
    private Shape live(
            ParameterizedType type,
            Class<?> raw,
            String path,
            Declaration.Component component,
            List<Tag> tags,
            String where) {
        if (!path.isEmpty()) {
            faults.add(where + ": Live inside of something else (expected: it holds the whole component, such as"
                    + " Live<Optional<…>>)");
        }
        var inside = join(component.onType().getOrDefault("0", List.of()), tags);
        var held = read(type.getActualTypeArguments()[0], "0", component, inside, where);
        return new Shape(Shape.Kind.LIVE, type, raw, List.of(), List.of(held));
    }

    private List<Shape> arguments(
            ParameterizedType parameterized, String path, Declaration.Component component, String where) {
        var types = parameterized.getActualTypeArguments();
        var shapes = new ArrayList<Shape>(types.length);
        for (int i = 0; i < types.length; i++) {
            var inside = path + i;
            var tags = component.onType().getOrDefault(inside, List.of());
            shapes.add(read(types[i], inside, component, tags, where + "<" + i + ">"));
        }
        return List.copyOf(shapes);
    }

    /**
     * {@code @Size(max = 3) String[] tags} puts the annotation on the component and, by the grammar of Java, on {@code
     * String} too: what stands on the component is about the array.
     */
    private Shape element(Type array, Class<?> raw, String path, Declaration.Component component, String where) {
        var type =
                array instanceof GenericArrayType generic ? generic.getGenericComponentType() : raw.getComponentType();
        var tags = new ArrayList<Tag>();
        for (var tag : component.onType().getOrDefault(path, List.of())) {
            if (!holds(component.declared(), tag)) {
                tags.add(tag);
            }
        }
        return read(type, path, component, tags, where);
    }

    private static Shape.Kind kind(Class<?> raw) {
        if (TextParser.supports(raw)) {
            return Shape.Kind.TEXT;
        } else if (raw.isRecord()) {
            return Shape.Kind.RECORD;
        } else if (raw == List.class || raw == Collection.class) {
            return Shape.Kind.LIST;
        } else if (raw == Optional.class) {
            return Shape.Kind.OPTIONAL;
        } else if (raw == Live.class) {
            return Shape.Kind.LIVE;
        } else if (raw == Map.class) {
            return Shape.Kind.MAP;
        } else if (raw == Set.class) {
            return Shape.Kind.SET;
        } else if (raw == byte[].class) {
            return Shape.Kind.BYTES;
        } else if (raw.isArray()) {
            return Shape.Kind.ARRAY;
        }
        if (Choices.isChoice(raw)) {
            return Shape.Kind.CHOICE;
        }
        return raw == Object.class ? Shape.Kind.ANY : Shape.Kind.OTHER;
    }

    /** The class of a type; Object for a wildcard or type variable, which each value fills for itself. */
    private static Class<?> rawType(Type type) {
        if (type instanceof Class<?> c) {
            return c;
        } else if (type instanceof ParameterizedType parameterized) {
            return (Class<?>) parameterized.getRawType();
        } else if (type instanceof GenericArrayType array) {
            return rawType(array.getGenericComponentType()).arrayType();
        }
        return Object.class;
    }

    /**
     * The value of a {@link Default}.
     *
     * @throws IllegalArgumentException if the text is not one of that shape
     */
    static Object value(Shape shape, String text) {
        return switch (shape.kind()) {
            case TEXT -> TextParser.parse(text, shape.type());
            case OPTIONAL -> Optional.of(value(shape.arguments().getFirst(), text));
            case LIVE -> Live.of(value(shape.arguments().getFirst(), text));
            case CHOICE -> chosen(shape.choices(), text);
            case LIST -> List.copyOf(items(shape, text));
            case SET -> Collections.unmodifiableSet(new LinkedHashSet<>(items(shape, text)));
            case MAP -> {
                if (text.isEmpty()) {
                    yield Map.of();
                }
                throw new IllegalArgumentException("'" + text + "' is no map (expected: \"\", the empty one)");
            }
            default ->
                throw new IllegalArgumentException("a " + shape.rawType().getSimpleName()
                        + " can't have one (expected: a single value, a List, Set or Map)");
        };
    }

    private static Record chosen(Choices choices, String name) {
        var record = choices.records().get(name);
        if (record == null) {
            throw new IllegalArgumentException(choices.unknown(name));
        }
        try {
            return Schema.of(record).defaults();
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException("'" + name + "' can't be one: " + e.getMessage(), e);
        }
    }

    private static List<Object> items(Shape shape, String text) {
        var items = new ArrayList<Object>();
        for (int from = 0; from < text.length(); ) {
            var comma = text.indexOf(',', from);
            var to = comma < 0 ? text.length() : comma;
            items.add(
                    value(shape.arguments().getFirst(), text.substring(from, to).strip()));
            from = to + 1;
        }
        return items;
    }
}
