package dev.plinth.json;

import dev.plinth.schema.Choices;
import dev.plinth.schema.Schema;
import dev.plinth.schema.Shape;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the codec of a shape or class.
 *
 * <p>Inside a record with type parameters, {@code Page<Order>}, it also knows what they stand for.
 */
final class Codecs {
    static final Codecs PLAIN = new Codecs(Map.of());

    private static final ClassValue<Codec> BY_CLASS = new ClassValue<>() {
        @Override
        protected Codec computeValue(Class<?> type) {
            var shape = Shape.of(type);
            // Not through record(), which would ask for this very value.
            return shape.kind() == Shape.Kind.RECORD
                    ? new RecordCodec(Schema.of(type.asSubclass(Record.class)), PLAIN)
                    : PLAIN.of(shape);
        }
    };

    /** By the class that a value has, where its declaration doesn't say more: any Map, any Path. For writing alone. */
    private static final ClassValue<Codec> BY_RUNTIME_CLASS = new ClassValue<>() {
        @Override
        protected Codec computeValue(Class<?> type) {
            if (Map.class.isAssignableFrom(type)) {
                return of(Map.class);
            } else if (Collection.class.isAssignableFrom(type)) {
                return of(Collection.class);
            } else if (Enum.class.isAssignableFrom(type)) {
                return of(type.isEnum() ? type : type.getSuperclass());
            } else if (type.isRecord()) {
                var choices = Choices.declaredFor(type);
                return choices == null ? of(type) : new ChoiceCodec(choices, PLAIN);
            }
            for (var abstraction : List.of(Path.class, ZoneId.class, Charset.class)) {
                if (abstraction.isAssignableFrom(type)) {
                    return of(abstraction);
                }
            }
            return of(type);
        }
    };

    private final Map<Type, Codec> variables;

    private Codecs(Map<Type, Codec> variables) {
        this.variables = variables;
    }

    static Codec of(Type type) {
        return type instanceof Class<?> c ? BY_CLASS.get(c) : PLAIN.of(Shape.of(type));
    }

    static Codec ofValue(Object value) {
        return BY_RUNTIME_CLASS.get(value.getClass());
    }

    Slot slot(Shape shape) {
        return new Slot(of(shape), shape);
    }

    private Codec of(Shape shape) {
        var arguments = shape.arguments();
        return switch (shape.kind()) {
            case TEXT -> text(shape.rawType());
            case RECORD -> generic(shape);
            case OPTIONAL -> new OptionalCodec(slot(arguments.getFirst()));
            case LIVE -> new LiveCodec(slot(arguments.getFirst()));
            case LIST, SET -> new ItemsCodec(shape.kind(), Object.class, slot(arguments.getFirst()));
            case ARRAY -> new ItemsCodec(shape.kind(), shape.rawType().getComponentType(), slot(arguments.getFirst()));
            case MAP -> new MapCodec(arguments.getFirst(), slot(arguments.getLast()));
            case BYTES -> new BytesCodec();
            case ANY -> {
                var bound = variables.get(shape.type());
                yield bound == null ? new TreeCodec() : bound;
            }
            case CHOICE -> new ChoiceCodec(shape.choices(), this);
            case OTHER -> new DatabindCodec(shape.type());
        };
    }

    /** The codec of a record, as it is where nothing says more of it. */
    RecordCodec record(Class<?> type) {
        return (RecordCodec) BY_CLASS.get(type);
    }

    private static Codec text(Class<?> type) {
        if (type.isEnum()) {
            return new EnumCodec(type);
        }
        var scalar = Scalar.of(type);
        return scalar == null ? new TextCodec(type) : scalar;
    }

    private Codec generic(Shape shape) {
        if (shape.type() instanceof ParameterizedType parameterized) {
            var bound = new HashMap<Type, Codec>();
            var names = shape.rawType().getTypeParameters();
            for (int i = 0; i < names.length; i++) {
                bound.put(names[i], of(Shape.of(parameterized.getActualTypeArguments()[i])));
            }
            return new RecordCodec(Schema.of(shape.rawType().asSubclass(Record.class)), new Codecs(bound));
        }
        return BY_CLASS.get(shape.rawType());
    }
}
