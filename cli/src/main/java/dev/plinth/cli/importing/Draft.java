package dev.plinth.cli.importing;

import dev.plinth.cli.importing.Foreign.Items;
import dev.plinth.cli.importing.Foreign.Keys;
import dev.plinth.cli.importing.Foreign.Kind;
import dev.plinth.cli.importing.Foreign.Member;
import dev.plinth.cli.importing.Foreign.Single;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;

/** The {@code service.yaml} while it is put together. One import each. */
final class Draft {
    private static final List<String> ORDER =
            List.of("secrets", "http", "admin", "log", "metrics", "trace", "health", "clients");

    final Placeholders placeholders;
    private final IntFunction<String> condition;
    private final Map<String, Map<String, Entry>> sections = new LinkedHashMap<>();
    private final Map<String, Member> settings = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private int taken;
    private int left;

    /** A value of the chassis, and the comments above it. */
    private record Entry(String value, List<String> comments) {}

    /**
     * An empty one.
     *
     * @param condition the condition under which a line of the original is there; empty for none
     */
    Draft(Placeholders placeholders, IntFunction<String> condition) {
        this.placeholders = placeholders;
        this.condition = condition;
    }

    /** How many values found their place. */
    int taken() {
        return taken;
    }

    /** How many have none. */
    int left() {
        return left;
    }

    /**
     * Sets a key of the chassis; where it is set already, the first one stands and this one becomes a note.
     *
     * @param section dotted for one of many, such as {@code clients.pricing}
     * @param value with placeholders as marks
     * @param from the key of the original
     */
    void put(String section, String key, String value, String from, int line) {
        var comments = new ArrayList<>(List.of(from));
        var when = condition.apply(line);
        if (!when.isEmpty()) {
            comments.add("was there on a condition, " + when + ": move it to service-NAME.yaml, for the profile NAME");
        }
        var entries = sections.computeIfAbsent(section, _ -> new LinkedHashMap<>());
        if (entries.containsKey(key)) {
            note(from, new Single(Kind.TEXT, value, line), section + "." + key + " is set already");
        } else {
            entries.put(key, new Entry(value, comments));
            taken++;
        }
    }

    /** Adds a key of the service's own. */
    void setting(String name, Foreign value, List<String> comments, String from) {
        if (!Names.fits(name)) {
            note(from, value, "a record has no component of that name: rename it, and put it below settings:");
            return;
        }
        var key = Names.key(name);
        for (var each : settings.keySet()) {
            if (Names.key(each).equals(key)) {
                note(from, value, "settings." + key + " is set already, by " + each);
                return;
            }
        }
        var all = new ArrayList<>(comments);
        var when = condition.apply(value.line());
        if (!when.isEmpty()) {
            all.add("was there on a condition, " + when + ": move it to service-NAME.yaml, for the profile NAME");
        }
        settings.put(name, new Member(value, all));
        taken += count(value);
    }

    /** Tells what has no counterpart: the key of the original, its value, and what to do. */
    void note(String from, Foreign value, String text) {
        notes.add("#");
        left += note(from, from, value);
        var when = condition.apply(value.line());
        notes.add("#     " + text + (when.isEmpty() ? "" : " (there on a condition: " + when + ")"));
    }

    private int note(String from, String name, Foreign value) {
        return switch (value) {
            case Single single -> {
                var text = Names.isSecret(name) ? "\"***\"" : masked(quoted(single));
                notes.add("#   " + from + ": " + (text.length() > 90 ? text.substring(0, 90) + "…" : text));
                yield 1;
            }
            case Items items -> {
                int sum = 0;
                for (int i = 0; i < items.items().size(); i++) {
                    sum += note(from + "." + i, name, items.items().get(i));
                }
                if (sum == 0) {
                    notes.add("#   " + from + ": []");
                }
                yield Math.max(1, sum);
            }
            case Keys keys -> {
                int sum = 0;
                for (var member : keys.members().entrySet()) {
                    sum += note(
                            from + "." + member.getKey(),
                            member.getKey(),
                            member.getValue().value());
                }
                if (sum == 0) {
                    notes.add("#   " + from + ": {}");
                }
                yield Math.max(1, sum);
            }
        };
    }

    /** Without the password of an address. */
    private static String masked(String text) {
        return text.replaceAll("//([^/@:]*):[^/@]+@", "//$1:***@");
    }

    private static int count(Foreign value) {
        return switch (value) {
            case Single _ -> 1;
            case Items items -> items.items().stream().mapToInt(Draft::count).sum();
            case Keys keys ->
                keys.members().values().stream().mapToInt(m -> count(m.value())).sum();
        };
    }

