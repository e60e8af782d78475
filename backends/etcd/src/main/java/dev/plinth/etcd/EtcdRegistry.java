package dev.plinth.etcd;

import dev.plinth.discovery.Instance;
import dev.plinth.discovery.Node;
import dev.plinth.discovery.Registry;
import dev.plinth.discovery.Snapshot;
import dev.plinth.json.Json;
import dev.plinth.json.JsonException;
import dev.plinth.remote.RemoteException;
import dev.plinth.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registry in etcd: a key {@code PREFIX/SERVICE/ID} for each
 * instance, bound to a lease of its own. A snapshot's version is etcd's revision, from which a watch goes on, so no change
 * is missed between two waits. Thread-safe.
 */
final class EtcdRegistry implements Registry {
    private static final Logger LOG = LoggerFactory.getLogger(EtcdRegistry.class);

    /** A lease that this handle keeps, and what is bound to it. */
    private record Held(Instance instance, Duration duration, String lease) {}

    private final Etcd etcd;
    private final String prefix;
    private final Time time;
    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    EtcdRegistry(EtcdSettings settings, Duration timeout, Time time) {
        this.etcd = new Etcd(settings.access(), "discovery", timeout, time);
        this.prefix = settings.prefix() + "/";
        this.time = time;
    }

    @Override
    public String describe() {
        return etcd.describe();
    }

    @Override
    public boolean takesAnnouncements() {
        return true;
    }

    private String key(Instance instance) {
        return prefix + instance.service() + "/" + instance.id();
    }

    /** The keys below {@code folder}, which ends with a slash: up to the first that begins with what follows a slash. */
    private static Map<String, Object> below(String folder) {
        return Map.of(
                "key", Etcd.base64(folder), "range_end", Etcd.base64(folder.substring(0, folder.length() - 1) + "0"));
    }

    // ---- announcing ------------------------------------------------------------------------------------------------

    @Override
    public void announce(Instance instance, Duration lease) {
        var key = key(instance);
        var mine = held.get(key);
        if (mine == null || !mine.duration.equals(lease) || !isAlive(mine.lease)) {
            mine = new Held(instance, lease, grant(lease));
            put(key, mine);
        } else if (!mine.instance.equals(instance)) {
            mine = new Held(instance, lease, mine.lease);
            put(key, mine);
        } else {
            putIfMissing(key, mine);
        }
        held.put(key, mine);
    }

    private String grant(Duration lease) {
        var answer = etcd.post("/v3/lease/grant", Map.of("TTL", lease.toSeconds()));
        if (answer.get("ID") instanceof String id) {
            return id;
        }
        throw new RemoteException(describe() + ": POST /v3/lease/grant: answered without an ID");
    }

    /** Renews the lease; false if etcd has forgotten it. */
    private boolean isAlive(String lease) {
        var answer = etcd.post("/v3/lease/keepalive", Map.of("ID", lease));
        return answer.get("result") instanceof Map<?, ?> result
                && result.get("TTL") instanceof String ttl
                && !ttl.startsWith("0")
                && !ttl.startsWith("-");
    }

    private static Map<String, Object> put(String key, Instance instance, String lease) {
        return Map.of(
                "key", Etcd.base64(key), "value", Etcd.base64(Json.standard().write(instance)), "lease", lease);
    }

    private void put(String key, Held mine) {
        etcd.post("/v3/kv/put", put(key, mine.instance, mine.lease));
    }

    /** A key may be gone though its lease is not: somebody has taken it away. Nothing is written where it is there. */
    private void putIfMissing(String key, Held mine) {
        var missing = Map.of("key", Etcd.base64(key), "target", "VERSION", "result", "EQUAL", "version", "0");
        etcd.post(
                "/v3/kv/txn",
                Map.of(
                        "compare",
                        List.of(missing),
                        "success",
                        List.of(Map.of("request_put", put(key, mine.instance, mine.lease)))));
    }

    @Override
    public void withdraw(Instance instance) {
        var key = key(instance);
        var mine = held.remove(key);
        etcd.post("/v3/kv/deleterange", Map.of("key", Etcd.base64(key)));
        if (mine != null) {
            etcd.answer("/v3/lease/revoke", Map.of("ID", mine.lease)); // one that is gone is no failure
        }
    }

    // ---- knowing ---------------------------------------------------------------------------------------------------

    private String folder(String service) {
        return prefix + service + "/";
    }

    @Override
    public Snapshot look(String service) {
        var range = etcd.range(below(folder(service)));
        var instances = new ArrayList<Instance>();
        for (var pair : range.kvs()) {
            instance(pair, service).ifPresent(instances::add);
        }
        return new Snapshot(instances, range.header().revision());
    }

    /** What somebody else has written there may be anything: it is left out, and told once. */
    private Optional<Instance> instance(Etcd.Pair pair, String service) {
        try {
            var instance = Json.standard().read(pair.bytes(), Instance.class);
            if (pair.name().equals(key(instance)) && instance.service().equals(service)) {
                return Optional.of(instance);
            }
            throw new IllegalArgumentException("it tells of " + instance.service() + "/" + instance.id());
        } catch (JsonException | IllegalArgumentException garbage) {
            if (told.size() < 1000 && told.add(pair.key())) {
                LOG.warn("{}: a value is left out: {}", describe(), garbage.getMessage());
            }
            return Optional.empty();
        }
    }

    @Override
    public Optional<Snapshot> await(String service, Snapshot known, Duration most) throws InterruptedException {
        boolean changed = etcd.awaitChange(below(folder(service)), known.version(), most);
        return changed ? Optional.of(look(service)) : Optional.empty();
    }

    @Override
    public Set<String> services() {
        var names = new TreeSet<String>();
        for (var pair : etcd.range(Etcd.with(below(prefix), "keys_only", true)).kvs()) {
            var name = pair.name().substring(prefix.length());
            int slash = name.indexOf('/');
            if (slash > 0) {
                names.add(name.substring(0, slash));
            }
        }
        return names;
    }

    @Override
    public List<Node> nodes(String service) {
        var nodes = new ArrayList<Node>();
        for (var pair : etcd.range(below(folder(service))).kvs()) {
            instance(pair, service).ifPresent(instance -> nodes.add(new Node(instance, heartbeat(pair.lease()))));
        }
        return nodes;
    }

    /** etcd tells what is left of a lease; what has been used up is the time since its last renewal. */
    private Optional<Instant> heartbeat(String lease) {
        var left = etcd.post("/v3/lease/timetolive", Map.of("ID", lease));
        if (left.get("TTL") instanceof String ttl && left.get("grantedTTL") instanceof String granted) {
            try {
                return Optional.of(time.now().minusSeconds(Long.parseLong(granted) - Long.parseLong(ttl)));
            } catch (NumberFormatException garbage) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        etcd.close();
    }
}
