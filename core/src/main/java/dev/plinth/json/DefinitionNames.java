package dev.plinth.json;

import dev.plinth.schema.Choices;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds a name for each definition of a document: that of the class, {@code Order}, and with its arguments, {@code
 * PageOfOrder}. Where two would have one name, both get that of the enclosing class or package in front, so that neither
 * depends on which of them came first.
 */
final class DefinitionNames {
    /**
     * What is defined.
     *
     * @param type a record, with its arguments if it has any, or a sealed interface of records
     * @param choices the interface as one of which the record is meant; null for the record alone
     */
    record Key(Type type, @Nullable Choices choices) {
        Class<?> rawType() {
            return type instanceof ParameterizedType parameterized
                    ? (Class<?>) parameterized.getRawType()
                    : (Class<?>) type;
        }
    }

    /** A type whose arguments are known. */
    private record Closed(Class<?> rawType, List<Type> arguments) implements ParameterizedType {
        @Override
        public Type[] getActualTypeArguments() {
            return arguments.toArray(Type[]::new);
        }

        @Override
        public Type getRawType() {
            return rawType;
        }

        @Override
        public @Nullable Type getOwnerType() {
            return rawType.getDeclaringClass();
        }

        @Override
        public String getTypeName() {
            return toString();
        }

        @Override
        public String toString() {
            return rawType.getTypeName() + arguments;
        }
    }

    private final Set<String> taken;

    DefinitionNames(Set<String> taken) {
        this.taken = taken;
    }

    /** The type with all variables in it replaced. */
    static Type resolve(Type type, Map<Type, Type> variables) {
        if (type instanceof ParameterizedType parameterized) {
            var arguments = new ArrayList<Type>();
            for (var argument : parameterized.getActualTypeArguments()) {
                arguments.add(resolve(argument, variables));
            }
            return new Closed((Class<?>) parameterized.getRawType(), arguments);
        }
        if (type instanceof WildcardType wildcard) {
            return resolve(wildcard.getUpperBounds()[0], variables);
        }
        return type instanceof Class<?> ? type : variables.getOrDefault(type, Object.class);
    }

    /** What the variables of a record stand for. */
    static Map<Type, Type> variables(Type type) {
        if (!(type instanceof ParameterizedType parameterized)) {
            return Map.of();
        }
        var variables = new HashMap<Type, Type>();
        var names = ((Class<?>) parameterized.getRawType()).getTypeParameters();
        for (int i = 0; i < names.length; i++) {
            variables.put(names[i], parameterized.getActualTypeArguments()[i]);
        }
        return variables;
    }

    Map<Key, String> of(Collection<Key> keys) {
        var names = new HashMap<Key, String>();
        var left = new ArrayList<>(keys);
        var used = new HashSet<>(taken);
        for (int level = 0; !left.isEmpty(); level++) {
            var wanting = new TreeMap<String, List<Key>>();
            for (var key : left) {
                wanting.computeIfAbsent(name(key, level), _ -> new ArrayList<>(1))
                        .add(key);
            }
            for (var each : wanting.entrySet()) {
                boolean longest = each.getValue().stream()
                        .allMatch(key -> name(key, Integer.MAX_VALUE).equals(each.getKey()));
                if (longest) {
                    number(each.getKey(), each.getValue(), used, names);
                    left.removeAll(each.getValue());
                } else if (each.getValue().size() == 1 && used.add(each.getKey())) {
                    names.put(each.getValue().getFirst(), each.getKey());
                    left.removeAll(each.getValue());
                } else {
                    used.add(each.getKey()); // it would be unclear which of them is meant
                }
            }
        }
        return names;
    }

    private static void number(String name, List<Key> keys, Set<String> used, Map<Key, String> names) {
        var next = 2;
        for (var key : keys) {
            var free = name;
            while (!used.add(free)) {
                free = name + next++;
            }
            names.put(key, free);
        }
    }

    private static String name(Key key, int level) {
        var choices = key.choices();
        if (choices == null) {
            return name(key.type(), level);
        }
        return level == 0
                ? name(key.type(), 0)
                : name(choices.type(), level - 1) + key.rawType().getSimpleName();
    }

    private static String name(Type type, int level) {
        if (type instanceof ParameterizedType parameterized) {
            var name = new StringBuilder(name(parameterized.getRawType(), level));
            var of = "Of";
            for (var argument : parameterized.getActualTypeArguments()) {
                name.append(of).append(name(argument, level));
                of = "And";
            }
            return name.toString();
        }
        var raw = (Class<?>) type;
        if (raw.isArray()) {
            return name(raw.getComponentType(), level) + "Array";
        }
        // The parts of a.b.Outer$Inner that the level asks for, from the end: Inner, OuterInner, BOuterInner.
        var parts = raw.getName().split("[.$]", -1);
        var name = new StringBuilder();
        for (int i = parts.length - 1, count = 0; i >= 0 && count <= level; i--, count++) {
            var part = parts[i].replaceFirst("^[0-9]+", ""); // 1Local
            name.insert(
                    0,
                    part.substring(0, Math.min(1, part.length())).toUpperCase(Locale.ROOT)
                            + part.substring(Math.min(1, part.length())));
        }
        return name.toString();
    }
}
