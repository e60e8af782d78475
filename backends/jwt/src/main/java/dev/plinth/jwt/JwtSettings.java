package dev.plinth.jwt;

import dev.plinth.schema.ByteSize;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.schema.Live;
import dev.plinth.secret.Secret;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whose tokens are taken, and what must be in them.
 *
 * @param issuer that signs them, exactly as their claim {@code iss} says
 * @param audience the names of this service, one of which the claim {@code aud} must have. A token that was made for another
 *     service is not taken, since that one could use it here
 * @param algorithms that may sign. Choose those that the issuer uses and no others
 * @param jwksUri where the issuer's keys are; without it the issuer says so ({@code /.well-known/openid-configuration})
 * @param secret that issuer and service share, for {@code HS256} and its like. Choose keys of an issuer where you can: whoever
 *     can check a shared secret can sign with it
 * @param nameClaim the claim that is the name of the principal. Choose one that is never given to another person
 * @param roles where roles stand: the paths of claims that hold a list, or a text with blanks
 * @param require claims that must have that value, such as {@code azp}
 * @param clockSkew by which the clocks of issuer and service may differ
 * @param maxToken the longest token
 * @param timeout how long the issuer may take to give its keys
 * @param refresh the age at which keys are fetched anew, while the old ones serve on
 * @param retry the least time between two fetches, whoever asks: also how late a new key is seen at worst
 * @param grace the age up to which keys serve while the issuer can't be reached
 * @param trust the authorities that sign the issuer's certificate; if not set, the JDK's
 * @param insecure whether keys may be fetched by {@code http} from other machines. Choose it only where something else protects
 *     the way, such as a mesh: who can change the keys can be anybody
 */
public record JwtSettings(
        @NotNull @NotBlank @Doc("Issuer of the tokens, exactly as their claim `iss` says.") String issuer,
        @NotEmpty @Doc("Names of this service, one of which `aud` must have.") Live<Set<String>> audience,
        @Default("RS256") @NotEmpty @Doc("Algorithms that may sign.") Set<String> algorithms,
        @Doc("Where the issuer's keys are; without it the issuer says so (OpenID Connect Discovery).")
                Optional<URI> jwksUri,
        @Doc("Secret that issuer and service share, for HS256, HS384, HS512.") Optional<Secret> secret,
        @Default("sub") @NotBlank @Doc("Claim that is the name of the principal.") String nameClaim,
        @Default("roles") @Doc("Where roles stand, such as realm_access.roles, resource_access.orders.roles, scope.")
                Live<List<String>> roles,
        @Default("") @Doc("Claims that must have that value, such as azp: shop-ui.") Live<Map<String, String>> require,
        @Default("30s") @PositiveOrZero @Doc("By how much the clocks may differ.") Duration clockSkew,
        @Default("8KiB") @Positive @Doc("Longest token.") ByteSize maxToken,
        @Default("5s") @Positive @Doc("How long the issuer may take to give its keys.") Duration timeout,
        @Default("10m") @Positive @Doc("Age at which keys are fetched anew, while the old ones serve on.")
                Live<Duration> refresh,
        @Default("10s") @Positive @Doc("Least time between two fetches.") Live<Duration> retry,
        @Default("24h") @Positive @Doc("Age up to which keys serve while the issuer can't be reached.")
                Live<Duration> grace,
        @Doc("PEM file: authorities that sign the issuer's certificate.") Optional<Path> trust,
        @Default("false") @Doc("Whether keys may be fetched by http from other machines.") boolean insecure) {
    private static final Set<String> SIGNED =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");
    private static final Map<String, Integer> SHARED = Map.of("HS256", 32, "HS384", 48, "HS512", 64);

    public JwtSettings {
        for (var algorithm : algorithms) {
            if (!SIGNED.contains(algorithm) && !SHARED.containsKey(algorithm)) {
                throw new IllegalArgumentException("algorithms: '" + algorithm
                        + "' (expected: RS, PS or ES with 256, 384 or 512, or HS with a secret)");
            }
            if (SHARED.containsKey(algorithm) != secret.isPresent()) {
                throw new IllegalArgumentException("algorithms: '" + algorithm + "' "
                        + (secret.isPresent()
                                ? "beside a secret (expected: HS256, HS384 or HS512 and no others)"
                                : "without a secret (expected: secret, or an algorithm with keys of the issuer)"));
            }
        }
        int needed = algorithms.stream()
                .mapToInt(name -> SHARED.getOrDefault(name, 0))
                .max()
                .orElse(0);
        if (secret.isPresent() && secret.get().reveal().getBytes(StandardCharsets.UTF_8).length < needed) {
            throw new IllegalArgumentException("secret: too short (expected: at least " + needed + " bytes)");
        }
        if (secret.isPresent() && jwksUri.isPresent()) {
            throw new IllegalArgumentException("jwks-uri beside a secret (expected: one of them)");
        }
        if (secret.isEmpty()) {
            requireSafe(jwksUri.isPresent() ? "jwks-uri" : "issuer", jwksUri.orElseGet(() -> uri(issuer)), insecure);
        }
    }

    private static URI uri(String issuer) {
        try {
            return URI.create(issuer);
        } catch (IllegalArgumentException no) {
            return URI.create("none:none");
        }
    }

    /**
     * Refuses an address at which somebody on the way could put keys of his own.
     *
     * @throws IllegalArgumentException if it is none, or not protected
     */
    static void requireSafe(String key, URI address, boolean insecure) {
        boolean http = "http".equals(address.getScheme());
        if (address.getHost() == null
                || address.getUserInfo() != null
                || address.getFragment() != null
                || !(http || "https".equals(address.getScheme()))) {
            throw new IllegalArgumentException(key + ": '" + address
                    + "' can't be asked for keys (expected: https://host/path"
                    + (key.equals("issuer") ? ", or jwks-uri" : "")
                    + ")");
        }
        if (http && !insecure && !isLoopback(address.getHost())) {
            throw new IllegalArgumentException(key + ": '" + address
                    + "' (expected: https, or insecure: true where something else protects the way)");
        }
    }

    private static boolean isLoopback(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host.startsWith("[") ? host.substring(1, host.length() - 1) : host)
                    .isLoopbackAddress();
        } catch (IllegalArgumentException aName) {
            return false;
        }
    }
}
