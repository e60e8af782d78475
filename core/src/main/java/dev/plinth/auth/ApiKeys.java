package dev.plinth.auth;

import dev.plinth.context.Principal;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.schema.Live;
import dev.plinth.secret.Secret;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Knows programs by a key in a header. A key is looked up by its digest: how long that takes tells something of a digest at
 * most, from which nobody comes to the key.
 */
final class ApiKeys implements Authenticator {
    /**
     * Who has a key.
     *
     * @param header that brings the key
     * @param keys by the names of those who have them
     */
    record Settings(
            @Default("X-API-Key") @Doc("Header that brings the key.") String header,
            @NotEmpty @Doc("Who has a key, by name: `hash`, `previous`, `roles`.") Live<Map<String, Key>> keys) {
        Settings {
            if (!header.matches("[A-Za-z0-9-]+") || header.equalsIgnoreCase("authorization")) {
                throw new IllegalArgumentException(
                        "header: '" + header + "' (expected: a name such as X-API-Key, and not Authorization)");
            }
            index("", keys.get());
        }
    }

    /**
     * One who has a key.
     *
     * @param hash of the key, as {@code plinth key api} prints it
     * @param previous of the key before, while callers move over
     * @param roles that the caller has
     */
    record Key(
            @NotNull @Doc("Hash of the key, as `plinth key api` prints it.") Secret hash,
            @Doc("Hash of the key before, while callers move over.") Optional<Secret> previous,
            @Default("") @Doc("Roles that the caller has.") Set<String> roles) {}

    private final Settings settings;
    private final String header;
    private final Live.Watch watch;
    private volatile Map<String, Principal> callers;

    ApiKeys(String name, Settings settings) {
        this.settings = settings;
        this.header = settings.header().toLowerCase(Locale.ROOT);
        this.watch = settings.keys().watch((_, now) -> callers = index(name, now));
        this.callers = index(name, settings.keys().get());
    }

    private static Map<String, Principal> index(String by, Map<String, Key> keys) {
        var callers = new HashMap<String, Principal>();
        keys.forEach((who, key) -> {
            var principal = new Principal(who, key.roles(), by, Map.of());
            add(callers, key.hash(), principal);
            key.previous().ifPresent(previous -> add(callers, previous, principal));
        });
        return callers;
    }

    private static void add(Map<String, Principal> callers, Secret hash, Principal principal) {
        StoredHash stored;
        try {
            stored = StoredHash.parse(hash.reveal());
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("keys." + principal.name() + " has " + wrong.getMessage(), wrong);
        }
        if (stored.isSlow()) {
            throw new IllegalArgumentException("keys." + principal.name()
                    + " has the hash of a password, which takes too long for each request (expected: sha256:…, as plinth"
                    + " key api prints it)");
        }
        var other = callers.put(stored.text(), principal);
        if (other != null) {
            throw new IllegalArgumentException("keys." + other.name() + " and keys." + principal.name()
                    + " have one key (expected: one for each)");
        }
    }

    @Override
    public Verdict authenticate(Evidence evidence) {
        var sent = evidence.headers(header);
        if (sent.isEmpty()) {
            return Verdict.ABSENT;
        }
        if (sent.size() > 1) {
            return new Verdict.Refused("header " + header + " is there " + sent.size() + " times");
        }
        var known = callers.get(StoredHash.ofKey(sent.getFirst()).text());
        return known == null ? new Verdict.Refused("no such key") : new Verdict.Accepted(known);
    }

    @Override
    public String source() {
        return settings.header();
    }

    @Override
    public String challenge(String realm, boolean refused) {
        // No registered scheme is about keys; HTTP wants one all the same, and lets anybody name one.
        return "ApiKey realm=\"" + realm + "\", header=\"" + settings.header() + "\"";
    }

    @Override
    public Map<String, Object> scheme() {
        return Map.of("type", "apiKey", "in", "header", "name", settings.header());
    }

    @Override
    public Optional<Set<String>> roles() {
        var all = new HashSet<String>();
        callers.values().forEach(caller -> all.addAll(caller.roles()));
        return Optional.of(all);
    }

    @Override
    public void close() {
        watch.close();
    }
}