    /** The whole file. */
    String text(String heading) {
        var out = new StringBuilder("# ").append(heading).append('\n');
        for (var section : ORDER) {
            write(section, out);
        }
        if (!settings.isEmpty()) {
            var record = new SettingsRecord(placeholders, settings);
            record.unfit().forEach((name, why) -> {
                var member = settings.remove(name);
                if (member != null) {
                    note(name, member.value(), why);
                }
            });
            out.append(
                    "\n# The service's own. Declare it, and have it bound: Service.run(NAME, args, Settings.class, Main::compose)\n");
            out.append("#\n");
            for (var line : new SettingsRecord(placeholders, settings).source().split("\n", -1)) {
                out.append(line.isEmpty() ? "#" : "#     " + line).append('\n');
            }
            out.append("#\nsettings:\n");
            write(new Keys(settings, 0), 1, out);
        }
        if (!notes.isEmpty()) {
            out.append("\n# What has no counterpart here:\n")
                    .append(String.join("\n", notes))
                    .append('\n');
        }
        return out.toString();
    }

    private void write(String section, StringBuilder out) {
        var many = sections.keySet().stream()
                .filter(name -> name.startsWith(section + "."))
                .toList();
        if (sections.containsKey(section)) {
            out.append('\n').append(section).append(":\n");
            write(Objects.requireNonNull(sections.get(section)), "  ", out);
        } else if (!many.isEmpty()) {
            out.append("\n# check refuses a client that compose doesn't ask for: service.client(NAME)\n");
            out.append(section).append(":\n");
            for (var name : many) {
                out.append("  ").append(name.substring(section.length() + 1)).append(":\n");
                write(Objects.requireNonNull(sections.get(name)), "    ", out);
            }
        }
    }

    private void write(Map<String, Entry> entries, String indent, StringBuilder out) {
        for (var entry : entries.entrySet()) {
            for (var comment : entry.getValue().comments()) {
                out.append(indent).append("# ").append(comment).append('\n');
            }
            var text = entry.getValue().value();
            var value = Placeholders.isIn(text) ? new Single(Kind.TEXT, text, 0) : OldScalar.of(text, 0);
            out.append(indent)
                    .append(entry.getKey())
                    .append(": ")
                    .append(quoted(value))
                    .append('\n');
        }
    }

    private void write(Keys keys, int depth, StringBuilder out) {
        var indent = "  ".repeat(depth);
        boolean record = SettingsRecord.isRecord(keys);
        for (var member : keys.members().entrySet()) {
            for (var comment : member.getValue().comments()) {
                out.append(indent).append("# ").append(comment).append('\n');
            }
            var name = member.getKey();
            out.append(indent).append(record ? Names.key(name) : quoted(new Single(Kind.TEXT, name, 0)));
            out.append(':');
            write(member.getValue().value(), depth, out);
        }
    }

    private void write(Foreign value, int depth, StringBuilder out) {
        switch (value) {
            case Single single -> {
                var text = quoted(single);
                out.append(text.isEmpty() ? "" : " ").append(text).append('\n');
            }
            case Keys keys when keys.members().isEmpty() -> out.append(" {}\n");
            case Keys keys -> {
                out.append('\n');
                write(keys, depth + 1, out);
            }
            case Items items when items.items().isEmpty() -> out.append(" []\n");
            case Items items -> {
                out.append('\n');
                for (var item : items.items()) {
                    var below = new StringBuilder();
                    write(item, depth + 1, below);
                    var indent = "  ".repeat(depth + 1);
                    // The first key of a mapping stands on the line of its dash.
                    out.append(indent).append("-");
                    if (item instanceof Single || isEmpty(item)) {
                        out.append(below);
                    } else {
                        out.append(' ').append(below.substring(1).strip()).append('\n');
                    }
                }
            }
        }
    }

    private static boolean isEmpty(Foreign value) {
        return value instanceof Keys keys
                ? keys.members().isEmpty()
                : value instanceof Items items && items.items().isEmpty();
    }

    /** A single value as YAML 1.2 and every reader of 1.1 understand it alike. */
    private String quoted(Single single) {
        var text = placeholders.written(single.text());
        if (single.kind() != Kind.TEXT && !Placeholders.isIn(single.text())) {
            return text;
        }
        boolean plain = text.matches("[A-Za-z_/.$][A-Za-z0-9_/.@+${}:?&=%~-]*|[0-9]+(ms|B|[KMG]iB)")
                && !text.endsWith(":")
                && OldScalar.of(text, 0).kind() == Kind.TEXT;
        if (plain) {
            return text;
        }
        var quoted = new StringBuilder("\"");
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < ' ' || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || c == 0xFEFF) {
                        quoted.append(String.format("\\u%04X", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
