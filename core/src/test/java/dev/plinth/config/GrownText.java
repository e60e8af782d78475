package dev.plinth.config;

import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;

/** Texts by the grammar of YAML and JSON, for the fuzzer; the same chance gives the same text. */
final class GrownText {
    private static final List<String> SECTIONS =
            List.of("http", "admin", "clients", "settings", "x-base", "optional-keys", "htpp");
    private static final List<String> KEYS = List.of(
            "port",
            "address",
            "read-timeout",
            "max-body",
            "tls",
            "enabled",
            "key",
            "protocols",
            "token",
            "pricing",
            "url",
            "timeout",
            "retry-on",
            "headers",
            "retry",
            "attempts",
            "budget",
            "max-lines",
            "mode",
            "words",
            "shops",
            "name",
            "floor",
            "modes",
            "password",
            "data",
            "min",
            "max",
            "prot",
            "<<",
            "x-y",
            "a.b",
            "0",
            "é",
            "a b",
            "");
    private static final List<String> VALUES = List.of(
            "1",
            "0",
            "-1",
            "8080",
            "010",
            "1e9",
            "99999999999",
            "true",
            "yes",
            "~",
            "null",
            "",
            "fast",
            "very-safe",
            "FAST",
            "30s",
            "1h30m",
            "PT5S",
            "10MiB",
            "1.5GB",
            "10%",
            "http://a",
            "http://u:p@h/",
            "a: b",
            "a #b",
            "${A}",
            "${A:1}",
            "${B:${A}}",
            "${key:http.port}",
            "${key:http}",
            "$${A}",
            "${",
            "'",
            "\"",
            "\\",
            "é",
            "\ud83d\ude00",
            " x ",
            "- a",
            "[a",
            "{a",
            "*a",
            "&a",
            "!a",
            "|",
            ">",
            "%",
            "@",
            "`",
            "?",
            ":",
            "-",
            "a\nb",
            "\t",
            "a\n\n b\n");

    private final Random random;
    private int anchors;

    GrownText(Random random) {
        this.random = random;
    }

    /** A whole file. */
    String sections(boolean json) {
        var text = new StringBuilder(json ? "{" : "");
        for (int n = random.nextInt(6); n >= 0; n--) {
            var name = SECTIONS.get(random.nextInt(SECTIONS.size()));
            if (json) {
                text.append(text.length() == 1 ? "" : ",")
                        .append(quoted(name))
                        .append(':')
                        .append(jsonValue(3));
            } else {
                text.append(name).append(':').append(below(1, 3)).append('\n');
            }
        }
        return text.append(json ? "}" : "").toString();
    }

    /** A value in one line. */
    String value(int depth, boolean flow) {
        return flow ? flowValue(depth) : VALUES.get(random.nextInt(VALUES.size()));
    }

    private String below(int indent, int depth) {
        var blanks = "\n" + "  ".repeat(indent);
        return switch (depth == 0 ? random.nextInt(3) : random.nextInt(9)) {
            case 0, 1 -> " " + scalar();
            case 2 -> " " + flowValue(depth);
            case 3 -> " &n" + anchors++ + " " + flowValue(depth);
            case 4 -> " *n" + random.nextInt(anchors + 1);
            case 5 ->
                " " + List.of("|", ">", "|-", ">+", "|2").get(random.nextInt(5)) + blanks + "  text" + blanks
                        + "  more";
            case 6 -> {
                var items = new StringBuilder();
                for (int n = random.nextInt(4); n >= 0; n--) {
                    items.append(blanks).append("-").append(below(indent + 1, depth - 1));
                }
                yield items.toString();
            }
            default -> {
                var keys = new StringBuilder();
                for (int n = random.nextInt(5); n >= 0; n--) {
                    keys.append(random.nextInt(9) == 0 ? " # why" : "")
                            .append(blanks)
                            .append(key())
                            .append(':');
                    keys.append(below(indent + 1, depth - 1));
                }
                yield keys.toString();
            }
        };
    }

    private String key() {
        return KEYS.get(random.nextInt(KEYS.size()));
    }

    private String scalar() {
        var text = VALUES.get(random.nextInt(VALUES.size()));
        return switch (random.nextInt(4)) {
            case 0 -> quoted(text);
            case 1 -> "'" + text.replace("'", "''") + "'";
            default -> text;
        };
    }

    private String flowValue(int depth) {
        return several(depth, this::scalar, this::key);
    }

