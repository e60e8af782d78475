package dev.plinth.openapi;

import dev.plinth.config.Node;
import dev.plinth.config.Node.Scalar;
import dev.plinth.error.Violation;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the value at one place must be: its schema, judged when it is first asked for. Values are what {@code Json} reads as
 * {@link Object}. Thread-safe.
 */
public final class Value {
    private static final String NUMBER = "-?(0|[1-9][0-9]{0,99})(\\.[0-9]{1,99})?([eE][+-]?[0-9]{1,3})?";

    private final @Nullable Node schema;
    private final Judges judges;
    private volatile @Nullable Set<String> types;

    Value(@Nullable Node schema, Judges judges) {
        this.schema = schema;
        this.judges = judges;
    }

    /** The schema itself; null where there is none, so that anything is right. */
    public @Nullable Node schema() {
        return schema;
    }

    /** What is wrong with a value that is sent, each with its place behind {@code where}. */
    public List<Violation> sent(@Nullable Object value, String where) {
        return judged(value, where, Verdict.Way.REQUEST);
    }

    /** What is wrong with a value that is answered. */
    public List<Violation> answered(@Nullable Object value, String where) {
        return judged(value, where, Verdict.Way.RESPONSE);
    }

    private List<Violation> judged(@Nullable Object value, String where, Verdict.Way way) {
        if (schema == null) {
            return List.of();
        }
        var verdict = new Verdict(way);
        judges.of(schema).judge(value, new Verdict.Place(null, where), verdict);
        return List.copyOf(verdict.violations());
    }

    /** The types that it may have, as far as its schema says so; none where it may be anything. */
    public Set<String> types() {
        var known = types;
        if (known == null) {
            var found = new LinkedHashSet<String>();
            types(schema, found, 0);
            known = Collections.unmodifiableSet(found);
            types = known;
        }
        return known;
    }

    private void types(@Nullable Node node, Set<String> found, int depth) {
        var at = judges.resolved(node);
        if (at == null || depth > 20) {
            return;
        }
        if (at instanceof Node.Mapping mapping && mapping.get("type") != null) {
            if (mapping.get("type") instanceof Scalar one) {
                found.add(one.text());
            }
            found.addAll(Trees.texts(mapping.get("type")));
            return;
        }
        for (var key : List.of("allOf", "anyOf", "oneOf")) {
            for (var each : Trees.items(Trees.get(at, key))) {
                types(each, found, depth + 1);
            }
        }
        for (var each : Trees.items(Trees.get(at, "enum"))) {
            found.add(typeOf(Trees.value(each)));
        }
    }

    private static String typeOf(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Boolean _ -> "boolean";
            case Integer _, Long _, BigInteger _ -> "integer";
            case BigDecimal _ -> "number";
            case List<?> _ -> "array";
            case java.util.Map<?, ?> _ -> "object";
            default -> "string";
        };
    }

    /** What the items of a list must be. */
    public Value items() {
        return new Value(below("items"), judges);
    }

    /** What a property of an object must be; anything where that isn't said. */
    public Value property(String name) {
        var found = member(schema, name, 0);
        return new Value(found == null ? below("additionalProperties") : found, judges);
    }

    /** The properties that its schema names. */
    public Set<String> properties() {
        var names = new LinkedHashSet<String>();
        properties(schema, names, 0);
        return names;
    }

    private void properties(@Nullable Node node, Set<String> names, int depth) {
        var at = judges.resolved(node);
        if (at == null || depth > 20) {
            return;
        }
        names.addAll(Trees.members(Trees.get(at, "properties")).keySet());
        for (var key : List.of("allOf", "anyOf", "oneOf")) {
            Trees.items(Trees.get(at, key)).forEach(each -> properties(each, names, depth + 1));
        }
    }

    private @Nullable Node member(@Nullable Node node, String name, int depth) {
        var at = judges.resolved(node);
        if (at == null || depth > 20) {
            return null;
        }
        var found = Trees.get(Trees.get(at, "properties"), name);
        for (var key : List.of("allOf", "anyOf", "oneOf")) {
            for (var each : found == null ? Trees.items(Trees.get(at, key)) : List.<Node>of()) {
                found = found == null ? member(each, name, depth + 1) : found;
            }
        }
        return found;
    }

    private @Nullable Node below(String key) {
        var at = judges.resolved(schema);
        return Trees.get(at, key) instanceof Node.Mapping found ? found : null;
    }

    /** What stands for a value that is not given; null where nothing does. */
    public @Nullable Object otherwise() {
        var node = Trees.get(judges.resolved(schema), "default");
        return node == null ? null : Trees.value(node);
    }

    /** A text as the type that it must have: a number, a truth value, null; the text itself where that can't be. */
    public @Nullable Object cast(String text) {
        var wanted = types();
        if ((wanted.contains("integer") || wanted.contains("number")) && text.matches(NUMBER)) {
            var number = new BigDecimal(text);
            return text.matches("-?[0-9]+") ? number.toBigIntegerExact() : number;
        }
        if (wanted.contains("boolean") && (text.equals("true") || text.equals("false"))) {
            return text.equals("true");
        }
        if (wanted.contains("null") && (text.isEmpty() || text.equals("null")) && !wanted.contains("string")) {
            return null;
        }
        return text;
    }
}
