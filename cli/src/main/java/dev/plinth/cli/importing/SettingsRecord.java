package dev.plinth.cli.importing;

import dev.plinth.cli.importing.Foreign.Items;
import dev.plinth.cli.importing.Foreign.Keys;
import dev.plinth.cli.importing.Foreign.Kind;
import dev.plinth.cli.importing.Foreign.Member;
import dev.plinth.cli.importing.Foreign.Single;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The record that can hold the values of the service's own, as a text of Java. */
final class SettingsRecord {
    private final Placeholders placeholders;
    private final Map<String, String> unfit = new LinkedHashMap<>();
    private final Map<String, Type> types = new LinkedHashMap<>();

    /** What a component is declared as. */
    private sealed interface Type {
        /** Of one value; the names are those of classes, so that they can stand in brackets too. */
        record Simple(String name) implements Type {}

        /** Nothing was given, so it is anybody's guess. */
        record Unknown() implements Type {}

        record Many(Type of) implements Type {}

        record Table(Type of) implements Type {}

        record Nested(String name, Map<String, Type> components, Set<String> optional) implements Type {}
    }

    SettingsRecord(Placeholders placeholders, Map<String, Member> settings) {
        this.placeholders = placeholders;
        settings.forEach((name, member) -> {
            var type = type(name, member.value());
            if (type == null) {
                unfit.put(name, "its values are of too many shapes for a record: write them in one shape");
            } else {
                types.put(name, type);
            }
        });
    }

    /** The settings that no record can hold, and why. */
    Map<String, String> unfit() {
        return unfit;
    }

    /** Whether what is below is a record, and not a map with keys as they are. */
    static boolean isRecord(Keys keys) {
        return !keys.members().isEmpty()
                && keys.members().keySet().stream().allMatch(Names::fits)
                && keys.members().keySet().stream().map(Names::key).distinct().count()
                        == keys.members().size();
    }

    private @Nullable Type type(String name, Foreign value) {
        return switch (value) {
            case Single single ->
                Names.isSecret(name) && single.kind() != Kind.NOTHING ? new Type.Simple("Secret") : simple(single);
            case Items items -> {
                var of = unified(name, items.items());
                yield of == null ? null : new Type.Many(of);
            }
            case Keys keys
            when isRecord(keys) -> {
                var components = new LinkedHashMap<String, Type>();
                for (var member : keys.members().entrySet()) {
                    var type = type(member.getKey(), member.getValue().value());
                    if (type == null) {
                        yield null;
                    }
                    components.put(member.getKey(), type);
                }
                yield new Type.Nested(Names.type(name), components, Set.of());
            }
            case Keys keys -> {
                var of = unified(
                        name,
                        keys.members().values().stream().map(Member::value).toList());
                yield of == null ? null : new Type.Table(of);
            }
        };
    }

    private Type simple(Single single) {
        var sampled = Placeholders.isIn(single.text());
        var known = sampled ? OldScalar.of(placeholders.sample(single.text()), 0) : single;
        return switch (known.kind()) {
            case NOTHING -> sampled ? new Type.Simple("String") : new Type.Unknown();
            case TRUTH -> new Type.Simple("Boolean");
            case WHOLE -> {
                int bits = new BigInteger(known.text()).bitLength();
                yield new Type.Simple(bits < 32 ? "Integer" : bits < 64 ? "Long" : "BigInteger");
            }
            case DECIMAL -> new Type.Simple("Double");
            case TEXT -> new Type.Simple("String");
        };
    }

    /** The narrowest type that holds all of them; null if there is none. */
    private @Nullable Type unified(String name, List<Foreign> values) {
        Type all = new Type.Unknown();
        for (var value : values) {
            var type = type(name, value);
            var next = type == null ? null : unified(all, type);
            if (next == null) {
                return null;
            }
            all = next;
        }
        return all instanceof Type.Unknown ? new Type.Simple("String") : all;
    }

