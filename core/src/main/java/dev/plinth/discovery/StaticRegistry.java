package dev.plinth.discovery;

import dev.plinth.time.Time;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Instances that are written down: {@code services: { pricing: [http://10.0.0.7:8080, http://10.0.0.8:8080] }}. Immutable. */
public final class StaticRegistry implements Registry {
    private static final String NONE = "no registry (discovery.backend: none)";

    private final String description;
    private final Map<String, Snapshot> services = new TreeMap<>();
    private final Time time;

    /**
     * Those of {@code addresses}, by the name of their service.
     *
     * @throws IllegalArgumentException if an address is not {@code http://host:port} or {@code https://host:port}
     */
    public StaticRegistry(Map<String, List<URI>> addresses, Time time) {
        this("the list under discovery.services", addresses, time);
    }

    private StaticRegistry(String description, Map<String, List<URI>> addresses, Time time) {
        this.description = description;
        this.time = time;
        addresses.forEach((service, uris) -> services.put(service, new Snapshot(instances(service, uris), "1")));
    }

    /** No registry: nobody is known, and nobody is told of this instance. Clients are given their addresses. */
    static StaticRegistry none(Time time) {
        return new StaticRegistry(NONE, Map.of(), time);
    }

    boolean isNone() {
        return description.equals(NONE);
    }

    static List<Instance> instances(String service, List<URI> uris) {
        Instance.requireName("service", service);
        var instances = new ArrayList<Instance>();
        for (var uri : uris) {
            instances.add(instance(service, uri));
        }
        return instances;
    }

    /** The instance at {@code uri}; its id is the address. */
    static Instance instance(String service, URI uri) {
        var scheme = uri.getScheme();
        var host = uri.getHost();
        if (host == null
                || scheme == null
                || !(uri.getRawPath() == null || uri.getRawPath().length() < 2)
                || uri.getRawQuery() != null
                || uri.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    service + ": '" + uri + "' (expected: http://host:port or https://host:port)");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        var plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        var id = (plain + "-" + port).replaceAll("[^A-Za-z0-9.-]", "-");
        return new Instance(
                service,
                id.startsWith("-") ? "ip6" + id : id,
                scheme,
                plain,
                port,
                "",
                1,
                "",
                Optional.empty(),
                Map.of(),
                Map.of());
    }

    @Override
    public String describe() {
        return description;
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
        return services.getOrDefault(service, new Snapshot(List.of(), "1"));
    }

    @Override
    public Optional<Snapshot> await(String service, Snapshot known, Duration most) throws InterruptedException {
        time.sleep(most);
        return Optional.empty();
    }

    @Override
    public Set<String> services() {
        return services.keySet();
    }

    @Override
    public void close() {}
}
