package dev.plinth.health;

import dev.plinth.context.Context;
import dev.plinth.lifecycle.State;
import dev.plinth.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a service is alive, started, ready, and able to serve, by its state and by the checks of its parts.
 *
 * <p>Checks are asked when a probe wants to know and the last result is older than {@code health.cache}. A probe waits for
 * all of them together no longer than {@code health.check-timeout}; one that hangs counts as down, at once from the next
 * probe on. Thread-safe; checks may be added at any time.
 */
public final class Health {
    /** What a check decides. */
    enum Kind {
        READINESS,
        LIVENESS
    }

    private final HealthConfig config;
    private final Context context;
    private final Time time;
    private final Supplier<State> state;
    private final List<Checker> checkers = new CopyOnWriteArrayList<>();

    /** The health of one service, which has no checks yet. */
    public Health(HealthConfig config, String service, Time time, Supplier<State> state) {
        this.config = config;
        this.context = Context.of(service);
        this.time = time;
        this.state = state;
    }

    /**
     * Adds a check without which the service is not ready: a database, a broker. Traffic goes elsewhere while it is down.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public void readiness(String name, Check check) {
        add(Kind.READINESS, name, check);
    }

    /**
     * Adds a check without which the service is to be restarted. Rarely right: never ask a neighbour here, since a restart
     * does not mend it.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public void liveness(String name, Check check) {
        add(Kind.LIVENESS, name, check);
    }

    private synchronized void add(Kind kind, String name, Check check) {
        for (var other : checkers) {
            if (other.name.equals(name)) {
                throw new IllegalArgumentException("health check '" + name + "' is there already");
            }
        }
        checkers.add(new Checker(kind, name, check, config, context, time));
    }

    /** Whether it need not be restarted. */
    public boolean isLive() {
        return state.get() != State.FAILED && !isDown(Kind.LIVENESS);
    }

    /** Whether it has started. */
    public boolean isStarted() {
        var now = state.get();
        return now == State.RUNNING || now == State.STOPPING;
    }

    /** Whether traffic is to be sent to it: it runs, does not stop, and no readiness check is down. */
    public boolean isReady() {
        return state.get() == State.RUNNING && !isDown(Kind.READINESS);
    }

    /** Whether it can serve what still comes: as {@link #isReady}, and also while it stops. */
    public boolean isServing() {
        return isStarted() && !isDown(Kind.READINESS);
    }

    private boolean isDown(Kind kind) {
        return outcomes(kind).stream().anyMatch(outcome -> outcome.result() instanceof Check.Result.Down);
    }

    private List<Checker.Outcome> outcomes(@Nullable Kind kind) {
        var asked = new ArrayList<Checker>();
        for (var checker : checkers) {
            if (kind == null || checker.kind == kind) {
                checker.ask();
                asked.add(checker);
            }
        }
        return asked.stream().map(Checker::outcome).toList();
    }

    /** All there is to tell, for the operator. */
    public Report report() {
        var components = new ArrayList<Component>();
        for (var outcome : outcomes(null)) {
            components.add(new Component(
                    outcome.name(),
                    outcome.kind().name(),
                    status(outcome.result()),
                    outcome.result().text(),
                    outcome.nanos() / 1e6,
                    outcome.age() / 1e6));
        }
        return new Report(state.get(), isReady(), components);
    }

    private static String status(Check.Result result) {
        return switch (result) {
            case Check.Result.Up _ -> "UP";
            case Check.Result.Degraded _ -> "DEGRADED";
            case Check.Result.Down _ -> "DOWN";
        };
    }

    /** Interrupts the checks that run. */
    public void close() {
        checkers.forEach(Checker::close);
    }

    /**
     * The health of a service.
     *
     * @param state where it stands
     * @param ready whether traffic is to be sent to it
     * @param components its checks, in the order in which they were added
     */
    public record Report(State state, boolean ready, List<Component> components) {}

    /**
     * One check.
     *
     * @param name its name
     * @param kind {@code READINESS} or {@code LIVENESS}
     * @param status {@code UP}, {@code DEGRADED} or {@code DOWN}
     * @param detail why it is not up
     * @param durationMillis how long it took
     * @param ageMillis how long ago that was
     */
    public record Component(
            String name,
            String kind,
            String status,
            @Nullable String detail,
            double durationMillis,
            double ageMillis) {}
}
