package dev.plinth.openapi;

import dev.plinth.config.Node;
import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;
import dev.plinth.openapi.Verdict.Place;
import dev.plinth.openapi.Verdict.Way;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One schema of JSON Schema 2020-12 with the keywords that OpenAPI adds, ready to judge values. Values are what {@code
 * Json} reads as {@link Object}. Immutable once made; thread-safe.
 */
final class Judge {
    private final Judges judges;
    private final Mapping schema;
    private final @Nullable Boolean always;
    private final Set<String> types = new LinkedHashSet<>();
    private final @Nullable Set<String> choices;
    private final String shownChoices;
    private final @Nullable String format;
    private final @Nullable Pattern pattern;
    private final @Nullable BigDecimal minimum;
    private final @Nullable BigDecimal maximum;
    private final @Nullable BigDecimal above;
    private final @Nullable BigDecimal below;
    private final @Nullable BigDecimal multipleOf;
    private final Range length;
    private final Range items;
    private final Range size;
    private final Range contained;
    private final boolean unique;
    private final boolean readOnly;
    private final boolean writeOnly;
    private final List<String> required;
    private final Map<String, Judge> properties;
    private final Map<Pattern, Judge> patterns = new LinkedHashMap<>();
    private final Map<String, List<String>> dependent = new LinkedHashMap<>();
    private final Map<String, Judge> dependentSchemas;
    private final List<Judge> prefix;
    private final List<Judge> allOf;
    private final List<Judge> anyOf;
    private final List<Judge> oneOf;
    private final @Nullable Judge item;
    private final @Nullable Judge contains;
    private final @Nullable Judge additional;
    private final @Nullable Judge names;
    private final @Nullable Judge not;
    private final @Nullable Judge when;
    private final @Nullable Judge then;
    private final @Nullable Judge otherwise;
    private final @Nullable Judge unevaluated;
    private final @Nullable Judge unevaluatedItem;
    private final @Nullable String ref;
    private final @Nullable String discriminator;
    private volatile @Nullable Judge target;

    /** How many of something there may be. */
    private record Range(long least, long most) {
        static Range of(Mapping schema, String least, String most) {
            return new Range(number(schema, least, 0), number(schema, most, Long.MAX_VALUE));
        }

        private static long number(Mapping schema, String key, long otherwise) {
            var number = Numbers.decimal(schema.get(key) instanceof Scalar scalar ? scalar.value() : null);
            return number == null ? otherwise : number.longValue();
        }

        boolean holds(long count) {
            return count >= least && count <= most;
        }

        String shown(String of) {
            if (most == Long.MAX_VALUE) {
                return "at least " + least + " " + of;
            }
            return least == 0 ? "at most " + most + " " + of : least + " to " + most + " " + of;
        }
    }

    /** What of a value has been looked at, for the keywords that ask for the rest. */
    private static final class Seen {
        final Set<String> names = new HashSet<>();
        final Set<Integer> items = new HashSet<>();

        void addAll(@Nullable Seen other) {
            if (other != null) {
                names.addAll(other.names);
                items.addAll(other.items);
            }
        }
    }

