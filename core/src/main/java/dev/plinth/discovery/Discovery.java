package dev.plinth.discovery;

import dev.plinth.context.Context;
import dev.plinth.error.Category;
import dev.plinth.error.Problem;
import dev.plinth.health.Check;
import dev.plinth.http.Http;
import dev.plinth.metrics.Metrics;
import dev.plinth.remote.RemoteException;
import dev.plinth.time.Time;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How one service is found and finds others, over whatever {@link Registry} is configured.
 *
 * <p>It announces this instance with a lease and renews it, follows the instances of the services that are asked for, and
 * goes on with the last known ones while the registry can't be asked. Opens nothing before it is used. Thread-safe.
 */
public final class Discovery implements AutoCloseable {
    private record Target(Watcher watcher, Balancer balancer) {}

    private final Context context;
    private final Registry registry;
    private final DiscoveryConfig config;
    private final Time time;
    private final Metrics metrics;
    private final Announcer announcer;
    private final Map<String, Target> targets = new LinkedHashMap<>();

    /** That of {@code service} over {@code registry}, which is closed with it. */
    public Discovery(String service, Registry registry, DiscoveryConfig config, Time time, Metrics metrics) {
        this.context = Context.of(service);
        this.registry = registry;
        this.config = config;
        this.time = time;
        this.metrics = metrics;
        this.announcer = new Announcer(context, registry, config, time);
    }

    /** Whether there is a registry. */
    public boolean isEnabled() {
        return !(registry instanceof StaticRegistry list && list.isNone());
    }

    /** The registry. */
    public Registry registry() {
        return registry;
    }

    /** How it is configured. */
    public DiscoveryConfig config() {
        return config;
    }

    /**
     * What chooses among the instances of {@code service}; the same for each who asks. They are followed from the first pick
     * on, or from {@link #follow}.
     */
    public Balancer balancer(String service) {
        synchronized (targets) {
            return targets.computeIfAbsent(Instance.requireName("service", service), this::target).balancer;
        }
    }

    private Target target(String service) {
        var watcher = new Watcher(context, service, registry, config.lease(), time);
        var balancer = new Balancer(service, registry, watcher, config, time);
        metrics.gauge("discovery_instances", () -> balancer.status().size(), "target", service);
        metrics.counter(
                "discovery_ejections",
                "Times that an instance was left out after failures in a row.",
                balancer::ejections,
                "target",
                service);
        return new Target(watcher, balancer);
    }

    private List<Target> targets() {
        synchronized (targets) {
            return List.copyOf(targets.values());
        }
    }

    /** Begins to follow all services that were asked for, so that the first call need not wait. */
    public void follow() {
        targets().forEach(target -> target.watcher.start());
    }

    /**
     * Looks for the services under {@code discovery.required}.
     *
     * @throws RemoteException if one is not known within {@code discovery.timeout}, naming the registry and what it knows
     */
    public void requireKnown() throws InterruptedException {
        for (var service : config.required()) {
            var now = registry.look(service);
            if (now.instances().isEmpty()) {
                now = registry.await(service, now, config.timeout()).orElse(now);
            }
            if (now.instances().isEmpty()) {
                var known = registry.services();
                throw new RemoteException("discovery.required: '" + service + "' is not known to "
                        + registry.describe() + " (it knows: " + (known.isEmpty() ? "none" : String.join(", ", known))
                        + "). Start it first, correct the name, or leave it out of discovery.required.");
            }
        }
    }

    // ---- this instance -----------------------------------------------------------------------------------------

    /**
     * This instance, as others are to see it.
     *
     * @param bound what the public listener is bound to, and {@code port} where
     */
    public Instance describe(
            String service, String id, String version, String bound, int port, Map<String, Integer> ports) {
        return new Instance(
                service,
                id,
                config.advertiseScheme(),
                config.advertiseHost().orElseGet(() -> reachable(bound)),
                config.advertisePort().orElse(port),
                config.zone(),
                config.weight(),
                version,
                Optional.of(time.now()),
                ports,
                config.metadata());
    }

