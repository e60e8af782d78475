package dev.plinth.jwt;

import dev.plinth.auth.Authenticator;
import dev.plinth.auth.AuthenticatorBackend;
import dev.plinth.time.Time;

/** {@code auth: { users: { backend: jwt, issuer: "https://sso.example.org/realms/shop", audience: [orders] } }}. */
public final class JwtBackend implements AuthenticatorBackend {
    /** For the service loader. */
    public JwtBackend() {}

    @Override
    public String name() {
        return "jwt";
    }

    @Override
    public Class<? extends Record> settings() {
        return JwtSettings.class;
    }

    @Override
    public Authenticator open(String name, Record settings, Time time) {
        return new Tokens(name, (JwtSettings) settings, time);
    }
}