    Judge(Node node, Judges judges) {
        this.judges = judges;
        this.schema = node instanceof Mapping mapping ? mapping : new Mapping(Map.of(), node.origin());
        this.always = (node instanceof Scalar scalar && scalar.value() instanceof Boolean flag) ? flag : null;
        if (schema.get("type") instanceof Scalar one) {
            types.add(one.text());
        }
        types.addAll(Trees.texts(schema.get("type")));
        choices = choices();
        shownChoices = shownChoices();
        format = Trees.text(schema, "format");
        var expression = Trees.text(schema, "pattern");
        pattern = expression == null ? null : EcmaPattern.of(expression);
        minimum = number("minimum");
        maximum = number("maximum");
        above = number("exclusiveMinimum");
        below = number("exclusiveMaximum");
        multipleOf = number("multipleOf");
        length = Range.of(schema, "minLength", "maxLength");
        items = Range.of(schema, "minItems", "maxItems");
        size = Range.of(schema, "minProperties", "maxProperties");
        contained = new Range(
                schema.get("minContains") == null ? 1 : Range.of(schema, "minContains", "").least,
                Range.of(schema, "", "maxContains").most);
        unique = Trees.isTrue(schema, "uniqueItems");
        readOnly = Trees.isTrue(schema, "readOnly");
        writeOnly = Trees.isTrue(schema, "writeOnly");
        required = Trees.texts(schema.get("required"));
        properties = all("properties");
        Trees.members(schema.get("patternProperties"))
                .forEach((name, member) -> patterns.put(EcmaPattern.of(name), new Judge(member.value(), judges)));
        Trees.members(schema.get("dependentRequired"))
                .forEach((name, member) -> dependent.put(name, Trees.texts(member.value())));
        dependentSchemas = all("dependentSchemas");
        prefix = list("prefixItems");
        allOf = list("allOf");
        anyOf = list("anyOf");
        oneOf = list("oneOf");
        item = one("items");
        contains = one("contains");
        additional = one("additionalProperties");
        names = one("propertyNames");
        not = one("not");
        when = one("if");
        then = one("then");
        otherwise = one("else");
        unevaluated = one("unevaluatedProperties");
        unevaluatedItem = one("unevaluatedItems");
        ref = Trees.text(schema, "$ref");
        discriminator =
                anyOf.isEmpty() && oneOf.isEmpty() ? null : Trees.text(schema.get("discriminator"), "propertyName");
    }

    private @Nullable Set<String> choices() {
        var constant = schema.get("const");
        var values = schema.get("enum") instanceof Sequence list ? list.items() : null;
        if (constant == null && values == null) {
            return null;
        }
        var all = new LinkedHashSet<String>();
        if (values != null) {
            values.forEach(each -> all.add(Numbers.canonical(Trees.value(each))));
        }
        if (constant != null) {
            var only = Numbers.canonical(Trees.value(constant));
            if (values != null && !all.contains(only)) {
                return Set.of();
            }
            return Set.of(only);
        }
        return all;
    }

    private String shownChoices() {
        return choices == null ? "" : (choices.size() == 1 ? "" : "one of ") + String.join(", ", choices);
    }

    private @Nullable BigDecimal number(String key) {
        return Numbers.decimal(schema.get(key) instanceof Scalar scalar ? scalar.value() : null);
    }

    private @Nullable Judge one(String key) {
        var node = schema.get(key);
        return node == null || node instanceof Sequence ? null : new Judge(node, judges);
    }

    private List<Judge> list(String key) {
        return Trees.items(schema.get(key)).stream()
                .map(each -> new Judge(each, judges))
                .toList();
    }

    private Map<String, Judge> all(String key) {
        var all = new LinkedHashMap<String, Judge>();
        Trees.members(schema.get(key)).forEach((name, member) -> all.put(name, new Judge(member.value(), judges)));
        return all;
    }

    private @Nullable Judge target() {
        if (ref != null && target == null) {
            target = judges.of(ref);
        }
        return target;
    }

    // ---- judging
    // -----------------------------------------------------------------------------------------------------

    void judge(@Nullable Object value, Place place, Verdict verdict) {
        judge(value, place, verdict, null);
    }

    private void judge(@Nullable Object value, Place place, Verdict verdict, @Nullable Seen outer) {
        if (!verdict.step(place)) {
            return;
        }
        if (always != null) {
            if (!always) {
                verdict.fail(place, "NOT_ALLOWED", "must not be there", "", value);
            }
            return;
        }
        var seen = unevaluated != null || unevaluatedItem != null || outer != null ? new Seen() : null;
        var to = target();
        if (to != null) {
            to.judge(value, place, verdict, seen);
        }
        if (!types.isEmpty() && !isOfType(value)) {
            verdict.fail(place, "WRONG_TYPE", shownTypes(), value);
            return; // all else would say the same in other words
        }
        if (choices != null && !choices.contains(Numbers.canonical(value))) {
            verdict.fail(place, "UNKNOWN_VALUE", shownChoices, value);
        }
        switch (value) {
            case String text -> text(text, place, verdict);
            case List<?> list -> list(list, place, verdict, seen);
            case Map<?, ?> map -> map(map, place, verdict, seen);
            case null, default -> {
                var number = Numbers.decimal(value);
                if (number != null) {
                    number(number, place, verdict);
                }
            }
        }
        combined(value, place, verdict, seen);
        rest(value, place, verdict, seen);
        if (outer != null) {
            outer.addAll(seen);
        }
    }

