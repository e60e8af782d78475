package dev.plinth.discovery;

import dev.plinth.context.Context;
import dev.plinth.error.Category;
import dev.plinth.error.Problem;
import dev.plinth.remote.RemoteException;
import dev.plinth.time.Time;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses among the instances of one service.
 *
 * <pre>{@code
 * try (var pick = balancer.pick()) {
 *     var answer = send(pick.instance().uri());
 *     pick.succeeded();
 * }
 * }</pre>
 *
 * <p>Two are drawn by chance, in proportion to their weights, and the one with less to do is taken: the fewer calls in
 * flight for its weight, where an instance that takes more than twice as long for a success as the other counts each call
 * that many times (Mitzenmacher, "The power of two choices in randomized load balancing", 2001). Drawn from are:
 *
 * <ul>
 *   <li>those that are not left out. An instance is left out for a time after {@code eject-after} failures in a row, while
 *       others are left; on its return it gets a tenth of its share, growing to all of it, and one failure sends it away
 *       again for longer.
 *   <li>of these the ones in the caller's own zone, unless more than half of that zone is left out.
 * </ul>
 *
 * <p>Thread-safe; it never blocks, except for the first answer of the registry.
 */
public final class Balancer {
    private static final Logger LOG = LoggerFactory.getLogger(Balancer.class);

    /** How a call went. */
    enum Outcome {
        SUCCESS,
        FAILURE,
        NONE
    }

    private final String service;
    private final DiscoveryConfig config;
    private final Time time;
    private final String registry;
    private final @Nullable Watcher watcher;

    private long seen = -1;
    private Member[] members = {};
    private int[] drawn = {};
    private long ejections;

    private Balancer(String service, DiscoveryConfig config, Time time, String registry, @Nullable Watcher watcher) {
        this.service = service;
        this.config = config;
        this.time = time;
        this.registry = registry;
        this.watcher = watcher;
    }

    /** One over what {@code watcher} sees. */
    Balancer(String service, Registry registry, Watcher watcher, DiscoveryConfig config, Time time) {
        this(service, config, time, registry.describe(), watcher);
    }

    /** One over instances that don't change. */
    public static Balancer of(String service, List<Instance> instances, DiscoveryConfig config, Time time) {
        var balancer = new Balancer(service, config, time, "a list", null);
        balancer.refresh(instances);
        return balancer;
    }

    /** The service whose instances these are. */
    public String service() {
        return service;
    }

    /**
     * Chooses an instance.
     *
     * @throws Problem 503 {@code NO_INSTANCE} if none is known, or the registry could not be asked for longer than {@code
     *     discovery.grace}; why is in the cause, which does not travel
     */
    public Pick pick() {
        return pick(Set.of());
    }

    /** Chooses an instance whose id is not in {@code avoid} if there is one: for another attempt at a call that failed. */
    public Pick pick(Set<String> avoid) {
        awaitFirst();
        synchronized (this) {
            refresh();
            long now = time.nanos();
            var member = choose(avoid, now);
            member.begin();
            return new Pick(this, member, now);
        }
    }

    private void awaitFirst() {
        if (watcher != null
                && watcher.view().instances() == null
                && watcher.view().failure() == null) {
            try {
                watcher.first(Context.current()
                        .deadline()
                        .map(deadline -> deadline.atMost(config.timeout()))
                        .orElse(config.timeout()));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw none("interrupted while it waited for the first answer of " + registry);
            }
        }
    }

    private Problem none(String why) {
        return Problem.of(Category.NO_RESPONSE, "NO_INSTANCE", "no instance of '" + service + "' is known")
                .withStatus(503)
                .causedBy(new RemoteException(why));
    }

    /** Takes over what the registry tells now. */
    private void refresh() {
        if (watcher == null) {
            return;
        }
        var view = watcher.view();
        if (view.change() == seen && view.failure() == null) {
            return;
        }
        if (view.instances() == null) {
            throw none(view.failure() == null ? registry + " has not answered yet" : view.failure());
        }
        if (view.failure() != null
                && time.nanos() - view.failingSince() > config.grace().toNanos()) {
            throw none("what is known is older than discovery.grace ("
                    + config.grace().toSeconds() + " s): " + view.failure());
        }
        if (view.change() != seen) {
            refresh(view.instances());
            seen = view.change();
        }
    }

    private synchronized void refresh(List<Instance> instances) {
        var old = new HashMap<String, Member>();
        for (var member : members) {
            old.put(member.instance.id(), member);
        }
        var fresh = new Member[instances.size()];
        for (int i = 0; i < fresh.length; i++) {
            var instance = instances.get(i);
            var known = old.get(instance.id());
            if (known == null) {
                fresh[i] = new Member(instance);
            } else if (known.instance.equals(instance)) {
                fresh[i] = known;
            } else {
                fresh[i] = new Member(instance, known);
            }
        }
        members = fresh;
        drawn = new int[fresh.length];
    }

