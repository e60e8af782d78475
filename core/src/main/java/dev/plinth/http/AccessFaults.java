package dev.plinth.http;

import dev.plinth.auth.Authenticator;
import dev.plinth.schema.DidYouMean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds rules that can't hold: of whom nobody can be, and of paths that there are none. One thread at a time. */
final class AccessFaults {
    private final HttpConfig config;
    private final String section;
    private final Map<String, Authenticator> authenticators;
    /** The roles that somebody can have; null where that can't be told. */
    private final @Nullable Set<String> roles;

    private final List<AccessConfig> pathless;
    private final Map<String, String> faults = new LinkedHashMap<>();

    AccessFaults(HttpConfig config, String section, Map<String, Authenticator> authenticators) {
        this.config = config;
        this.section = section;
        this.authenticators = authenticators;
        this.pathless = new ArrayList<>(config.access());
        var all = new TreeSet<String>();
        boolean told = true;
        for (var authenticator : authenticators.values()) {
            var own = authenticator.roles();
            told &= own.isPresent();
            all.addAll(own.orElse(Set.of()));
        }
        this.roles = told ? all : null;
    }

    /** Looks at a route, and which rules of the configuration are about it. */
    void route(String method, String pattern, Router.Origin origin, boolean probe, @Nullable Access rule) {
        PathShape path;
        try {
            path = PathShape.parse(pattern);
        } catch (IllegalArgumentException malformed) {
            return; // the router tells it
        }
        if (!probe) {
            pathless.removeIf(each -> (each.isFor(method) || (method.equals("GET") && each.isFor("HEAD")))
                    && PathShape.parse(each.path()).meets(path));
        }
        if (rule == null || probe || rule.isOpen()) {
            return;
        }
        var route = method + " " + pattern + " [" + origin + "]";
        if (authenticators.isEmpty()) {
            add("auth", "is missing: " + route + " is for " + rule + ", and nobody can be known. " + ADD);
            return;
        }
        for (var problem : unknown(rule)) {
            add("auth", route + " is for " + rule + ": " + problem);
        }
    }

    private static final String ADD =
            "Say how callers are known, such as auth: { machines: { backend: api-keys, keys: … } }.";

    /** All that was found, by key. */
    Map<String, String> all() {
        var rules = config.access();
        for (int i = 0; i < rules.size(); i++) {
            var rule = rules.get(i);
            var key = section + ".access." + i;
            if (pathless.contains(rule)) {
                add(
                        key + ".path",
                        "'" + rule.path() + "' is no path of a route"
                                + (rule.methods().isEmpty()
                                        ? ""
                                        : " for " + String.join(", ", new TreeSet<>(rule.methods()))));
            }
            if (rule.rule().isOpen() || rule.isForNobody()) {
                continue;
            }
            if (authenticators.isEmpty()) {
                add(key, "is for " + rule.rule() + ", and nobody can be known. " + ADD);
                continue;
            }
            for (var problem : unknown(rule.rule())) {
                add(key, problem);
            }
        }
        authenticators.forEach((name, authenticator) -> {
            boolean asked = config.tls().isPresent()
                    && config.tls().get().clientCertificate() != ServerTlsConfig.ClientCertificate.NONE;
            if (authenticator.source().equals(Authenticator.CERTIFICATE) && !asked) {
                add(
                        "auth." + name,
                        "knows callers by their certificates, and " + section + " asks for none (expected: " + section
                                + ".tls with trust, and client-certificate: optional or required)");
            }
        });
        return faults;
    }

    private List<String> unknown(Access rule) {
        var problems = new ArrayList<String>();
        for (var name : new TreeSet<>(rule.authenticators())) {
            if (!authenticators.containsKey(name)) {
                problems.add("there is no authenticator '" + name + "'" + meant(name, authenticators.keySet()));
            }
        }
        for (var role : new TreeSet<>(rule.roles())) {
            if (roles != null && !roles.contains(role)) {
                problems.add("nobody has the role '" + role + "'" + meant(role, roles));
            }
        }
        return problems;
    }

    private static String meant(String name, Set<String> known) {
        return " (known: " + (known.isEmpty() ? "none" : String.join(", ", known))
                + DidYouMean.nearest(name, known)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("") + ")";
    }

    private void add(String key, String message) {
        faults.merge(key, message, (before, more) -> before + "; " + more);
    }
}