    /** The narrowest type that holds both; null if there is none. */
    private @Nullable Type unified(Type one, Type other) {
        if (one.equals(other) || other instanceof Type.Unknown) {
            return one;
        }
        if (one instanceof Type.Unknown) {
            return other;
        }
        if (one instanceof Type.Simple(var a) && other instanceof Type.Simple(var b)) {
            var numbers = List.of("Integer", "Long", "BigInteger", "Double");
            int wider = Math.max(numbers.indexOf(a), numbers.indexOf(b));
            boolean both = numbers.contains(a) && numbers.contains(b);
            return new Type.Simple(
                    both ? numbers.get(wider) : a.equals("Secret") || b.equals("Secret") ? "Secret" : "String");
        }
        if (one instanceof Type.Many(var a) && other instanceof Type.Many(var b)) {
            var of = unified(a, b);
            return of == null ? null : new Type.Many(of);
        }
        if (one instanceof Type.Table(var a) && other instanceof Type.Table(var b)) {
            var of = unified(a, b);
            return of == null ? null : new Type.Table(of);
        }
        if (one instanceof Type.Nested a && other instanceof Type.Nested b) {
            return merged(a, b);
        }
        return null;
    }

    private @Nullable Type merged(Type.Nested a, Type.Nested b) {
        var components = new LinkedHashMap<>(a.components());
        var optional = new LinkedHashSet<>(a.optional());
        optional.addAll(b.optional());
        for (var component : b.components().entrySet()) {
            var mine = components.get(component.getKey());
            var type = mine == null ? component.getValue() : unified(mine, component.getValue());
            if (type == null) {
                return null;
            }
            components.put(component.getKey(), type);
            if (mine == null) {
                optional.add(component.getKey());
            }
        }
        for (var name : a.components().keySet()) {
            if (!b.components().containsKey(name)) {
                optional.add(name);
            }
        }
        return new Type.Nested(a.name(), components, optional);
    }

    /** The record with those that it needs inside of it. */
    String source() {
        var source = new StringBuilder();
        write("Settings", types, Set.of(), "", new ArrayList<>(List.of("Settings")), source);
        return source.toString().stripTrailing();
    }

    private void write(
            String name,
            Map<String, Type> components,
            Set<String> optional,
            String indent,
            List<String> taken,
            StringBuilder out) {
        var below = new StringBuilder();
        var parts = new ArrayList<String>();
        for (var component : components.entrySet()) {
            var key = component.getKey();
            var type = declared(component.getValue(), name, indent + "    ", taken, below);
            boolean nothing = component.getValue() instanceof Type.Unknown;
            boolean boxed = nothing || optional.contains(key);
            parts.add((boxed ? "Optional<" + type + ">" : primitive(type)) + " " + Names.component(key));
        }
        var flat = indent + "record " + name + "(" + String.join(", ", parts) + ")";
        out.append(
                flat.length() <= 100
                        ? flat
                        : indent + "record " + name + "(\n" + indent + "        "
                                + String.join(",\n" + indent + "        ", parts) + ")");
        out.append(below.isEmpty() ? " {}\n" : " {\n" + below.substring(1) + indent + "}\n");
    }

    private String declared(Type type, String outer, String indent, List<String> taken, StringBuilder below) {
        return switch (type) {
            case Type.Simple(var simple) -> simple;
            case Type.Unknown() -> "String";
            case Type.Many(var of) -> "List<" + declared(of, outer, indent, taken, below) + ">";
            case Type.Table(var of) -> "Map<String, " + declared(of, outer, indent, taken, below) + ">";
            case Type.Nested(var wanted, var components, var optional) -> {
                var name = wanted;
                while (taken.contains(name) || isKnown(name)) {
                    name = name.equals(outer + wanted) || name.length() > wanted.length() ? name + "s" : outer + wanted;
                }
                taken.add(name);
                below.append('\n');
                write(name, components, optional, indent, taken, below);
                yield name;
            }
        };
    }

    /** Names that would hide what the record uses, or the class that it stands in. */
    private static boolean isKnown(String name) {
        return Set.of(
                        "String",
                        "List",
                        "Map",
                        "Optional",
                        "Secret",
                        "Integer",
                        "Long",
                        "Double",
                        "Boolean",
                        "BigInteger",
                        "Record",
                        "Object",
                        "Service",
                        "Main")
                .contains(name);
    }

    private static String primitive(String type) {
        return switch (type) {
            case "Integer" -> "int";
            case "Long" -> "long";
            case "Double" -> "double";
            case "Boolean" -> "boolean";
            default -> type;
        };
    }
}
