package dev.plinth.jwt;

import dev.plinth.remote.JsonApi;
import dev.plinth.time.Time;
import dev.plinth.tls.PemFiles;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Asks an issuer for its keys, at the address that is configured or that it tells (OpenID Connect Discovery 1.0). */
final class Issuer implements AutoCloseable {
    private static final String WELL_KNOWN = "/.well-known/openid-configuration";

    private final JwtSettings settings;
    private final Time time;
    private final @Nullable SSLContext tls;
    private @Nullable JsonApi open;

    Issuer(String name, JwtSettings settings, Time time) {
        this.settings = settings;
        this.time = time;
        this.tls = settings.trust().isEmpty()
                ? null
                : PemFiles.context("auth." + name, settings.trust(), Optional.empty(), Optional.empty());
    }

    /**
     * The keys as they are now.
     *
     * @throws RuntimeException if they can't be had, with the address and why
     */
    Keys fetch() {
        var address = settings.jwksUri().orElseGet(this::discover);
        var query = address.getRawQuery();
        var path = address.getRawPath() + (query == null ? "" : "?" + query);
        var answer = ask(address.resolve("/"), path);
        try {
            return Keys.of(answer);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalStateException(address + ": " + wrong.getMessage(), wrong);
        }
    }

    private URI discover() {
        var document = ask(URI.create(settings.issuer()), WELL_KNOWN);
        var place = settings.issuer() + WELL_KNOWN;
        if (!settings.issuer().equals(document.get("issuer"))) {
            throw new IllegalStateException(place + " is of the issuer " + Refusal.shown(document.get("issuer")));
        }
        if (!(document.get("jwks_uri") instanceof String text)) {
            throw new IllegalStateException(place + " has no jwks_uri");
        }
        var address = URI.create(text);
        JwtSettings.requireSafe(place + " jwks_uri", address, settings.insecure());
        return address;
    }

    /** A connection of its own for each: it is asked a few times an hour, and two addresses need not be one host. */
    private Map<?, ?> ask(URI base, String path) {
        var api = new JsonApi("issuer", List.of(base), settings.timeout(), time);
        if (tls != null) {
            api.tls(tls);
        }
        synchronized (this) {
            open = api;
        }
        try (api) {
            return api.call("GET", path, null).as(Map.class);
        }
    }

    /** Ends a fetch that is under way. */
    @Override
    public void close() {
        JsonApi last;
        synchronized (this) {
            last = open;
        }
        if (last != null) {
            last.close();
        }
    }
}
