package dev.plinth.etcd;

import dev.plinth.json.Json;
import dev.plinth.json.JsonException;
import dev.plinth.remote.JsonApi;
import dev.plinth.remote.RemoteException;
import dev.plinth.schema.Default;
import dev.plinth.time.Time;
import jakarta.validation.constraints.NotNull;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * etcd by the JSON form of its v3 interface (3.4 and newer), as one user where it has users: the token that it gives is asked
 * for with the first call, and again when it has run out or the users have changed. Thread-safe.
 */
final class Etcd implements AutoCloseable {
    record Header(@NotNull String revision) {}

    /** A key with its value, both in Base64. */
    record Pair(@NotNull String key, @Default("") String value, @Default("0") String lease) {
        String name() {
            return new String(Base64.getDecoder().decode(key), StandardCharsets.UTF_8);
        }

        byte[] bytes() {
            return Base64.getDecoder().decode(value);
        }
    }

    record Range(@NotNull Header header, @Default("") List<Pair> kvs) {}

    private record Change(@Default("") List<Object> events, @Default("false") Boolean canceled) {}

    private record WatchLine(Optional<Change> result, Optional<Object> error) {}

    private final JsonApi api;
    private final Optional<EtcdUser> user;
    private volatile String token = "";

    /**
     * A handle that has opened nothing yet.
     *
     * @param place the section, for messages on its certificates: {@code discovery}
     */
    Etcd(EtcdAccess access, String place, Duration timeout, Time time) {
        this.api = new JsonApi("etcd", access.endpoints(), timeout, time).header("Authorization", () -> token);
        this.user = access.user();
        access.tls().ifPresent(tls -> api.tls(tls.context(place + ".tls")));
    }

    String describe() {
        return api.describe();
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    static Map<String, Object> with(Map<String, Object> body, String name, Object value) {
        var more = new HashMap<>(body);
        more.put(name, value);
        return more;
    }

    // ---- calls -----------------------------------------------------------------------------------------------------

    /** An answer of success. */
    JsonApi.Answer call(String path, Object body) {
        var answer = answer(path, body);
        if (!answer.ok()) {
            throw new RemoteException(describe() + ": POST " + path + ": answered " + answer.status() + why(answer));
        }
        return answer;
    }

    /** The same as an object of JSON. */
    Map<?, ?> post(String path, Object body) {
        if (call(path, body).as(Object.class) instanceof Map<?, ?> map) {
            return map;
        }
        throw new RemoteException(describe() + ": POST " + path + ": answered what is no object");
    }

    Range range(Map<String, Object> body) {
        return call("/v3/kv/range", body).as(Range.class);
    }

    /** An answer of whatever status. */
    JsonApi.Answer answer(String path, Object body) {
        if (user.isEmpty()) {
            return api.call("POST", path, body);
        }
        var used = token.isEmpty() ? authenticated("") : token;
        var answer = api.call("POST", path, body);
        if (!isTokenOver(answer)) {
            return answer;
        }
        authenticated(used);
        return api.call("POST", path, body);
    }

    /** A token other than {@code old}, which has run out: that of another thread, or a new one. */
    private synchronized String authenticated(String old) {
        if (token.equals(old)) {
            token = "";
            var who = user.orElseThrow();
            var credentials =
                    Map.of("name", who.name(), "password", who.password().reveal());
            var answer = api.call("POST", "/v3/auth/authenticate", credentials);
            if (!answer.ok()) {
                throw new RemoteException(
                        describe() + ": POST /v3/auth/authenticate: answered " + answer.status() + why(answer));
            }
            if (!(answer.as(Object.class) instanceof Map<?, ?> map) || !(map.get("token") instanceof String fresh)) {
                throw new RemoteException(describe() + ": POST /v3/auth/authenticate: answered without a token");
            }
            token = fresh;
        }
        return token;
    }

    /** etcd says the former where the token has run out or it was started anew, the latter where users have changed. */
    private static boolean isTokenOver(JsonApi.Answer answer) {
        if (answer.ok()) {
            return false;
        }
        var error = error(answer);
        return error.contains("invalid auth token") || error.contains("revision of auth store is old");
    }

    private static String error(JsonApi.Answer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    /** What to do about a refusal of which that is known. */
    private String why(JsonApi.Answer answer) {
        var error = error(answer);
        if (error.contains("user name is empty")) {
            return ": it wants a user (set user)";
        } else if (error.contains("authentication failed")) {
            return ": the user '" + user.map(EtcdUser::name).orElse("") + "' or its password is wrong";
        } else if (error.contains("permission denied")) {
            return ": the user '" + user.map(EtcdUser::name).orElse("") + "' may not do that";
        } else if (error.contains("authentication is not enabled")) {
            return ": it has no users (leave user out)";
        } else if (error.contains("CommonName of client")) {
            return ": where etcd has users, a certificate that is shown may hold no common name (make one without CN)";
        }
        return "";
    }

    // ---- watching --------------------------------------------------------------------------------------------------

    /**
     * Waits until something has changed since {@code revision}, at most {@code most}; returns whether it may have.
     *
     * @param keys as {@code /v3/kv/range} takes them
     */
    boolean awaitChange(Map<String, Object> keys, String revision, Duration most) throws InterruptedException {
        long next;
        try {
            next = Long.parseLong(revision) + 1;
        } catch (NumberFormatException ofAnother) {
            return true;
        }
        var watch = Map.of("create_request", with(keys, "start_revision", Long.toString(next)));
        return api.awaitLine("POST", "/v3/watch", watch, most, this::isChange).isPresent();
    }

    /** Also where the watch ends, since the revision has been compacted away, say: then all is read anew. */
    private boolean isChange(byte[] line) {
        try {
            var read = Json.standard().read(line, WatchLine.class);
            return read.error.isPresent()
                    || read.result
                            .map(change -> change.canceled || !change.events.isEmpty())
                            .orElse(true);
        } catch (JsonException garbage) {
            throw new RemoteException(
                    describe() + ": POST /v3/watch: answered what can't be read: " + garbage.getMessage(), garbage);
        }
    }

    @Override
    public void close() {
        api.close();
    }
}