    private boolean isOfType(@Nullable Object value) {
        for (var type : types) {
            boolean is =
                    switch (type) {
                        case "string" -> value instanceof String;
                        case "boolean" -> value instanceof Boolean;
                        case "object" -> value instanceof Map;
                        case "array" -> value instanceof List;
                        case "null" -> value == null;
                        case "number" -> Numbers.decimal(value) != null;
                        case "integer" -> {
                            var number = Numbers.decimal(value);
                            yield number != null && Numbers.isWhole(number);
                        }
                        default -> false;
                    };
            if (is) {
                return true;
            }
        }
        return false;
    }

    private String shownTypes() {
        var shown = new ArrayList<String>();
        for (var type : types) {
            shown.add(
                    switch (type) {
                        case "integer" -> "a whole number";
                        case "object" -> "an object";
                        case "array" -> "a list";
                        case "null" -> "null";
                        case "boolean" -> "true or false";
                        default -> "a " + type;
                    });
        }
        return String.join(" or ", shown);
    }

    private void text(String text, Place place, Verdict verdict) {
        int points = text.codePointCount(0, text.length());
        if (!length.holds(points)) {
            verdict.fail(place, "SIZE", length.shown("characters"), text);
        }
        if (pattern != null && !verdict.finds(pattern, text)) {
            verdict.fail(place, "PATTERN", "a text that matches " + Trees.text(schema, "pattern"), text);
        }
        if (format != null && !Formats.holds(format, text)) {
            verdict.fail(place, "WRONG_FORMAT", "of the format " + format, text);
        }
    }

    private void number(BigDecimal number, Place place, Verdict verdict) {
        if (minimum != null && number.compareTo(minimum) < 0) {
            verdict.fail(place, "MIN", "at least " + minimum, number);
        }
        if (above != null && number.compareTo(above) <= 0) {
            verdict.fail(place, "MIN", "more than " + above, number);
        }
        if (maximum != null && number.compareTo(maximum) > 0) {
            verdict.fail(place, "MAX", "at most " + maximum, number);
        }
        if (below != null && number.compareTo(below) >= 0) {
            verdict.fail(place, "MAX", "less than " + below, number);
        }
        if (multipleOf != null
                && multipleOf.signum() > 0
                && number.remainder(multipleOf).signum() != 0) {
            verdict.fail(place, "MULTIPLE_OF", "a multiple of " + multipleOf, number);
        }
        if (format != null && !Formats.holds(format, number)) {
            verdict.fail(place, "OUT_OF_RANGE", "of the format " + format, number);
        }
    }

    private void list(List<?> list, Place place, Verdict verdict, @Nullable Seen seen) {
        if (!items.holds(list.size())) {
            verdict.fail(place, "SIZE", items.shown("items"), list);
        }
        if (unique) {
            var known = new HashSet<String>();
            for (int i = 0; i < list.size(); i++) {
                if (!known.add(Numbers.canonical(list.get(i)))) {
                    verdict.fail(
                            place.at(Integer.toString(i)),
                            "DUPLICATE_ITEM",
                            "must not be there twice",
                            "",
                            list.get(i));
                }
            }
        }
        int found = 0;
        for (int i = 0; i < list.size(); i++) {
            var each = list.get(i);
            var judge = i < prefix.size() ? prefix.get(i) : item;
            if (judge != null) {
                judge.judge(each, place.at(Integer.toString(i)), verdict, null);
                if (seen != null) {
                    seen.items.add(i);
                }
            }
            if (contains != null && contains.isRight(each, place, verdict, null)) {
                found++;
                if (seen != null) {
                    seen.items.add(i);
                }
            }
        }
        if (contains != null && !contained.holds(found)) {
            verdict.fail(place, "CONTAINS", "a list with " + contained.shown("items") + " of the kind asked for", list);
        }
    }

