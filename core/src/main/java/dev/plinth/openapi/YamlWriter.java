package dev.plinth.openapi;

import dev.plinth.config.Node;
import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;

/** Writes a tree as YAML that people read: blocks, quotes where they are needed, texts of several lines as they are. */
public final class YamlWriter {
    private final StringBuilder text = new StringBuilder();

    private YamlWriter() {}

    /** The text, with a line break at its end. */
    public static String of(Node node) {
        var writer = new YamlWriter();
        writer.block(node, "");
        return writer.text.toString();
    }

    private void block(Node node, String indent) {
        switch (node) {
            case Mapping mapping when !mapping.members().isEmpty() -> {
                boolean first = true;
                for (var entry : mapping.members().entrySet()) {
                    text.append(first ? "" : indent);
                    first = false;
                    scalar(entry.getKey(), indent + "  ", true);
                    text.append(':');
                    value(entry.getValue().value(), indent + "  ");
                }
            }
            case Sequence list when !list.items().isEmpty() -> {
                boolean first = true;
                for (var item : list.items()) {
                    text.append(first ? "" : indent).append("- ");
                    first = false;
                    block(item, indent + "  ");
                }
            }
            default -> {
                inline(node, indent);
                text.append('\n');
            }
        }
    }

    private void value(Node node, String indent) {
        boolean nested = (node instanceof Mapping mapping && !mapping.members().isEmpty())
                || (node instanceof Sequence list && !list.items().isEmpty());
        if (nested) {
            text.append('\n').append(indent);
            block(node, indent);
        } else {
            text.append(' ');
            inline(node, indent);
            text.append('\n');
        }
    }

    private void inline(Node node, String indent) {
        switch (node) {
            case Mapping _ -> text.append("{}");
            case Sequence _ -> text.append("[]");
            case Scalar scalar -> {
                if (scalar.value() instanceof String string) {
                    scalar(string, indent, false);
                } else {
                    text.append(scalar.isNull() ? "null" : scalar.text());
                }
            }
        }
    }

    private void scalar(String string, String indent, boolean key) {
        if (!key && string.indexOf('\n') >= 0 && isBlock(string)) {
            text.append(string.endsWith("\n") ? "|" : "|-");
            for (var line : string.stripTrailing().split("\n", -1)) {
                text.append('\n').append(line.isEmpty() ? "" : indent + line);
            }
        } else if (isPlain(string)) {
            text.append(string);
        } else {
            JsonText.quoted(string, text);
        }
    }

    private static boolean isBlock(String string) {
        return !string.startsWith(" ")
                && !string.startsWith("\n")
                && !string.endsWith("\n\n")
                && !string.endsWith(" ")
                && string.equals(string.stripTrailing() + (string.endsWith("\n") ? "\n" : ""))
                && string.chars().allMatch(c -> c == '\n' || (c >= ' ' && c != 0x7F && c < 0xD800 && c != 0xA0 && c != 0x85 && c != 0x2028 && c != 0x2029));
    }

    /** Whether it is read as the same text without quotes, by readers of YAML 1.1 too. */
    private static boolean isPlain(String string) {
        return string.matches("[A-Za-z_/$][A-Za-z0-9_ /.{}()$+*'-]*")
                && !string.endsWith(" ")
                && !string.matches("(?i)y|n|yes|no|on|off|true|false|null|nan|\\.inf");
    }
}
