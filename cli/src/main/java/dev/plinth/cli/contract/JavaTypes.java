package dev.plinth.cli.contract;

import dev.plinth.config.Node;
import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of a 3.1 document as Java: objects are records with their rules, texts of a few values enums, kinds with a
 * discriminator sealed interfaces. What has no such form, as a property whose name is no name in Java, is a Map or an
 * Object: the contract judges it all the same.
 */
final class JavaTypes {
    private static final String REF = "#/components/schemas/";
    private static final int MOST_COMPONENTS = 100;
    private static final Pattern PLAIN_PATTERN = Pattern.compile("\\^([A-Za-z0-9_ \\-\\[\\]{},+*?:@#/]|\\\\[dw.])*\\$");

    /**
     * A type where it is used.
     *
     * @param name boxed where it is a primitive
     * @param primitive its name as a primitive; empty where it has none
     * @param rules annotations, in their order
     */
    record Use(String name, String primitive, List<String> rules) {
        static final Use ANY = new Use("Object", "", List.of());

        static Use of(String name) {
            return new Use(name, "", List.of());
        }

        Use with(List<String> more) {
            return new Use(name, primitive, more);
        }

        String ruled() {
            var text = new StringBuilder();
            rules.forEach(rule -> text.append(rule).append(' '));
            return text + name;
        }
    }

    /** A record that is one of the kinds of a sealed interface. */
    private record Kind(String sealed, String key, String chosenAs) {}

    private final Mapping root;
    private final String packageName;
    private final JavaNames names;
    private final Map<String, String> classes = new HashMap<>();
    private final Map<String, List<Kind>> kinds = new HashMap<>();
    private final Map<String, String> files = new TreeMap<>();
    private final Set<String> imports = new TreeSet<>();

    JavaTypes(Mapping root, String packageName, JavaNames names) {
        this.root = root;
        this.packageName = packageName;
        this.names = names;
        var schemas = members(get(get(root, "components"), "schemas"));
        schemas.forEach((name, member) -> {
            if (isNamed(member.value())) {
                classes.put(name, names.type(name));
            }
        });
        schemas.forEach((name, member) -> seal(name, member.value()));
        schemas.forEach((name, member) -> {
            var className = classes.get(name);
            if (className != null && !files.containsKey(className)) {
                write(className, member.value());
            }
        });
    }

    /** The source of each type, by its name. */
    Map<String, String> files() {
        return files;
    }

    // ---- looking
    // -----------------------------------------------------------------------------------------------------

    private static @Nullable Node get(@Nullable Node node, String key) {
        return node instanceof Mapping mapping ? mapping.get(key) : null;
    }

    private static Map<String, Node.Member> members(@Nullable Node node) {
        return node instanceof Mapping mapping ? mapping.members() : Map.of();
    }

    private static List<Node> items(@Nullable Node node) {
        return node instanceof Sequence list ? list.items() : List.of();
    }

    private static @Nullable String text(@Nullable Node node, String key) {
        return get(node, key) instanceof Scalar scalar && !scalar.isNull() ? scalar.text() : null;
    }

    private @Nullable Node resolved(@Nullable Node node) {
        var at = node;
        for (int steps = 0; steps < 20; steps++) {
            var ref = text(at, "$ref");
            if (ref == null) {
                return at;
            }
            at = ref.startsWith(REF) ? get(get(get(root, "components"), "schemas"), unescaped(ref)) : null;
        }
        return at;
    }

    private static String unescaped(String ref) {
        return ref.substring(REF.length()).replace("~1", "/").replace("~0", "~");
    }

    private static Set<String> types(@Nullable Node schema) {
        var types = new LinkedHashSet<String>();
        if (get(schema, "type") instanceof Scalar one) {
            types.add(one.text());
        }
        items(get(schema, "type")).forEach(each -> types.add(each instanceof Scalar scalar ? scalar.text() : ""));
        return types;
    }

    /** The properties of an object, with those that {@code allOf} adds. */
    private Map<String, Node> properties(@Nullable Node node, int depth) {
        var schema = resolved(node);
        var all = new LinkedHashMap<String, Node>();
        if (depth < 20) {
            items(get(schema, "allOf")).forEach(part -> all.putAll(properties(part, depth + 1)));
        }
        members(get(schema, "properties")).forEach((name, member) -> all.put(name, member.value()));
        return all;
    }

