package dev.plinth.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.config.Arguments;
import dev.plinth.config.Config;
import dev.plinth.config.Layout;
import dev.plinth.config.Sources;
import dev.plinth.discovery.DiscoveryConfig;
import dev.plinth.discovery.Instance;
import dev.plinth.discovery.Registry;
import dev.plinth.discovery.RegistryBackend;
import dev.plinth.remote.RemoteException;
import dev.plinth.time.Time;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Against dnsmasq, by SRV records; addresses and broken servers besides. */
@EnabledIfEnvironmentVariable(named = "TEST_DNSMASQ", matches = ".+", disabledReason = "TEST_DNSMASQ names no program")
class DnsRegistryTest extends RegistryConformance {
    @TempDir
    private Path folder;

    private final Map<String, List<Instance>> placed = new TreeMap<>();
    private Dnsmasq dnsmasq;

    @BeforeEach
    void serve() throws Exception {
        dnsmasq = new Dnsmasq(System.getenv("TEST_DNSMASQ"), folder);
    }

    @AfterEach
    void stop() throws Exception {
        dnsmasq.close();
    }

    private static Registry open(String... settings) {
        var args = new ArrayList<String>(List.of("--set", "discovery.backend=dns"));
        for (var setting : settings) {
            args.add("--set");
            args.add("discovery." + setting);
        }
        var config = Config.load(
                new Sources(
                        Arguments.parse(args.toArray(String[]::new)),
                        Map.of(),
                        Path.of("no-such-folder"),
                        DnsRegistryTest.class.getClassLoader()),
                new Layout().choice("discovery", RegistryBackend.KIND, DiscoveryConfig.class));
        var chosen = config.chosen("discovery", RegistryBackend.class);
        return chosen.backend().open(chosen.settings(), config.get("discovery", DiscoveryConfig.class), Time.system());
    }

    @Override
    protected Registry open() {
        return open("servers=[" + dnsmasq.address() + "]", "records=srv", "name=_http._tcp.{service}.test");
    }

    @Override
    protected synchronized void place(Registry registry, Instance instance) throws Exception {
        var instances = placed.computeIfAbsent(instance.service(), _ -> new ArrayList<>());
        instances.removeIf(other -> other.id().equals(instance.id()));
        instances.add(instance);
        write();
    }

    @Override
    protected synchronized void remove(Registry registry, Instance instance) throws Exception {
        placed.getOrDefault(instance.service(), new ArrayList<>())
                .removeIf(other -> other.id().equals(instance.id()));
        write();
    }

    private void write() throws Exception {
        var lines = new ArrayList<String>();
        placed.forEach((service, instances) -> {
            for (var each : instances) {
                var target = "h" + each.port() + "." + service + ".test";
                lines.add("host-record=" + target + "," + each.host() + ",1");
                lines.add("srv-host=_http._tcp." + service + ".test," + target + "," + each.port() + ",10,"
                        + each.weight());
            }
        });
        dnsmasq.records(lines);
    }

    @Override
    protected Instance kept(Instance instance) {
        return Instance.of(
                        instance.service(),
                        "at-" + instance.host() + "-" + instance.port(),
                        instance.host(),
                        instance.port())
                .withWeight(instance.weight());
    }

    @Test
    void addressesAreInstancesOnOnePort() throws Exception {
        dnsmasq.records(List.of(
                "host-record=pricing.test,127.0.0.7,1",
                "host-record=pricing.test,127.0.0.8,1",
                "host-record=six.test,fd00::7"));
        var registry = open("servers=[" + dnsmasq.address() + "]", "name={service}.test", "port=8080");
        assertThat(registry.look("pricing").instances())
                .extracting(Instance::address)
                .containsExactlyInAnyOrder("127.0.0.7:8080", "127.0.0.8:8080");
        assertThat(registry.look("six").instances())
                .extracting(Instance::address)
                .containsExactly("[fd00:0:0:0:0:0:0:7]:8080");
        assertThat(registry.look("unknown").instances()).isEmpty();
    }

