package dev.plinth.http;

import dev.plinth.context.Deadline;
import dev.plinth.error.Problem;
import dev.plinth.metrics.Metrics;
import dev.plinth.resilience.Gate;
import dev.plinth.resilience.GateConfig;
import dev.plinth.resilience.PolicySnapshot;
import dev.plinth.resilience.Priority;
import dev.plinth.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides before any work is done whether a request is let in: by the places of the listener, of which each priority has
 * its share, and by the {@link Gate} of its route. Probes always are.
 *
 * <p>Thread-safe.
 */
final class Admission {
    /** For so long lower priorities give way after one found no place. */
    private static final long GIVE_WAY = Duration.ofSeconds(1).toNanos();

    private static final Priority[] PRIORITIES = Priority.values();
    private static final Map<String, Object> LATER = Map.of("retry_after", 1);

    private final String listener;
    private final Time time;
    private final GateConfig config;
    private final int maxInFlight;
    private final InFlight inFlight;
    private final BooleanSupplier busy;
    private final AtomicReferenceArray<@Nullable Gate> gates;
    private volatile @Nullable Metrics metrics;
    private final Map<Priority, Refusals> refused = new EnumMap<>(Priority.class);

    /** Of one priority: how many, and when the last. */
    private static final class Refusals {
        final LongAdder count = new LongAdder();
        volatile long last;

        Refusals(long last) {
            this.last = last;
        }
    }

    Admission(String listener, HttpConfig config, int routes, InFlight inFlight, Time time, BooleanSupplier busy) {
        this.listener = listener;
        this.time = time;
        this.config = config.overload();
        this.maxInFlight = config.maxInFlight();
        this.inFlight = inFlight;
        this.busy = busy;
        this.gates = new AtomicReferenceArray<>(routes);
        for (var priority : PRIORITIES) {
            refused.put(priority, new Refusals(time.nanos() - GIVE_WAY));
        }
    }

    /**
     * Lets a request in, on its own thread.
     *
     * @param route null where none was found
     * @throws Problem 503 {@code OVERLOADED}; 504 if its deadline passed while it waited
     */
    InFlight.Work enter(Router.@Nullable Route route, Deadline deadline) {
        if (route != null && route.probe()) {
            return Objects.requireNonNull(inFlight.enter(deadline, Integer.MAX_VALUE, null), "has no bound");
        }
        var priority = route == null ? Priority.NORMAL : route.priority();
        int most = priority.of(maxInFlight);
        if (givesWay(priority)) {
            throw refuse(priority, "what is more urgent had to be refused just now (" + listener + ".overload)");
        }
        var gate = route == null || !config.adaptive() ? null : gate(route);
        if (gate != null && !gate.enter(deadline)) {
            throw refuse(
                    priority,
                    "requests take longer than usual, and more would take longer still (" + listener + ".overload)");
        }
        if (gate != null && deadline.expired()) {
            gate.giveBack();
            throw Problem.deadlineExceeded("it waited for a place until its time was over");
        }
        var work = inFlight.enter(deadline, most, gate);
        if (work == null) {
            if (gate != null) {
                gate.giveBack();
            }
            // A route that is slow holds back its own requests alone; where places lack, the urgent come first.
            refusals(priority).last = time.nanos();
            throw refuse(priority, "more than " + most + " requests at one time (" + listener + ".max-in-flight)");
        }
        return work;
    }

    private boolean givesWay(Priority priority) {
        for (var higher : PRIORITIES) {
            if (higher.compareTo(priority) > 0 && time.nanos() - refusals(higher).last < GIVE_WAY) {
                return true;
            }
        }
        return false;
    }

    private Refusals refusals(Priority priority) {
        return Objects.requireNonNull(refused.get(priority), "each has its own");
    }

    private Problem refuse(Priority priority, String why) {
        refusals(priority).count.increment();
        return Problem.refusal("OVERLOADED", why, LATER);
    }

    private Gate gate(Router.Route route) {
        var gate = gates.get(route.number());
        if (gate == null) {
            var made = Gate.of(route.method() + " " + route.pattern(), config, maxInFlight, time, busy);
            gate = gates.compareAndExchange(route.number(), null, made);
            if (gate == null) {
                gate = made;
                measure(route, made);
            }
        }
        return gate;
    }

    /** Shows who is let in as meters: of the listener, and of each route from its first request on. */
    void measure(Metrics to) {
        metrics = to;
        for (var priority : PRIORITIES) {
            to.counter(
                    "http_server_refused",
                    "Requests refused before any work was done, by priority.",
                    () -> refused(priority),
                    "priority",
                    priority.name());
        }
    }

    private void measure(Router.Route route, Gate gate) {
        var to = metrics;
        if (to != null) {
            to.gauge("http_server_route_limit", gate::limit, "method", route.method(), "uri", route.pattern());
            to.gauge("http_server_route_running", gate::running, "method", route.method(), "uri", route.pattern());
            to.gauge("http_server_route_queued", gate::queued, "method", route.method(), "uri", route.pattern());
        }
    }

    /** How many requests of a priority were refused. */
    long refused(Priority priority) {
        return refusals(priority).count.sum();
    }

    /** How many requests wait for a place. */
    int queued() {
        int all = 0;
        for (int i = 0; i < gates.length(); i++) {
            var gate = gates.get(i);
            all += gate == null ? 0 : gate.queued();
        }
        return all;
    }

    /** The listener's places, and the gates that hold back or had to refuse. */
    List<PolicySnapshot> snapshots() {
        var all = new ArrayList<PolicySnapshot>();
        int now = inFlight.places();
        var figures = new LinkedHashMap<String, Object>();
        figures.put("running", now);
        figures.put("limit", maxInFlight);
        figures.put("queued", queued());
        for (var priority : PRIORITIES) {
            figures.put("refused_" + priority.name().toLowerCase(Locale.ROOT), refused(priority));
        }
        all.add(new PolicySnapshot("admission", listener, now >= maxInFlight ? "FULL" : "OK", figures));
        for (int i = 0; i < gates.length(); i++) {
            var gate = gates.get(i);
            if (gate != null && gate.isPressed()) {
                all.add(gate.snapshot());
            }
        }
        return all;
    }
}
