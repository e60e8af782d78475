package dev.plinth.json;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes a tree of maps, lists and values as YAML, for people to read and keep under version control: in blocks, in the
 * order of the tree. Whatever a reader of YAML 1.1 or 1.2 might take for something other than a text is quoted.
 */
public final class YamlWriter {
    /** What is a text to every reader. No colon, number sign or quote inside, no word that means something. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z/_$][A-Za-z0-9 _./(){}+*;=^,'!?$-]*");

    private static final Set<String> WORDS =
            Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity");

    private final StringBuilder out = new StringBuilder();

    private YamlWriter() {}

    /** The text of a document, with a line end at its end. */
    public static String of(Map<String, ?> tree) {
        var yaml = new YamlWriter();
        if (tree.isEmpty()) {
            return "{}\n";
        }
        yaml.members(tree, 0);
        return yaml.out.toString();
    }

    private void members(Map<?, ?> map, int depth) {
        boolean first = true;
        for (var member : map.entrySet()) {
            indent(first ? 0 : depth);
            first = false;
            out.append(scalar(String.valueOf(member.getKey()))).append(':');
            value(member.getValue(), depth, depth + 1);
        }
    }

    private void items(List<?> list, int depth) {
        for (var item : list) {
            indent(depth);
            out.append('-');
            switch (item) {
                case Map<?, ?> map
                when !map.isEmpty() -> {
                    out.append(' ');
                    members(map, depth + 1);
                }
                case null, default -> value(item, depth, depth + 1);
            }
        }
    }

    /** What follows a name or a hyphen, to the end of the line or block; lists stand where their name does. */
    private void value(@Nullable Object value, int listDepth, int mapDepth) {
        switch (value) {
            case Map<?, ?> map
            when !map.isEmpty() -> {
                out.append('\n');
                indent(mapDepth);
                members(map, mapDepth);
            }
            case List<?> list
            when !list.isEmpty() -> {
                out.append('\n');
                items(list, listDepth + 1);
            }
            case null, default -> out.append(' ').append(scalar(value)).append('\n');
        }
    }

    private static String scalar(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> _ -> "{}";
            case List<?> _ -> "[]";
            case String text when isPlain(text) -> text;
            case null, default -> new String(Json.standard().write(value), StandardCharsets.UTF_8);
        };
    }

    private static boolean isPlain(String text) {
        return PLAIN.matcher(text).matches()
                && !text.endsWith(" ")
                && !WORDS.contains(text.toLowerCase(java.util.Locale.ROOT));
    }

    private void indent(int depth) {
        out.repeat("  ", depth);
    }
}