    private String jsonValue(int depth) {
        return several(depth, () -> quoted(VALUES.get(random.nextInt(VALUES.size()))), () -> quoted(key()));
    }

    private String several(
            int depth, java.util.function.Supplier<String> scalar, java.util.function.Supplier<String> key) {
        int kind = depth == 0 ? 0 : random.nextInt(3);
        if (kind == 0) {
            return scalar.get();
        }
        var text = new StringBuilder(kind == 1 ? "[" : "{");
        for (int n = random.nextInt(4); n > 0; n--) {
            text.append(text.length() == 1 ? "" : ", ").append(kind == 1 ? "" : key.get() + ": ");
            text.append(several(depth - 1, scalar, key));
        }
        return text.append(kind == 1 ? "]" : "}").toString();
    }

    // ---- trees and what they are written as ------------------------------------------------------------------------

    /** A tree of texts, lists and maps. */
    static Object tree(Random random, int depth) {
        return switch (depth == 0 ? 0 : random.nextInt(4)) {
            case 0 -> VALUES.get(random.nextInt(VALUES.size()));
            case 1 -> {
                var items = new ArrayList<Object>();
                for (int n = random.nextInt(4); n > 0; n--) {
                    items.add(tree(random, depth - 1));
                }
                yield items;
            }
            default -> {
                var keys = new LinkedHashMap<String, Object>();
                for (int n = random.nextInt(5); n > 0; n--) {
                    var key = KEYS.get(random.nextInt(KEYS.size()));
                    keys.put(key.isEmpty() ? "k" : key, tree(random, depth - 1));
                }
                yield keys;
            }
        };
    }

    /** The same of what was read. */
    static Object plain(Node node) {
        return switch (node) {
            case Scalar scalar -> scalar.text();
            case Sequence sequence ->
                new ArrayList<>(sequence.items().stream().map(GrownText::plain).toList());
            case Mapping mapping -> {
                var keys = new LinkedHashMap<String, Object>();
                mapping.members().forEach((name, member) -> keys.put(name, plain(member.value())));
                yield keys;
            }
        };
    }

    static String json(Object tree, Random random) {
        return inOneLine(tree, random, (text, _) -> quoted(text));
    }

    static String flow(Object tree, Random random) {
        return inOneLine(tree, random, GrownText::written);
    }

    private static String inOneLine(Object tree, Random random, BiFunction<String, Random, String> scalar) {
        var text = new StringBuilder();
        if (tree instanceof List<?> items) {
            for (var item : items) {
                text.append(text.isEmpty() ? "" : ", ").append(inOneLine(item, random, scalar));
            }
            return "[" + text + "]";
        }
        if (tree instanceof Map<?, ?> keys) {
            keys.forEach((name, value) -> text.append(text.isEmpty() ? "" : ", ")
                    .append(quoted(name.toString()))
                    .append(": ")
                    .append(inOneLine(value, random, scalar)));
            return "{" + text + "}";
        }
        return scalar.apply(tree.toString(), random);
    }

    static String block(Object tree, Random random) {
        var text = new StringBuilder("---");
        block(tree, 0, random, text);
        return text.toString();
    }

    private static void block(Object tree, int indent, Random random, StringBuilder out) {
        var blanks = "  ".repeat(indent);
        if (tree instanceof List<?> items && !items.isEmpty()) {
            out.append('\n');
            for (var item : items) {
                out.append(blanks).append('-');
                block(item, indent + 1, random, out);
            }
        } else if (tree instanceof Map<?, ?> keys && !keys.isEmpty()) {
            out.append(random.nextInt(5) == 0 ? " # a comment\n" : "\n");
            keys.forEach((name, value) -> {
                out.append(blanks).append(quoted(name.toString())).append(':');
                block(value, indent + 1, random, out);
            });
        } else {
            out.append(' ').append(flow(tree, random)).append('\n');
        }
    }

    /** A text as it is where it can stand so, else in quotes. */
    private static String written(String text, Random random) {
        if (text.matches("[A-Za-z0-9/][A-Za-z0-9/.%:-]*") && !text.endsWith(":") && random.nextBoolean()) {
            return text;
        }
        return text.indexOf('\n') < 0 && text.indexOf('\t') < 0 && random.nextBoolean()
                ? "'" + text.replace("'", "''") + "'"
                : quoted(text);
    }

    private static String quoted(String text) {
        return "\""
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\t", "\\t") + "\"";
    }
}