    private Set<String> required(@Nullable Node node, int depth) {
        var schema = resolved(node);
        var all = new LinkedHashSet<String>();
        if (depth < 20) {
            items(get(schema, "allOf")).forEach(part -> all.addAll(required(part, depth + 1)));
        }
        items(get(schema, "required")).forEach(name -> all.add(name instanceof Scalar scalar ? scalar.text() : ""));
        return all;
    }

    private boolean isNamed(Node schema) {
        return isEnum(schema) || isRecord(schema) || isSealed(schema);
    }

    private static boolean isEnum(@Nullable Node schema) {
        var values = items(get(schema, "enum"));
        var distinct = new LinkedHashSet<String>();
        for (var value : values) {
            if (!(value instanceof Scalar scalar)
                    || !(scalar.value() instanceof String text)
                    || !JavaNames.isConstant(text)
                    || !distinct.add(text)) {
                return false;
            }
        }
        return !values.isEmpty() && types(schema).equals(Set.of("string"));
    }

    private boolean isRecord(@Nullable Node schema) {
        if (text(schema, "$ref") != null
                || (!types(schema).isEmpty() && !types(schema).equals(Set.of("object")))) {
            return false;
        }
        if (get(schema, "oneOf") != null || get(schema, "anyOf") != null) {
            return false;
        }
        var properties = properties(schema, 0).keySet();
        return !properties.isEmpty()
                && properties.size() <= MOST_COMPONENTS
                && properties.stream().allMatch(JavaNames::isComponent);
    }

    private List<Node> kindsOf(@Nullable Node schema) {
        var kinds = items(get(schema, "oneOf"));
        return kinds.isEmpty() ? items(get(schema, "anyOf")) : kinds;
    }

    private boolean isSealed(@Nullable Node schema) {
        var kinds = kindsOf(schema);
        return text(get(schema, "discriminator"), "propertyName") != null
                && !kinds.isEmpty()
                && kinds.stream().allMatch(kind -> isRefToRecord(text(kind, "$ref")));
    }

    private boolean isRefToRecord(@Nullable String ref) {
        return ref != null
                && ref.startsWith(REF)
                && isRecord(get(get(get(root, "components"), "schemas"), unescaped(ref)));
    }

    /** Says of each kind of an interface how it is chosen; where a record is chosen otherwise already, there is no interface. */
    private void seal(String name, Node schema) {
        if (!isSealed(schema)) {
            return;
        }
        var key = String.valueOf(text(get(schema, "discriminator"), "propertyName"));
        var chosen = new LinkedHashMap<String, Kind>();
        for (var kind : kindsOf(schema)) {
            var component = unescaped(String.valueOf(text(kind, "$ref")));
            var as = component;
            for (var entry :
                    members(get(get(schema, "discriminator"), "mapping")).entrySet()) {
                if (entry.getValue().value() instanceof Scalar to
                        && (to.text().equals(REF + component) || to.text().equals(component))) {
                    as = entry.getKey();
                }
            }
            chosen.put(component, new Kind(String.valueOf(classes.get(name)), key, as));
        }
        boolean free = chosen.entrySet().stream().allMatch(each -> kinds.getOrDefault(each.getKey(), List.of()).stream()
                .allMatch(known ->
                        known.key.equals(each.getValue().key) && known.chosenAs.equals(each.getValue().chosenAs)));
        if (free) {
            chosen.forEach((component, kind) ->
                    kinds.computeIfAbsent(component, _ -> new ArrayList<>()).add(kind));
        } else {
            classes.remove(name);
        }
    }

    // ---- using
    // -------------------------------------------------------------------------------------------------------

    /** The type of a body that a handler can be given; null where it has none of its own. */
    @Nullable
    String bodyType(@Nullable Node schema) {
        if (schema == null) {
            return null;
        }
        var use = use(schema, "Body", 0);
        return use.name.matches("[A-Za-z0-9_$]+") && !use.name.equals("Object") && files.containsKey(use.name)
                ? use.name
                : null;
    }

