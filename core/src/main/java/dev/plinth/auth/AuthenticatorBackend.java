package dev.plinth.auth;

import dev.plinth.config.Backend;
import dev.plinth.config.Backends;
import dev.plinth.time.Time;

/** A kind of authenticator, as {@code auth.NAME.backend} names it. */
public interface AuthenticatorBackend extends Backend {
    /** All kinds that are known. */
    Backends<AuthenticatorBackend> KIND = Backends.of(AuthenticatorBackend.class, BuiltInAuthenticator.all())
            .published("jwt", "dev.plinth:plinth-jwt");

    /**
     * A handle that has opened nothing yet.
     *
     * @param name of the section, which is {@link dev.plinth.context.Principal#by()} of whom it knows
     * @param settings of the record that {@link #settings()} names
     * @throws IllegalArgumentException if it can't be made of them, with the key below the section
     */
    Authenticator open(String name, Record settings, Time time);
}
