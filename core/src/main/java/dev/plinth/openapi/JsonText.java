package dev.plinth.openapi;

import dev.plinth.config.Node;
import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;

/** Writes a tree as JSON that people read: two spaces a level, keys in their order. */
public final class JsonText {
    private final StringBuilder text = new StringBuilder();

    private JsonText() {}

    /** The text, with a line break at its end. */
    public static String of(Node node) {
        var writer = new JsonText();
        writer.write(node, "\n");
        return writer.text.append('\n').toString();
    }

    private void write(Node node, String line) {
        switch (node) {
            case Scalar scalar -> {
                var value = scalar.value();
                if (value instanceof String string) {
                    quoted(string);
                } else {
                    text.append(value);
                }
            }
            case Sequence list -> {
                if (list.items().isEmpty()) {
                    text.append("[]");
                    return;
                }
                var deeper = line + "  ";
                var begin = "[";
                for (var item : list.items()) {
                    text.append(begin).append(deeper);
                    write(item, deeper);
                    begin = ",";
                }
                text.append(line).append(']');
            }
            case Mapping mapping -> {
                if (mapping.members().isEmpty()) {
                    text.append("{}");
                    return;
                }
                var deeper = line + "  ";
                var begin = "{";
                for (var entry : mapping.members().entrySet()) {
                    text.append(begin).append(deeper);
                    quoted(entry.getKey());
                    text.append(": ");
                    write(entry.getValue().value(), deeper);
                    begin = ",";
                }
                text.append(line).append('}');
            }
        }
    }

    private void quoted(String string) {
        quoted(string, text);
    }

    static void quoted(String string, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7F || c == 0x2028 || c == 0x2029) {
                        text.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
