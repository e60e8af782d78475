package dev.plinth.config;

import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;
import dev.plinth.error.Violation;
import dev.plinth.schema.Live;
import dev.plinth.schema.Property;
import dev.plinth.schema.Schema;
import dev.plinth.schema.Shape;
import dev.plinth.schema.TextParser;
import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes records of the tree, and tells everything that is wrong on the way. One thread at a time. */
final class Binder {
    /** In the place of a value that could not be made, which has been told. */
    private enum Failed {
        FAILED
    }

    private static final int MAX_DEPTH = 50;

    private final Interpolation interpolation;
    private final Known root;
    private final Path directory;
    private final String file;
    private final Problems problems;
    private final Values values;
    private @Nullable String refers;
    private final Map<String, Live.Source<?>> lives;

    /**
     * For one tree.
     *
     * @param root what may stand in it
     * @param directory against which paths are resolved that no file names
     * @param file what the user would change
     * @param lives takes the values that may change, by their keys
     */
    Binder(
            Interpolation interpolation,
            Known root,
            Path directory,
            String file,
            Problems problems,
            Map<String, Live.Source<?>> lives) {
        this.interpolation = interpolation;
        this.root = root;
        this.directory = directory;
        this.file = file;
        this.problems = problems;
        this.lives = lives;
        this.values = new Values(interpolation, root, directory, problems);
    }

    /**
     * The record of a section.
     *
     * @param node what stands there; null if nothing
     * @param origin where the section begins
     * @return null if it could not be made
     */
    <T extends Record> @Nullable T bind(Class<T> type, @Nullable Node node, String path, Origin origin) {
        var schema = Schema.of(type);
        var made = record(schema, node, path, origin, 0);
        if (made instanceof Failed) {
            return null;
        }
        var record = type.cast(made);
        int before = problems.size();
        schema.check(record, "", violation -> tell(violation, root.record(type), node, path, origin));
        return problems.size() == before ? record : null;
    }

    /** The name that {@code node} chooses, for which there is a record; null if it doesn't, which has been told. */
    @Nullable
    String chosen(Choice choice, @Nullable Node node, String path, Origin origin) {
        var name = node instanceof Mapping mapping ? mapping.get(choice.key()) : null;
        var key = path + "." + choice.key();
        if (name == null || isNull(name)) {
            if (choice.otherwise() == null) {
                problems.add(key, missing(choice.expected(), key), name == null ? origin : name.origin());
            }
            return choice.otherwise();
        }
        if (!(name instanceof Scalar scalar)) {
            problems.add(key, name.kind() + " (expected: " + choice.expected() + ")", name.origin());
            return null;
        }
        if (name.origin().isWritten() && scalar.text().contains(Interpolation.KEY)) {
            problems.add(
                    key,
                    "'" + scalar.text()
                            + "': what chooses can't be taken from another key (expected: a name or ${VAR})",
                    name.origin());
            return null;
        }
        if (scalar.isHidden()) {
            problems.add(key, "what chooses can't be hidden (expected: " + choice.expected() + ")", name.origin());
            return null;
        }
        var text = interpolation.text(scalar, key);
        if (text == null) {
            return null;
        }
        if (choice.record(text) == null) {
            problems.add(key, choice.unknown(text), name.origin());
            return null;
        }
        return text;
    }