    Use use(@Nullable Node node, String wish, int depth) {
        if (depth > 30) {
            return Use.ANY;
        }
        var ref = text(node, "$ref");
        if (ref != null) {
            if (!ref.startsWith(REF)) {
                return Use.ANY;
            }
            var className = classes.get(unescaped(ref));
            return className != null
                    ? Use.of(className)
                    : use(get(get(get(root, "components"), "schemas"), unescaped(ref)), unescaped(ref), depth + 1);
        }
        var types = types(node);
        types.remove("null");
        if (isEnum(node) || isRecord(node)) {
            var className = names.type(wish);
            write(className, node);
            return Use.of(className);
        }
        if (types.size() != 1) {
            var parts = items(get(node, "allOf"));
            return types.isEmpty() && parts.size() == 1 ? use(parts.getFirst(), wish, depth + 1) : Use.ANY;
        }
        return switch (types.iterator().next()) {
            case "string" -> string(node);
            case "integer" -> integer(node);
            case "number" -> number(node);
            case "boolean" -> new Use("Boolean", "boolean", List.of());
            case "array" -> {
                imports.add("java.util.List");
                var item = use(get(node, "items"), wish + "Item", depth + 1);
                yield Use.of("List<" + item.ruled() + ">").with(size(node, "minItems", "maxItems"));
            }
            case "object" -> {
                imports.add("java.util.Map");
                var value = get(node, "additionalProperties") instanceof Mapping values
                                && members(get(node, "properties")).isEmpty()
                        ? use(values, wish + "Value", depth + 1)
                        : Use.ANY;
                yield Use.of("Map<String, " + value.ruled() + ">").with(size(node, "minProperties", "maxProperties"));
            }
            default -> Use.ANY;
        };
    }

    private Use string(@Nullable Node node) {
        var known =
                switch (String.valueOf(text(node, "format"))) {
                    case "date" -> "java.time.LocalDate";
                    case "date-time" -> "java.time.OffsetDateTime";
                    case "uuid" -> "java.util.UUID";
                    case "uri" -> "java.net.URI";
                    default -> "";
                };
        if (!known.isEmpty()) {
            imports.add(known);
            return Use.of(known.substring(known.lastIndexOf('.') + 1));
        }
        var rules = new ArrayList<>(size(node, "minLength", "maxLength"));
        var pattern = text(node, "pattern");
        if (pattern != null && PLAIN_PATTERN.matcher(pattern).matches()) {
            try {
                Pattern.compile(pattern);
                imports.add("jakarta.validation.constraints.Pattern");
                rules.add("@Pattern(regexp = " + JavaNames.literal(pattern) + ")");
            } catch (IllegalArgumentException onlyTheContractJudgesIt) {
                return Use.of("String").with(rules);
            }
        }
        return Use.of("String").with(rules);
    }

    private List<String> size(@Nullable Node node, String least, String most) {
        var parts = new ArrayList<String>();
        var min = whole(node, least);
        var max = whole(node, most);
        if (min != null && min > 0) {
            parts.add("min = " + min);
        }
        if (max != null) {
            parts.add("max = " + max);
        }
        if (parts.isEmpty()) {
            return List.of();
        }
        imports.add("jakarta.validation.constraints.Size");
        return List.of("@Size(" + String.join(", ", parts) + ")");
    }

    private static @Nullable Integer whole(@Nullable Node node, String key) {
        var value = decimal(node, key);
        return value == null || value.signum() < 0 || value.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0
                ? null
                : value.intValue();
    }

    private static @Nullable BigDecimal decimal(@Nullable Node node, String key) {
        if (get(node, key) instanceof Scalar scalar && scalar.value() instanceof Number number) {
            return new BigDecimal(number.toString());
        }
        return null;
    }

    private Use integer(@Nullable Node node) {
        var rules = new ArrayList<String>();
        bound(node, "minimum", "Min", 0, rules);
        bound(node, "exclusiveMinimum", "Min", 1, rules);
        bound(node, "maximum", "Max", 0, rules);
        bound(node, "exclusiveMaximum", "Max", -1, rules);
        return "int32".equals(text(node, "format")) ? new Use("Integer", "int", rules) : new Use("Long", "long", rules);
    }

    private void bound(@Nullable Node node, String key, String annotation, int shift, List<String> rules) {
        var bound = decimal(node, key);
        if (bound != null
                && bound.scale() <= 0
                && bound.precision() - bound.scale() < 18
                && rules.stream().noneMatch(rule -> rule.startsWith("@" + annotation + "("))) {
            imports.add("jakarta.validation.constraints." + annotation);
            rules.add("@" + annotation + "(" + (bound.longValue() + shift) + "L)");
        }
    }

    private Use number(@Nullable Node node) {
        var rules = new ArrayList<String>();
        decimalBound(node, "minimum", "DecimalMin", true, rules);
        decimalBound(node, "exclusiveMinimum", "DecimalMin", false, rules);
        decimalBound(node, "maximum", "DecimalMax", true, rules);
        decimalBound(node, "exclusiveMaximum", "DecimalMax", false, rules);
        imports.add("java.math.BigDecimal");
        return new Use("BigDecimal", "", rules);
    }

