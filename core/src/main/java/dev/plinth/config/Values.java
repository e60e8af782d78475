package dev.plinth.config;

import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;
import dev.plinth.schema.DidYouMean;
import dev.plinth.schema.Rule;
import dev.plinth.schema.Shape;
import dev.plinth.schema.TextParser;
import dev.plinth.secret.Secret;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** Makes values that aren't made of others: what is written as one text, and what is taken as it is written. */
final class Values {
    private final Interpolation interpolation;
    private final Known root;
    private final Path directory;
    private final Problems problems;

    /**
     * For one tree.
     *
     * @param root what may stand in it
     * @param directory against which paths are resolved that no file names
     */
    Values(Interpolation interpolation, Known root, Path directory, Problems problems) {
        this.interpolation = interpolation;
        this.root = root;
        this.directory = directory;
        this.problems = problems;
    }

    /**
     * The value of a TEXT, BYTES or ANY.
     *
     * @param refers the section in which a text must be a name; null if it need not
     * @return null if it could not be made, which has been told
     */
    @Nullable
    Object value(Shape shape, @Nullable String refers, Node node, String path) {
        if (shape.kind() == Shape.Kind.ANY) {
            return tree(node, path);
        }
        if (!(node instanceof Scalar scalar) || scalar.isNull()) {
            problems.add(path, node.kind() + " (expected: " + expected(shape) + ")", node.origin());
            return null;
        }
        boolean isSecret = shape.rawType() == Secret.class;
        var text = isSecret ? interpolation.secret(scalar, path) : interpolation.text(scalar, path);
        if (text == null) {
            return null;
        }
        if (isWhole(shape.rawType()) && hasLeadingZero(text)) {
            return refuse(
                    "'" + text + "' begins with a zero, which is octal for some (expected: " + stripped(text) + ")",
                    shape,
                    scalar,
                    path);
        }
        if (refers != null && scalar.isHidden()) {
            problems.add(path, "the name of something else in the configuration can't be hidden", node.origin());
            return null;
        }
        if (refers != null && !isName(refers, text, path, node.origin())) {
            return null;
        }
        try {
            if (shape.kind() == Shape.Kind.BYTES) {
                return Base64.getDecoder().decode(text);
            }
            var value = TextParser.parse(text, shape.type());
            return value instanceof Path relative ? resolve(relative, node.origin()) : value;
        } catch (IllegalArgumentException e) {
            // What stands in bytes may be a key: neither the text nor Java's words, which hold parts of it.
            var message = shape.kind() == Shape.Kind.BYTES
                    ? "this is no Base64 (expected: " + expected(shape) + ")"
                    : Masked.text(limited(String.valueOf(e.getMessage()), shape));
            return refuse(message, shape, scalar, path);
        }
    }

    /** Tells why a text doesn't fit; where it holds a secret, without it. */
    private @Nullable Object refuse(String message, Shape shape, Scalar scalar, String path) {
        problems.add(
                path,
                interpolation.isSecret(scalar, path)
                        ? "what it holds doesn't fit, and is secret (expected: " + expected(shape) + ")"
                        : message,
                scalar.origin());
        return null;
    }

    /** What is written, typed as JSON would be: a text in quotes is a text, and so is all that is no number or truth. */
    private @Nullable Object tree(Node node, String path) {
        boolean whole = true;
        switch (node) {
            case Scalar scalar -> {
                var text = interpolation.text(scalar, path);
                return text == null || !scalar.plain() || scalar.isHidden() ? text : typed(text);
            }
            case Sequence sequence -> {
                var items = new ArrayList<@Nullable Object>();
                for (int i = 0; i < sequence.items().size(); i++) {
                    var item = sequence.items().get(i);
                    var value = isNull(item) ? null : tree(item, path + "." + i);
                    whole &= value != null || isNull(item);
                    items.add(value);
                }
                return whole ? Collections.unmodifiableList(items) : null;
            }
            case Mapping mapping -> {
                var members = new LinkedHashMap<String, @Nullable Object>();
                for (var member : mapping.members().entrySet()) {
                    var below = member.getValue().value();
                    var value = isNull(below) ? null : tree(below, path + "." + member.getKey());
                    whole &= value != null || isNull(below);
                    members.put(member.getKey(), value);
                }
                return whole ? Collections.unmodifiableMap(members) : null;
            }
        }
    }

    private static boolean isNull(Node node) {
        return node instanceof Scalar scalar && scalar.isNull();
    }

