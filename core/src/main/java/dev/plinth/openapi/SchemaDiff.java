package dev.plinth.openapi;

import dev.plinth.config.Node;
import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Origin;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares two schemas as those who send values see them, or those who get them. */
final class SchemaDiff {
    private static final Map<String, Integer> BOUNDS = Map.of(
            "minimum",
            1,
            "exclusiveMinimum",
            1,
            "minLength",
            1,
            "minItems",
            1,
            "minProperties",
            1,
            "maximum",
            -1,
            "exclusiveMaximum",
            -1,
            "maxLength",
            -1,
            "maxItems",
            -1,
            "maxProperties",
            -1);

    private record Pair(int before, int after, boolean sent) {}

    private final Judges old;
    private final Judges now;
    private final List<Change> changes;
    private final Set<Pair> compared = new HashSet<>();

    SchemaDiff(Mapping before, Mapping after, List<Change> changes) {
        this.old = new Judges(before);
        this.now = new Judges(after);
        this.changes = changes;
    }

    void compare(Value before, Value after, String where, boolean sent) {
        compare(before.schema(), after.schema(), where, sent);
    }

    private void add(boolean breaking, String where, String what, Origin place) {
        changes.add(new Change(breaking, where, what, place));
    }

    private void compare(@Nullable Node before, @Nullable Node after, String where, boolean sent) {
        var one = flat(before, old, 0);
        var other = flat(after, now, 0);
        if (one == null || other == null) {
            if (other != null && one == null && sent) {
                add(true, where, "was anything, and has rules now", other.origin());
            } else if (one != null && other == null && !sent) {
                add(true, where, "may be anything now", one.origin());
            }
            return;
        }
        if (!compared.add(new Pair(
                System.identityHashCode(resolved(before, old)), System.identityHashCode(resolved(after, now)), sent))) {
            return;
        }
        types(one, other, where, sent);
        choices(one, other, where, sent);
        BOUNDS.forEach((key, direction) -> bound(one, other, key, direction, where, sent));
        for (var key : List.of("pattern", "format", "multipleOf", "uniqueItems")) {
            rule(one, other, key, where, sent);
        }
        properties(one, other, where, sent);
        if (one.get("items") != null && other.get("items") != null) {
            compare(one.get("items"), other.get("items"), where + "/*", sent);
        }
        kinds(one, other, where, sent);
    }

    private static @Nullable Node resolved(@Nullable Node node, Judges judges) {
        return judges.resolved(node);
    }

    /** The schema with what {@code allOf} adds to it. */
    private static @Nullable Mapping flat(@Nullable Node node, Judges judges, int depth) {
        if (!(judges.resolved(node) instanceof Mapping schema)) {
            return null;
        }
        var parts = Trees.items(schema.get("allOf"));
        if (parts.isEmpty() || depth > 20) {
            return schema;
        }
        var draft = new Trees.Draft(schema).put("allOf", null);
        var properties = new LinkedHashMap<>(Trees.members(schema.get("properties")));
        var required = new ArrayList<>(Trees.items(schema.get("required")));
        for (var part : parts) {
            var more = flat(part, judges, depth + 1);
            if (more != null) {
                more.members().forEach((key, member) -> {
                    if (schema.get(key) == null) {
                        draft.put(key, member.value());
                    }
                });
                Trees.members(more.get("properties")).forEach(properties::putIfAbsent);
                required.addAll(Trees.items(more.get("required")));
            }
        }
        if (!properties.isEmpty()) {
            draft.put("properties", new Mapping(properties, schema.origin()));
        }
        if (!required.isEmpty()) {
            draft.put("required", new Node.Sequence(List.copyOf(required), schema.origin()));
        }
        return draft.done();
    }

    private static Set<String> typesOf(Mapping schema) {
        var types = new TreeSet<>(Trees.texts(schema.get("type")));
        if (schema.get("type") instanceof Scalar one) {
            types.add(one.text());
        }
        return types;
    }

    private void types(Mapping one, Mapping other, String where, boolean sent) {
        var before = typesOf(one);
        var after = typesOf(other);
        if (!before.equals(after)) {
            boolean wider = after.isEmpty() || covers(after, before);
            boolean narrower = before.isEmpty() || covers(before, after);
            add(sent ? !wider : !narrower, where, "was " + shown(before) + ", is " + shown(after), other.origin());
        }
    }

    private static boolean covers(Set<String> wide, Set<String> narrow) {
        return narrow.stream()
                .allMatch(each -> wide.contains(each) || (each.equals("integer") && wide.contains("number")));
    }

    private static String shown(Set<String> types) {
        return types.isEmpty() ? "anything" : String.join(" or ", types);
    }

