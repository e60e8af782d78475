package dev.plinth.cli.importing;

import dev.plinth.cli.importing.Foreign.Keys;
import dev.plinth.cli.importing.Foreign.Single;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@code config.yml} of PyMS: since 1.2 {@code pyms:} with {@code services}, {@code config} and {@code crypt}; before,
 * {@code pyms:} with the services and, beside it, {@code ms:} (or the service's own name) with the configuration.
 */
final class Pyms {
    private static final Set<String> PARTS = Set.of("config", "services", "crypt");

    private final Draft draft;

    private Pyms(Draft draft) {
        this.draft = draft;
    }

    /** Whether a root is one. */
    static boolean fits(Keys root) {
        return root.get("pyms") instanceof Keys || root.get("ms") instanceof Keys;
    }

    static void read(Keys root, Draft draft) {
        var pyms = new Pyms(draft);
        for (var member : root.members().entrySet()) {
            var name = member.getKey();
            var value = member.getValue().value();
            if (!(value instanceof Keys keys)) {
                throw new Refused(
                        "the root key " + name + " holds no keys and values (expected: pyms: with config:, services:"
                                + " and crypt:, or for PyMS 1 pyms: with the services and ms: with the configuration)");
            }
            if (keys.members().keySet().stream().anyMatch(PARTS::contains)) {
                pyms.parts(name, keys);
            } else if (name.equals("pyms")) {
                pyms.services(name, keys);
            } else {
                pyms.config(name, keys);
            }
        }
    }

    private void parts(String path, Keys parts) {
        for (var part : parts.members().entrySet()) {
            var value = part.getValue().value();
            var below = path + "." + part.getKey();
            if (!PARTS.contains(part.getKey())) {
                throw new Refused("'" + part.getKey() + "' isn't a part of " + path
                        + ": (expected: config, services or crypt); PyMS refuses it too");
            }
            if (!(value instanceof Keys keys)) {
                draft.note(below, value, "there is nothing in it");
            } else if (part.getKey().equals("config")) {
                config(below, keys);
            } else if (part.getKey().equals("services")) {
                services(below, keys);
            } else {
                crypt(below, keys);
            }
        }
    }

    private void config(String path, Keys config) {
        for (var member : config.members().entrySet()) {
            var name = member.getKey();
            var value = member.getValue().value();
            var from = path + "." + name;
            switch (name.toUpperCase(Locale.ROOT)) {
                case "DEBUG" ->
                    draft.put(
                            "log", "level", isTrue(value) ? "debug" : "info", from + ": " + text(value), value.line());
                case "TESTING" ->
                    draft.note(from, value, "a test starts what main runs: TestService (docs/testing.md)");
                case "APP_NAME" ->
                    draft.note(
                            from,
                            value,
                            "the name stands in the code: Service.run(\"" + serviceName(text(value)) + "\", ...)"
                                    + " (docs/new-service.md)");
                case "APPLICATION_ROOT" ->
                    draft.note(
                            from,
                            value,
                            "routes are written with their whole path: get(\"/root/films\", ...) (docs/http.md)");
                default -> draft.setting(name, value, member.getValue().comments(), from);
            }
        }
    }

    private void services(String path, Keys services) {
        for (var service : services.members().entrySet()) {
            var value = service.getValue().value();
            var from = path + "." + service.getKey();
            switch (service.getKey()) {
                case "metrics" -> metrics(from, value);
                case "requests" ->
                    draft.note(
                            from,
                            value,
                            "each client has its own: service.client(NAME), with its url and time-outs at clients.NAME"
                                    + " (docs/clients.md); retries and breakers are policies (docs/resilience.md)");
                case "swagger" ->
                    draft.note(from, value, "routes are plain Java: service.http().get(...) (docs/http.md)");
                case "tracer" ->
                    draft.note(
                            from,
                            value,
                            "spans go out by OTLP over HTTP, which Jaeger takes on port 4318: trace.endpoint: http://"
                                    + host(value) + ":4318 (docs/tracing.md)");
                case "service_discovery" ->
                    draft.note(from, value, "a client without a url asks discovery (docs/clients.md)");
                default -> draft.note(from, value, "a service of your own is code: make it in compose");
            }
        }
    }

    /** PyMS serves them on the one port that it has. */
    private void metrics(String from, Foreign value) {
        var enabled = value instanceof Keys keys ? keys.get("enabled") : value;
        boolean on = enabled == null
                || !(enabled instanceof Single single)
                || !single.text().equals("false");
        draft.put("metrics", "enabled", Boolean.toString(on), from, value.line());
        if (on) {
            draft.put(
                    "metrics",
                    "on-public-listener",
                    "true",
                    from + ": /metrics was on the port of the service",
                    value.line());
        }
    }

    private void crypt(String path, Keys crypt) {
        if (text(crypt.get("method")).equals("fernet")) {
            draft.note(
                    path,
                    crypt,
                    "enc_ keys are read as they are, with the same key: name its file by PLINTH_KEY_FILE (it was"
                            + " PYMS_KEY_FILE), else it is key.key (docs/secrets.md)");
        } else if (text(crypt.get("method")).equals("aws_kms")) {
            draft.put("secrets", "backend", "aws-kms", path + ".method, of the artifact plinth-aws", crypt.line());
            var key = text(crypt.get("key_id"));
            if (!key.isEmpty()) {
                draft.put("secrets", "key-id", key, path + ".key_id", crypt.line());
            }
        } else {
            draft.note(path, crypt, "see docs/secrets.md for the other ways to keep a secret");
        }
    }

    private static String host(Foreign value) {
        var host = value instanceof Keys keys ? text(keys.get("host")) : "";
        return host.isEmpty() ? "localhost" : host;
    }

    private static boolean isTrue(Foreign value) {
        return value instanceof Single single && single.text().equals("true");
    }

    private static String text(@Nullable Foreign value) {
        return value instanceof Single single ? single.text() : "";
    }

    /** A name that a service can have, from one for people. */
    static String serviceName(String text) {
        var words = List.of(text.toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", " ")
                .strip()
                .split(" "));
        var name = String.join("-", words);
        return name.isEmpty() || !Character.isLetter(name.charAt(0)) ? "service" : name;
    }
}