    private void decimalBound(
            @Nullable Node node, String key, String annotation, boolean inclusive, List<String> rules) {
        var bound = decimal(node, key);
        if (bound != null && rules.stream().noneMatch(rule -> rule.startsWith("@" + annotation + "("))) {
            imports.add("jakarta.validation.constraints." + annotation);
            rules.add("@" + annotation + "(" + (inclusive ? "" : "value = ") + JavaNames.literal(bound.toString())
                    + (inclusive ? "" : ", inclusive = false") + ")");
        }
    }

    // ---- writing
    // -----------------------------------------------------------------------------------------------------

    private void write(String className, @Nullable Node schema) {
        files.put(className, ""); // so that a schema within itself finds it
        var outer = new TreeSet<>(imports);
        imports.clear();
        String body;
        if (isEnum(schema)) {
            body = enumOf(className, schema);
        } else if (isRecord(schema)) {
            body = recordOf(className, schema);
        } else {
            body = sealedOf(className, schema);
        }
        var source = new StringBuilder("package ").append(packageName).append(";\n\n");
        imports.forEach(each -> source.append("import ").append(each).append(";\n"));
        source.append(imports.isEmpty() ? "" : "\n").append(comment(schema)).append(body);
        files.put(className, source.toString());
        imports.clear();
        imports.addAll(outer);
    }

    private static String comment(@Nullable Node schema) {
        var text = text(schema, "description") == null ? text(schema, "title") : text(schema, "description");
        return text == null || text.isBlank() ? "" : "/** " + JavaNames.comment(text) + " */\n";
    }

    private static String enumOf(String className, @Nullable Node schema) {
        var constants = new ArrayList<String>();
        items(get(schema, "enum")).forEach(each -> constants.add("    " + ((Scalar) each).text()));
        return "public enum " + className + " {\n" + String.join(",\n", constants) + "\n}\n";
    }

    private String sealedOf(String className, @Nullable Node schema) {
        imports.add("dev.plinth.schema.ChosenBy");
        var permitted = new ArrayList<String>();
        for (var kind : kindsOf(schema)) {
            permitted.add(String.valueOf(classes.get(unescaped(String.valueOf(text(kind, "$ref"))))));
        }
        var key = String.valueOf(text(get(schema, "discriminator"), "propertyName"));
        return "@ChosenBy(" + JavaNames.literal(key) + ")\npublic sealed interface " + className + " permits "
                + String.join(", ", permitted) + " {}\n";
    }

    private String recordOf(String className, @Nullable Node schema) {
        var component = classes.entrySet().stream()
                .filter(each -> each.getValue().equals(className))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
        var sealed = kinds.getOrDefault(component, List.of());
        var required = required(schema, 0);
        var components = new ArrayList<String>();
        properties(schema, 0).forEach((name, property) -> {
            if (sealed.stream().noneMatch(kind -> kind.key.equals(name))) {
                components.add("        " + component(className, name, property, required.contains(name)));
            }
        });
        var head = new StringBuilder();
        if (!sealed.isEmpty()) {
            imports.add("dev.plinth.schema.ChosenAs");
            head.append("@ChosenAs(")
                    .append(JavaNames.literal(sealed.getFirst().chosenAs))
                    .append(")\n");
        }
        head.append("public record ").append(className).append('(');
        head.append(components.isEmpty() ? "" : "\n" + String.join(",\n", components))
                .append(')');
        if (!sealed.isEmpty()) {
            head.append(" implements ")
                    .append(String.join(
                            ", ", sealed.stream().map(Kind::sealed).distinct().toList()));
        }
        return head.append(" {}\n").toString();
    }

    private String component(String className, String name, Node property, boolean required) {
        var use = use(property, className + Character.toUpperCase(name.charAt(0)) + name.substring(1), 1);
        boolean nullable = types(resolved(property)).contains("null");
        boolean oneWay = "true".equals(text(resolved(property), "readOnly"))
                || "true".equals(text(resolved(property), "writeOnly"));
        if (use.equals(Use.ANY)) {
            return "Object " + name;
        }
        if (!required || nullable || oneWay) {
            imports.add("java.util.Optional");
            return "Optional<" + use.ruled() + "> " + name;
        }
        if (!use.primitive.isEmpty()) {
            var rules = new StringBuilder();
            use.rules.forEach(rule -> rules.append(rule).append(' '));
            return rules + use.primitive + " " + name;
        }
        imports.add("jakarta.validation.constraints.NotNull");
        return "@NotNull " + use.ruled() + " " + name;
    }
}
