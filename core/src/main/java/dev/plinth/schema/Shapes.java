package dev.plinth.schema;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
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
    private final List<String> faults;
    private final Set<Class<?>> records;

    /**
     * @param faults takes what is wrong
     * @param records takes the records that are found within
     */
    Shapes(List<String> faults, Set<Class<?>> records) {
        this.faults = faults;
        this.records = records;
    }

    /** The shape of a type that stands alone, without annotations. */
    static Shape read(Type type) {
        var records = new LinkedHashSet<Class<?>>();
        var faults = new ArrayList<String>();
        var shape = new Shapes(faults, records).plain(type);
        if (!faults.isEmpty()) {
            throw new SchemaException(type.getTypeName(), faults);
        }
        for (var record : records) {
            Schema.of(record.asSubclass(Record.class));
        }
        return shape;
    }

    private Shape plain(Type type) {
        var raw = raw(type);
        var arguments = new ArrayList<Shape>(2);
        if (raw.isArray() && raw != byte[].class) {
            arguments.add(plain(
                    type instanceof GenericArrayType array ? array.getGenericComponentType() : raw.getComponentType()));
        } else if (isContainer(raw) && type instanceof ParameterizedType parameterized) {
            for (var argument : parameterized.getActualTypeArguments()) {
                arguments.add(plain(argument));
            }
        } else if (isContainer(raw)) {
            if (raw == Map.class) {
                arguments.add(plain(String.class));
            }
            arguments.add(plain(Object.class));
        }
        return shape(type, raw, List.of(), List.copyOf(arguments), type.getTypeName());
    }

    /**
     * The shape of the type and the annotations on it.
     *
     * @param declared further annotations, of the thing that is declared with that type
     */
    Shape read(AnnotatedType annotated, Annotation[] declared, String where) {
        var type = annotated.getType();
        var raw = raw(type);
        var annotations = annotations(annotated, declared);
        var arguments = List.<Shape>of();
        if (raw.isArray() && raw != byte[].class) {
            arguments = List.of(element((AnnotatedArrayType) annotated, declared, where));
        } else if (isContainer(raw)) {
            if (annotated instanceof AnnotatedParameterizedType parameterized) {
                arguments = arguments(parameterized, where);
            } else {
                faults.add(where + ": " + raw.getSimpleName() + " does not say of what (expected: "
                        + raw.getSimpleName() + (raw == Map.class ? "<String, …>" : "<…>") + ")");
                return new Shape(Shape.Kind.OTHER, type, raw, List.of(), List.of());
            }
        } else if (raw == OptionalInt.class || raw == OptionalLong.class || raw == OptionalDouble.class) {
            faults.add(where + ": " + raw.getSimpleName() + " (expected: Optional<"
                    + (raw == OptionalInt.class
                            ? "Integer"
                            : raw.getSimpleName().substring("Optional".length()))
                    + ">)");
        }
        return shape(type, raw, annotations, arguments, where);
    }

    private Shape shape(Type type, Class<?> raw, List<Annotation> annotations, List<Shape> arguments, String where) {
        var kind = kind(raw);
        if (kind == Shape.Kind.RECORD) {
            records.add(raw);
        }
        if (kind == Shape.Kind.MAP && arguments.getFirst().kind() != Shape.Kind.TEXT) {
            faults.add(where + ": a map by " + arguments.getFirst() + " (expected: keys that are written as text, such"
                    + " as String, an enum, a number or UUID)");
        }
        return new Shape(kind, type, raw, Constraints.read(annotations, kind, raw, where, faults), arguments);
    }

    private List<Shape> arguments(AnnotatedParameterizedType parameterized, String where) {
        var shapes = new ArrayList<Shape>(2);
        for (var argument : parameterized.getAnnotatedActualTypeArguments()) {
            shapes.add(read(argument, new Annotation[0], where + "<" + shapes.size() + ">"));
        }
        return List.copyOf(shapes);
    }

    /**
     * {@code @Size(max = 3) String[] tags} puts the annotation on the component and, by the grammar of Java, on {@code
     * String} too: what stands on the component is about the array.
     */
    private Shape element(AnnotatedArrayType array, Annotation[] declared, String where) {
        var element = array.getAnnotatedGenericComponentType();
        var shape = read(element, new Annotation[0], where + "[]");
        if (declared.length == 0 || shape.rules().isEmpty()) {
            return shape;
        }
        return new Shape(shape.kind(), shape.type(), shape.rawType(), List.of(), shape.arguments());
    }

    /** Those on the type, and those on the declaration that do not stand on the type as well. */
    private static List<Annotation> annotations(AnnotatedType annotated, Annotation[] declared) {
        var onType = annotated.getAnnotations();
        if (onType.length == 0 && declared.length == 0) {
            return List.of();
        }
        var all = new ArrayList<Annotation>(onType.length + declared.length);
        Collections.addAll(all, onType);
        for (var annotation : declared) {
            var twice = false;
            for (var other : onType) {
                twice |= other.annotationType() == annotation.annotationType();
            }
            if (!twice) {
                all.add(annotation);
            }
        }
        return all;
    }

    private static boolean isContainer(Class<?> raw) {
        return raw == List.class
                || raw == Optional.class
                || raw == Map.class
                || raw == Set.class
                || raw == Collection.class;
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
        } else if (raw == Map.class) {
            return Shape.Kind.MAP;
        } else if (raw == Set.class) {
            return Shape.Kind.SET;
        } else if (raw == byte[].class) {
            return Shape.Kind.BYTES;
        } else if (raw.isArray()) {
            return Shape.Kind.ARRAY;
        }
        return raw == Object.class ? Shape.Kind.ANY : Shape.Kind.OTHER;
    }

    /** The class of a type; Object for a wildcard or type variable, which each value fills for itself. */
    private static Class<?> raw(Type type) {
        if (type instanceof Class<?> c) {
            return c;
        } else if (type instanceof ParameterizedType parameterized) {
            return (Class<?>) parameterized.getRawType();
        } else if (type instanceof GenericArrayType array) {
            return raw(array.getGenericComponentType()).arrayType();
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
