package dev.plinth.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.plinth.auth.Evidence;
import dev.plinth.auth.Verdict;
import dev.plinth.context.Principal;
import dev.plinth.schema.Live;
import dev.plinth.schema.Schema;
import dev.plinth.secret.Secret;
import dev.plinth.time.ManualTime;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tokens, good and forged, and the keys that they are judged by. */
@Timeout(300)
class TokensTest {
    private final ManualTime time = new ManualTime();
    private TestIssuer issuer;
    private Tokens tokens;

    @BeforeEach
    void open() throws Exception {
        issuer = new TestIssuer();
        tokens = tokens(settings(Set.of("RS256")));
    }

    @AfterEach
    void close() {
        tokens.close();
        issuer.close();
    }

    private Tokens tokens(JwtSettings settings) {
        return new Tokens("users", settings, time);
    }

    private JwtSettings settings(Set<String> algorithms) {
        return settings(algorithms, Optional.empty(), Map.of(), List.of("roles"));
    }

    private JwtSettings settings(
            Set<String> algorithms, Optional<Secret> secret, Map<String, String> require, List<String> roles) {
        return new JwtSettings(
                issuer.url(),
                Live.of(Set.of("orders", "shop")),
                algorithms,
                Optional.empty(),
                secret,
                "sub",
                Live.of(roles),
                Live.of(require),
                Duration.ofSeconds(30),
                new dev.plinth.schema.ByteSize(8192),
                Duration.ofSeconds(20),
                Live.of(Duration.ofMinutes(10)),
                Live.of(Duration.ofSeconds(10)),
                Live.of(Duration.ofHours(24)),
                Optional.empty(),
                false);
    }

    private static Evidence bearing(String authorization) {
        return new Evidence() {
            @Override
            public List<String> headers(String lowerCaseName) {
                return lowerCaseName.equals("authorization") ? List.of(authorization) : List.of();
            }

            @Override
            public List<X509Certificate> certificates() {
                return List.of();
            }
        };
    }

    private Verdict judge(String token) throws InterruptedException {
        return tokens.authenticate(bearing("Bearer " + token));
    }

    private Instant now() {
        return time.now();
    }

    private static Principal accepted(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
        return ((Verdict.Accepted) verdict).principal();
    }

    private void refuses(String token, String reason) throws InterruptedException {
        assertThat(judge(token)).isEqualTo(new Verdict.Refused(reason));
    }

    // ---- good ones -------------------------------------------------------------------------------------------------

    @Test
    void aTokenOfTheIssuerIsTaken() throws Exception {
        var principal = accepted(judge(issuer.token(now())));
        assertThat(principal.name()).isEqualTo("ann");
        assertThat(principal.by()).isEqualTo("users");
        assertThat(principal.roles()).containsExactly("reader");
        assertThat(principal.claims()).containsEntry("iss", issuer.url()).containsKey("exp");
        assertThat(principal).hasToString("ann by users [reader]");
        assertThat(tokens.authenticate(bearing("bearer   " + issuer.token(now()))))
                .isInstanceOf(Verdict.Accepted.class);
        assertThat(tokens.authenticate(bearing("Basic abc"))).isEqualTo(Verdict.ABSENT);
        assertThat(tokens.authenticate(bearing("Bearerabc"))).isEqualTo(Verdict.ABSENT);
    }

    @Test
    void rolesStandWhereTheyStand() throws Exception {
        var claims = issuer.claims(now())
                .claim("realm_access", Map.of("roles", List.of("a", 7, "b")))
                .claim("resource_access", Map.of("shop.orders", Map.of("roles", List.of("c"))))
                .claim("https://shop.example/roles", List.of("d"))
                .claim("scope", "e  f")
                .build();
        var token = TestIssuer.sign(TestIssuer.FIRST, claims, header -> header);
        tokens = tokens(settings(
                Set.of("RS256"),
                Optional.empty(),
                Map.of(),
                List.of(
                        "realm_access.roles",
                        "resource_access.shop.orders.roles",
                        "https://shop.example/roles",
                        "scope",
                        "none.such")));
        assertThat(accepted(judge(token)).roles()).containsExactlyInAnyOrder("a", "b", "c", "d", "e", "f");
    }

