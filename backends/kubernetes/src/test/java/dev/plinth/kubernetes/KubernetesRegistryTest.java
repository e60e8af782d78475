package dev.plinth.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.discovery.Instance;
import dev.plinth.discovery.Registry;
import dev.plinth.remote.JsonApi;
import dev.plinth.remote.RemoteException;
import dev.plinth.testkit.RegistryConformance;
import dev.plinth.time.Time;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Against a MOCK of the API, that of the fabric8 client library, with a double of HTTP watches before it: no API server with this
 * API is to be had here.
 */
class KubernetesRegistryTest extends RegistryConformance {
    private static final String SLICES = "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices";

    private final Map<String, List<Instance>> placed = new TreeMap<>();
    private KubernetesMockServer server;
    private WatchFront front;
    private JsonApi api;

    @BeforeEach
    void serve() throws IOException {
        server = new KubernetesMockServer(
                new Context(), new MockWebServer(), new HashMap<>(), new KubernetesCrudDispatcher(), false);
        server.init();
        front = new WatchFront(URI.create(server.url("/").replaceFirst("://[^:/]+", "://127.0.0.1")));
        api = new JsonApi("mock", List.of(uri()), Duration.ofSeconds(5), Time.system());
    }

    private URI uri() {
        return front.uri();
    }

    @AfterEach
    void stop() {
        api.close();
        front.close();
        server.destroy();
    }

    private static Registry open(URI uri, Duration timeout, Optional<String> port) {
        var none = Path.of("no-such-file");
        return new KubernetesRegistry(
                new KubernetesSettings(uri, Optional.of("shop"), port, "http", none, none), timeout, Time.system());
    }

    @Override
    protected Registry open() {
        return open(uri(), Duration.ofSeconds(5), Optional.empty());
    }

    @Override
    protected Registry openAt(URI endpoint) {
        return open(endpoint, Duration.ofSeconds(1), Optional.empty());
    }

    @Override
    protected boolean isForeign(String thread) {
        return thread.startsWith("vert.x-");
    }

    /** A slice for each port, as Kubernetes makes them where pods of one service differ in it. */
    private static Map<String, Object> slice(Instance instance, boolean ready) {
        return Map.of(
                "apiVersion",
                "discovery.k8s.io/v1",
                "kind",
                "EndpointSlice",
                "metadata",
                Map.of(
                        "name",
                        instance.service() + "-" + instance.id(),
                        "namespace",
                        "shop",
                        "labels",
                        Map.of("kubernetes.io/service-name", instance.service())),
                "addressType",
                "IPv4",
                "endpoints",
                List.of(Map.of(
                        "addresses", List.of(instance.host()),
                        "conditions", Map.of("ready", ready),
                        "zone", instance.zone(),
                        "targetRef", Map.of("kind", "Pod", "name", instance.id()))),
                "ports",
                List.of(
                        Map.of("name", "http", "port", instance.port(), "protocol", "TCP"),
                        Map.of("name", "grpc", "port", 9090, "protocol", "TCP")));
    }

    private void put(Instance instance, boolean ready) {
        var known = placed.computeIfAbsent(instance.service(), _ -> new ArrayList<>());
        boolean isNew = known.stream().noneMatch(other -> other.id().equals(instance.id()));
        var path = SLICES + (isNew ? "" : "/" + instance.service() + "-" + instance.id());
        api.call(isNew ? "POST" : "PUT", path, slice(instance, ready)).requireOk();
        if (isNew) {
            known.add(instance);
        }
    }

    @Override
    protected synchronized void place(Registry registry, Instance instance) {
        put(instance, true);
    }

    @Override
    protected synchronized void remove(Registry registry, Instance instance) {
        placed.getOrDefault(instance.service(), new ArrayList<>())
                .removeIf(other -> other.id().equals(instance.id()));
        api.call("DELETE", SLICES + "/" + instance.service() + "-" + instance.id(), null);
    }

    @Override
    protected Instance kept(Instance instance) {
        return Instance.of(instance.service(), instance.id(), instance.host(), instance.port())
                .withZone(instance.zone());
    }

    @Test
    void onlyWhatIsReadyCounts() {
        try (var registry = open()) {
            put(Instance.of("pricing", "pricing-1", "10.0.0.7", 8080), true);
            put(Instance.of("pricing", "pricing-2", "10.0.0.8", 8080), false);
            assertThat(registry.look("pricing").instances())
                    .extracting(Instance::address)
                    .containsExactly("10.0.0.7:8080");
        }
    }

    @Test
    void thePortIsChosenByItsName() {
        put(Instance.of("pricing", "pricing-1", "10.0.0.7", 8080), true);
        try (var registry = open(uri(), Duration.ofSeconds(5), Optional.of("grpc"));
                var none = open(uri(), Duration.ofSeconds(5), Optional.of("smtp"))) {
            assertThat(registry.look("pricing").instances())
                    .extracting(Instance::address)
                    .containsExactly("10.0.0.7:9090");
            assertThat(none.look("pricing").instances()).isEmpty();
        }
    }

    @Test
    void outsideAPodWhatIsMissingIsTold() {
        var none = Path.of("no-such-file");
        try (var registry = new KubernetesRegistry(
                new KubernetesSettings(
                        URI.create("https://kubernetes.default.svc"),
                        Optional.empty(),
                        Optional.empty(),
                        "http",
                        none,
                        none),
                Duration.ofSeconds(1),
                Time.system())) {
            assertThatThrownBy(() -> registry.look("pricing"))
                    .isInstanceOf(RemoteException.class)
                    .hasMessage("kubernetes: can't read the API's certificate from no-such-file: no-such-file");
        }
    }
}
