package dev.plinth.cli.importing;

import dev.plinth.cli.importing.Foreign.Items;
import dev.plinth.cli.importing.Foreign.Keys;
import dev.plinth.cli.importing.Foreign.Kind;
import dev.plinth.cli.importing.Foreign.Member;
import dev.plinth.cli.importing.Foreign.Single;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The components of pip-services: since version 3 a list, each with {@code descriptor: "group:type:kind:name:version"};
 * before, sections by category with one component or a list of them, each with {@code descriptor: { group, type, version }}.
 */
final class PipServices {
    /** The sections of the old shape, and what their components are called in the new one. */
    private static final Map<String, String> SECTIONS = Map.ofEntries(
            Map.entry("factories", "factory"),
            Map.entry("discovery", "discovery"),
            Map.entry("boot", "config-reader"),
            Map.entry("config", "config-reader"),
            Map.entry("logs", "logger"),
            Map.entry("counters", "counters"),
            Map.entry("cache", "cache"),
            Map.entry("persistence", "persistence"),
            Map.entry("clients", "client"),
            Map.entry("controllers", "controller"),
            Map.entry("controlers", "controller"),
            Map.entry("controller", "controller"),
            Map.entry("logic", "controller"),
            Map.entry("decorators", "decorator"),
            Map.entry("services", "service"),
            Map.entry("addons", "addon"));

    private final Draft draft;

    private PipServices(Draft draft) {
        this.draft = draft;
    }

    /** One component: what its descriptor says, and the keys that it is configured by. */
    private record Component(String group, String type, String kind, String name, String from, Keys keys) {
        boolean isOwn() {
            return !group.equals("pip-services") && !group.startsWith("pip-services3") && !group.equals("*");
        }
    }

    static boolean fits(Foreign root) {
        if (root instanceof Items items) {
            return !items.items().isEmpty() && items.items().stream().allMatch(PipServices::isComponent);
        }
        return root instanceof Keys keys
                && keys.members().entrySet().stream()
                        .anyMatch(member -> SECTIONS.containsKey(member.getKey())
                                && components(member.getValue().value()).stream()
                                        .anyMatch(PipServices::isComponent));
    }

    private static boolean isComponent(Foreign value) {
        return value instanceof Keys keys && (keys.get("descriptor") != null || keys.get("type") != null);
    }

    private static List<Foreign> components(Foreign value) {
        return value instanceof Items items ? items.items() : List.of(value);
    }

    static void read(Foreign root, Draft draft) {
        var reader = new PipServices(draft);
        if (root instanceof Items items) {
            for (int i = 0; i < items.items().size(); i++) {
                reader.component(
                        component(Integer.toString(i), "", (Keys) items.items().get(i)));
            }
            return;
        }
        for (var section : ((Keys) root).members().entrySet()) {
            var type = SECTIONS.get(section.getKey());
            var value = section.getValue().value();
            if (type == null) {
                draft.note(section.getKey(), value, "this is no section of pip-services");
                continue;
            }
            var all = components(value);
            for (int i = 0; i < all.size(); i++) {
                var from = all.size() == 1 ? section.getKey() : section.getKey() + "." + i;
                if (all.get(i) instanceof Keys keys) {
                    reader.component(component(from, type, keys));
                } else {
                    draft.note(from, all.get(i), "a component without a descriptor");
                }
            }
        }
    }

    private static Component component(String from, String section, Keys keys) {
        var descriptor = keys.get("descriptor");
        if (descriptor instanceof Single single && !single.text().isEmpty()) {
            var tokens = single.text().split(":", -1);
            if (tokens.length != 5) {
                throw new Refused("the descriptor '" + single.text() + "' in line " + single.line() + " has "
                        + tokens.length + " parts (expected: 5, group:type:kind:name:version)");
            }
            return new Component(tokens[0], tokens[1], tokens[2], tokens[3], single.text(), keys);
        }
        if (descriptor instanceof Keys parts) {
            return new Component(
                    or(text(parts.get("group")), "*"),
                    section,
                    or(text(parts.get("type")), "default"),
                    "default",
                    from,
                    keys);
        }
        return new Component("*", or(section, "class"), or(text(keys.get("type")), "default"), "default", from, keys);
    }

