package dev.plinth.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.discovery.Instance;
import dev.plinth.discovery.Registry;
import dev.plinth.remote.RemoteException;
import dev.plinth.remote.RemoteTls;
import dev.plinth.secret.Secret;
import dev.plinth.testkit.RegistryConformance;
import dev.plinth.time.Time;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Against the server at {@code TEST_ETCD_SECURE}: TLS with certificates on both sides, users, tokens of two seconds. */
@EnabledIfEnvironmentVariable(
        named = "TEST_ETCD_SECURE",
        matches = "/.+",
        disabledReason = "TEST_ETCD_SECURE names no server")
class EtcdSecureRegistryTest extends RegistryConformance {
    private static final Map<String, Object> KEY = Map.of("key", Etcd.base64("plinth/test/nobody"));

    private static SecureEtcd server;

    @BeforeAll
    static void connect() throws IOException {
        server = SecureEtcd.open();
    }

    @AfterAll
    static void disconnect() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected Registry open() {
        return new EtcdRegistry(server.settings(server.uri()), Duration.ofSeconds(5), Time.system());
    }

    /** Who answers nonsense answers it to the question for a token. */
    @Override
    protected Registry openAt(URI endpoint) {
        return new EtcdRegistry(
                new EtcdSettings(List.of(endpoint), "plinth/test", Optional.of(SecureEtcd.DESK), Optional.empty()),
                Duration.ofSeconds(1),
                Time.system());
    }

    private static Etcd etcd(Optional<EtcdUser> user, Optional<RemoteTls> tls) {
        return new Etcd(server.access(user, tls), "discovery", Duration.ofSeconds(5), Time.system());
    }

    private static void refused(Optional<EtcdUser> user, Optional<RemoteTls> tls, String message) {
        try (var etcd = etcd(user, tls)) {
            assertThatThrownBy(() -> etcd.range(KEY))
                    .isInstanceOf(RemoteException.class)
                    .hasMessageStartingWith("etcd at " + server.uri() + ": POST " + message);
        }
    }

    @Test
    void whatIsWrongWithTheUserIsToldAndNeverThePassword() {
        var tls = Optional.of(server.tls());
        refused(Optional.empty(), tls, "/v3/kv/range: answered 400: it wants a user (set user)");
        refused(
                Optional.of(new EtcdUser("desk", Secret.of("wr0ng"))),
                tls,
                "/v3/auth/authenticate: answered 400: the user 'desk' or its password is wrong");
        try (var etcd = etcd(Optional.of(SecureEtcd.DESK), tls)) {
            assertThatThrownBy(() -> etcd.range(Map.of("key", Etcd.base64("elsewhere"))))
                    .hasMessage("etcd at " + server.uri()
                            + ": POST /v3/kv/range: answered 403: the user 'desk' may not do that");
        }
    }

    @Test
    void whoShowsNoCertificateOrTrustsNobodyIsNotAnswered() {
        var trusting = new RemoteTls(server.tls().trust(), Optional.empty(), Optional.empty());
        refused(Optional.of(SecureEtcd.DESK), Optional.of(trusting), "/v3/auth/authenticate: the connection broke: ");
        refused(Optional.of(SecureEtcd.DESK), Optional.empty(), "/v3/auth/authenticate: the connection broke: ");
    }

    @Test
    void aCertificateWithACommonNameIsRefusedByEtcdItself() {
        var folder = server.tls().trust().orElseThrow().getParent();
        var named = new RemoteTls(
                server.tls().trust(),
                Optional.of(folder.resolve("named.crt")),
                Optional.of(folder.resolve("named.key")));
        refused(
                Optional.of(SecureEtcd.DESK),
                Optional.of(named),
                "/v3/auth/authenticate: answered 400: where etcd has users, a certificate that is shown may hold no common"
                        + " name (make one without CN)");
    }

    @Test
    void aTokenThatIsWorthNothingAnyMoreIsRenewed() {
        try (var etcd = etcd(Optional.of(SecureEtcd.DESK), Optional.of(server.tls()))) {
            assertThat(etcd.range(KEY).kvs()).isEmpty();
            server.forgetTokens();
            assertThat(etcd.range(KEY).kvs()).isEmpty();
        }
    }

    /** The server's own clock rules, which forgets a token after two seconds without use and looks once a second. */
    @Test
    void aTokenThatHasRunOutIsRenewed() {
        try (var etcd = etcd(Optional.of(SecureEtcd.DESK), Optional.of(server.tls()))) {
            assertThat(etcd.range(KEY).kvs()).isEmpty();
            LockSupport.parkNanos(4_500_000_000L);
            assertThat(etcd.range(KEY).kvs()).isEmpty();
        }
    }

    @Test
    void aWatchGoesOnWhenTheTokenIsWorthNothingAnyMore() throws Exception {
        try (var registry = open();
                var other = open()) {
            var known = registry.look("token");
            server.forgetTokens();
            var instance = Instance.of("token", "t1", "127.0.0.1", 8080);
            other.announce(instance, Duration.ofSeconds(20));
            long end = System.nanoTime() + 20_000_000_000L;
            while (known.instances().isEmpty() && System.nanoTime() < end) {
                known = registry.await("token", known, Duration.ofSeconds(5)).orElse(known);
            }
            assertThat(known.instances()).isEqualTo(List.of(instance));
            other.withdraw(instance);
        }
    }
}
