package dev.plinth.consul;

import dev.plinth.discovery.Instance;
import dev.plinth.discovery.Registry;
import dev.plinth.discovery.Snapshot;
import dev.plinth.remote.JsonApi;
import dev.plinth.remote.RemoteException;
import dev.plinth.time.Time;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registry in Consul, by the HTTP interface of the agent: a service with a TTL check for each instance, the lease being the TTL, and
 * a blocking query to wait for changes. What Consul has no field for stands in the service's metadata, so that instances of
 * other programs are found too. Thread-safe.
 */
final class ConsulRegistry implements Registry {
    private static final Logger LOG = LoggerFactory.getLogger(ConsulRegistry.class);
    private static final Duration FORGET_AFTER = Duration.ofMinutes(1); // the least that Consul does
    private static final String PORT = "port-";
    private static final String META = "meta-";

    /** What this handle has registered, with the lease that its check has. */
    private record Registered(Instance instance, Duration lease) {}

    private final JsonApi api;
    private final Optional<String> datacenter;
    private final Map<String, Registered> registered = new ConcurrentHashMap<>();
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    ConsulRegistry(ConsulSettings settings, Duration timeout, Time time) {
        this.api = new JsonApi("consul", List.of(settings.agent()), timeout, time);
        settings.token().ifPresent(token -> api.header("X-Consul-Token", token::reveal));
        this.datacenter = settings.datacenter();
    }

    @Override
    public String describe() {
        return api.describe();
    }

    @Override
    public boolean takesAnnouncements() {
        return true;
    }

    /** Ids are the agent's own and not the service's, so two services may not share one. */
    private static String id(Instance instance) {
        return instance.service() + ":" + instance.id();
    }

    @Override
    public void announce(Instance instance, Duration lease) {
        var id = id(instance);
        var now = new Registered(instance, lease);
        if (!now.equals(registered.get(id)) || !renewed(id)) {
            api.call("PUT", "/v1/agent/service/register?replace-existing-checks=true", registration(id, now))
                    .requireOk();
            registered.put(id, now);
        }
    }

    /** Whether the agent knew the check. It answers 404, older ones 500, where it has forgotten it. */
    private boolean renewed(String id) {
        var answer = api.call("PUT", "/v1/agent/check/pass/" + JsonApi.encode("service:" + id), null);
        if (!answer.ok() && answer.status() != 404 && answer.status() != 500) {
            answer.requireOk();
        }
        return answer.ok();
    }

    private static Map<String, Object> registration(String id, Registered what) {
        var instance = what.instance;
        var meta = new LinkedHashMap<String, String>();
        instance.metadata().forEach((name, value) -> meta.put(META + name, value));
        instance.ports().forEach((name, port) -> meta.put(PORT + name, Integer.toString(port)));
        meta.put("scheme", instance.scheme());
        meta.put("zone", instance.zone());
        meta.put("version", instance.version());
        instance.started().ifPresent(started -> meta.put("started", started.toString()));
        return Map.of(
                "ID", id,
                "Name", instance.service(),
                "Address", instance.host(),
                "Port", instance.port(),
                "Meta", meta,
                "Weights", Map.of("Passing", instance.weight(), "Warning", 1),
                "Check",
                        Map.of(
                                "CheckID", "service:" + id,
                                "Name", "lease",
                                "TTL", what.lease.toSeconds() + "s",
                                "Status", "passing",
                                "DeregisterCriticalServiceAfter", FORGET_AFTER.toSeconds() + "s"));
    }

    @Override
    public void withdraw(Instance instance) {
        var id = id(instance);
        registered.remove(id);
        var answer = api.call("PUT", "/v1/agent/service/deregister/" + JsonApi.encode(id), null);
        if (answer.status() != 404) {
            answer.requireOk();
        }
    }

    private String path(String service) {
        return "/v1/health/service/" + service + "?passing=true"
                + datacenter.map(dc -> "&dc=" + JsonApi.encode(dc)).orElse("");
    }

