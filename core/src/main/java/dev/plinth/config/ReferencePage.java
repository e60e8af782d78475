package dev.plinth.config;

import dev.plinth.schema.ByteSize;
import dev.plinth.schema.Choices;
import dev.plinth.schema.Percent;
import dev.plinth.schema.Property;
import dev.plinth.schema.Schema;
import dev.plinth.schema.Shape;
import dev.plinth.schema.TextParser;
import dev.plinth.secret.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes the page of all keys of a layout. One page each. */
final class ReferencePage {
    private static final String HEAD =
            "| key | type | unit | default | rules | reload | since | |\n|---|---|---|---|---|---|---|---|\n";
    private static final String FIRST = "0.1.0";

    private final Layout layout;
    private final ClassLoader loader;
    private final StringBuilder page = new StringBuilder();

    ReferencePage(Layout layout, ClassLoader loader) {
        this.layout = layout;
        this.loader = loader;
    }

    String text() {
        page.append(
                """
                # Configuration reference

                Made from the records; a test keeps it true. A unit stands behind its number, without a space. Keys with *reload*
                may change [while the service runs](reload.md). NAME is a name of your own, N a number from 0.
                """);
        layout.sections().forEach(this::section);
        return page.toString();
    }

    private void section(String name, Layout.Section section) {
        var prefix = section.many() ? name + ".NAME" : name;
        page.append("\n## ").append(prefix).append("\n\n");
        var type = section.type();
        var doc = type == null ? null : Schema.of(type).doc();
        if (doc != null) {
            page.append(doc).append("\n\n");
        }
        page.append(HEAD);
        if (section.backends() != null) {
            backend(section.backends(), prefix);
        }
        if (type != null) {
            rows(type, prefix, false, new ArrayList<>());
        }
        if (section.backends() != null) {
            for (var backend : section.backends().all(loader)) {
                if (!Schema.of(backend.settings()).properties().isEmpty()) {
                    page.append("\nWith `backend: ")
                            .append(backend.name())
                            .append("`:\n\n")
                            .append(HEAD);
                    rows(backend.settings(), prefix, false, new ArrayList<>());
                }
            }
        }
    }

    private void backend(Backends<?> backends, String prefix) {
        var names = new ArrayList<String>();
        backends.all(loader).forEach(each -> names.add(each.name()));
        var otherwise = backends.otherwise();
        cells(
                "`" + prefix + "." + Choice.OfBackend.KEY + "`",
                "one of " + String.join(", ", names),
                "",
                otherwise == null ? "" : "`" + otherwise + "`",
                otherwise == null ? "required" : "",
                "",
                FIRST,
                "Which one does the work.");
    }

    private void rows(Class<? extends Record> type, String prefix, boolean live, List<Class<?>> above) {
        above.add(type);
        for (var property : Schema.of(type).properties()) {
            row(property, prefix + "." + property.key(), live || property.isLive(), above);
        }
        above.removeLast();
    }

    private void row(Property property, String key, boolean live, List<Class<?>> above) {
        var inner = inner(property.held());
        var record = inner.kind() == Shape.Kind.RECORD ? inner.rawType().asSubclass(Record.class) : null;
        if (record == null || property.doc() != null || above.contains(record)) {
            var rules = new ArrayList<String>();
            if (property.required()) {
                rules.add("required");
            }
            property.rules().forEach(rule -> rules.add(rule.expected()));
            if (inner != property.held()) {
                inner.rules().forEach(rule -> rules.add(rule.expected()));
            }
            rules.removeIf(rule -> rule.equals("a value"));
            var defaultText = property.defaultText();
            cells(
                    "`" + key + "`",
                    typeName(property.held()),
                    unit(inner),
                    defaultText == null || defaultText.isEmpty() ? "" : "`" + defaultText + "`",
                    String.join(", ", rules),
                    live ? "reload" : "",
                    Objects.requireNonNullElse(property.since(), FIRST),
                    said(property));
        }
        if (inner.kind() == Shape.Kind.CHOICE) {
            choices(inner.choices(), key + steps(property.held()), live, above);
        }
        if (record != null && !above.contains(record)) {
            rows(record, key + steps(property.held()), live, above);
        }
    }

    private static @Nullable String said(Property property) {
        return property.obsolete() == null
                ? property.doc()
                : "*" + property.obsolete() + "*" + (property.doc() == null ? "" : " " + property.doc());
    }

    private void choices(Choices choices, String key, boolean live, List<Class<?>> above) {
        cells(
                "`" + key + "." + choices.key() + "`",
                choices.expected(),
                "",
                "",
                "",
                "",
                FIRST,
                "Which keys stand here.");
        for (var record : choices.records().values()) {
            if (!above.contains(record)) {
                rows(record, key, live, above);
            }
        }
    }

    private void cells(@Nullable String... cells) {
        page.append('|');
        for (var cell : cells) {
            page.append(' ')
                    .append(cell == null ? "" : cell.replace("|", "\\|"))
                    .append(" |");
        }
        page.append('\n');
    }

    /** What the user writes in the end, inside of lists, maps and optionals. */
    private static Shape inner(Shape shape) {
        var at = shape;
        while (!at.arguments().isEmpty()) {
            at = at.arguments().getLast();
        }
        return at;
    }

    /** The steps of a key from a component to the records in it. */
    private static String steps(Shape shape) {
        var steps = new StringBuilder();
        for (var at = shape; !at.arguments().isEmpty(); at = at.arguments().getLast()) {
            switch (at.kind()) {
                case MAP -> steps.append(".NAME");
                case LIST, SET, ARRAY -> steps.append(".N");
                default -> {}
            }
        }
        return steps.toString();
    }

    private static String typeName(Shape shape) {
        return switch (shape.kind()) {
            case OPTIONAL, LIVE -> typeName(shape.arguments().getFirst());
            case LIST, SET, ARRAY -> "list of " + typeName(shape.arguments().getFirst());
            case MAP -> "map of " + typeName(shape.arguments().getLast());
            case RECORD, CHOICE -> "keys";
            case TEXT -> textName(shape.rawType());
            case BYTES, ANY, OTHER -> shape.rawType().getSimpleName();
        };
    }

    private static String textName(Class<?> type) {
        if (type == Secret.class) {
            return "secret";
        } else if (type == Duration.class) {
            return "duration";
        } else if (type == ByteSize.class) {
            return "size";
        } else if (type == Percent.class) {
            return "percentage";
        } else if (type == String.class) {
            return "text";
        }
        var expected = TextParser.expected(type);
        if (type.isEnum()) {
            return expected;
        }
        // "a whole number from -128 to 127", "a URI such as https://example.org": the thing alone.
        var thing = expected.split(" from | such as ", 2)[0];
        return thing.startsWith("a ") || thing.startsWith("an ") ? thing.substring(thing.indexOf(' ') + 1) : thing;
    }

    private static String unit(Shape shape) {
        var type = shape.rawType();
        if (type == Duration.class) {
            return "d h m s ms us ns";
        } else if (type == ByteSize.class) {
            return "B KB KiB MB MiB GB GiB TB TiB";
        }
        return type == Percent.class ? "%" : "";
    }
}