    private void map(Map<?, ?> map, Place place, Verdict verdict, @Nullable Seen seen) {
        if (!size.holds(map.size())) {
            verdict.fail(place, "SIZE", size.shown("properties"), map);
        }
        for (var name : required) {
            if (!map.containsKey(name) && !isOfOtherWay(properties.get(name), verdict.way)) {
                verdict.fail(place.at(name), "REQUIRED", "must be given", "", "");
            }
        }
        dependent.forEach((name, others) -> {
            for (var other : map.containsKey(name) ? others : List.<String>of()) {
                if (!map.containsKey(other)) {
                    verdict.fail(place.at(other), "REQUIRED", "must be given where " + name + " is", "", "");
                }
            }
        });
        for (var entry : map.entrySet()) {
            property((String) entry.getKey(), entry.getValue(), place, verdict, seen);
        }
        dependentSchemas.forEach((name, judge) -> {
            if (map.containsKey(name)) {
                judge.judge(map, place, verdict, seen);
            }
        });
    }

    private void property(String name, @Nullable Object value, Place place, Verdict verdict, @Nullable Seen seen) {
        if (names != null) {
            names.judge(name, place.at(name), verdict, null);
        }
        var judge = properties.get(name);
        boolean known = judge != null;
        if (judge != null) {
            if (isOfOtherWay(judge, verdict.way)) {
                verdict.fail(
                        place.at(name),
                        verdict.way == Way.REQUEST ? "READ_ONLY" : "WRITE_ONLY",
                        verdict.way == Way.REQUEST ? "is for reading alone: must not be sent" : "is for writing alone",
                        "",
                        "");
            }
            judge.judge(value, place.at(name), verdict, null);
        }
        for (var entry : patterns.entrySet()) {
            if (verdict.finds(entry.getKey(), name)) {
                known = true;
                entry.getValue().judge(value, place.at(name), verdict, null);
            }
        }
        if (!known && additional != null) {
            known = true;
            if (Boolean.FALSE.equals(additional.always)) {
                verdict.fail(place.at(name), "UNKNOWN_KEY", "is not known here", "", "");
            } else {
                additional.judge(value, place.at(name), verdict, null);
            }
        }
        if (known && seen != null) {
            seen.names.add(name);
        }
    }

    /** Whether a property is not for this way; its schema may say so behind a reference. */
    private static boolean isOfOtherWay(@Nullable Judge judge, Way way) {
        for (int steps = 0; judge != null && steps < 20; steps++) {
            if (way == Way.REQUEST ? judge.readOnly : judge.writeOnly) {
                return true;
            }
            judge = judge.target();
        }
        return false;
    }

    // ---- schemas within
    // ----------------------------------------------------------------------------------------------

    private void combined(@Nullable Object value, Place place, Verdict verdict, @Nullable Seen seen) {
        for (var each : allOf) {
            each.judge(value, place, verdict, seen);
        }
        if (discriminator != null) {
            chosen(value, place, verdict, seen);
        } else {
            any(value, place, verdict, seen);
            single(value, place, verdict, seen);
        }
        if (not != null && not.isRight(value, place, verdict, null)) {
            verdict.fail(place, "NOT", "must not be as it is", "", value);
        }
        if (when != null) {
            var branch = when.isRight(value, place, verdict, seen) ? then : otherwise;
            if (branch != null) {
                branch.judge(value, place, verdict, seen);
            }
        }
    }

    private boolean isRight(@Nullable Object value, Place place, Verdict verdict, @Nullable Seen seen) {
        var apart = verdict.apart();
        var own = seen == null ? null : new Seen();
        judge(value, place, apart, own);
        if (apart.isRight() && seen != null) {
            seen.addAll(own);
        }
        return apart.isRight();
    }

