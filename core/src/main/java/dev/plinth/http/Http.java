package dev.plinth.http;

import dev.plinth.auth.Authenticator;
import dev.plinth.error.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The routes and filters of one listener.
 *
 * <pre>{@code
 * service.http()
 *     .get("/orders/{id}", request -> orders.get(request.path("id")))
 *     .post("/orders", Order.class, order -> Response.created(orders.add(order)));
 * }</pre>
 *
 * <p>A path's segment {@code {name}} is a parameter; {@code {name...}} at the end takes the rest of the path. A literal
 * wins over a parameter. {@code HEAD} is answered by the {@code GET} route and {@code OPTIONS} by the list of methods,
 * unless a route of their own is there. Composed by one thread, before the service starts.
 */
public final class Http {
    private record Definition(
            String method, String pattern, Handler handler, Http group, Router.Origin origin, boolean probe) {}

    private final @Nullable Http parent;
    private final String prefix;
    private final @Nullable String version;
    private final List<Filter> filters = new ArrayList<>();
    private final List<Definition> definitions;
    private final Maintenance maintenance = new Maintenance();
    private final Map<String, Authenticator> authenticators = new LinkedHashMap<>();
    private @Nullable Access access;

    /** No routes yet. */
    public Http() {
        this.parent = null;
        this.prefix = "";
        this.version = null;
        this.definitions = new ArrayList<>();
    }

    private Http(Http parent, String prefix, @Nullable String version) {
        this.parent = parent;
        this.prefix = prefix;
        this.version = version;
        this.definitions = parent.definitions;
    }

    /** Adds a route for any method, in capitals. */
    public Http route(String method, String pattern, Handler handler) {
        definitions.add(new Definition(method, prefix + pattern, handler, this, Router.Origin.here(), false));
        return this;
    }

    /** Adds a {@code GET} route, which answers {@code HEAD} too. */
    public Http get(String pattern, Handler handler) {
        return route("GET", pattern, handler);
    }

    /** Adds a {@code GET} route that answers whatever happens: in maintenance, over any limit, and without a log line. */
    public Http probe(String pattern, Handler handler) {
        definitions.add(new Definition("GET", prefix + pattern, handler, this, Router.Origin.here(), true));
        return this;
    }

    /** Adds a {@code POST} route. */
    public Http post(String pattern, Handler handler) {
        return route("POST", pattern, handler);
    }

    /** Adds a {@code POST} route whose body is a record. */
    public <T> Http post(String pattern, Class<T> body, Handler.WithBody<T> handler) {
        return route("POST", pattern, withBody(body, handler));
    }

    /** Adds a {@code POST} route whose body is a record, with the request at hand. */
    public <T> Http post(String pattern, Class<T> body, Handler.WithBodyAndRequest<T> handler) {
        return route("POST", pattern, withBody(body, handler));
    }

    /** Adds a {@code PUT} route. */
    public Http put(String pattern, Handler handler) {
        return route("PUT", pattern, handler);
    }

    /** Adds a {@code PUT} route whose body is a record. */
    public <T> Http put(String pattern, Class<T> body, Handler.WithBody<T> handler) {
        return route("PUT", pattern, withBody(body, handler));
    }

    /** Adds a {@code PUT} route whose body is a record, with the request at hand. */
    public <T> Http put(String pattern, Class<T> body, Handler.WithBodyAndRequest<T> handler) {
        return route("PUT", pattern, withBody(body, handler));
    }

    /** Adds a {@code PATCH} route. */
    public Http patch(String pattern, Handler handler) {
        return route("PATCH", pattern, handler);
    }

    /** Adds a {@code PATCH} route whose body is a record, with the request at hand. */
    public <T> Http patch(String pattern, Class<T> body, Handler.WithBodyAndRequest<T> handler) {
        return route("PATCH", pattern, withBody(body, handler));
    }

    /** Adds a {@code DELETE} route. */
    public Http delete(String pattern, Handler handler) {
        return route("DELETE", pattern, handler);
    }

    /** Adds a filter around every route of this listener or group, the first added outermost. */
    public Http filter(Filter filter) {
        filters.add(filter);
        return this;
    }

    /** Adds routes under a common prefix, with filters of their own. */
    public Http group(String groupPrefix, Consumer<Http> routes) {
        if (!groupPrefix.startsWith("/") || groupPrefix.endsWith("/")) {
            throw new IllegalArgumentException(
                    "group '" + groupPrefix + "' (expected: a path that begins with / and doesn't end with it)");
        }
        routes.accept(new Http(this, prefix + groupPrefix, version));
        return this;
    }

    /**
     * Adds routes of one version of the API, beside the same paths in others. A request names the version that it wants
     * by the header {@code API-Version}, or in a media type that it accepts or sends: {@code application/json;
     * version=2} or {@code application/vnd.orders.v2+json}. One that names none gets the version that was added first, so
     * that callers from before there was a second go on; one that names an unknown version is refused with 400 {@code
     * UNKNOWN_VERSION}. (For versions in the path use {@link #group}.)
     *
     * @param name digits, such as {@code 2} or {@code 2026-11-21}
     * @throws IllegalArgumentException if it is no such name, or inside another version
     */
    public Http version(String name, Consumer<Http> routes) {
        if (!Versions.isName(name) || version != null) {
            throw new IllegalArgumentException("version '" + name + "' "
                    + (version != null
                            ? "inside version '" + version + "'. Put it beside it."
                            : "(expected: digits and hyphens or dots between them, such as 2 or 2026-11-21)"));
        }
        routes.accept(new Http(this, prefix, name));
        return this;
    }

