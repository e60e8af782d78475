package dev.plinth.discovery;

import dev.plinth.remote.JsonApi;
import dev.plinth.remote.RemoteException;
import dev.plinth.time.Time;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A registry that another Plinth service serves by {@link RegistryRoutes}.
 *
 * <p>Several servers need not know each other: an instance announces itself to all that answer, and asks the first that
 * does. Thread-safe.
 */
public final class RestRegistry implements Registry {
    /** What an instance sends of itself. */
    record Announcement(@NotNull Instance instance, @NotNull Duration lease) {}

    /** The names of services. */
    record Services(@NotNull List<String> services) {}

    /** The live nodes of one service. */
    record Nodes(@NotNull List<Node> nodes) {}

    private final JsonApi api;
    private final Duration timeout;

    /**
     * The one served at {@code endpoints}.
     *
     * @param endpoints where the routes are: {@code http://registry:8080/registry}
     * @param timeout the most that a call may take
     */
    public RestRegistry(List<URI> endpoints, Duration timeout, Time time) {
        this(new JsonApi("registry", endpoints, timeout, time), timeout);
    }

    /** The one behind {@code api}, which may send a token. */
    public RestRegistry(JsonApi api, Duration timeout) {
        this.api = api;
        this.timeout = timeout;
    }

    @Override
    public String describe() {
        return api.describe();
    }

    @Override
    public boolean takesAnnouncements() {
        return true;
    }

    private static String path(String service) {
        return "/services/" + Instance.requireName("service", service);
    }

    @Override
    public void announce(Instance instance, Duration lease) {
        toAll("PUT", instance, new Announcement(instance, lease));
    }

    @Override
    public void withdraw(Instance instance) {
        toAll("DELETE", instance, null);
    }

    private void toAll(String method, Instance instance, @Nullable Announcement body) {
        var path = path(instance.service()) + "/" + instance.id();
        RemoteException failure = null;
        boolean taken = false;
        for (var endpoint : api.endpoints()) {
            try {
                api.call(endpoint, method, path, body, timeout).requireOk();
                taken = true;
            } catch (RemoteException failed) {
                failure = failed;
            }
        }
        if (!taken && failure != null) {
            throw failure;
        }
    }

    @Override
    public Snapshot look(String service) {
        return api.call("GET", path(service), null).as(Snapshot.class);
    }

    @Override
    public Optional<Snapshot> await(String service, Snapshot known, Duration most) throws InterruptedException {
        var query = "?wait=" + most.toMillis() + "ms&known=" + JsonApi.encode(known.version());
        var now = api.await("GET", path(service) + query, null, most).as(Snapshot.class);
        return now.version().equals(known.version()) ? Optional.empty() : Optional.of(now);
    }

    @Override
    public Set<String> services() {
        return new TreeSet<>(api.call("GET", "/services", null).as(Services.class).services);
    }

    @Override
    public List<Node> nodes(String service) {
        return api.call("GET", "/nodes/" + Instance.requireName("service", service), null)
                .as(Nodes.class)
                .nodes;
    }

    @Override
    public void close() {
        api.close();
    }
}