    static Object typed(String text) {
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        if (text.isEmpty() || "-0123456789".indexOf(text.charAt(0)) < 0 || hasLeadingZero(text)) {
            return text;
        }
        try {
            var number = (BigDecimal) TextParser.parse(text, BigDecimal.class);
            return text.matches("-?[0-9]+") ? smallest(number.toBigIntegerExact()) : number;
        } catch (IllegalArgumentException e) {
            return text; // such as a date
        }
    }

    private static Object smallest(BigInteger whole) {
        if (whole.bitLength() < Integer.SIZE) {
            return whole.intValue();
        }
        return whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : whole;
    }

    /** Whether there is that name in the section; tells it if not. */
    private boolean isName(String section, String name, String path, Origin origin) {
        var place = root.child(section);
        if (place == null || place.kind() != Known.Kind.MAP) {
            throw new IllegalArgumentException(
                    path + ": @Refers(\"" + section + "\"), but there is no such section of names");
        }
        var names = new ArrayList<String>();
        if (interpolation.find(section) instanceof Mapping mapping) {
            names.addAll(mapping.members().keySet());
            names.removeIf(each -> place.isFree() && each.startsWith("x-"));
        }
        if (names.contains(name)) {
            return true;
        }
        var meant = DidYouMean.nearest(name, names);
        var known = names.isEmpty() ? "there is none" : "there: " + String.join(", ", names);
        problems.add(
                path,
                "there is no '" + name + "' under " + section + " (" + known
                        + (meant.isPresent()
                                ? "; did you mean " + meant.get() + "?)"
                                : "). Add " + section + "." + name + "."),
                origin);
        return false;
    }

    private Path resolve(Path path, Origin origin) {
        if (origin.kind() != Origin.Kind.FILE) {
            return directory.resolve(path);
        }
        return directory.resolve(origin.name()).resolveSibling(path);
    }

    /** What a value of that shape looks like. */
    static String expected(Shape shape) {
        return switch (shape.kind()) {
            case TEXT -> {
                var limits = limits(shape);
                yield limits == null ? TextParser.expected(shape.type()) : "a number, " + limits;
            }
            case BYTES -> "a text in Base64";
            case OPTIONAL, LIVE -> expected(shape.arguments().getFirst());
            case LIST, SET, ARRAY -> "a list, such as [a, b]";
            case RECORD, MAP -> "keys and values";
            case CHOICE ->
                "keys and values, of which " + shape.choices().key() + " is "
                        + shape.choices().expected();
            case ANY -> "anything";
            case OTHER -> "nothing";
        };
    }

    /** A complaint about a number with the limits of its rules in the place of those of its type. */
    private static String limited(String message, Shape shape) {
        var limits = limits(shape);
        int expected = message.lastIndexOf(" (expected: ");
        return limits == null || expected < 0
                ? message
                : message.substring(0, expected) + " (expected: " + limits + ")";
    }

    /** What the rules on a number allow: {@code 0..65535}, {@code >= 1}; null if they say nothing. */
    static @Nullable String limits(Shape shape) {
        if (!shape.rawType().isPrimitive() && !Number.class.isAssignableFrom(shape.rawType())) {
            return null; // 1 would be a second there, or a byte
        }
        Rule.Bound lower = null;
        Rule.Bound upper = null;
        for (var rule : shape.rules()) {
            if (rule instanceof Rule.Bound bound) {
                lower = bound.lower() ? bound : lower;
                upper = bound.lower() ? upper : bound;
            }
        }
        if (lower == null || upper == null) {
            return lower != null ? lower.expected() : upper != null ? upper.expected() : null;
        }
        return lower.inclusive() && upper.inclusive()
                ? lower.limit() + ".." + upper.limit()
                : lower.expected() + " and " + upper.expected();
    }

    /** Whether its values are numbers without a fraction. */
    static boolean isWhole(Class<?> type) {
        return type == int.class
                || type == long.class
                || type == short.class
                || type == byte.class
                || type == Integer.class
                || type == Long.class
                || type == Short.class
                || type == Byte.class
                || type == BigInteger.class;
    }

    private static boolean hasLeadingZero(String text) {
        int start = text.startsWith("-") ? 1 : 0;
        if (text.length() - start < 2 || text.charAt(start) != '0') {
            return false;
        }
        for (int at = start; at < text.length(); at++) {
            if (text.charAt(at) < '0' || text.charAt(at) > '9') {
                return false;
            }
        }
        return true;
    }

    private static String stripped(String text) {
        int at = text.startsWith("-") ? 1 : 0;
        int start = at;
        while (at < text.length() - 1 && text.charAt(at) == '0') {
            at++;
        }
        return text.substring(0, start) + text.substring(at);
    }
}