    private static @Nullable Set<String> choicesOf(Mapping schema) {
        var only = schema.get("const");
        if (only != null) {
            return Set.of(Numbers.canonical(Trees.value(only)));
        }
        if (schema.get("enum") == null) {
            return null;
        }
        var choices = new LinkedHashSet<String>();
        Trees.items(schema.get("enum")).forEach(each -> choices.add(Numbers.canonical(Trees.value(each))));
        return choices;
    }

    private void choices(Mapping one, Mapping other, String where, boolean sent) {
        var before = choicesOf(one);
        var after = choicesOf(other);
        if (before == null && after == null) {
            return;
        }
        if (before == null || after == null) {
            add(
                    sent == (before == null),
                    where,
                    after == null ? "may be any value now" : "may be one of few values alone now",
                    other.origin());
            return;
        }
        before.stream()
                .filter(each -> !after.contains(each))
                .forEach(each -> add(sent, where, each + " is gone", one.origin()));
        after.stream()
                .filter(each -> !before.contains(each))
                .forEach(each -> add(!sent, where, each + " is new", other.origin()));
    }

    private static @Nullable BigDecimal number(Mapping schema, String key) {
        return schema.get(key) instanceof Scalar scalar ? Numbers.decimal(scalar.value()) : null;
    }

    private void bound(Mapping one, Mapping other, String key, int direction, String where, boolean sent) {
        var before = number(one, key);
        var after = number(other, key);
        int order;
        if (before == null || after == null) {
            order = Boolean.compare(before == null, after == null);
        } else {
            order = after.compareTo(before) * direction;
        }
        if (order != 0) {
            add(
                    sent && order > 0,
                    where,
                    key + " was " + (before == null ? "not there" : before) + ", is "
                            + (after == null ? "gone" : after),
                    other.origin());
        }
    }

    private void rule(Mapping one, Mapping other, String key, String where, boolean sent) {
        var before = Trees.text(one, key);
        var after = Trees.text(other, key);
        if (before == null ? after != null : !before.equals(after)) {
            add(
                    sent ? after != null : before != null && !key.equals("pattern"),
                    where,
                    key + " was " + (before == null ? "not there" : before) + ", is "
                            + (after == null ? "gone" : after),
                    other.origin());
        }
    }

    private void properties(Mapping one, Mapping other, String where, boolean sent) {
        var before = Trees.members(one.get("properties"));
        var after = Trees.members(other.get("properties"));
        var needed = Set.copyOf(Trees.texts(one.get("required")));
        var needs = Set.copyOf(Trees.texts(other.get("required")));
        boolean closed = Trees.isFalse(other.get("additionalProperties"));
        before.forEach((name, member) -> {
            var at = where + "/" + name;
            if (!after.containsKey(name)) {
                add(sent ? closed : true, at, "is gone", member.key());
                return;
            }
            if (needed.contains(name) != needs.contains(name)) {
                add(
                        needs.contains(name) == sent,
                        at,
                        needs.contains(name) ? "is required now" : "may be missing now",
                        after.get(name).key());
            }
            compare(member.value(), after.get(name).value(), at, sent);
        });
        after.forEach((name, member) -> {
            if (!before.containsKey(name)) {
                boolean required = sent && needs.contains(name);
                add(required, where + "/" + name, required ? "is new and required" : "is new", member.key());
            }
        });
        if (closed != Trees.isFalse(one.get("additionalProperties"))) {
            add(
                    closed && sent,
                    where,
                    closed ? "takes no other properties any more" : "may have other properties now",
                    other.origin());
        }
    }

    private void kinds(Mapping one, Mapping other, String where, boolean sent) {
        for (var key : List.of("oneOf", "anyOf")) {
            var before = names(one, key);
            var after = names(other, key);
            before.keySet().stream()
                    .filter(each -> !after.containsKey(each))
                    .forEach(each -> add(sent, where, "is not " + each + " any more", one.origin()));
            after.keySet().stream()
                    .filter(each -> !before.containsKey(each))
                    .forEach(each -> add(!sent, where, "may be " + each + " now", other.origin()));
            before.forEach((name, node) -> {
                var same = after.get(name);
                if (same != null) {
                    compare(node, same, where + "(" + name + ")", sent);
                }
            });
        }
    }

    /** The kinds by the name of what they refer to, or by their number. */
    private static Map<String, Node> names(Mapping schema, String key) {
        var names = new LinkedHashMap<String, Node>();
        for (var each : Trees.items(schema.get(key))) {
            var ref = Trees.text(each, "$ref");
            names.put(ref == null ? "kind " + (names.size() + 1) : ref.substring(ref.lastIndexOf('/') + 1), each);
        }
        return names;
    }
}
