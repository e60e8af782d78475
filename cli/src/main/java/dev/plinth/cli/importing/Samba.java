package dev.plinth.cli.importing;

import dev.plinth.cli.importing.Foreign.Items;
import dev.plinth.cli.importing.Foreign.Keys;
import dev.plinth.cli.importing.Foreign.Kind;
import dev.plinth.cli.importing.Foreign.Member;
import dev.plinth.cli.importing.Foreign.Single;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file of samba-chassis: sections of the service's own, those of the chassis ({@code tasks},
 * {@code circuit_breaker}, {@code jobs}), and aliases such as {@code .moduleC.list.0}; or one for Python's logging, which its
 * logging module takes.
 */
final class Samba {
    private static final Set<String> TASKS = Set.of(
            "task_pool",
            "task_timeout",
            "workers",
            "max_workers",
            "scale_factor",
            "unknown_tasks_retries",
            "unknown_tasks_delay",
            "when_window");
    private static final Set<String> BREAKER = Set.of(
            "request_timeout",
            "open_timeout",
            "closed_fail_limit",
            "closed_success_limit",
            "half_fail_limit",
            "half_success_limit");
    private static final Set<String> JOBS = Set.of("user", "password", "host_ip", "port", "database");

    private final Draft draft;
    private final Keys root;

    private Samba(Keys root, Draft draft) {
        this.root = root;
        this.draft = draft;
    }

    /** Whether a root has a section of the chassis; one that has none is only a file of some keys. */
    static boolean fits(Keys root) {
        return has(root, "tasks", TASKS)
                || has(root, "circuit_breaker", BREAKER)
                || (has(root, "jobs", JOBS) && root.get("project_name") != null)
                || isLogging(root);
    }

    private static boolean has(Keys root, String section, Set<String> keys) {
        return root.get(section) instanceof Keys found
                && found.members().keySet().stream().anyMatch(keys::contains);
    }

    private static boolean isLogging(Keys root) {
        return root.get("version") != null
                && (root.get("loggers") instanceof Keys || root.get("handlers") instanceof Keys);
    }

    static void read(Keys root, Draft draft) {
        var samba = new Samba(root, draft);
        if (isLogging(root)) {
            samba.logging();
            return;
        }
        for (var member : root.members().entrySet()) {
            samba.section(member.getKey(), member.getValue());
        }
    }

    private void section(String name, Member member) {
        var value = member.value();
        switch (name) {
            case "circuit_breaker" ->
                draft.note(
                        name,
                        value,
                        "each client has its own time-outs, at clients.NAME, with a unit: timeout: 5s (docs/clients.md);"
                                + " a breaker is a policy (docs/resilience.md)");
            case "tasks" -> draft.note(name, value, "tasks have no counterpart yet");
            case "jobs" ->
                draft.note(
                        name,
                        value,
                        "a job's id and name travel with the work and into its log lines (docs/logging.md)");
            case "project_name" ->
                draft.note(
                        name,
                        value,
                        "the name stands in the code: Service.run(\""
                                + Pyms.serviceName(value instanceof Single single ? single.text() : "")
                                + "\", ...) (docs/new-service.md)");
            default -> draft.setting(name, resolved(value, 0), member.comments(), name);
        }
    }

    /** The value with its aliases turned into references, or into what they stand for, where that is more than one value. */
    private Foreign resolved(Foreign value, int depth) {
        return switch (value) {
            case Single single when isAlias(single) -> reference(single, depth);
            case Single single -> single;
            case Items items ->
                new Items(
                        items.items().stream()
                                .map(item -> resolved(item, depth))
                                .toList(),
                        items.line());
            case Keys keys -> {
                var members = new LinkedHashMap<String, Member>();
                keys.members()
                        .forEach((name, member) ->
                                members.put(name, new Member(resolved(member.value(), depth), member.comments())));
                yield new Keys(members, keys.line());
            }
        };
    }

    private static boolean isAlias(Single single) {
        return single.kind() == Kind.TEXT
                && single.text().length() > 1
                && single.text().startsWith(".");
    }

    private Foreign reference(Single alias, int depth) {
        var path = new ArrayList<String>();
        Foreign at = root;
        for (var name : alias.text().substring(1).split("\\.", -1)) {
            var below = below(at, name);
            if (below == null) {
                return alias;
            }
            path.add(at instanceof Items ? name : Names.key(name));
            at = below;
        }
        if (depth > 10) {
            throw new Refused("the alias " + alias.text() + " in line " + alias.line() + " goes round in a circle");
        }
        var first = alias.text().substring(1).split("\\.", -1)[0];
        if (!(at instanceof Single single) || isSection(first)) {
            return resolved(at, depth + 1);
        }
        var target = isAlias(single) ? resolved(single, depth + 1) : single;
        var sample = target instanceof Single known ? draft.placeholders.sample(known.text()) : "";
        return new Single(
                Kind.TEXT, draft.placeholders.mark("key:settings." + String.join(".", path), sample), alias.line());
    }

    private static boolean isSection(String name) {
        return Set.of("circuit_breaker", "tasks", "jobs", "project_name").contains(name);
    }

    private static @Nullable Foreign below(Foreign at, String name) {
        if (at instanceof Keys keys) {
            return keys.get(name);
        }
        if (at instanceof Items items
                && name.matches("[0-9]{1,4}")
                && Integer.parseInt(name) < items.items().size()) {
            return items.items().get(Integer.parseInt(name));
        }
        return null;
    }

    private void logging() {
        for (var member : root.members().entrySet()) {
            var value = member.getValue().value();
            if (member.getKey().equals("loggers") && value instanceof Keys loggers) {
                loggers.members().forEach((name, logger) -> level("loggers." + name, name, logger.value()));
            } else if (member.getKey().equals("root")) {
                level("root", "default", value);
            } else {
                draft.note(member.getKey(), value, "the shape of a line is log.format (docs/logging.md)");
            }
        }
    }

    private void level(String from, String logger, Foreign value) {
        var level = value instanceof Keys keys ? keys.get("level") : null;
        if (level instanceof Single single) {
            var ours = level(single.text());
            if (logger.equals("default")) {
                draft.put("log", "level", ours, from + ".level", single.line());
            } else {
                draft.note(
                        from + ".level",
                        single,
                        "the level of one logger: log.levels: { " + logger + ": " + ours + " }");
            }
        }
    }

    private static String level(String python) {
        return switch (python.toUpperCase(Locale.ROOT)) {
            case "CRITICAL", "FATAL", "ERROR" -> "error";
            case "WARNING", "WARN" -> "warn";
            case "DEBUG" -> "debug";
            case "NOTSET" -> "trace";
            default -> "info";
        };
    }
}