    private void component(Component component) {
        var kind = component.kind();
        switch (component.type()) {
            case "context-info" ->
                note(
                        component,
                        "the name stands in the code: Service.run(\""
                                + Pyms.serviceName(text(component.keys().get("name")))
                                + "\", ...) (docs/new-service.md)");
            case "logger" -> logger(component);
            case "counters" -> counters(component);
            case "endpoint" -> {
                if (kind.equals("http")) {
                    endpoint(component);
                } else {
                    note(component, "this kind of endpoint has no counterpart yet");
                }
            }
            case "client" -> client(component);
            case "heartbeat-service", "heartbeat-controller", "status-service", "status-controller" ->
                note(
                        component,
                        "is always there: /health/live and /health/ready, details on the admin listener (docs/health.md)");
            case "metrics-service", "metrics-controller" -> counters(component);
            case "swagger-service", "swagger-controller" -> note(component, "has no counterpart yet (docs/http.md)");
            case "discovery" -> note(component, "a client without a url asks discovery (docs/clients.md)");
            case "credential-store" ->
                note(component, "secrets come from files, variables or enc_ keys (docs/secrets.md)");
            case "tracer" -> note(component, "spans go out by OTLP: trace.endpoint (docs/tracing.md)");
            case "config-reader" ->
                note(component, "configuration comes from files, variables and arguments (docs/configuration.md)");
            case "persistence", "connection", "state-store" -> note(component, "stores have no counterpart yet");
            case "cache", "lock", "message-queue", "queue" -> note(component, "has no counterpart yet");
            case "factory" -> note(component, "nothing is made by factories: compose makes it with new");
            case "addon" -> note(component, "has no counterpart");
            default -> own(component);
        }
    }

    private void logger(Component logger) {
        var keys = new LinkedHashMap<>(rest(logger));
        var level = takeLevel(keys);
        if (level != null) {
            draft.put("log", "level", level(level), logger.from() + " level", level.line());
        }
        if (!logger.kind().equals("console")) {
            note(logger, keys, "lines go to standard output as JSON, for a collector to take (docs/logging.md)");
        } else if (!keys.isEmpty()) {
            note(logger, keys, "lines go to standard output at once (docs/logging.md)");
        }
    }

    /** The level, which the old shape has among the options. */
    private static @Nullable Single takeLevel(Map<String, Member> keys) {
        var direct = keys.remove("level");
        if (direct != null && direct.value() instanceof Single single) {
            return single;
        }
        var holder = keys.get("options");
        if (holder != null && holder.value() instanceof Keys options && options.get("level") instanceof Single single) {
            var others = new LinkedHashMap<>(options.members());
            others.remove("level");
            if (others.isEmpty()) {
                keys.remove("options");
            } else {
                keys.put("options", new Member(new Keys(others, options.line()), holder.comments()));
            }
            return single;
        }
        return null;
    }

    private static String level(Single level) {
        if (Placeholders.isIn(level.text())) {
            return level.text();
        }
        return switch (level.text().toLowerCase(Locale.ROOT)) {
            case "0", "none", "nothing" -> "off";
            case "1", "fatal", "2", "error" -> "error";
            case "3", "warn", "warning" -> "warn";
            case "5", "debug" -> "debug";
            case "6", "trace" -> "trace";
            default -> "info";
        };
    }

    private void counters(Component counters) {
        draft.put("metrics", "enabled", "true", counters.from(), counters.keys().line());
        if (counters.kind().equals("prometheus") || counters.type().startsWith("metrics-")) {
            draft.put(
                    "metrics",
                    "on-public-listener",
                    "true",
                    counters.from(),
                    counters.keys().line());
        }
        var keys = rest(counters);
        if (!keys.isEmpty()) {
            note(counters, keys, "metrics are asked for at /metrics, not pushed or logged (docs/metrics.md)");
        }
    }

    /** A listener; there is one for requests. */
    private void endpoint(Component endpoint) {
        var left = new LinkedHashMap<String, Member>();
        for (var member : rest(endpoint).entrySet()) {
            var value = member.getValue().value();
            switch (member.getKey()) {
                case "connection", "connections", "endpoint", "endpoints" -> {
                    var connection = first(value);
                    connection.forEach((name, each) -> {
                        if (each.value() instanceof Single single && (name.equals("host") || name.equals("port"))) {
                            draft.put("http", name, single.text(), endpoint.from() + " " + name, single.line());
                        } else if (!(name.equals("protocol") || name.equals("type")) || !isPlainHttp(each.value())) {
                            left.put(member.getKey() + "." + name, each);
                        }
                    });
                }
                case "options" -> {
                    if (value instanceof Keys options) {
                        options.members().forEach((name, each) -> option(endpoint, name, each, left));
                    }
                }
                default -> left.put(member.getKey(), member.getValue());
            }
        }
        if (!left.isEmpty()) {
            note(
                    endpoint,
                    left,
                    "what a listener can be told is at http: (docs/http.md, docs/configuration-reference.md)");
        }
    }

    private void option(Component endpoint, String name, Member each, Map<String, Member> left) {
        var size = each.value() instanceof Single single ? single.text().toLowerCase(Locale.ROOT) : "";
        boolean limit = name.equals("request_max_size") || name.equals("max_req_size");
        if (limit && size.matches("[0-9]+ *(b|kb|mb|gb)?")) {
            var digits = size.replaceAll("[^0-9]", "");
            var unit = size.replaceAll("[0-9 ]", "");
            var ours = unit.isEmpty() || unit.equals("b")
                    ? "B"
                    : unit.substring(0, 1).toUpperCase(Locale.ROOT) + "iB";
            draft.put(
                    "http",
                    "max-body",
                    digits + ours,
                    endpoint.from() + " " + name,
                    each.value().line());
        } else {
            left.put("options." + name, each);
        }
    }

