package dev.plinth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys of an issuer that signatures can be checked with, as they were at one moment (RFC 7517). Immutable. */
final class Keys {
    private static final Logger LOG = LoggerFactory.getLogger(Keys.class);
    private static final int MOST = 100;
    private static final int SHORTEST_RSA = 2048;

    /** One that can check. */
    private record Key(@Nullable String id, @Nullable String algorithm, JWSVerifier verifier) {
        boolean isFor(JWSHeader header) {
            return verifier.supportedJWSAlgorithms().contains(header.getAlgorithm())
                    && (algorithm == null
                            || algorithm.equals(header.getAlgorithm().getName()));
        }
    }

    private final List<Key> keys;
    private final Object document;

    private Keys(List<Key> keys, Object document) {
        this.keys = keys;
        this.document = document;
    }

    /**
     * Those of a key set. What can't check a signature here is passed over: keys for other uses, of other kinds, too short
     * ones, and shared secrets, which have no place in a public document.
     *
     * @throws IllegalArgumentException if it is no key set, or none is left
     */
    static Keys of(Map<?, ?> document) {
        if (!(document.get("keys") instanceof List<?> all) || all.size() > MOST) {
            throw new IllegalArgumentException("it is no key set (expected: keys, at most " + MOST + ")");
        }
        var keys = new ArrayList<Key>();
        for (var each : all) {
            var key = each instanceof Map<?, ?> map ? key(map) : null;
            if (key != null) {
                keys.add(key);
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("it has no key that checks signatures");
        }
        return new Keys(List.copyOf(keys), document);
    }

    @SuppressWarnings("unchecked") // an object of JSON has texts for names
    private static @Nullable Key key(Map<?, ?> map) {
        try {
            var key = JWK.parse((Map<String, Object>) map);
            if (key.getKeyUse() != null && !key.getKeyUse().equals(KeyUse.SIGNATURE)) {
                return null;
            }
            var algorithm =
                    key.getAlgorithm() == null ? null : key.getAlgorithm().getName();
            return switch (key) {
                case RSAKey rsa
                when rsa.size() >= SHORTEST_RSA ->
                    new Key(key.getKeyID(), algorithm, new RSASSAVerifier(rsa.toRSAPublicKey()));
                case ECKey curve -> new Key(key.getKeyID(), algorithm, new ECDSAVerifier(curve.toECPublicKey()));
                default -> null;
            };
        } catch (ParseException | JOSEException | RuntimeException unusable) {
            LOG.debug("a key of the issuer is passed over: {}", unusable.toString());
            return null;
        }
    }

    /** Whether it is made of the same document, so that what was checked by it holds. */
    boolean isLike(Keys other) {
        return document.equals(other.document);
    }

    /** What checks a token of that header; null where the key isn't there. */
    @Nullable
    JWSVerifier verifier(JWSHeader header) throws Refusal {
        var id = header.getKeyID();
        Key found = null;
        for (var key : keys) {
            if (id == null ? key.isFor(header) : id.equals(key.id)) {
                if (found != null && id == null) {
                    throw new Refusal("it names no key, and several could be meant");
                }
                found = key;
                if (id != null && key.isFor(header)) {
                    break;
                }
            }
        }
        if (found != null && !found.isFor(header)) {
            throw new Refusal("its key is not for " + header.getAlgorithm());
        }
        return found == null ? null : found.verifier;
    }
}
