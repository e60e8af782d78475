package dev.plinth.discovery;

import dev.plinth.context.Context;
import dev.plinth.error.Problem;
import dev.plinth.http.Access;
import dev.plinth.http.BearerToken;
import dev.plinth.http.Http;
import dev.plinth.http.Request;
import dev.plinth.http.Response;
import dev.plinth.secret.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Serves a registry to other services: the other side of {@link RestRegistry}.
 *
 * <pre>{@code
 * service.http().group("/registry", new RegistryRoutes(new MemoryRegistry(service.time()), Optional.empty())::addTo);
 * }</pre>
 *
 * <pre>
 * GET    /services                     the names of all
 * GET    /services/{service}           its instances; ?known=VERSION&amp;wait=20s waits for others than those
 * PUT    /services/{service}/{id}      announces an instance or renews its lease
 * DELETE /services/{service}/{id}      takes it back
 * GET    /nodes/{service}              its instances with their last sign of life
 * </pre>
 *
 * <p>A registry in memory begins empty: after a restart it knows all again when each has renewed its lease, and those who
 * ask keep what they knew meanwhile. Thread-safe.
 */
public final class RegistryRoutes {
    private static final Duration MOST_WAIT = Duration.ofSeconds(25);
    private static final Duration LONGEST_LEASE = Duration.ofHours(1);

    private final Registry registry;
    private final Optional<Secret> token;
    private volatile boolean draining;

    /**
     * Those of {@code registry}, which {@link #drain} closes.
     *
     * @param token what {@code Authorization: Bearer} must carry; without one whoever reaches the listener may announce
     */
    public RegistryRoutes(Registry registry, Optional<Secret> token) {
        this.registry = registry;
        this.token = token;
    }

    /** Adds the routes, with a filter that asks for the token; give it a group of its own. */
    public void addTo(Http http) {
        token.ifPresent(secret -> http.access(Access.anybody()) // the token decides
                .filter(new BearerToken(secret, "the registry wants Authorization: Bearer with its token")));
        http.get("/services", _ -> new RestRegistry.Services(List.copyOf(registry.services())))
                .get("/services/{service}", this::look)
                .put("/services/{service}/{id}", RestRegistry.Announcement.class, this::announce)
                .delete("/services/{service}/{id}", this::withdraw)
                .get("/nodes/{service}", request -> new RestRegistry.Nodes(registry.nodes(service(request))));
    }

    /** From here on nobody is kept waiting for a change, so that the listener can stop. */
    public void drain() {
        draining = true;
        registry.close();
    }

    private static String service(Request request) {
        return name("service", request.path("service"));
    }

    private static String name(String what, String name) {
        try {
            return Instance.requireName(what, name);
        } catch (IllegalArgumentException refused) {
            throw Problem.badRequest("BAD_NAME", String.valueOf(refused.getMessage()));
        }
    }

    private Snapshot look(Request request) throws InterruptedException {
        var service = service(request);
        var known = request.query("known").orElse("");
        var now = registry.look(service);
        var wait = wait(request);
        if (draining || !wait.isPositive() || !now.version().equals(known)) {
            return now;
        }
        return registry.await(service, now, wait).orElse(now);
    }

    /** No longer than this side is allowed to think, so that the answer is still wanted. */
    private static Duration wait(Request request) {
        var wait = request.query("wait", Duration.class).orElse(Duration.ZERO);
        var most = wait.compareTo(MOST_WAIT) < 0 ? wait : MOST_WAIT;
        return Context.current()
                .deadline()
                .map(deadline -> deadline.remaining().dividedBy(10).multipliedBy(9))
                .filter(left -> left.compareTo(most) < 0)
                .orElse(most);
    }

    private Response announce(RestRegistry.Announcement announcement, Request request) {
        var instance = announcement.instance();
        if (!instance.service().equals(service(request)) || !instance.id().equals(request.path("id"))) {
            throw Problem.badRequest(
                    "BAD_ANNOUNCEMENT",
                    "the path names " + request.path("service") + "/" + request.path("id") + ", the body "
                            + instance.service() + "/" + instance.id());
        }
        var lease = announcement.lease();
        if (lease.compareTo(Duration.ofSeconds(1)) < 0 || lease.compareTo(LONGEST_LEASE) > 0) {
            throw Problem.badRequest("BAD_LEASE", "lease " + lease + " (expected: 1s..1h)");
        }
        registry.announce(instance, lease);
        return Response.noContent();
    }

    private Response withdraw(Request request) {
        registry.withdraw(Instance.of(service(request), name("instance id", request.path("id")), "unknown", 1));
        return Response.noContent();
    }
}
