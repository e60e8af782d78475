package dev.plinth.openapi;

import dev.plinth.config.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds what changed between two versions of a document, and which of it breaks callers. What is sent may become wider,
 * what is answered may become narrower; the rest breaks somebody.
 */
public final class Diff {
    private static final Pattern TEMPLATE = Pattern.compile("\\{[^{}]*\\}");

    private final List<Change> changes = new ArrayList<>();
    private final SchemaDiff schemas;

    private Diff(Document before, Document after) {
        this.schemas = new SchemaDiff(before.root(), after.root(), changes);
    }

    /** The changes, the breaking ones first. */
    public static List<Change> of(Document before, Document after) {
        var diff = new Diff(before, after);
        diff.compare(before, after);
        diff.changes.sort(Comparator.comparing((Change each) -> !each.breaking()));
        return diff.changes.stream().distinct().toList();
    }

    private void add(boolean breaking, String where, String what, Origin place) {
        changes.add(new Change(breaking, where, what, place));
    }

    /** By what callers see: the names in a path are not seen. */
    private static Map<String, Endpoint> byRoute(Document document) {
        var all = new LinkedHashMap<String, Endpoint>();
        for (var endpoint : document.endpoints()) {
            var path = TEMPLATE.matcher(endpoint.basePath() + endpoint.path()).replaceAll("{}");
            all.put(endpoint.method() + " " + path, endpoint);
        }
        return all;
    }

    private static String name(Endpoint endpoint) {
        return endpoint.method() + " " + endpoint.basePath() + endpoint.path();
    }

    private void compare(Document before, Document after) {
        var old = byRoute(before);
        var now = byRoute(after);
        old.forEach((route, endpoint) -> {
            var other = now.get(route);
            if (other == null) {
                add(true, name(endpoint), "is gone", endpoint.origin());
            } else {
                endpoint(endpoint, other);
            }
        });
        now.forEach((route, endpoint) -> {
            if (!old.containsKey(route)) {
                add(false, name(endpoint), "is new", endpoint.origin());
            }
        });
    }

    private void endpoint(Endpoint old, Endpoint now) {
        var where = name(now);
        if (!old.id().equals(now.id())) {
            add(false, where, "operationId was " + old.id() + ", is " + now.id(), now.origin());
        }
        if (!Trees.isTrue(old.node(), "deprecated") && Trees.isTrue(now.node(), "deprecated")) {
            add(false, where, "is deprecated", now.origin());
        }
        parameters(old, now, where);
        body(old, now, where);
        answers(old, now, where);
        security(old, now, where);
    }

    private void parameters(Endpoint old, Endpoint now, String where) {
        var names = new LinkedHashMap<String, Endpoint.Parameter>();
        old.parameters().forEach(each -> names.put(key(each, old), each));
        for (var parameter : now.parameters()) {
            var before = names.remove(key(parameter, now));
            var at = where + " " + parameter.in() + ":" + parameter.name();
            if (before == null) {
                add(
                        parameter.required(),
                        at,
                        parameter.required() ? "is new and required" : "is new",
                        parameter.origin());
                continue;
            }
            if (before.required() != parameter.required()) {
                add(
                        parameter.required(),
                        at,
                        parameter.required() ? "is required now" : "is optional now",
                        parameter.origin());
            }
            if (!before.style().equals(parameter.style())
                    || before.explode() != parameter.explode()
                    || before.json() != parameter.json()) {
                add(
                        true,
                        at,
                        "was written as " + written(before) + ", is written as " + written(parameter),
                        parameter.origin());
            }
            schemas.compare(before.value(), parameter.value(), at, true);
        }
        names.values()
                .forEach(gone -> add(
                        false,
                        where + " " + gone.in() + ":" + gone.name(),
                        "is gone: who sends it is not heard",
                        gone.origin()));
    }

    private static String written(Endpoint.Parameter parameter) {
        return parameter.json() ? "JSON" : parameter.style() + (parameter.explode() ? " exploded" : "");
    }

    /** Path parameters by their place, since callers don't see their names. */
    private static String key(Endpoint.Parameter parameter, Endpoint endpoint) {
        return parameter.in()
                + (parameter.in().equals("path")
                        ? endpoint.path().indexOf("{" + parameter.name() + "}") < 0
                                ? parameter.name()
                                : Long.toString(TEMPLATE.matcher(endpoint.path()
                                                .substring(0, endpoint.path().indexOf("{" + parameter.name() + "}")))
                                        .results()
                                        .count())
                        : parameter.name());
    }

    private void body(Endpoint old, Endpoint now, String where) {
        var before = old.body();
        var after = now.body();
        if (before == null || after == null) {
            if (after != null) {
                add(
                        after.required(),
                        where,
                        after.required() ? "wants a body now" : "may have a body now",
                        now.origin());
            } else if (before != null) {
                add(false, where, "has no body any more: who sends one is not heard", old.origin());
            }
            return;
        }
        if (before.required() != after.required()) {
            add(
                    after.required(),
                    where + " body",
                    after.required() ? "is required now" : "is optional now",
                    now.origin());
        }
        content(before.content(), after.content(), where + " body", true, old.origin(), now.origin());
    }

    private void content(
            Map<String, Value> before, Map<String, Value> after, String where, boolean sent, Origin old, Origin now) {
        before.forEach((type, value) -> {
            var other = after.get(type);
            if (other != null) {
                schemas.compare(value, other, where, sent);
            } else {
                add(true, where, "is not " + type + " any more", old);
            }
        });
        after.keySet().stream()
                .filter(type -> !before.containsKey(type))
                .forEach(type -> add(false, where, "may be " + type + " now", now));
    }

    private void answers(Endpoint old, Endpoint now, String where) {
        old.answers().forEach((status, before) -> {
            var after = now.answers().get(status);
            var at = where + " " + status.toLowerCase(java.util.Locale.ROOT);
            if (after == null) {
                add(status.startsWith("2"), at, "is gone", old.origin());
                return;
            }
            content(before.content(), after.content(), at, false, old.origin(), now.origin());
            before.headers().forEach((name, header) -> {
                var other = after.headers().get(name);
                if (other != null) {
                    schemas.compare(header.value(), other.value(), at + " header:" + name, false);
                } else {
                    add(true, at + " header:" + name, "is gone", old.origin());
                }
            });
        });
        now.answers().keySet().stream()
                .filter(status -> !old.answers().containsKey(status))
                .forEach(status ->
                        add(false, where + " " + status.toLowerCase(java.util.Locale.ROOT), "is new", now.origin()));
    }

    private void security(Endpoint old, Endpoint now, String where) {
        var before = old.security().isEmpty() ? List.of(Map.<String, List<String>>of()) : old.security();
        var after = now.security().isEmpty() ? List.of(Map.<String, List<String>>of()) : now.security();
        for (var each : before) {
            if (after.stream().noneMatch(other -> suffices(each, other))) {
                add(
                        true,
                        where,
                        (each.isEmpty() ? "nobody gets in without credentials" : each + " is not enough") + " any more",
                        now.origin());
            }
        }
        for (var each : after) {
            if (before.stream().noneMatch(other -> suffices(each, other))) {
                add(false, where, (each.isEmpty() ? "everybody" : each.toString()) + " gets in now", now.origin());
            }
        }
    }

    /** Whether who has these credentials gets in where those are asked for. */
    private static boolean suffices(Map<String, List<String>> has, Map<String, List<String>> asked) {
        return asked.entrySet().stream()
                .allMatch(each -> has.containsKey(each.getKey())
                        && has.getOrDefault(each.getKey(), List.of()).containsAll(each.getValue()));
    }
}