    /**
     * Says who may call the routes of this listener or group, in place of what the group around it says. Where the
     * configuration has a rule for a request as well ({@code http.access}), both must allow; where there is neither and
     * somebody can be known (section {@code auth}), who is known may.
     *
     * @throws IllegalStateException if it is said already
     */
    public Http access(Access rule) {
        if (access != null) {
            throw new IllegalStateException("access to '" + prefix + "' is for " + access + " already, and not for "
                    + rule + ". Join them by or(…) or and(…), or put routes into a group of their own.");
        }
        access = rule;
        return this;
    }

    /** Adds routes that {@code rule} says who may call, beside those of this listener or group. */
    public Http access(Access rule, Consumer<Http> routes) {
        routes.accept(new Http(this, prefix, version).access(rule));
        return this;
    }

    /**
     * Adds a way to know callers, behind those that are there; those of section {@code auth} are added when all is composed.
     *
     * @param name by which rules name it
     * @throws IllegalArgumentException if the name is taken
     */
    public Http authenticator(String name, Authenticator authenticator) {
        if (parent != null) {
            parent.authenticator(name, authenticator);
        } else if (authenticators.putIfAbsent(name, authenticator) != null) {
            throw new IllegalArgumentException("authenticator '" + name + "' is there already. Choose another name.");
        }
        return this;
    }

    /** The ways to know callers, by their names, in the order in which they are asked. */
    Map<String, Authenticator> authenticators() {
        return parent == null ? authenticators : parent.authenticators();
    }

    /** Who may call the routes of this group, as the code says; null where it says nothing. */
    @Nullable
    Access rule() {
        return access != null || parent == null ? access : parent.rule();
    }

    /** Whether a route is not for everybody, as the code says. */
    boolean isRestricted() {
        for (var definition : definitions) {
            var rule = definition.group.rule();
            if (rule != null && !rule.isOpen()) {
                return true;
            }
        }
        return false;
    }

    /**
     * What is wrong with the rules of who may call what, when all is composed: by key of the configuration what to say.
     *
     * @param section the section of {@code config}: {@code http}
     */
    public Map<String, String> accessFaults(HttpConfig config, String section) {
        var faults = new AccessFaults(config, section, authenticators());
        for (var definition : definitions) {
            faults.route(
                    definition.method,
                    definition.pattern,
                    definition.origin,
                    definition.probe,
                    definition.group.rule());
        }
        return faults.all();
    }

    /** The switch for maintenance of the whole listener. */
    public Maintenance maintenance() {
        return parent == null ? maintenance : parent.maintenance();
    }

    private static <T> Handler withBody(Class<T> body, Handler.WithBody<T> handler) {
        return request -> handler.handle(request.body(body));
    }

    private static <T> Handler withBody(Class<T> body, Handler.WithBodyAndRequest<T> handler) {
        return request -> handler.handle(request.body(body), request);
    }

    /** The table of routes without a gate. */
    Router router() {
        return router(null);
    }

    /**
     * The table of routes, each handler inside its filters, and they behind the gate; built once, at start.
     *
     * @param gate null where everybody may do everything
     * @throws IllegalArgumentException with all routes that are malformed or clash, and where they stand
     */
    Router router(@Nullable Gate gate) {
        var router = new Router();
        var faults = new ArrayList<String>(0);
        for (var definition : definitions) {
            var group = definition.group;
            var inside = group.inside(request -> answer(definition.handler.handle(request)));
            var next = gate == null || definition.probe ? inside : gate.before(group.rule(), inside);
            try {
                router.add(
                        definition.method,
                        definition.pattern,
                        group.version == null ? next : new Versions(group.version, next, this::inside),
                        definition.origin,
                        definition.probe);
            } catch (IllegalArgumentException fault) {
                faults.add(String.valueOf(fault.getMessage()));
            }
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", faults));
        }
        return router;
    }

    /** What answers where no route is found: the listener's filters around a refusal. */
    Filter.Next unmatched(@Nullable Gate gate) {
        var inside = inside(Request::unmatched);
        return gate == null ? inside : gate.before(null, inside);
    }

    private Filter.Next inside(Filter.Next next) {
        var inner = next;
        for (var filter : filters.reversed()) {
            var rest = inner;
            inner = request -> filter.filter(request, rest);
        }
        return parent == null ? inner : parent.inside(inner);
    }

    private static Response answer(@Nullable Object result) {
        return switch (result) {
            case null -> Response.noContent();
            case Response response -> response;
            case Optional<?> optional ->
                answer(optional.orElseThrow(() -> Problem.notFound("NOT_FOUND", "there is nothing at this path")));
            case String text -> Response.text(text);
            case byte[] bytes -> Response.bytes("application/octet-stream", bytes);
            default -> Response.ok(result);
        };
    }
}
