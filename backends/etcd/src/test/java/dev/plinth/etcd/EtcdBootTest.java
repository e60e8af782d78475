package dev.plinth.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.Service;
import dev.plinth.config.BootException;
import dev.plinth.schema.Default;
import dev.plinth.schema.Live;
import dev.plinth.testkit.FaultProxy;
import dev.plinth.testkit.TestService;
import dev.plinth.time.Time;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Configuration in the servers at {@code TEST_ETCD} and {@code TEST_ETCD_SECURE}. */
@Timeout(120)
@EnabledIfEnvironmentVariable(named = "TEST_ETCD", matches = "http.+", disabledReason = "TEST_ETCD names no server")
class EtcdBootTest {
    record Settings(@Default("a") Live<String> word, @Default("1") int lines) {}

    private final String key = "config/desk-" + Long.toString(System.nanoTime(), 36);
    private final URI uri = URI.create(System.getenv("TEST_ETCD"));
    private final Etcd etcd = new Etcd(
            new EtcdAccess(List.of(uri), Optional.empty(), Optional.empty()),
            "test",
            Duration.ofSeconds(20),
            Time.system());
    private final AtomicReference<Settings> settings = new AtomicReference<>();

    @AfterEach
    void disconnect() {
        etcd.close();
    }

    private void put(Etcd at, String document) {
        at.call("/v3/kv/put", Map.of("key", Etcd.base64(key), "value", Etcd.base64(document)));
    }

    private TestService desk(URI endpoint, String... more) {
        var all = new ArrayList<>(
                List.of("boot.backend=etcd", "boot.endpoints=[\"" + endpoint + "\"]", "boot.key=" + key));
        all.addAll(List.of(more));
        return TestService.start(
                args -> Service.run("desk", args, Settings.class, (_, bound) -> settings.set(bound)),
                all.toArray(String[]::new));
    }

    private static void until(String what, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > 30_000_000_000L) {
                throw new AssertionError("not within 30 s: " + what);
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    private String word() {
        return settings.get().word().get();
    }

    @Test
    void aChangeIsSeenByItsWatch() {
        put(etcd, "settings:\n  word: b\n");
        try (var desk = desk(uri)) {
            assertThat(word()).isEqualTo("b");
            var explained = desk.service().config().explain("settings.word").getFirst();
            assertThat(explained.origin()).isEqualTo("etcd:" + key + ":2:9");
            put(etcd, "{\"settings\": {\"word\": \"c\"}}");
            until("the new value holds", () -> word().equals("c"));
            put(etcd, "settings: { wrod: d }");
            put(etcd, "settings: { word: e }");
            until("the one after a wrong one holds", () -> word().equals("e"));
        }
    }

    @Test
    void aKeyThatIsNotThereStopsTheStart() {
        assertThatThrownBy(() -> desk(uri))
                .isInstanceOf(BootException.class)
                .hasMessage(
                        "The remote configuration can't be read:\n  boot: etcd at " + uri + ": there is no key '" + key
                                + "' (write it by etcdctl put " + key
                                + " <FILE) [--set boot.backend]\nStart the store, or correct"
                                + " the section boot. With boot.required: false the service would start on the last good copy, or"
                                + " without.");
    }

    @Test
    void theWatchResumesAfterAFault() {
        put(etcd, "settings: { word: b }");
        try (var proxy = FaultProxy.to(uri.getHost(), uri.getPort());
                var _ = desk(proxy.uri(), "boot.timeout=1s")) {
            proxy.fault(new FaultProxy.Refuse());
            put(etcd, "settings: { word: c }");
            assertThat(word()).isEqualTo("b");
            proxy.fault(FaultProxy.NONE);
            until("what changed meanwhile holds", () -> word().equals("c"));
        }
    }

    @Test
    void theAddressThatAnswersIsAskedWhereAnotherSaysNothing() {
        put(etcd, "settings: { word: b }");
        try (var silent = FaultProxy.to(uri.getHost(), uri.getPort())) {
            silent.fault(new FaultProxy.Stall());
            try (var _ = desk(
                    silent.uri(), "boot.endpoints=[\"" + silent.uri() + "\", \"" + uri + "\"]", "boot.timeout=2s")) {
                assertThat(word()).isEqualTo("b");
            }
        }
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "TEST_ETCD_SECURE",
            matches = "/.+",
            disabledReason = "TEST_ETCD_SECURE names no server")
    void aUserWithACertificateReadsAndFollows() throws IOException {
        var folder = Path.of(System.getenv("TEST_ETCD_SECURE"));
        try (var server = SecureEtcd.open()) {
            put(server.root(), "settings: { word: b }");
            try (var _ = desk(
                    server.uri(),
                    "boot.user={ name: desk, password: d3sk }",
                    "boot.tls.trust=" + folder.resolve("ca.crt"),
                    "boot.tls.certificate=" + folder.resolve("client.crt"),
                    "boot.tls.key=" + folder.resolve("client.key"))) {
                assertThat(word()).isEqualTo("b");
                server.forgetTokens();
                put(server.root(), "settings: { word: c }");
                until("the new value holds", () -> word().equals("c"));
            }
        }
    }
}