    /** The address that a listener on {@code bound} is reached by: never that of all interfaces. */
    static String reachable(String bound) {
        try {
            var address = InetAddress.ofLiteral(bound);
            return address.isAnyLocalAddress() ? ofThisMachine() : bound;
        } catch (IllegalArgumentException aName) {
            return bound;
        }
    }

    private static String ofThisMachine() {
        InetAddress found = null;
        try {
            for (var each : NetworkInterface.networkInterfaces().toList()) {
                if (each.isUp() && !each.isLoopback() && !each.isVirtual()) {
                    for (var address : each.inetAddresses().toList()) {
                        if (address.isLinkLocalAddress() || address.isAnyLocalAddress()) {
                            continue;
                        }
                        if (found == null || (!(found instanceof Inet4Address) && address instanceof Inet4Address)) {
                            found = address;
                        }
                    }
                }
            }
        } catch (SocketException unknown) {
            found = null;
        }
        return found == null ? "127.0.0.1" : found.getHostAddress().replaceFirst("%.*", "");
    }

    /** Announces this instance from now on, if the configuration and the registry want that. */
    public void announce(Instance instance) {
        if (config.announce() && registry.takesAnnouncements()) {
            announcer.start(instance);
        }
    }

    /** Whether this instance is being announced. */
    public boolean isAnnounced() {
        return announcer.instance() != null;
    }

    /** Takes this instance back; returns whether it was announced. */
    public boolean withdraw() throws InterruptedException {
        return announcer.stop();
    }

    // ---- to be looked at -----------------------------------------------------------------------------------------

    /** How it is, for the service's health: degraded while the registry can't be asked, since calls still go their way. */
    public Check.Result check() {
        var failure = announcer.failure();
        for (var target : targets()) {
            var why = target.watcher.view().failure();
            failure = why == null ? failure : why;
        }
        return failure == null ? Check.Result.up() : Check.Result.degraded(failure);
    }

    /**
     * What is known, for the operator.
     *
     * @param registry what it is and where
     * @param self what is announced of this instance
     * @param announceFailure why it could not be announced
     * @param targets the services that this one calls
     */
    public record Report(
            String registry, Optional<Instance> self, Optional<String> announceFailure, List<TargetReport> targets) {}

    /**
     * One service that this one calls.
     *
     * @param failure why the registry can't be asked for it; then the instances are the last known ones
     */
    public record TargetReport(String service, Optional<String> failure, List<Balancer.Status> instances) {}

    /** What is known, for the operator. */
    public Report report() {
        var reports = new ArrayList<TargetReport>();
        for (var target : targets()) {
            reports.add(new TargetReport(
                    target.balancer.service(),
                    Optional.ofNullable(target.watcher.view().failure()),
                    target.balancer.status()));
        }
        return new Report(
                registry.describe(),
                Optional.ofNullable(announcer.instance()),
                Optional.ofNullable(announcer.failure()),
                reports);
    }

    /** All live nodes of all services that the registry knows. */
    public List<Node> nodes() {
        var nodes = new ArrayList<Node>();
        for (var service : registry.services()) {
            nodes.addAll(registry.nodes(service));
        }
        return nodes;
    }

    /**
     * Adds {@code GET /discovery}, which tells what this instance knows, and {@code GET /nodes}, which asks the registry for
     * all live nodes.
     */
    public void addTo(Http admin) {
        admin.get("/discovery", _ -> report()).get("/nodes", _ -> {
            try {
                return nodes();
            } catch (RemoteException down) {
                throw Problem.of(Category.NO_RESPONSE, "REGISTRY_UNREACHABLE", String.valueOf(down.getMessage()))
                        .withStatus(502)
                        .causedBy(down);
            }
        });
    }

    /** Follows nobody any more, and lets go of the registry. */
    @Override
    public void close() {
        for (var target : targets()) {
            target.watcher.stop();
        }
        registry.close();
    }
}