    @Test
    void curvesAndSharedSecrets() throws Exception {
        issuer.keys = List.of(TestIssuer.FIRST, TestIssuer.CURVE);
        tokens = tokens(settings(Set.of("ES256")));
        assertThat(accepted(judge(TestIssuer.sign(
                                TestIssuer.CURVE, issuer.claims(now()).build(), header -> header)))
                        .name())
                .isEqualTo("ann");
        refuses(issuer.token(now()), "algorithm 'RS256' (expected: ES256)");

        var secret = "0123456789abcdef0123456789abcdef";
        tokens = tokens(settings(Set.of("HS256"), Optional.of(Secret.of(secret)), Map.of(), List.of("roles")));
        assertThat(accepted(judge(hmac(secret.getBytes(StandardCharsets.UTF_8))))
                        .name())
                .isEqualTo("ann");
        refuses(
                hmac("another-secret-another-secret-an".getBytes(StandardCharsets.UTF_8)),
                "its signature doesn't hold");
        refuses(issuer.token(now()), "algorithm 'RS256' (expected: HS256)");
    }

    private String hmac(byte[] secret) throws Exception {
        var token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("first").build(),
                issuer.claims(now()).build());
        token.sign(new MACSigner(secret));
        return token.serialize();
    }

    // ---- what doesn't hold -----------------------------------------------------------------------------------------

    private String with(java.util.function.UnaryOperator<JWTClaimsSet.Builder> change) {
        return TestIssuer.sign(
                TestIssuer.FIRST, change.apply(issuer.claims(now())).build(), header -> header);
    }

    private static Date at(Instant moment) {
        return Date.from(moment);
    }

    @Test
    void claimsThatDontHold() throws Exception {
        refuses(
                with(claims -> claims.issuer("https://evil\n.example")),
                "issuer 'https://evil?.example' (expected: " + issuer.url() + ")");
        refuses(with(claims -> claims.issuer(null)), "issuer 'null' (expected: " + issuer.url() + ")");
        var audience =
                ((Verdict.Refused) judge(with(claims -> claims.audience(List.of("billing", "pricing"))))).reason();
        assertThat(audience).startsWith("audience '[billing, pricing]' (expected: ");
        assertThat(judge(with(claims -> claims.audience((String) null)))).isInstanceOf(Verdict.Refused.class);
        assertThat(accepted(judge(with(claims -> claims.audience(List.of("billing", "shop")))))
                        .name())
                .isEqualTo("ann");
        refuses(with(claims -> claims.expirationTime(at(now().minusSeconds(30)))), "it ended 30 s ago");
        assertThat(judge(with(claims -> claims.expirationTime(at(now().minusSeconds(29))))))
                .isInstanceOf(Verdict.Accepted.class);
        refuses(with(claims -> claims.expirationTime(null)), "no end (exp)");
        refuses(with(claims -> claims.claim("exp", null).claim("exp", "tomorrow")), "no end (exp)");
        refuses(with(claims -> claims.notBeforeTime(at(now().plusSeconds(31)))), "it begins in 31 s (nbf)");
        refuses(with(claims -> claims.issueTime(at(now().plusSeconds(31)))), "it begins in 31 s (iat)");
        assertThat(judge(with(claims -> claims.notBeforeTime(at(now().plusSeconds(30))))))
                .isInstanceOf(Verdict.Accepted.class);
        refuses(with(claims -> claims.subject(null)), "claim sub is no name");
        refuses(with(claims -> claims.subject(" ")), "claim sub is no name");
        refuses(with(claims -> claims.subject("a\r\nb")), "claim sub is no name");
        refuses(
                with(claims -> claims.claim("cnf", Map.of("x5t#S256", "abc"))),
                "it is bound to a key of its holder (cnf), which nobody here asks for");

        tokens = tokens(settings(Set.of("RS256"), Optional.empty(), Map.of("azp", "shop-ui"), List.of("roles")));
        refuses(issuer.token(now()), "claim azp 'null' (expected: shop-ui)");
        refuses(with(claims -> claims.claim("azp", "other")), "claim azp 'other' (expected: shop-ui)");
        assertThat(judge(with(claims -> claims.claim("azp", "shop-ui")))).isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void aTokenThatWasTakenEndsAllTheSame() throws Exception {
        var token = issuer.token(now());
        accepted(judge(token));
        time.advance(Duration.ofSeconds(331));
        refuses(token, "it ended 31 s ago");
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void forgedOnes() throws Exception {
        var good = issuer.token(now());
        var parts = good.split("\\.", -1);
        var none = base64("{\"alg\":\"none\"}");
        refuses(none + "." + parts[1] + ".", "no signed JWT");
        refuses(none + "." + parts[1] + "." + parts[2], "no signed JWT");
        for (var spelling : List.of("None", "NONE", "nOnE")) {
            refuses(
                    base64("{\"alg\":\"" + spelling + "\"}") + "." + parts[1] + "." + parts[2],
                    "algorithm '" + spelling + "' (expected: RS256)");
        }
        // The public key as the secret of HS256.
        var publicKey = TestIssuer.FIRST.toRSAPublicKey().getEncoded();
        refuses(hmac(publicKey), "algorithm 'HS256' (expected: RS256)");
        refuses(
                hmac(("-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(publicKey)
                                + "\n-----END PUBLIC KEY-----\n")
                        .getBytes(StandardCharsets.US_ASCII)),
                "algorithm 'HS256' (expected: RS256)");
        // Another key under a known id, and one that the token brings along itself.
        var evil = TestIssuer.rsa("first", 2048);
        refuses(TestIssuer.sign(evil, issuer.claims(now()).build(), header -> header), "its signature doesn't hold");
        refuses(
                TestIssuer.sign(evil, issuer.claims(now()).build(), header -> header.jwk(evil.toPublicJWK())
                        .jwkURL(URI.create("https://evil.example/keys"))
                        .x509CertURL(URI.create("https://evil.example/cert"))),
                "its signature doesn't hold");
        // One octet of payload or signature.
        var other = base64(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
                .replace("reader", "writer"));
        refuses(parts[0] + "." + other + "." + parts[2], "its signature doesn't hold");
        refuses(
                parts[0] + "." + parts[1] + "." + (parts[2].startsWith("A") ? "B" : "A") + parts[2].substring(1),
                "its signature doesn't hold");
        refuses(parts[0] + "." + parts[1] + ".AAAA", "its signature doesn't hold");
        // The good one is good still.
        accepted(judge(good));
    }

    @Test
    void malformedOnes() throws Exception {
        var parts = issuer.token(now()).split("\\.", -1);
        var bad = new ArrayList<>(List.of(
                "",
                ".",
                "..",
                "...",
                "a",
                "a.b",
                "a.b.c",
                "%%%.%%%.%%%",
                parts[0] + "." + parts[1],
                parts[0] + "." + parts[1] + ".",
                parts[0] + ".." + parts[2],
                "." + parts[1] + "." + parts[2],
                parts[0] + "." + parts[1] + "." + parts[2] + ".x",
                base64("[]") + "." + parts[1] + "." + parts[2],
                base64("{}") + "." + parts[1] + "." + parts[2],
                base64("{\"alg\":7}") + "." + parts[1] + "." + parts[2],
                base64("[".repeat(3000)) + "." + parts[1] + ".x",
                base64("{\"alg\":\"RS256\",\"a\":" + "{\"a\":".repeat(900)) + "." + parts[1] + ".x"));
        for (var token : bad) {
            assertThat(judge(token)).as(token).isInstanceOf(Verdict.Refused.class);
        }
        for (int length = 0; length < parts[0].length() + 20; length++) {
            assertThat(judge(String.join(".", parts).substring(0, length))).isInstanceOf(Verdict.Refused.class);
        }
        refuses("a".repeat(8193), "a token of 8193 characters (auth.users.max-token: 8KiB)");
        for (var payload : List.of("[]", "7", "\"ann\"", "{", "[".repeat(4000), "{\"a\":".repeat(500))) {
            var header = base64("{\"alg\":\"RS256\",\"kid\":\"first\"}");
            var token = header + "." + base64(payload) + "." + parts[2];
            assertThat(judge(token)).as(payload).isInstanceOf(Verdict.Refused.class);
        }
        assertThat(issuer.fetched).hasValue(0);
    }

    @Test
    void otherKindsOfTokens() throws Exception {
        var claims = issuer.claims(now()).build();
        var key = TestIssuer.FIRST;
        refuses(
                TestIssuer.sign(key, claims, header -> header.type(new JOSEObjectType("logout+jwt"))),
                "type 'logout+jwt' (expected: JWT or at+jwt)");
        accepted(judge(TestIssuer.sign(key, claims, header -> header.type(new JOSEObjectType("AT+JWT")))));
        refuses(TestIssuer.sign(key, claims, header -> header.contentType("JWT")), "a token inside a token");
        refuses(
                TestIssuer.sign(key, claims, header -> header.criticalParams(Set.of("exp"))
                        .customParam("exp", 1)),
                "critical parameters '[exp]' (expected: none)");
        var sealed = new EncryptedJWT(
                new JWEHeader.Builder(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM)
                        .keyID("first")
                        .build(),
                claims);
        sealed.encrypt(new RSAEncrypter(key.toRSAPublicKey()));
        refuses(sealed.serialize(), "no signed JWT");
    }

    // ---- keys ------------------------------------------------------------------------------------------------------

    @Test
    void aNewKeyIsSeen_andForgedIdsDontMakeAStormOfFetches() throws Exception {
        accepted(judge(issuer.token(now())));
        assertThat(issuer.fetched).hasValue(1);
        issuer.keys = List.of(TestIssuer.FIRST, TestIssuer.SECOND);
        var second = TestIssuer.sign(TestIssuer.SECOND, issuer.claims(now()).build(), header -> header);
        refuses(second, "key 'second' is none of the issuer's"); // a moment ago they were fetched
        time.advance(Duration.ofSeconds(10));
        accepted(judge(second));
        assertThat(issuer.fetched).hasValue(2);

        time.advance(Duration.ofSeconds(10));
        var parts = second.split("\\.", -1);
        for (int i = 0; i < 1000; i++) {
            var forged = base64("{\"alg\":\"RS256\",\"kid\":\"forged-" + i + "\"}") + "." + parts[1] + "." + parts[2];
            refuses(forged, "key 'forged-" + i + "' is none of the issuer's");
            if (i == 0) {
                accepted(judge(second));
            }
        }
        assertThat(issuer.fetched).hasValue(3);
        accepted(judge(issuer.token(now())));
    }

    @Test
    void aKeyThatIsTakenBackServesNoMore_alsoForATokenThatWasTaken() throws Exception {
        var token = issuer.token(now());
        accepted(judge(token));
        issuer.keys = List.of(TestIssuer.SECOND);
        time.advance(Duration.ofSeconds(20));
        accepted(judge(TestIssuer.sign(TestIssuer.SECOND, issuer.claims(now()).build(), header -> header)));
        refuses(token, "key 'first' is none of the issuer's");
    }

    private void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 6000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10); // for another thread's socket, at most a minute
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void oldKeysServeWhileNewOnesAreFetched_andForAGraceTimeWhileTheIssuerIsDown() throws Exception {
        accepted(judge(issuer.token(now())));
        time.advance(Duration.ofMinutes(11));
        issuer.held = new CountDownLatch(1);
        accepted(judge(issuer.token(now()))); // nobody waits for what is held
        issuer.held.countDown();
        await(() -> issuer.fetched.get() == 2);

        issuer.status = 503;
        time.advance(Duration.ofHours(23));
        accepted(judge(issuer.token(now())));
        time.advance(Duration.ofHours(2));
        var verdict = judge(issuer.token(now()));
        assertThat(verdict)
                .isEqualTo(new Verdict.Unavailable(
                        "the keys of " + issuer.url() + " are not there", Duration.ofSeconds(10)));
        issuer.status = 200;
        time.advance(Duration.ofSeconds(10));
        accepted(judge(issuer.token(now())));
    }

    @Test
    void anIssuerThatIsDownIsNotAskedForEachToken() throws Exception {
        issuer.status = 500;
        for (int i = 0; i < 100; i++) {
            assertThat(judge(issuer.token(now()))).isInstanceOf(Verdict.Unavailable.class);
        }
        issuer.status = 200;
        assertThat(judge(issuer.token(now()))).isInstanceOf(Verdict.Unavailable.class);
        assertThat(issuer.fetched).hasValue(0); // discovery failed before
        time.advance(Duration.ofSeconds(10));
        accepted(judge(issuer.token(now())));
    }

    @Test
    void anIssuerThatHangsHoldsNoMoreThanSomeCallers() throws Exception {
        issuer.held = new CountDownLatch(1);
        var token = issuer.token(now());
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<Verdict>>();
            for (int i = 0; i < 200; i++) {
                all.add(callers.submit(() -> judge(token)));
            }
            await(() -> all.stream().filter(Future::isDone).count() >= 200 - 64);
            for (var each : all) {
                if (each.isDone()) {
                    assertThat(each.get())
                            .isEqualTo(new Verdict.Unavailable(
                                    "too many wait for the keys of " + issuer.url(), Duration.ofSeconds(10)));
                }
            }
            issuer.held.countDown();
            long taken = 0;
            for (var each : all) {
                taken += each.get() instanceof Verdict.Accepted ? 1 : 0;
            }
            assertThat(taken).isBetween(1L, 64L);
        }
        assertThat(issuer.fetched).hasValue(1);
    }

    @Test
    void aCallerWhoGivesUpEndsNoFetch() throws Exception {
        issuer.held = new CountDownLatch(1);
        var token = issuer.token(now());
        var caller = Thread.ofVirtual().start(() -> {
            try {
                judge(token);
            } catch (InterruptedException asIsAsked) {
                Thread.currentThread().interrupt();
            }
        });
        await(() -> issuer.fetched.get() == 1);
        caller.interrupt();
        caller.join();
        issuer.held.countDown();
        accepted(judge(token));
        assertThat(issuer.fetched).hasValue(1);
    }

    @Test
    void keysThatCantCheckSignaturesArePassedOver() throws Exception {
        var shared = new OctetSequenceKey.Builder(Base64URL.encode("0123456789abcdef0123456789abcdef"))
                .keyID("shared")
                .build();
        issuer.keys = List.of(
                TestIssuer.rsa("short", 1024),
                new com.nimbusds.jose.jwk.RSAKey.Builder(TestIssuer.SECOND.toRSAPublicKey())
                        .keyID("sealing")
                        .keyUse(com.nimbusds.jose.jwk.KeyUse.ENCRYPTION)
                        .build(),
                shared,
                TestIssuer.FIRST);
        accepted(judge(issuer.token(now())));
        var sealing =
                TestIssuer.sign(TestIssuer.SECOND, issuer.claims(now()).build(), header -> header.keyID("sealing"));
        refuses(sealing, "key 'sealing' is none of the issuer's");
        refuses(weak(), "key 'short' is none of the issuer's");
        accepted(judge(TestIssuer.sign(TestIssuer.FIRST, issuer.claims(now()).build(), header -> header.keyID(null))));
    }

    private String weak() throws Exception {
        var key = TestIssuer.rsa("short", 1024);
        var token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("short").build(),
                issuer.claims(now()).build());
        token.sign(new RSASSASigner(key.toPrivateKey(), Set.of(AllowWeakRSAKey.getInstance())));
        return token.serialize();
    }

    @Test
    void discoveryOfAnotherIssuerIsNotBelieved() throws Exception {
        for (var document : List.of(
                "{\"issuer\": \"https://other.example\", \"jwks_uri\": \"" + issuer.url() + "/keys\"}",
                "{\"issuer\": \"" + issuer.url() + "\"}",
                "{\"issuer\": \"" + issuer.url() + "\", \"jwks_uri\": \"http://10.0.0.1/keys\"}",
                "{\"issuer\": \"" + issuer.url() + "\", \"jwks_uri\": \"file:///etc/passwd\"}",
                "[]",
                "garbage")) {
            issuer.document(document);
            assertThat(judge(issuer.token(now()))).as(document).isInstanceOf(Verdict.Unavailable.class);
            time.advance(Duration.ofSeconds(10));
        }
        assertThat(issuer.fetched).hasValue(0);
    }

    @Test
    void whatIsWarmedUpWaitsForNothing() throws Exception {
        tokens.warmUp();
        await(() -> issuer.fetched.get() == 1);
        accepted(judge(issuer.token(now())));
        assertThat(issuer.fetched).hasValue(1);
        assertThat(tokens.challenge("orders", true)).isEqualTo("Bearer realm=\"orders\", error=\"invalid_token\"");
        assertThat(Schema.of(JwtSettings.class).properties()).isNotEmpty();
    }
}