    private void any(@Nullable Object value, Place place, Verdict verdict, @Nullable Seen seen) {
        if (anyOf.isEmpty()) {
            return;
        }
        boolean one = false;
        for (var each : anyOf) {
            if (each.isRight(value, place, verdict, seen)) {
                one = true;
                if (seen == null) {
                    return;
                }
            }
        }
        if (!one) {
            nearest(anyOf, "ANY_OF", value, place, verdict);
        }
    }

    private void single(@Nullable Object value, Place place, Verdict verdict, @Nullable Seen seen) {
        if (oneOf.isEmpty()) {
            return;
        }
        int right = 0;
        for (var each : oneOf) {
            if (each.isRight(value, place, verdict, seen)) {
                right++;
            }
        }
        if (right == 0) {
            nearest(oneOf, "ONE_OF", value, place, verdict);
        } else if (right > 1) {
            verdict.fail(place, "ONE_OF", "must be of one kind; it is of " + right + " of " + oneOf.size(), "", value);
        }
    }

    /** Where one kind alone has the value's type, what it lacks to be of that is what helps. */
    private void nearest(List<Judge> kinds, String code, @Nullable Object value, Place place, Verdict verdict) {
        Verdict near = null;
        for (var each : kinds) {
            var apart = verdict.apart();
            each.judge(value, place, apart, null);
            boolean otherType = apart.violations().stream()
                    .anyMatch(broken -> broken.code().equals("WRONG_TYPE")
                            && broken.pointer().equals(place.toString()));
            if (!otherType) {
                if (near != null) {
                    near = null;
                    break;
                }
                near = apart;
            }
        }
        if (near != null && !near.isRight()) {
            verdict.addAll(near);
        } else {
            verdict.fail(
                    place, code, "must be of one of the " + kinds.size() + " kinds that may stand here", "", value);
        }
    }

    private void chosen(@Nullable Object value, Place place, Verdict verdict, @Nullable Seen seen) {
        var kinds = oneOf.isEmpty() ? anyOf : oneOf;
        var name = String.valueOf(discriminator);
        if (!(value instanceof Map<?, ?> map)) {
            any(value, place, verdict, seen);
            single(value, place, verdict, seen);
            return;
        }
        var byName = new LinkedHashMap<String, Judge>();
        var mapping = Trees.members(Trees.get(schema.get("discriminator"), "mapping"));
        for (var kind : kinds) {
            var to = String.valueOf(kind.ref);
            boolean named = false;
            for (var entry : mapping.entrySet()) {
                if (entry.getValue().value() instanceof Scalar text
                        && (text.text().equals(to) || to.equals("#/components/schemas/" + text.text()))) {
                    byName.put(entry.getKey(), kind);
                    named = true;
                }
            }
            if (!named) {
                byName.put(to.substring(to.lastIndexOf('/') + 1), kind);
            }
        }
        var kind = map.get(name) instanceof String text ? byName.get(text) : null;
        if (kind != null) {
            kind.judge(value, place, verdict, seen);
        } else if (!map.containsKey(name)) {
            verdict.fail(place.at(name), "REQUIRED", "must be one of " + String.join(", ", byName.keySet()), "", "");
        } else {
            verdict.fail(
                    place.at(name), "UNKNOWN_VALUE", "one of " + String.join(", ", byName.keySet()), map.get(name));
        }
    }

    private void rest(@Nullable Object value, Place place, Verdict verdict, @Nullable Seen seen) {
        if (seen == null) {
            return;
        }
        if (unevaluated != null && value instanceof Map<?, ?> map) {
            for (var entry : map.entrySet()) {
                var name = (String) entry.getKey();
                if (seen.names.add(name)) {
                    if (Boolean.FALSE.equals(unevaluated.always)) {
                        verdict.fail(place.at(name), "UNKNOWN_KEY", "is not known here", "", "");
                    } else {
                        unevaluated.judge(entry.getValue(), place.at(name), verdict, null);
                    }
                }
            }
        }
        if (unevaluatedItem != null && value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                if (seen.items.add(i)) {
                    unevaluatedItem.judge(list.get(i), place.at(Integer.toString(i)), verdict, null);
                }
            }
        }
    }
}
