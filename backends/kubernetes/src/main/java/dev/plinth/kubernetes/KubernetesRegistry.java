package dev.plinth.kubernetes;

import dev.plinth.discovery.Instance;
import dev.plinth.discovery.Registry;
import dev.plinth.discovery.Snapshot;
import dev.plinth.json.Json;
import dev.plinth.json.JsonException;
import dev.plinth.remote.JsonApi;
import dev.plinth.remote.RemoteException;
import dev.plinth.schema.Default;
import dev.plinth.time.Time;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ready endpoints of Kubernetes services by their EndpointSlices ({@code discovery.k8s.io/v1}): list, then watch
 * from the version of the list. Kubernetes announces its pods itself, by their readiness probes. Thread-safe.
 */
final class KubernetesRegistry implements Registry {
    private static final String LABEL = "kubernetes.io/service-name";
    private static final Path NAMESPACE = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");

    private record Meta(
            @Default("") String name, @Default("") String resourceVersion, @Default("") Map<String, String> labels) {}

    private record Conditions(Optional<Boolean> ready) {}

    private record Target(@Default("") String name) {}

    private record Endpoint(
            @Default("") List<String> addresses,
            Optional<Conditions> conditions,
            @Default("") String zone,
            Optional<Target> targetRef) {
        /** Nothing said means ready, by the API's own words. */
        private boolean ready() {
            return conditions.flatMap(Conditions::ready).orElse(true);
        }
    }

    private record Port(@Default("") String name, Optional<Integer> port, @Default("TCP") String protocol) {}

    private record Slice(
            @NotNull Meta metadata,
            @Default("") String addressType,
            @Default("") List<Endpoint> endpoints,
            @Default("") List<Port> ports) {}

    private record Slices(@NotNull Meta metadata, @Default("") List<Slice> items) {}

    private record Event(@NotNull String type) {}

    private final JsonApi api;
    private final KubernetesSettings settings;
    private @Nullable String namespace;
    private boolean ready;

    KubernetesRegistry(KubernetesSettings settings, Duration timeout, Time time) {
        this.settings = settings;
        this.api = new JsonApi("kubernetes", List.of(settings.server()), timeout, time);
    }

    /** The API, with its certificate and the token once it is first used, and the path of the namespace's slices. */
    private synchronized String slices() {
        if (!ready) {
            if ("https".equals(settings.server().getScheme())) {
                api.tls(ClusterAccess.trusting(settings.caFile()));
                api.header(
                        "Authorization", () -> "Bearer " + ClusterAccess.read(settings.tokenFile(), "account's token"));
            }
            namespace = settings.namespace().orElseGet(() -> ClusterAccess.read(NAMESPACE, "namespace"));
            ready = true;
        }
        return "/apis/discovery.k8s.io/v1/namespaces/" + namespace + "/endpointslices";
    }

    private String slicesOf(String service) {
        return slices() + "?labelSelector=" + JsonApi.encode(LABEL + "=" + service);
    }

    @Override
    public String describe() {
        return api.describe();
    }

    @Override
    public boolean takesAnnouncements() {
        return false;
    }

    @Override
    public void announce(Instance instance, Duration lease) {}

    @Override
    public void withdraw(Instance instance) {}

    @Override
    public Snapshot look(String service) {
        var list = api.call("GET", slicesOf(service), null).as(Slices.class);
        var instances = new ArrayList<Instance>();
        for (var slice : list.items) {
            var port = port(slice);
            if (port == null || slice.addressType.equals("FQDN")) {
                continue;
            }
            for (var endpoint : slice.endpoints) {
                if (endpoint.ready() && !endpoint.addresses.isEmpty()) {
                    instances.add(instance(service, endpoint, port));
                }
            }
        }
        return new Snapshot(instances, list.metadata.resourceVersion);
    }

    /** The one of the configured name, else the first. */
    private @Nullable Port port(Slice slice) {
        for (var port : slice.ports) {
            if (port.port.isPresent()
                    && port.protocol.equals("TCP")
                    && settings.port().map(port.name::equals).orElse(true)) {
                return port;
            }
        }
        return null;
    }

    private Instance instance(String service, Endpoint endpoint, Port port) {
        var address = endpoint.addresses.getFirst(); // the others are not to be used, says the API
        var pod = endpoint.targetRef.map(Target::name).orElse("");
        var id = pod.isEmpty() ? "at-" + address.replaceAll("[^A-Za-z0-9.-]", "-") : pod;
        var scheme = port.name.equals("https") ? "https" : settings.scheme();
        int number = port.port.orElseThrow();
        try {
            return new Instance(
                    service, id, scheme, address, number, endpoint.zone, 1, "", Optional.empty(), Map.of(), Map.of());
        } catch (IllegalArgumentException garbage) {
            throw new RemoteException(
                    describe() + ": an endpoint of " + service + " can't be called: " + garbage.getMessage(), garbage);
        }
    }

    @Override
    public Optional<Snapshot> await(String service, Snapshot known, Duration most) throws InterruptedException {
        var watch = slicesOf(service) + "&watch=true&allowWatchBookmarks=false&resourceVersion="
                + JsonApi.encode(known.version()) + "&timeoutSeconds=" + Math.max(1, most.toSeconds());
        var change = api.awaitLine("GET", watch, null, most, this::isChange);
        return change.isPresent() ? Optional.of(look(service)) : Optional.empty();
    }

    /** Also an error: the version is too old, say, so all is read anew. */
    private boolean isChange(byte[] line) {
        try {
            return !Json.standard().read(line, Event.class).type.equals("BOOKMARK");
        } catch (JsonException garbage) {
            throw new RemoteException(
                    describe() + ": watch: answered what can't be read: " + garbage.getMessage(), garbage);
        }
    }

    @Override
    public Set<String> services() {
        var names = new TreeSet<String>();
        for (var slice : api.call("GET", slices(), null).as(Slices.class).items) {
            var name = slice.metadata.labels.get(LABEL);
            if (name != null && slice.endpoints.stream().anyMatch(Endpoint::ready)) {
                names.add(name);
            }
        }
        return names;
    }

    @Override
    public void close() {
        api.close();
    }
}
