/** Callers known by signed tokens. */
module dev.plinth.jwt {
    requires static transitive org.jspecify;
    requires transitive dev.plinth;
    requires com.nimbusds.jose.jwt;

    exports dev.plinth.jwt;

    provides dev.plinth.auth.AuthenticatorBackend with
            dev.plinth.jwt.JwtBackend;
}