    @Test
    void theBestPriorityIsTakenAndNamesAreKeptForHttps() throws Exception {
        dnsmasq.records(List.of(
                "host-record=a.test,127.0.0.7,1",
                "srv-host=pricing.test,a.test,8443,10,3",
                "srv-host=pricing.test,b.test,8443,20,3"));
        var registry =
                open("servers=[" + dnsmasq.address() + "]", "name={service}.test", "records=srv", "scheme=https");
        assertThat(registry.look("pricing").instances())
                .extracting(instance -> instance.uri().toString())
                .containsExactly("https://a.test:8443");
    }

    @Test
    void anAnswerThatDoesNotFitIsAskedForOverTcp() throws Exception {
        var lines = new ArrayList<String>();
        for (int i = 0; i < 100; i++) {
            lines.add("srv-host=pricing.test,target-with-a-rather-long-name-" + i + ".test," + (8000 + i) + ",1,1");
        }
        dnsmasq.records(lines);
        var registry =
                open("servers=[" + dnsmasq.address() + "]", "name={service}.test", "records=srv", "scheme=https");
        assertThat(registry.look("pricing").instances()).hasSize(100);
    }

    @Test
    void theTimeToLiveIsHonoured() throws Exception {
        dnsmasq.records(List.of("host-record=pricing.test,127.0.0.7,3600"));
        var registry = open("servers=[" + dnsmasq.address() + "]", "name={service}.test", "port=8080");
        var known = registry.look("pricing");
        dnsmasq.records(List.of("host-record=pricing.test,127.0.0.8,3600"));
        assertThat(registry.look("pricing").instances()).isEqualTo(known.instances());
        assertThat(registry.await("pricing", known, Duration.ofMillis(100))).isEqualTo(Optional.empty());
    }

    @Test
    void theSecondServerIsAskedWhereTheFirstIsDown() throws Exception {
        dnsmasq.records(List.of("host-record=pricing.test,127.0.0.7,1"));
        var registry = open(
                "servers=[127.0.0.1:9," + dnsmasq.address() + "]", "name={service}.test", "port=8080", "timeout=4s");
        assertThat(registry.look("pricing").instances()).hasSize(1);
    }

    @Test
    void aServerThatIsSilentOrTalksNonsenseIsATypedFailureInTime() throws Exception {
        for (var answer : List.of("", "nonsense", "\u0001\u0001\u0081\u0080\0\1\0\1\0\0\0\0\3abc")) {
            try (var server = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                var asked = new AtomicInteger();
                Thread.ofVirtual().start(() -> talk(server, answer, asked));
                var registry = open(
                        "servers=[127.0.0.1:" + server.getLocalPort() + "]",
                        "name={service}.test",
                        "port=8080",
                        "timeout=500ms");
                long begin = System.nanoTime();
                assertThatThrownBy(() -> registry.look("pricing"))
                        .isInstanceOf(RemoteException.class)
                        .hasMessageStartingWith("dns at 127.0.0.1:" + server.getLocalPort() + ": pricing.test: ");
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
                assertThat(asked.get()).isEqualTo(2);
            }
        }
    }

    /** Answers with the id of the question, so that the rest is read. */
    private static void talk(DatagramSocket server, String answer, AtomicInteger asked) {
        var question = new DatagramPacket(new byte[512], 512);
        try {
            while (true) {
                server.receive(question);
                asked.incrementAndGet();
                if (!answer.isEmpty()) {
                    var bytes = answer.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
                    System.arraycopy(question.getData(), 0, bytes, 0, 2);
                    server.send(new DatagramPacket(bytes, bytes.length, question.getSocketAddress()));
                }
            }
        } catch (java.io.IOException closed) {
            // The test is over.
        }
    }

    @Test
    void whatCanNotBeIsRefusedAtTheStart() {
        assertThatThrownBy(() -> open("name={service}.test"))
                .hasMessageContaining("port: addresses say none (expected: 1..65535, or records: srv, which say one)");
        assertThatThrownBy(() -> open("name=pricing", "port=80"))
                .hasMessageContaining("name: 'pricing' (expected: a name with {service} in it)");
        assertThatThrownBy(() -> open("servers=[dns.example]", "port=80"))
                .hasMessageContaining("servers: 'dns.example' (expected: an address, or address:port)");
    }
}
