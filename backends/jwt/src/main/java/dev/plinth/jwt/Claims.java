package dev.plinth.jwt;

import dev.plinth.context.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must be in the claims of a token, and the principal that they make. Thread-safe. */
final class Claims {
    private static final int LONGEST_NAME = 256;

    private final String by;
    private final JwtSettings settings;

    Claims(String by, JwtSettings settings) {
        this.by = by;
        this.settings = settings;
    }

    /** Before any key is looked for: whether the token is of this issuer at all. */
    void requireIssuer(Map<String, Object> claims) throws Refusal {
        if (!settings.issuer().equals(claims.get("iss"))) {
            throw new Refusal("issuer " + Refusal.shown(claims.get("iss")) + " (expected: " + settings.issuer() + ")");
        }
    }

    /** Judges claims whose signature holds. */
    Principal principal(Map<String, Object> claims, Instant now) throws Refusal {
        requireIssuer(claims);
        requireTimes(claims, now.getEpochSecond());
        var one = claims.get("aud");
        var audience = one instanceof String text ? List.of(text) : texts(one);
        if (audience.stream().noneMatch(settings.audience().get()::contains)) {
            throw new Refusal("audience " + Refusal.shown(audience) + " (expected: "
                    + String.join(" or ", settings.audience().get()) + ")");
        }
        for (var wanted : settings.require().get().entrySet()) {
            var value = find(claims, wanted.getKey());
            if (!(value instanceof Collection<?> several
                    ? several.contains(wanted.getValue())
                    : wanted.getValue().equals(String.valueOf(value)))) {
                throw new Refusal("claim " + wanted.getKey() + " " + Refusal.shown(value) + " (expected: "
                        + wanted.getValue() + ")");
            }
        }
        if (claims.containsKey("cnf")) {
            throw new Refusal("it is bound to a key of its holder (cnf), which nobody here asks for");
        }
        if (!(find(claims, settings.nameClaim()) instanceof String name)
                || name.isBlank()
                || name.length() > LONGEST_NAME
                || name.chars().anyMatch(Character::isISOControl)) {
            throw new Refusal("claim " + settings.nameClaim() + " is no name");
        }
        return new Principal(name, roles(claims), by, claims);
    }

    private void requireTimes(Map<String, Object> claims, long now) throws Refusal {
        long skew = settings.clockSkew().toSeconds();
        if (!(claims.get("exp") instanceof Number end)) {
            throw new Refusal("no end (exp)");
        }
        if (now - skew >= end.longValue()) {
            throw new Refusal("it ended " + (now - end.longValue()) + " s ago");
        }
        for (var name : List.of("nbf", "iat")) {
            var begin = claims.get(name);
            if (begin != null && !(begin instanceof Number)) {
                throw new Refusal("claim " + name + " is no time");
            }
            if (begin instanceof Number from && from.longValue() > now + skew) {
                throw new Refusal("it begins in " + (from.longValue() - now) + " s (" + name + ")");
            }
        }
    }

    private Set<String> roles(Map<String, Object> claims) {
        var roles = new LinkedHashSet<String>();
        for (var path : settings.roles().get()) {
            roles.addAll(texts(find(claims, path)));
        }
        return roles;
    }

    /** A list of texts, or the words of one text. */
    private static List<String> texts(@Nullable Object value) {
        return switch (value) {
            case String words ->
                words.isBlank() ? List.of() : List.of(words.strip().split(" +"));
            case Collection<?> several -> {
                var texts = new ArrayList<String>(several.size());
                for (var each : several) {
                    if (each instanceof String text) {
                        texts.add(text);
                    }
                }
                yield texts;
            }
            case null, default -> List.of();
        };
    }

    /** Follows a path such as {@code realm_access.roles}; a name that holds dots itself is found as well. */
    private static @Nullable Object find(Map<?, ?> claims, String path) {
        var whole = claims.get(path);
        if (whole != null) {
            return whole;
        }
        for (int dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
            if (claims.get(path.substring(0, dot)) instanceof Map<?, ?> inner) {
                var found = find(inner, path.substring(dot + 1));
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }
}