    private Object record(Schema<?> schema, @Nullable Node node, String path, Origin origin, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException(path + ": the record has a component of its own type; make it Optional");
        }
        Mapping mapping = null;
        if (node instanceof Mapping m) {
            mapping = m;
        } else if (node != null && !isNull(node)) {
            var glued = node instanceof Scalar scalar && scalar.text().indexOf(':') >= 0;
            problems.add(
                    path,
                    node.kind() + " (expected: keys and values" + (glued ? "; is there no space after a ':'?)" : ")"),
                    node.origin());
            return Failed.FAILED;
        }
        var properties = schema.properties();
        var values = new @Nullable Object[properties.size()];
        boolean whole = true;
        for (int i = 0; i < values.length; i++) {
            values[i] = component(properties.get(i), mapping, path, origin, depth);
            whole &= !(values[i] instanceof Failed);
        }
        if (!whole) {
            // The record can't be asked, so those of its components that are there are asked one by one.
            for (int i = 0; i < values.length; i++) {
                if (!(values[i] instanceof Failed)) {
                    check(properties.get(i), values[i], mapping, path, origin);
                }
            }
            return Failed.FAILED;
        }
        try {
            return schema.create(values);
        } catch (IllegalArgumentException e) {
            var message = e.getMessage();
            if (interpolation.isSecret(message)) {
                message = "its values don't go together (the reason holds a secret, so it isn't shown)";
            }
            problems.add(path, message == null ? "its values don't go together" : Masked.text(message), origin);
        } catch (RuntimeException e) {
            problems.add(path, "its record can't be made of these values (a mistake in its constructor)", origin);
            if (!interpolation.isSecret(e.toString())) {
                problems.addCause(e);
            }
        }
        return Failed.FAILED;
    }

    private @Nullable Object component(
            Property property, @Nullable Mapping mapping, String path, Origin origin, int depth) {
        var key = path.isEmpty() ? property.key() : path + "." + property.key();
        requireSupported(property.held(), key);
        if (Encrypted.isPrefixed(property.key())) {
            throw new IllegalArgumentException(key + ": the key stands for an encrypted "
                    + Encrypted.plain(property.key()) + "; give the component another name");
        }
        var value = held(property, mapping, key, origin, depth);
        if (!property.isLive() || value == null || value instanceof Failed) {
            return value;
        }
        var source = new Live.Source<>(value);
        lives.put(key, source);
        return source.live();
    }

    private @Nullable Object held(Property property, @Nullable Mapping mapping, String key, Origin origin, int depth) {
        var shape = property.held();
        var member = mapping == null ? null : mapping.members().get(property.key());
        if (member != null && !isNull(member.value())) {
            refers = property.refers();
            return value(shape, property, member.value(), key, member.key(), depth);
        }
        if (shape.kind() == Shape.Kind.CHOICE) {
            return choice(shape, property, null, key, member == null ? origin : member.key(), depth);
        }
        if (property.defaultText() != null) {
            return absent(property) instanceof Path relative ? directory.resolve(relative) : absent(property);
        }
        if (shape.kind() == Shape.Kind.RECORD) {
            return record(schema(shape), null, key, member == null ? origin : member.key(), depth + 1);
        }
        if (property.required()) {
            problems.add(key, missing(Values.expected(shape), key), member == null ? origin : member.key());
            return Failed.FAILED;
        }
        return switch (shape.kind()) {
            case LIST -> List.of();
            case SET -> Set.of();
            case MAP -> Map.of();
            default -> absent(property);
        };
    }

    private static @Nullable Object absent(Property property) {
        return property.absent() instanceof Live<?> live ? live.get() : property.absent();
    }

    private String missing(String expected, String key) {
        var text = "missing (expected: " + expected + "). Set it in " + file;
        for (var name : key.split("\\.", -1)) {
            if (Known.isIndex(name)) {
                return text + "."; // a variable would give the list as a whole
            }
        }
        return text + " or as " + Overrides.variable(key) + ".";
    }

    /**
     * The value that {@code node} is.
     *
     * @param declaredBy the component, where the node is its value and not an item of it
     */
    private Object value(Shape shape, @Nullable Property declaredBy, Node node, String path, Origin origin, int depth) {
        return switch (shape.kind()) {
            case TEXT, BYTES, ANY -> {
                var value = values.value(shape, refers, node, path);
                yield value == null ? Failed.FAILED : value;
            }
            case RECORD -> record(schema(shape), node, path, origin, depth + 1);
            case CHOICE -> choice(shape, declaredBy, node, path, origin, depth);
            case OPTIONAL -> {
                var value = value(shape.arguments().getFirst(), declaredBy, node, path, origin, depth);
                yield value instanceof Failed ? Failed.FAILED : Optional.of(value);
            }
            case LIST, SET, ARRAY -> list(shape, node, path, depth);
            case MAP -> map(shape, node, path, depth);
            case LIVE, OTHER -> throw unsupported(shape, path);
        };
    }

    private Object choice(
            Shape shape, @Nullable Property declaredBy, @Nullable Node node, String path, Origin origin, int depth) {
        var choice = Known.choice(shape, declaredBy);
        if (node != null && !(node instanceof Mapping) && !isNull(node)) {
            problems.add(
                    path,
                    node.kind() + " (expected: keys and values, of which " + choice.key() + " is " + choice.expected()
                            + ")",
                    node.origin());
            return Failed.FAILED;
        }
        var name = chosen(choice, node, path, origin);
        var record = name == null ? null : choice.record(name);
        return record == null ? Failed.FAILED : record(Schema.of(record), node, path, origin, depth + 1);
    }

    private Object list(Shape shape, Node node, String path, int depth) {
        if (!(node instanceof Sequence sequence)) {
            problems.add(path, node.kind() + " (expected: " + Values.expected(shape) + ")", node.origin());
            return Failed.FAILED;
        }
        var element = shape.arguments().getFirst();
        var values = new ArrayList<Object>(sequence.items().size());
        boolean whole = true;
        for (int i = 0; i < sequence.items().size(); i++) {
            var item = sequence.items().get(i);
            Object value;
            if (isNull(item)) {
                problems.add(path + "." + i, "nothing (expected: " + Values.expected(element) + ")", item.origin());
                value = Failed.FAILED;
            } else {
                value = value(element, null, item, path + "." + i, item.origin(), depth);
            }
            if (shape.kind() == Shape.Kind.SET && !(value instanceof Failed) && values.contains(value)) {
                problems.add(path + "." + i, "stands in the list twice", item.origin());
                whole = false;
            }
            values.add(value);
            whole &= !(value instanceof Failed);
        }
        if (!whole) {
            for (int i = 0; i < values.size(); i++) {
                if (!(values.get(i) instanceof Failed)) {
                    check(element, values.get(i), sequence.items().get(i), path + "." + i);
                }
            }
            return Failed.FAILED;
        }
        return switch (shape.kind()) {
            case SET -> Collections.unmodifiableSet(new LinkedHashSet<>(values));
            case ARRAY -> array(element.rawType(), values);
            default -> List.copyOf(values);
        };
    }

    private static Object array(Class<?> type, List<Object> values) {
        var array = Array.newInstance(type, values.size());
        for (int i = 0; i < values.size(); i++) {
            Array.set(array, i, values.get(i));
        }
        return array;
    }

    private Object map(Shape shape, Node node, String path, int depth) {
        if (!(node instanceof Mapping mapping)) {
            problems.add(path, node.kind() + " (expected: keys and values)", node.origin());
            return Failed.FAILED;
        }
        var names = shape.arguments().getFirst();
        var element = shape.arguments().getLast();
        var values = new LinkedHashMap<Object, @Nullable Object>();
        boolean whole = true;
        for (var member : mapping.members().entrySet()) {
            var name = member.getKey();
            if ((element.kind() == Shape.Kind.RECORD || element.kind() == Shape.Kind.CHOICE) && name.startsWith("x-")) {
                continue;
            }
            var origin = member.getValue().key();
            var item = member.getValue().value();
            // In a free-form tree nothing is a value as well.
            var value = element.kind() == Shape.Kind.ANY && isNull(item)
                    ? null
                    : value(element, null, item, path + "." + name, origin, depth);
            whole &= !(value instanceof Failed);
            try {
                var parsed = TextParser.parse(name, names.type());
                if (values.containsKey(parsed)) {
                    problems.add(path + "." + name, "stands there twice, written differently", origin);
                    whole = false;
                }
                values.putIfAbsent(parsed, value);
            } catch (IllegalArgumentException e) {
                problems.add(path, "the key " + e.getMessage(), origin);
                whole = false;
            }
        }
        if (!whole) {
            for (var value : values.entrySet()) {
                if (value.getValue() != null && !(value.getValue() instanceof Failed)) {
                    var name = value.getKey().toString();
                    var at = mapping.get(name);
                    check(element, value.getValue(), at == null ? mapping : at, path + "." + name);
                }
            }
            return Failed.FAILED;
        }
        return Collections.unmodifiableMap(values);
    }

    private void check(
            Property property, @Nullable Object value, @Nullable Mapping mapping, String path, Origin origin) {
        var key = path.isEmpty() ? property.key() : path + "." + property.key();
        var node = mapping == null ? null : mapping.get(property.key());
        var place = node == null ? origin : node.origin();
        property.shape()
                .check(value, "", violation -> tell(violation, root.of(property.shape(), property), node, key, place));
    }

    private void check(Shape shape, Object value, Node node, String path) {
        shape.check(value, "", violation -> tell(violation, root.of(shape, null), node, path, node.origin()));
    }

    /** Turns the pointer of a broken rule, which goes by the names of components, into a key and a place. */
    private void tell(Violation violation, Known known, @Nullable Node node, String path, Origin origin) {
        var key = new StringBuilder(path);
        var place = node == null || (violation.pointer().isEmpty() && node instanceof Mapping) ? origin : node.origin();
        var at = node;
        var names = violation.pointer().split("/", -1);
        for (int i = 1; i < names.length; i++) {
            known = known.at(at);
            var name = names[i].replace("~1", "/").replace("~0", "~");
            if (known.kind() == Known.Kind.RECORD) {
                for (var member : known.members().entrySet()) {
                    var property = member.getValue().property();
                    if (property != null && property.name().equals(name)) {
                        name = member.getKey();
                        break;
                    }
                }
            }
            key.append('.').append(name);
            at = at == null ? null : Interpolation.find(at, List.of(name));
            if (at != null) {
                place = at.origin();
            }
            var child = known.child(name);
            known = child == null ? known : child;
        }
        boolean secret = at instanceof Scalar scalar && interpolation.isSecret(scalar, key.toString());
        problems.add(key.toString(), secret ? violation.message() : Masked.text(said(violation, known.shape())), place);
    }

    private static String said(Violation violation, @Nullable Shape shape) {
        var message = violation.message();
        if (violation.actual().isEmpty()) {
            return message;
        }
        // The standard words for limits say the same as what was expected, at greater length.
        if (message.startsWith("must be greater than ") || message.startsWith("must be less than ")) {
            var limits = shape == null ? null : Values.limits(shape);
            return violation.actual() + " (expected: " + (limits == null ? violation.expected() : limits) + ")";
        }
        return message.startsWith("must have ")
                ? violation.actual() + " (expected: " + violation.expected() + ")"
                : "'" + violation.actual() + "' " + message;
    }

    /** Tells whoever wrote the record, and not only when a user writes such a value. */
    private static void requireSupported(Shape shape, String path) {
        switch (shape.kind()) {
            case TEXT, BYTES, ANY, RECORD, CHOICE -> {}
            case OPTIONAL, LIST, SET, ARRAY, MAP ->
                requireSupported(shape.arguments().getLast(), path);
            case LIVE, OTHER -> throw unsupported(shape, path);
        }
    }

    private static IllegalArgumentException unsupported(Shape shape, String path) {
        return new IllegalArgumentException(path + ": configuration has no values of the type "
                + shape.type().getTypeName() + " (expected: text, a number, ..., a record, or a list or map of them)");
    }

    private static boolean isNull(Node node) {
        return node instanceof Scalar scalar && scalar.isNull();
    }

    private static Schema<?> schema(Shape shape) {
        return Schema.of(shape.rawType().asSubclass(Record.class));
    }
}