    @Override
    public Snapshot look(String service) {
        return snapshot(service, api.call("GET", path(service), null));
    }

    @Override
    public Optional<Snapshot> await(String service, Snapshot known, Duration most) throws InterruptedException {
        var query = "&index=" + JsonApi.encode(known.version()) + "&wait=" + Math.max(1, most.toMillis()) + "ms";
        // Consul adds up to a sixteenth, so that not all come back at once.
        var now = snapshot(service, api.await("GET", path(service) + query, null, most.plus(most.dividedBy(8))));
        return now.version().equals(known.version()) ? Optional.empty() : Optional.of(now);
    }

    private Snapshot snapshot(String service, JsonApi.Answer answer) {
        if (!(answer.as(Object.class) instanceof List<?> entries)) {
            throw new RemoteException(
                    describe() + ": GET /v1/health/service/" + service + ": answered what is no list");
        }
        var instances = new ArrayList<Instance>();
        for (var entry : entries) {
            if (!(entry instanceof Map<?, ?> map) || !(map.get("Service") instanceof Map<?, ?> found)) {
                throw new RemoteException(
                        describe() + ": GET /v1/health/service/" + service + ": answered an entry without Service");
            }
            instance(service, found, map.get("Node") instanceof Map<?, ?> node ? node : Map.of())
                    .ifPresent(instances::add);
        }
        return new Snapshot(instances, answer.header("X-Consul-Index").orElse("1"));
    }

    /** What others have registered may be anything: what can't be called is left out, and told once. */
    private Optional<Instance> instance(String service, Map<?, ?> found, Map<?, ?> node) {
        var meta = found.get("Meta") instanceof Map<?, ?> map ? map : Map.of();
        var ports = new LinkedHashMap<String, Integer>();
        var metadata = new LinkedHashMap<String, String>();
        var address = text(found, "Address");
        var id = text(found, "ID");
        try {
            meta.forEach((key, value) -> {
                var name = String.valueOf(key);
                if (name.startsWith(PORT)) {
                    ports.put(name.substring(PORT.length()), Integer.valueOf(String.valueOf(value)));
                } else if (name.startsWith(META)) {
                    metadata.put(name.substring(META.length()), String.valueOf(value));
                }
            });
            var started = text(meta, "started");
            return Optional.of(new Instance(
                    service,
                    (id.startsWith(service + ":") ? id.substring(service.length() + 1) : id)
                            .replaceAll("[^A-Za-z0-9._-]", "-"),
                    text(meta, "scheme").isEmpty() ? "http" : text(meta, "scheme"),
                    address.isEmpty() ? text(node, "Address") : address,
                    found.get("Port") instanceof Integer port ? port : 0,
                    text(meta, "zone"),
                    found.get("Weights") instanceof Map<?, ?> weights
                                    && weights.get("Passing") instanceof Integer weight
                            ? weight
                            : 1,
                    text(meta, "version"),
                    started.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(started)),
                    ports,
                    metadata));
        } catch (IllegalArgumentException | DateTimeException garbage) {
            if (told.size() < 1000 && told.add(id)) {
                LOG.warn("{}: the instance '{}' of {} is left out: {}", describe(), id, service, garbage.getMessage());
            }
            return Optional.empty();
        }
    }

    private static String text(Map<?, ?> map, String key) {
        return map.get(key) instanceof String text ? text : "";
    }

    @Override
    public Set<String> services() {
        var names = new TreeSet<String>();
        if (!(api.call("GET", "/v1/catalog/services", null).as(Object.class) instanceof Map<?, ?> all)) {
            throw new RemoteException(describe() + ": GET /v1/catalog/services: answered what is no object");
        }
        all.keySet().forEach(name -> names.add(String.valueOf(name)));
        return names;
    }

    @Override
    public void close() {
        api.close();
    }
}
