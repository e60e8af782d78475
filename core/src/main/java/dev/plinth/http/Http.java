package dev.plinth.http;

import dev.plinth.auth.Authenticator;
import dev.plinth.error.Problem;
import dev.plinth.openapi.Document;
import dev.plinth.resilience.Priority;
import java.nio.file.Path;
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
    /**
     * A route as it was added.
     *
     * @param body what its body is bound to; null where it says no type
     * @param says what was said of it; null for nothing
     */
    record Definition(
            String method,
            String pattern,
            Handler handler,
            Http group,
            Router.Origin origin,
            Priority priority,
            boolean probe,
            @Nullable Class<?> body,
            @Nullable Consumer<Operation> says) {
        Definition saying(Consumer<Operation> more) {
            return new Definition(
                    method,
                    pattern,
                    handler,
                    group,
                    origin,
                    priority,
                    probe,
                    body,
                    says == null ? more : says.andThen(more));
        }
    }

    /** A contract, and the version of the API that it is of. */
    record Agreed(Document document, @Nullable String version) {}

    /** The tag of a group's routes. */
    record Tagged(String name, String sentence) {}

    private final @Nullable Http parent;
    private final String prefix;
    private final @Nullable String version;
    private final List<Filter> filters = new ArrayList<>();
    private final List<Definition> definitions;
    private final Maintenance maintenance = new Maintenance();
    private final Map<String, Authenticator> authenticators = new LinkedHashMap<>();
    private @Nullable Access access;
    private Priority priority;
    private final List<Agreed> contracts = new ArrayList<>(0);
    private final List<Consumer<About>> about;
    private @Nullable Tagged tag;
    private @Nullable List<SecurityScheme> security;
    private boolean undocumented;

    /** No routes yet. */
    public Http() {
        this.parent = null;
        this.prefix = "";
        this.version = null;
        this.definitions = new ArrayList<>();
        this.priority = Priority.NORMAL;
        this.about = new ArrayList<>(0);
    }

    private Http(Http parent, String prefix, @Nullable String version) {
        this.parent = parent;
        this.prefix = prefix;
        this.version = version;
        this.definitions = parent.definitions;
        this.priority = parent.priority;
        this.about = parent.about;
    }

    /** Adds a route for any method, in capitals. */
    public Http route(String method, String pattern, Handler handler) {
        return add(method, pattern, handler, false, null);
    }

    private Http add(String method, String pattern, Handler handler, boolean probe, @Nullable Class<?> body) {
        definitions.add(new Definition(
                method, prefix + pattern, handler, this, Router.Origin.here(), priority, probe, body, null));
        return this;
    }

    /** Adds a {@code GET} route, which answers {@code HEAD} too. */
    public Http get(String pattern, Handler handler) {
        return route("GET", pattern, handler);
    }

    /** Adds a {@code GET} route that answers whatever happens: in maintenance, over any limit, and without a log line. */
    public Http probe(String pattern, Handler handler) {
        return add("GET", pattern, handler, true, null);
    }

    /** Adds a {@code POST} route. */
    public Http post(String pattern, Handler handler) {
        return route("POST", pattern, handler);
    }

    /** Adds a {@code POST} route whose body is a record. */
    public <T> Http post(String pattern, Class<T> body, Handler.WithBody<T> handler) {
        return add("POST", pattern, withBody(body, handler), false, body);
    }

    /** Adds a {@code POST} route whose body is a record, with the request at hand. */
    public <T> Http post(String pattern, Class<T> body, Handler.WithBodyAndRequest<T> handler) {
        return add("POST", pattern, withBody(body, handler), false, body);
    }

    /** Adds a {@code PUT} route. */
    public Http put(String pattern, Handler handler) {
        return route("PUT", pattern, handler);
    }

    /** Adds a {@code PUT} route whose body is a record. */
    public <T> Http put(String pattern, Class<T> body, Handler.WithBody<T> handler) {
        return add("PUT", pattern, withBody(body, handler), false, body);
    }

    /** Adds a {@code PUT} route whose body is a record, with the request at hand. */
    public <T> Http put(String pattern, Class<T> body, Handler.WithBodyAndRequest<T> handler) {
        return add("PUT", pattern, withBody(body, handler), false, body);
    }

    /** Adds a {@code PATCH} route. */
    public Http patch(String pattern, Handler handler) {
        return route("PATCH", pattern, handler);
    }

    /** Adds a {@code PATCH} route whose body is a record, with the request at hand. */
    public <T> Http patch(String pattern, Class<T> body, Handler.WithBodyAndRequest<T> handler) {
        return add("PATCH", pattern, withBody(body, handler), false, body);
    }

    /** Adds a {@code DELETE} route. */
    public Http delete(String pattern, Handler handler) {
        return route("DELETE", pattern, handler);
    }

    /**
     * Adds a {@code GET} route that opens a {@link WebSocket}, inside the filters as any other.
     *
     * @param protocols sub-protocols that it speaks; the first that the client names is agreed on
     */
    public Http webSocket(String pattern, WebSocket.Handler handler, String... protocols) {
        return get(pattern, request -> Response.webSocket(request, handler, protocols))
                .describe(it -> it.description("A WebSocket (RFC 6455).")
                        .returns(101)
                        .problem(400, "WEBSOCKET_EXPECTED", "The request asks for something else than a WebSocket."));
    }

    /**
     * Describes the route that was added last, for the document of OpenAPI. It is looked at when the document is asked for
     * first, and changes nothing of what the route does; see {@link Operation}.
     *
     * @throws IllegalStateException if no route was added to this listener or group
     */
    public Http describe(Consumer<Operation> says) {
        if (definitions.isEmpty() || definitions.getLast().group != this) {
            throw new IllegalStateException("describe at " + Router.Origin.here()
                    + " comes before any route (expected: right after the route that it is about)");
        }
        definitions.set(definitions.size() - 1, definitions.getLast().saying(says));
        return this;
    }

    /** Describes the whole, for the document of OpenAPI; on the listener itself. */
    public Http about(Consumer<About> says) {
        about.add(says);
        return this;
    }

    /**
     * Names what the routes of this listener or group belong to, for the document of OpenAPI. Without a name it is the first
     * word of the path.
     */
    public Http tag(String name, String sentence) {
        tag = new Tagged(name, sentence);
        return this;
    }

    /**
     * Says in the document of OpenAPI that the routes of this listener or group want one of these, or with none that they
     * want nothing. It describes and guards nothing: what guards says so by this.
     */
    public Http describeSecurity(SecurityScheme... oneOf) {
        security = List.of(oneOf);
        return this;
    }

    /** Leaves the routes of this listener or group out of the document of OpenAPI. */
    public Http undocumented() {
        undocumented = true;
        return this;
    }

    /** Adds a filter around every route of this listener or group, the first added outermost. */
    public Http filter(Filter filter) {
        filters.add(filter);
        return this;
    }

    /**
     * Says which of the routes that follow, of this listener or group and the groups within, give way when there is too
     * much to do.
     *
     * <pre>{@code
     * .group("/reports", reports -> reports.priority(Priority.LOW).get("/sales", ...))
     * }</pre>
     */
    public Http priority(Priority newPriority) {
        priority = newPriority;
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

    /**
     * Adds the routes of a contract, an OpenAPI document on the class path: Swagger 2.0, OpenAPI 3.0 or 3.1, in YAML or
     * JSON, with the files beside it that it refers to. Requests are judged by it before a handler sees them; see {@link
     * Contract}.
     *
     * @param resource its name on the class path, such as {@code openapi.yaml} for {@code
     *     src/main/resources/openapi.yaml}
     * @throws dev.plinth.config.ConfigException with everything that is wrong with it, each with its place, and all
     *     operations that have no handler or handlers that have no operation
     */
    public Http contract(String resource, Consumer<Contract> handlers) {
        var caller = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .getCallerClass();
        var loader = caller.getClassLoader();
        return contract(
                Document.resource(loader == null ? ClassLoader.getSystemClassLoader() : loader, resource), handlers);
    }

    /** Adds the routes of a contract in a file; all else is as in {@link #contract(String, Consumer)}. */
    public Http contract(Path file, Consumer<Contract> handlers) {
        return contract(Document.file(file), handlers);
    }

    private Http contract(Document document, Consumer<Contract> handlers) {
        var contract = new Contract(document);
        handlers.accept(contract);
        contract.addTo(new Http(this, prefix, version).undocumented()); // what they are is in the contract
        root().contracts.add(new Agreed(document, version));
        return this;
    }

    private Http root() {
        return parent == null ? this : parent.root();
    }

    /** What the listener agreed to, in the order in which it was added. */
    List<Agreed> contracts() {
        return contracts;
    }

    /** The switch for maintenance of the whole listener. */
    public Maintenance maintenance() {
        return parent == null ? maintenance : parent.maintenance();
    }

    static <T> Handler withBody(Class<T> body, Handler.WithBody<T> handler) {
        return request -> handler.handle(request.body(body));
    }

    static <T> Handler withBody(Class<T> body, Handler.WithBodyAndRequest<T> handler) {
        return request -> handler.handle(request.body(body), request);
    }

    /** The table of routes, open to everybody. */
    Router router() {
        return router(null);
    }

    /**
     * The table of routes, each handler inside its filters, and they behind the control of access; built once, at start.
     *
     * @param control null where everybody may do everything
     * @throws IllegalArgumentException with all routes that are malformed or clash, and where they stand
     */
    Router router(@Nullable AccessControl control) {
        var router = new Router();
        var faults = new ArrayList<String>(0);
        for (var definition : definitions) {
            var group = definition.group;
            var inside = group.inside(request -> answer(definition.handler.handle(request)));
            var next = control == null || definition.probe ? inside : control.before(group.rule(), inside);
            try {
                router.add(
                        definition.method,
                        definition.pattern,
                        group.version == null
                                ? next
                                : new Versions(
                                        group.version,
                                        next,
                                        refusal -> control == null || definition.probe
                                                ? inside(refusal)
                                                : control.before(group.rule(), inside(refusal))),
                        definition.origin,
                        definition.priority,
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
    Filter.Next unmatched(@Nullable AccessControl control) {
        var inside = inside(Request::unmatched);
        return control == null ? inside : control.before(rule(), inside);
    }

    /** All routes as they were added. */
    List<Definition> definitions() {
        return definitions;
    }

    /** The version of the API that its routes are of; null if they are of all. */
    @Nullable
    String version() {
        return version;
    }

    /** What was said of the whole. */
    List<Consumer<About>> about() {
        return about;
    }

    /** The tag that was given to its routes; null if none was. */
    @Nullable
    Tagged tag() {
        return tag != null || parent == null ? tag : parent.tag();
    }

    /** What its routes want, as was said or as guards them; null if there is neither. */
    @Nullable
    List<SecurityScheme> security() {
        var said = saidSecurity();
        return said != null || authenticators().isEmpty() ? said : guards();
    }

    private @Nullable List<SecurityScheme> saidSecurity() {
        return security != null || parent == null ? security : parent.saidSecurity();
    }

    /** What guards them by the rules of the code; those of the configuration are of one installation. */
    private List<SecurityScheme> guards() {
        var rule = rule();
        if (rule != null && rule.isOpen()) {
            return List.of();
        }
        var guards = new ArrayList<SecurityScheme>();
        authenticators().forEach((name, authenticator) -> {
            if (rule == null
                    || rule.authenticators().isEmpty()
                    || rule.authenticators().contains(name)) {
                guards.add(new SecurityScheme(name, authenticator.scheme()));
            }
        });
        return guards;
    }

    /** For routes beside its own that are in no document. */
    Http aside() {
        return new Http(this, prefix, version).undocumented();
    }

    boolean isUndocumented() {
        return undocumented || (parent != null && parent.isUndocumented());
    }

    private Filter.Next inside(Filter.Next next) {
        var inner = next;
        for (var filter : filters.reversed()) {
            var rest = inner;
            inner = request -> filter.filter(request, rest);
        }
        return parent == null ? inner : parent.inside(inner);
    }

    static Response answer(@Nullable Object result) {
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