    private static boolean isPlainHttp(Foreign value) {
        var text = text(value);
        return text.equals("http") || text.equals("tcp");
    }

    private void client(Component client) {
        var keys = new LinkedHashMap<>(rest(client));
        var at = keys.containsKey("connection") || keys.containsKey("connections") ? "connection" : "endpoint";
        var connection = first(value(keys.containsKey(at) ? keys.get(at) : keys.get(at + "s")));
        var uri = text(value(connection.get("uri")));
        var host = text(value(connection.get("host")));
        if (uri.isEmpty() && host.isEmpty()) {
            note(
                    client,
                    client.kind().matches("null|memory|direct|default")
                            ? "a call inside of the process is a call of a method: hand the object over in compose"
                            : "a client needs an address: clients.NAME.url (docs/clients.md)");
            return;
        }
        var name = client.name().equals("default") || client.name().equals("*") ? client.group() : client.name();
        var section = "clients." + Pyms.serviceName(name.equals("*") ? client.kind() : name);
        keys.keySet().removeAll(Set.of("connection", "connections", "endpoint", "endpoints"));
        var port = text(value(connection.get("port")));
        var protocol = or(text(value(connection.get("protocol"))), "http");
        draft.put(
                section,
                "url",
                uri.isEmpty() ? protocol + "://" + host + ":" + or(port, "8080") : uri,
                client.from(),
                client.keys().line());
        if (value(keys.remove("options")) instanceof Keys options) {
            options.members().forEach((option, each) -> {
                var ours = option.equals("timeout")
                        ? "timeout"
                        : option.equals("connect_timeout") ? "connect-timeout" : "";
                if (!ours.isEmpty() && each.value() instanceof Single single) {
                    draft.put(section, ours, single.text() + "ms", client.from() + " options." + option, single.line());
                } else {
                    keys.put("options." + option, each);
                }
            });
        }
        if (!keys.isEmpty()) {
            note(client, keys, "what a client can be told is at clients.NAME (docs/clients.md)");
        }
    }

    /** A component of the service's own: a listener where it has an address, and settings. */
    private void own(Component component) {
        var keys = new LinkedHashMap<>(rest(component));
        boolean listens = component.kind().contains("http") || component.kind().equals("rest");
        if (listens && (keys.containsKey("connection") || keys.containsKey("endpoint"))) {
            endpoint(component);
            return;
        }
        keys.remove("dependencies");
        if (keys.containsKey("connection") || keys.containsKey("endpoint") || keys.containsKey("endpoints")) {
            note(component, "this kind of endpoint has no counterpart yet");
            return;
        }
        boolean own = component.isOwn() || component.type().equals("controller");
        if (keys.isEmpty() || !own) {
            note(component, "components are made and wired in compose, in plain Java (docs/new-service.md)");
        } else if (listens) {
            note(component, "routes are plain Java: service.http().get(...) (docs/http.md)");
        } else {
            var name = component.kind().equals("default") ? component.type() : component.kind();
            var value = new Keys(flat(keys), component.keys().line());
            draft.setting(name, value, List.of(component.from()), component.from());
        }
    }

    private static Map<String, Member> flat(Map<String, Member> keys) {
        var flat = new LinkedHashMap<>(keys);
        if (value(flat.get("options")) instanceof Keys options) {
            flat.remove("options");
            options.members().forEach(flat::putIfAbsent);
        }
        return flat;
    }

    private void note(Component component, String text) {
        note(component, rest(component), text);
    }

    private void note(Component component, Map<String, Member> keys, String text) {
        if (keys.isEmpty()) {
            draft.note(
                    "descriptor",
                    new Single(Kind.TEXT, component.from(), component.keys().line()),
                    text);
        } else {
            draft.note(component.from(), new Keys(keys, component.keys().line()), text);
        }
    }

    /** What it is configured by, beside its descriptor. */
    private static Map<String, Member> rest(Component component) {
        var keys = new LinkedHashMap<>(component.keys().members());
        keys.remove("descriptor");
        return keys;
    }

    /** The first of several connections. */
    private static Map<String, Member> first(@Nullable Foreign value) {
        if (value instanceof Keys keys) {
            var all = new ArrayList<>(keys.members().values());
            return !all.isEmpty() && all.stream().allMatch(member -> member.value() instanceof Keys)
                    ? first(all.getFirst().value())
                    : keys.members();
        }
        return value instanceof Items items && !items.items().isEmpty()
                ? first(items.items().getFirst())
                : Map.of();
    }

    private static @Nullable Foreign value(@Nullable Member member) {
        return member == null ? null : member.value();
    }

    private static String text(@Nullable Foreign value) {
        return value instanceof Single single ? single.text() : "";
    }

    private static String or(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text;
    }
}
