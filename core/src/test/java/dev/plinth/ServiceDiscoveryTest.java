package dev.plinth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.client.Client;
import dev.plinth.config.ConfigException;
import dev.plinth.discovery.Instance;
import dev.plinth.lifecycle.Lifecycle;
import dev.plinth.lifecycle.StopSequence;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ServiceDiscoveryTest {
    @TempDir
    private Path folder;

    private static Launch launch(String name, Service.Compose compose) {
        return Service.of(args -> Service.run(name, args, compose))
                .environment(Map.of())
                .set("http.host=127.0.0.1")
                .set("http.port=0")
                .set("admin.port=0")
                .set("stop.drain-delay=0s");
    }

    private Launch inFolder(String name, Service.Compose compose) {
        return launch(name, compose).set("discovery.backend=file").set("discovery.folder=" + folder.resolve("nodes"));
    }

    private static String get(int port, String path) throws Exception {
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(Duration.ofSeconds(20))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    @Test
    void aServiceIsFoundOnceItIsReadyAndGoneBeforeItStops() throws Exception {
        try (var orders = inFolder("orders", service -> service.discovery().balancer("pricing"))
                .start()) {
            var pricing =
                    inFolder("pricing", _ -> {}).set("discovery.zone=eu-1a").start();
            Instance found;
            try {
                Await.until(
                        "pricing is known to orders",
                        () -> !orders.discovery().balancer("pricing").status().isEmpty());
                try (var pick = orders.discovery().balancer("pricing").pick()) {
                    found = pick.instance();
                }
                assertThat(found.address()).isEqualTo("127.0.0.1:" + pricing.port());
                assertThat(found.ports()).containsEntry("admin", pricing.adminPort());
                assertThat(found.zone()).isEqualTo("eu-1a");
                assertThat(found.started()).isPresent();
                assertThat(get(orders.adminPort(), "/nodes"))
                        .contains("\"service\":\"orders\"", "\"service\":\"pricing\"", "\"heartbeat\":\"20");
                assertThat(get(orders.adminPort(), "/discovery"))
                        .contains("\"registry\":\"folder ", "\"self\":{\"service\":\"orders\"", found.id());
            } finally {
                pricing.stop();
            }
            assertThat(orders.discovery().registry().look("pricing").instances())
                    .isEmpty();
        }
    }

    @Test
    void aClientWithoutAddressCallsWhatIsKnownAndLosesNothingWhenOneStops() {
        Service.Compose compose = service -> service.http().get("/quote", _ -> new Quote(service.port()));
        var first = inFolder("pricing", compose).start();
        var asked = new AtomicReference<Client>();
        try (var second = inFolder("pricing", compose).start();
                var orders = inFolder("orders", service -> asked.set(service.client("pricing")))
                        .set("discovery.required=[pricing]")
                        .start()) {
            var pricing = asked.get();
            Await.until(
                    "both are known to orders",
                    () -> orders.discovery().balancer("pricing").status().size() == 2);
            var ports = new TreeSet<Integer>();
            for (int i = 0; i < 50; i++) {
                ports.add(pricing.get("/quote").as(Quote.class).port());
            }
            assertThat(ports).containsExactlyInAnyOrder(first.port(), second.port());
            first.stop();
            for (int i = 0; i < 50; i++) {
                assertThat(pricing.get("/quote").as(Quote.class).port()).isEqualTo(second.port());
            }
        }
    }

    record Quote(int port) {}

    @Test
    void deregisteringIsTheFirstStepOfTheStop() {
        try (var log = new LogCapture(StopSequence.class)) {
            inFolder("orders", _ -> {}).start().stop();
            assertThat(log.lines().get(0)).startsWith("INFO stop 1/9 deregister: done in ");
            assertThat(log.lines().get(1)).startsWith("INFO stop 2/9 readiness off: done in ");
        }
    }

    @Test
    void aServiceServesARegistryToOthersAndStopsWithoutWaitingForThem() throws Exception {
        var registry = launch("registry", service -> service.serveRegistry("/registry", Optional.empty()))
                .start();
        var endpoint = "discovery.endpoints=[\"http://127.0.0.1:" + registry.port() + "/registry\"]";
        try (var orders = launch("orders", service -> service.discovery().balancer("pricing"))
                        .set("discovery.backend=rest")
                        .set(endpoint)
                        .start();
                var pricing = launch("pricing", _ -> {})
                        .set("discovery.backend=rest")
                        .set(endpoint)
                        .start()) {
            Await.until("pricing is known to orders", () -> orders.discovery().balancer("pricing").status().stream()
                    .anyMatch(status -> status.instance().port() == pricing.port()));
            long begin = System.nanoTime();
            registry.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
            Await.until("orders says that the registry is away", () -> orders.health().report().components().stream()
                    .anyMatch(component -> component.name().equals("discovery")
                            && component.status().equals("DEGRADED")));
            assertThat(orders.health().isReady()).isTrue();
            try (var pick = orders.discovery().balancer("pricing").pick()) {
                assertThat(pick.instance().port()).isEqualTo(pricing.port());
            }
        }
    }

    @Test
    void whatIsRequiredAndUnknownStopsTheStart() {
        var nodes = folder.resolve("nodes");
        assertThatThrownBy(() -> inFolder("orders", _ -> {})
                        .set("discovery.required=[pricing]")
                        .set("discovery.timeout=100ms")
                        .start())
                .isInstanceOf(Lifecycle.StartFailed.class)
                .hasMessage(
                        "'discovery' could not start: discovery.required: 'pricing' is not known to folder " + nodes
                                + " (it knows: none). Start it first, correct the name, or leave it out of discovery.required.");
    }

    private static void assertRefused(String message, String... settings) {
        var launch = launch("orders", _ -> {});
        List.of(settings).forEach(launch::set);
        assertThatThrownBy(launch::start).isInstanceOf(ConfigException.class).hasMessageContaining(message);
    }

    @Test
    void whatCanNotBeIsRefusedAtTheStart() {
        assertRefused("'etcd' is not on the class path", "discovery.backend=etcd");
        assertRefused(
                "endpoints: 'ftp://x' (expected: http://host:port or https://host:port)",
                "discovery.backend=rest",
                "discovery.endpoints=[ftp://x]");
        assertRefused(
                "pricing: 'http://10.0.0.7/x' (expected: http://host:port or https://host:port)",
                "discovery.backend=static",
                "discovery.services.pricing=[http://10.0.0.7/x]");
        assertRefused(
                "renew: 6000ms (expected: at most half of lease, 5000ms, so that one that is lost does no harm)",
                "discovery.renew=6s");
        assertRefused("lease: 1500ms (expected: whole seconds)", "discovery.lease=1500ms", "discovery.renew=100ms");
        assertRefused("discovery.grace: ", "discovery.grace=0s");
        assertRefused("advertise-host: '0.0.0.0'", "discovery.advertise-host=0.0.0.0");
    }

    @Test
    void aListNeedsNoServer() {
        try (var orders = launch("orders", _ -> {})
                .set("discovery.backend=static")
                .set("discovery.services.pricing=[\"http://10.0.0.7:8080\", \"http://10.0.0.8:8080\"]")
                .start()) {
            try (var pick = orders.discovery().balancer("pricing").pick()) {
                assertThat(pick.instance().address()).isIn("10.0.0.7:8080", "10.0.0.8:8080");
            }
            assertThat(orders.discovery().isAnnounced()).isFalse();
        }
    }
}
