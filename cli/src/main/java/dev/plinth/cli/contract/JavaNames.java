package dev.plinth.cli.contract;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.SourceVersion;

/** Names and texts of a stranger in Java: nothing that a document says becomes code. */
final class JavaNames {
    /** What generated code names by its simple name, or would hide. */
    private static final Set<String> TAKEN = Set.of(
            "object",
            "string",
            "list",
            "map",
            "optional",
            "record",
            "override",
            "integer",
            "long",
            "double",
            "float",
            "boolean",
            "bigdecimal",
            "biginteger",
            "localdate",
            "offsetdatetime",
            "uuid",
            "uri",
            "service",
            "contract",
            "request",
            "response",
            "problem",
            "filter",
            "handler",
            "main",
            "maintest",
            "path",
            "size",
            "min",
            "max",
            "decimalmin",
            "decimalmax",
            "pattern",
            "notnull",
            "email",
            "chosenby",
            "chosenas",
            "enum",
            "math",
            "system",
            "thread");

    private static final Set<String> OF_OBJECT = Set.of(
            "clone", "finalize", "getClass", "hashCode", "notify", "notifyAll", "toString", "wait", "equals", "_");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]*");

    /** In lower case, since some file systems don't tell names apart by that. */
    private final Set<String> types = new HashSet<>(TAKEN);

    /** A free name of a type, near the one that is wished for. */
    String type(String wish) {
        var name = new StringBuilder();
        for (var word : wish.split("[^A-Za-z0-9]+", -1)) {
            if (!word.isEmpty()) {
                name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
            }
        }
        if (name.isEmpty() || !Character.isLetter(name.charAt(0))) {
            name.insert(0, "Type");
        }
        if (name.length() > 80) {
            name.setLength(80);
        }
        var base = name.toString();
        var free = base;
        for (int number = 2; !types.add(free.toLowerCase(Locale.ROOT)); number++) {
            free = base + number;
        }
        return free;
    }

    /** Whether a component of a record can have that name. */
    static boolean isComponent(String name) {
        return isConstant(name) && !OF_OBJECT.contains(name);
    }

    /** Whether a constant of an enum can have that name. */
    static boolean isConstant(String name) {
        return name.length() <= 100 && IDENTIFIER.matcher(name).matches() && !SourceVersion.isKeyword(name);
    }

    /** The name of a method, near the one that is wished for, that is not in {@code taken} yet. */
    static String method(String wish, Set<String> taken) {
        var name = new StringBuilder();
        for (var word : wish.split("[^A-Za-z0-9]+", -1)) {
            if (!word.isEmpty()) {
                name.append(
                                name.isEmpty()
                                        ? Character.toLowerCase(word.charAt(0))
                                        : Character.toUpperCase(word.charAt(0)))
                        .append(word.substring(1));
            }
        }
        if (name.isEmpty() || !Character.isLetter(name.charAt(0))) {
            name.insert(0, "operation");
        }
        if (name.length() > 80) {
            name.setLength(80);
        }
        var base = isComponent(name.toString()) ? name.toString() : name + "Operation";
        var free = base;
        for (int number = 2; !taken.add(free); number++) {
            free = base + number;
        }
        return free;
    }

    /** A literal of that text. */
    static String literal(String text) {
        var literal = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                literal.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                literal.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
            } else {
                literal.append(c);
            }
        }
        return literal.append('"').toString();
    }

    /** The first sentence of a text for a comment, in which nothing ends the comment or is a tag of it. */
    static String comment(String text) {
        var line = text.strip().lines().findFirst().orElse("");
        var shown = line.length() > 100 ? line.substring(0, 100).stripTrailing() + "..." : line;
        return shown.replaceAll("[^A-Za-z0-9 .,;:'\"()=_+/#!?%$|{}\\[\\]-]", "?")
                .replace("*/", "* /")
                .replace("/*", "/ *");
    }
}
