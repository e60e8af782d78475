package dev.plinth.http;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Who may call some paths, an entry of {@code http.access}. The first that matches a request decides.
 *
 * @param path text and {@code {name}} for one segment each, at the end {@code ...} for all that is below, and the path itself
 * @param methods for which it holds; for all unless set. {@code GET} is {@code HEAD} too
 * @param allow who may; {@code signed} unless set
 * @param roles of which a caller must have one
 * @param by names of authenticators, one of which must know the caller; any unless set
 */
public record AccessConfig(
        @NotNull @NotBlank @Doc("Path: text, `{name}` for one segment, at the end `...` for all that is below.")
                String path,
        @Default("") @Doc("Methods for which it holds; for all unless set.") Set<String> methods,
        @Doc("Who may: `anybody`, `signed` (the default), `nobody`.") Optional<Allow> allow,
        @Default("") @Doc("Roles of which a caller must have one.") Set<String> roles,
        @Default("") @Doc("Authenticators one of which must know the caller; any unless set.") Set<String> by) {
    /** Who may. */
    public enum Allow {
        /** Everybody, known or not. */
        ANYBODY,
        /** Everybody who is known. */
        SIGNED,
        /** Nobody: what this service has and doesn't offer here. */
        NOBODY
    }

    public AccessConfig {
        PathShape.parse(path);
        for (var method : methods) {
            if (!method.matches("[A-Z]+")) {
                throw new IllegalArgumentException("methods: '" + method + "' (expected: capitals, such as GET)");
            }
        }
        if ((!roles.isEmpty() || !by.isEmpty()) && allow.orElse(Allow.SIGNED) != Allow.SIGNED) {
            throw new IllegalArgumentException("allow: " + allow.get().name().toLowerCase(Locale.ROOT)
                    + " together with roles or by (expected: one of them)");
        }
    }

    /** The same as a rule; one for nobody asks who calls all the same, so that only those who are known learn of it. */
    Access rule() {
        if (allow.orElse(Allow.SIGNED) == Allow.ANYBODY) {
            return Access.anybody();
        }
        var rule = by.isEmpty() ? Access.signed() : Access.by(by.toArray(String[]::new));
        return roles.isEmpty() ? rule : rule.and(Access.roles(roles.toArray(String[]::new)));
    }

    boolean isFor(String method) {
        return methods.isEmpty() || methods.contains(method) || (method.equals("HEAD") && methods.contains("GET"));
    }

    boolean isForNobody() {
        return allow.orElse(Allow.SIGNED) == Allow.NOBODY;
    }
}
