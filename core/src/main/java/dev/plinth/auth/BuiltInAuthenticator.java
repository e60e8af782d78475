package dev.plinth.auth;

import dev.plinth.time.Time;

/** The authenticators that need nothing but core. */
record BuiltInAuthenticator(String name, Class<? extends Record> settings, Opener opener)
        implements AuthenticatorBackend {
    /** Makes the handle. */
    @FunctionalInterface
    interface Opener {
        Authenticator open(String name, Record settings, Time time);
    }

    static AuthenticatorBackend[] all() {
        return new AuthenticatorBackend[] {
            new BuiltInAuthenticator(
                    "api-keys",
                    ApiKeys.Settings.class,
                    (name, settings, _) -> new ApiKeys(name, (ApiKeys.Settings) settings)),
            new BuiltInAuthenticator(
                    "basic",
                    Passwords.Settings.class,
                    (name, settings, time) -> new Passwords(name, (Passwords.Settings) settings, time)),
            new BuiltInAuthenticator(
                    "mtls",
                    Certificates.Settings.class,
                    (name, settings, time) -> new Certificates(name, (Certificates.Settings) settings, time))
        };
    }

    @Override
    public Authenticator open(String of, Record given, Time time) {
        return opener.open(of, given, time);
    }
}