    private Member choose(Set<String> avoid, long now) {
        int count = draw(avoid, now);
        if (count == 0 && !avoid.isEmpty()) {
            count = draw(Set.of(), now);
        }
        if (count == 0) {
            for (int i = 0; i < members.length; i++) {
                drawn[count++] = i;
            }
        }
        if (count == 0) {
            throw none(registry + " knows none");
        }
        if (count == 1) {
            return members[drawn[0]];
        }
        double shares = 0;
        for (int i = 0; i < count; i++) {
            shares += members[drawn[i]].share(now, config.slowReturn());
        }
        int first = draw(count, -1, shares, now);
        int second = draw(count, first, shares - members[drawn[first]].share(now, config.slowReturn()), now);
        var a = members[drawn[first]];
        var b = members[drawn[second]];
        return load(a, b, now) <= load(b, a, now) ? a : b;
    }

    /** What {@code member} has to do for its share; at equal loads the one that was drawn first is taken. */
    private double load(Member member, Member other, long now) {
        double calls = (member.inFlight() + 1) * member.slowness(other, now) - 1;
        return calls / member.share(now, config.slowReturn());
    }

    /** Draws by share among the first {@code count} of {@link #drawn}, leaving out one of them. */
    private int draw(int count, int without, double shares, long now) {
        double at = time.random().nextDouble() * shares;
        int last = -1;
        for (int i = 0; i < count; i++) {
            if (i != without) {
                last = i;
                at -= members[drawn[i]].share(now, config.slowReturn());
                if (at < 0) {
                    return i;
                }
            }
        }
        return last;
    }

    /** Fills {@link #drawn} with those that may be chosen; returns how many. */
    private int draw(Set<String> avoid, long now) {
        int near = 0;
        int nearAll = 0;
        int nearFit = 0;
        int count = 0;
        for (int i = 0; i < members.length; i++) {
            var member = members[i];
            boolean fit = !member.isEjected(now);
            boolean isNear = !config.zone().isEmpty() && config.zone().equals(member.instance.zone());
            nearAll += isNear ? 1 : 0;
            nearFit += isNear && fit ? 1 : 0;
            if (fit && !avoid.contains(member.instance.id())) {
                near += isNear ? 1 : 0;
                drawn[count++] = i;
            }
        }
        if (near == 0 || 2 * nearFit < nearAll) {
            return count;
        }
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (config.zone().equals(members[drawn[i]].instance.zone())) {
                drawn[kept++] = drawn[i];
            }
        }
        return kept;
    }

    /** Counts the end of a call; {@code picked} may have been replaced meanwhile by a newer description. */
    synchronized void ended(String id, Member picked, long begin, Outcome outcome) {
        var member = picked;
        for (var each : members) {
            if (each.instance.id().equals(id)) {
                member = each;
            }
        }
        member.end();
        if (outcome == Outcome.NONE) {
            return;
        }
        long now = time.nanos();
        member.measured(now - begin, outcome == Outcome.SUCCESS, now);
        if (outcome == Outcome.SUCCESS) {
            member.succeeded(now, config.slowReturn());
        } else if (member.failed(config.ejectAfter()) && mayEject(now)) {
            int failures = member.failures();
            var left = member.eject(now, config.ejectFor());
            ejections++;
            LOG.warn(
                    "{} at {} is left out for {} ms after {} failures in a row",
                    service,
                    member.instance.address(),
                    left.toMillis(),
                    failures);
        }
    }

    private boolean mayEject(long now) {
        int out = 1;
        for (var member : members) {
            out += member.isEjected(now) ? 1 : 0;
        }
        return out * 100L <= (long) config.ejectMost() * members.length;
    }

    /**
     * One instance as this caller sees it.
     *
     * @param inFlight calls that are under way
     * @param latencyMillis what a call takes, by those of late; 0 if none was made
     * @param failures in a row
     * @param ejected whether it is left out
     */
    public record Status(Instance instance, int inFlight, double latencyMillis, int failures, boolean ejected) {}

    /** All instances as this caller sees them; empty before the first answer of the registry. */
    public synchronized List<Status> status() {
        var view = watcher == null ? null : watcher.view();
        if (view != null && view.instances() != null && view.change() != seen) {
            refresh(view.instances());
            seen = view.change();
        }
        long now = time.nanos();
        var status = new ArrayList<Status>();
        for (var member : members) {
            status.add(new Status(
                    member.instance,
                    member.inFlight(),
                    member.latencyNanos() / 1e6,
                    member.failures(),
                    member.isEjected(now)));
        }
        return status;
    }

    /** How many times an instance was left out. */
    public synchronized long ejections() {
        return ejections;
    }
}
