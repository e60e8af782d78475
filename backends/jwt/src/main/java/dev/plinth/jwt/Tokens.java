package dev.plinth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.plinth.auth.Authenticator;
import dev.plinth.auth.Evidence;
import dev.plinth.auth.Verdict;
import dev.plinth.time.Time;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Knows callers by signed tokens (RFC 6750, RFC 7519; the advice of RFC 8725). Thread-safe. */
final class Tokens implements Authenticator {
    /** Tokens of other kinds, such as those that end a session, say so; this one may leave it out (RFC 9068). */
    private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

    private final String name;
    private final JwtSettings settings;
    private final Time time;
    private final Claims claims;
    private final Verified verified = new Verified();
    private final @Nullable JWSVerifier shared;
    private final @Nullable Issuer issuer;
    private final @Nullable KeySet keys;

    Tokens(String name, JwtSettings settings, Time time) {
        this.name = name;
        this.settings = settings;
        this.time = time;
        this.claims = new Claims(name, settings);
        if (settings.secret().isPresent()) {
            shared = shared(settings.secret().get().reveal());
            issuer = null;
            keys = null;
        } else {
            var asked = new Issuer(name, settings, time);
            shared = null;
            issuer = asked;
            keys = new KeySet(name, settings, time, asked::fetch);
        }
    }

    private static JWSVerifier shared(String secret) {
        try {
            return new MACVerifier(secret.getBytes(StandardCharsets.UTF_8));
        } catch (JOSEException tooShort) {
            throw new IllegalArgumentException("secret: " + tooShort.getMessage(), tooShort);
        }
    }

    @Override
    public Verdict authenticate(Evidence evidence) throws InterruptedException {
        var token = evidence.authorization("Bearer");
        if (token == null) {
            return Verdict.ABSENT;
        }
        if (token.length() > settings.maxToken().bytes()) {
            return new Verdict.Refused("a token of " + token.length() + " characters (auth." + name + ".max-token: "
                    + settings.maxToken() + ")");
        }
        try {
            return new Verdict.Accepted(claims.principal(signed(token), time.now()));
        } catch (Refusal refused) {
            return new Verdict.Refused(refused.reason());
        } catch (KeySet.Missing missing) {
            return new Verdict.Unavailable(
                    String.valueOf(missing.getMessage()), settings.retry().get());
        }
    }

    /** The claims of a token whose signature holds. */
    private Map<String, Object> signed(String token) throws Refusal, KeySet.Missing, InterruptedException {
        var digest = Verified.digest(token);
        Object by = keys == null ? this : keys.known();
        var known = by == null ? null : verified.claims(digest, by);
        if (known != null) {
            return known;
        }
        var parsed = parse(token);
        var header = parsed.getHeader();
        requireHeader(header);
        Map<String, Object> said = payload(parsed);
        claims.requireIssuer(said);
        JWSVerifier verifier = shared;
        if (keys != null) {
            var found = keys.find(header);
            verifier = found.verifier();
            by = found.keys();
        }
        if (verifier == null || !holds(parsed, verifier)) {
            throw new Refusal("its signature doesn't hold");
        }
        said.values().removeIf(Objects::isNull);
        var held = Map.copyOf(said);
        verified.add(digest, by == null ? this : by, held);
        return held;
    }

    private static SignedJWT parse(String token) throws Refusal {
        try {
            return SignedJWT.parse(token);
        } catch (ParseException | RuntimeException none) {
            throw new Refusal("no signed JWT");
        }
    }

    private static Map<String, Object> payload(SignedJWT token) throws Refusal {
        Map<String, Object> said = token.getPayload().toJSONObject();
        if (said == null) {
            throw new Refusal("its payload is no object of JSON");
        }
        return said;
    }

    private void requireHeader(JWSHeader header) throws Refusal {
        if (!settings.algorithms().contains(header.getAlgorithm().getName())) {
            throw new Refusal("algorithm " + Refusal.shown(header.getAlgorithm()) + " (expected: "
                    + String.join(" or ", settings.algorithms()) + ")");
        }
        var type = header.getType();
        if (type != null && !TYPES.contains(type.getType().toLowerCase(Locale.ROOT))) {
            throw new Refusal("type " + Refusal.shown(type) + " (expected: JWT or at+jwt)");
        }
        if (header.getContentType() != null) {
            throw new Refusal("a token inside a token");
        }
        if (header.getCriticalParams() != null) {
            throw new Refusal("critical parameters " + Refusal.shown(header.getCriticalParams()) + " (expected: none)");
        }
    }

    private static boolean holds(SignedJWT token, JWSVerifier verifier) {
        try {
            return token.verify(verifier);
        } catch (JOSEException | RuntimeException malformed) {
            return false;
        }
    }

    @Override
    public String source() {
        return "Authorization: Bearer";
    }

    @Override
    public String challenge(String realm, boolean refused) {
        return "Bearer realm=\"" + realm + "\"" + (refused ? ", error=\"invalid_token\"" : "");
    }

    @Override
    public Map<String, Object> scheme() {
        return Map.of("type", "http", "scheme", "bearer", "bearerFormat", "JWT");
    }

    @Override
    public void warmUp() {
        if (keys != null) {
            keys.warmUp();
        }
    }

    @Override
    public void close() {
        if (issuer != null) {
            issuer.close();
        }
    }
}
