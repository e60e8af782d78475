package dev.plinth.resilience;

import dev.plinth.error.Problem;
import dev.plinth.time.Time;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Breakers for a host and every prefix of the paths below it, as samba-chassis had them: a call is counted on each of
 * them, and refused if any is open.
 *
 * <pre>{@code
 * var breakers = BreakerTree.of("partners", BreakerConfig.samba(), 1000, Time.system());
 * breakers.call("http://pricing:8080", "/quotes/{item}", () -> fetch(item));   // host, /quotes, /quotes/{item}
 * }</pre>
 *
 * <p>A client has one by {@code clients.NAME.breaker-by-path}.
 *
 * <p>Paths are given as patterns of routes, so that ids don't make breakers. As in samba one failing path opens its host
 * too, if no other path of that host succeeds in between: choose a tree where a host fails as a whole, and one breaker for
 * each path where it doesn't. There are {@code maxKeys} breakers at most; a prefix that finds no room is counted on the
 * shorter ones alone, and told as {@code without_room}. Thread-safe.
 */
public final class BreakerTree implements Policy {
    private final String name;
    private final BreakerConfig config;
    private final int maxKeys;
    private final Classifier classifier;
    private final Policies policies;
    private final ConcurrentHashMap<String, Breaker> breakers = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, List<Breaker>> paths = new ConcurrentHashMap<>();
    private final LongAdder withoutRoom = new LongAdder();

    private BreakerTree(String name, BreakerConfig config, int maxKeys, Classifier classifier, Policies policies) {
        if (maxKeys < 1) {
            throw new IllegalArgumentException("breakers '" + name + "': maxKeys " + maxKeys + " (expected: >= 1)");
        }
        this.name = name;
        this.config = config;
        this.maxKeys = maxKeys;
        this.classifier = classifier;
        this.policies = policies;
    }

    /**
     * Some to be used alone, with the standard classifier.
     *
     * @throws IllegalArgumentException if {@code maxKeys} is less than 1
     */
    public static BreakerTree of(String name, BreakerConfig config, int maxKeys, Time time) {
        return of(name, config, maxKeys, Classifier.STANDARD, new Policies(time));
    }

    /**
     * Some of a service's.
     *
     * @throws IllegalArgumentException if {@code maxKeys} is less than 1, or the name is taken
     */
    public static BreakerTree of(
            String name, BreakerConfig config, int maxKeys, Classifier classifier, Policies policies) {
        return policies.add(new BreakerTree(name, config, maxKeys, classifier, policies));
    }

    /**
     * Calls {@code op} if the circuits of the host and of every prefix of the path let it pass.
     *
     * @param host scheme, host and port, {@code http://pricing:8080}; empty where there is one target, which the name says
     * @param route the pattern of the path, {@code /quotes/{item}}; a query is cut off
     * @throws Problem 503 {@code CIRCUIT_OPEN} naming the prefix, if not
     * @throws X what {@code op} throws
     */
    public <T extends @Nullable Object, X extends Throwable> T call(
            String host, String route, ScopedValue.CallableOp<T, X> op) throws X {
        var path = path(host, route);
        var stays = enter(path);
        long begin = policies.time().nanos();
        T result;
        try {
            result = op.call();
        } catch (Throwable thrown) {
            var effect = Verdict.Effect.IGNORED;
            try {
                effect = Failures.verdict(classifier, thrown).effect();
            } finally {
                leave(path, stays, path.size(), effect, begin);
            }
            throw thrown;
        }
        var effect = Verdict.Effect.IGNORED;
        try {
            effect = classifier.returned(result).effect();
        } finally {
            leave(path, stays, path.size(), effect, begin);
        }
        return result;
    }

    private Circuit[] enter(List<Breaker> path) {
        var stays = new Circuit[path.size()];
        for (int i = 0; i < stays.length; i++) {
            var stay = path.get(i).tryEnter();
            if (stay == null) {
                leave(path, stays, i, Verdict.Effect.IGNORED, 0);
                throw path.get(i).refusal();
            }
            stays[i] = stay;
        }
        return stays;
    }

    private static void leave(List<Breaker> path, Circuit[] stays, int count, Verdict.Effect effect, long begin) {
        for (int i = 0; i < count; i++) {
            path.get(i).leave(stays[i], effect, begin);
        }
    }

    /** The worst state of the host and the prefixes of that path that were called before. */
    public BreakerState state(String host, String route) {
        var worst = BreakerState.CLOSED;
        for (var key : keys(host, route)) {
            var breaker = breakers.get(key);
            var state = breaker == null ? BreakerState.CLOSED : breaker.state();
            if (state == BreakerState.OPEN) {
                return state;
            }
            worst = state == BreakerState.HALF_OPEN ? state : worst;
        }
        return worst;
    }

    private List<Breaker> path(String host, String route) {
        var key = host + route;
        var known = paths.get(key);
        if (known != null) {
            return known;
        }
        var path = new ArrayList<Breaker>();
        var complete = true;
        for (var prefix : keys(host, route)) {
            var breaker = breaker(prefix);
            if (breaker == null) {
                complete = false;
                withoutRoom.increment();
                break;
            }
            path.add(breaker);
        }
        // A path is remembered only where its last key is one of the bounded number, so these are bounded too.
        if (complete && paths.size() < maxKeys) {
            paths.put(key, List.copyOf(path));
        }
        return path;
    }

    private @Nullable Breaker breaker(String key) {
        var known = breakers.get(key);
        if (known != null) {
            return known;
        }
        synchronized (breakers) {
            if (breakers.size() >= maxKeys) {
                return breakers.get(key);
            }
            return breakers.computeIfAbsent(key, k -> new Breaker(circuit(k), config, classifier, policies));
        }
    }

    /** What is told of a circuit; that of a target without an address has the name alone. */
    private String circuit(String key) {
        return key.isEmpty() ? name : name + " " + key;
    }

    /** The host, then each prefix: {@code http://h}, {@code http://h/a}, {@code http://h/a/{id}}. */
    private static List<String> keys(String host, String route) {
        int query = route.indexOf('?');
        var path = query < 0 ? route : route.substring(0, query);
        var keys = new ArrayList<String>();
        keys.add(host);
        var prefix = new StringBuilder(host);
        for (var segment : path.split("/", -1)) {
            if (!segment.isEmpty()) {
                keys.add(prefix.append('/').append(segment).toString());
            }
        }
        return keys;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return "breaker-tree";
    }

    @Override
    public PolicySnapshot snapshot() {
        var states = new TreeMap<String, String>();
        var worst = BreakerState.CLOSED;
        for (var each : breakers.entrySet()) {
            var state = each.getValue().state();
            states.put(each.getKey().isEmpty() ? "/" : each.getKey(), state.name());
            if (state == BreakerState.OPEN || worst == BreakerState.CLOSED) {
                worst = state;
            }
        }
        var figures = new LinkedHashMap<String, Object>();
        figures.put("keys", states);
        figures.put("max_keys", maxKeys);
        figures.put("without_room", withoutRoom.sum());
        return new PolicySnapshot(kind(), name, worst.name(), figures);
    }
}
