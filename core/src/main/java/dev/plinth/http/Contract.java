package dev.plinth.http;

import dev.plinth.config.ConfigException;
import dev.plinth.config.ConfigProblem;
import dev.plinth.config.Origin;
import dev.plinth.openapi.Document;
import dev.plinth.openapi.Endpoint;
import dev.plinth.schema.DidYouMean;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The handlers of a contract, each bound to an operation of an OpenAPI document by its id.
 *
 * <pre>{@code
 * service.http().contract("openapi.yaml", contract -> contract
 *     .bind("getOrder", request -> orders.get(request.path("id")))
 *     .bind("createOrder", Order.class, order -> Response.created(orders.add(order))));
 * }</pre>
 *
 * <p>Paths are those of the document behind the path of its first server. Before a handler is called, parameters are read
 * in their style and judged, and so are content type and body; everything that is wrong comes back in one 400. A handler
 * asks {@link Request} as always: lists stand there taken apart, objects of {@code deepObject} as {@code name.key},
 * defaults filled in.
 *
 * <p>An operation without a handler, and a handler without an operation, are told together when all is bound.
 */
public final class Contract {
    private final Document document;
    private final Map<String, Endpoint> byName = new HashMap<>();
    private final Set<String> ambiguous = new LinkedHashSet<>();
    private final IdentityHashMap<Endpoint, Handler> handlers = new IdentityHashMap<>();
    private final List<ConfigProblem> problems = new ArrayList<>();
    private @Nullable Function<Security, Filter> guard;
    private @Nullable String basePath;

    /**
     * What an operation asks of its caller.
     *
     * @param operation its id, or method and path
     * @param alternatives one of these must hold: names of schemes that must hold together, each with its scopes; an empty
     *     map is the alternative that asks for nothing
     * @param schemes what the document says of each, by name: {@code type}, {@code in}, {@code name}, …
     */
    public record Security(
            String operation, List<Map<String, List<String>>> alternatives, Map<String, Map<String, Object>> schemes) {}

    Contract(Document document) {
        this.document = document;
        for (var endpoint : document.endpoints()) {
            if (!endpoint.id().isEmpty()) {
                byName.put(endpoint.id(), endpoint);
            }
        }
        for (var endpoint : document.endpoints()) {
            for (var alias : endpoint.aliases()) {
                var before = byName.putIfAbsent(alias, endpoint);
                if (before != null && !before.id().equals(alias)) {
                    ambiguous.add(alias);
                }
            }
        }
    }

    /**
     * Binds a handler to an operation.
     *
     * @param id its {@code operationId}; or the controller that the document names for it ({@code
     *     x-openapi-router-controller}, {@code x-swagger-router-controller}), a dot and the id; or its resty name: {@code
     *     pets.search} for {@code GET /pets}, {@code pets.post}, {@code pets.get} for {@code GET /pets/{id}}, {@code
     *     pets.put}, {@code pets.delete}
     */
    public Contract bind(String id, Handler handler) {
        var endpoint = ambiguous.contains(id) ? null : byName.get(id);
        if (endpoint == null) {
            problems.add(new ConfigProblem(id, unknown(id), place()));
        } else if (handlers.putIfAbsent(endpoint, handler) != null) {
            problems.add(new ConfigProblem(id, "has two handlers (expected: one)", endpoint.origin()));
        }
        return this;
    }

    /** Binds a handler to an operation whose body is a record, or what else {@link Request#body} reads. */
    public <T> Contract bind(String id, Class<T> body, Handler.WithBody<T> handler) {
        return bind(id, Http.withBody(body, handler));
    }

    /** Binds a handler to an operation whose body is a record, with the request at hand. */
    public <T> Contract bind(String id, Class<T> body, Handler.WithBodyAndRequest<T> handler) {
        return bind(id, Http.withBody(body, handler));
    }

    /** The operations that have no handler yet, by id, or by resty name where they have none. */
    public List<String> unbound() {
        return document.endpoints().stream()
                .filter(each -> !handlers.containsKey(each))
                .map(Contract::bindable)
                .toList();
    }

    /**
     * Says who looks at what the operations ask of their callers: for each that asks for anything, {@code newGuard} gives
     * the filter that lets a request through or refuses it, before anything of it is judged. A contract that asks and has
     * no guard is refused at the start, so that nothing is open by mistake.
     */
    public Contract guard(Function<Security, Filter> newGuard) {
        guard = newGuard;
        return this;
    }

    /** Says that section {@code auth} or a gateway in front looks at what the operations ask of their callers. */
    public Contract guardedElsewhere() {
        return guard(_ -> (request, next) -> next.proceed(request));
    }

    /**
     * The path that stands before those of the document, instead of its server's.
     *
     * @throws IllegalArgumentException if it is neither empty nor begins with a slash and ends without one
     */
    public Contract basePath(String path) {
        if (!path.isEmpty() && (!path.startsWith("/") || path.endsWith("/"))) {
            throw new IllegalArgumentException("base path '" + path
                    + "' (expected: nothing, or a path that begins with / and doesn't end with it)");
        }
        basePath = path;
        return this;
    }

    private Origin place() {
        return document.root().origin().at(0, 0);
    }

    private String unknown(String id) {
        if (ambiguous.contains(id)) {
            return "several operations have this name (expected: the operationId)";
        }
        var near = DidYouMean.nearest(id, byName.keySet());
        return "the contract has no such operation"
                + near.map(known -> " (did you mean " + known + "?)")
                        .orElseGet(() -> document.endpoints().isEmpty()
                                ? " (it has none)"
                                : " (unbound: " + String.join(", ", unbound()) + ")");
    }

    private static String bindable(Endpoint endpoint) {
        return endpoint.id().isEmpty() ? String.join(" or ", endpoint.aliases()) : endpoint.id();
    }

    // ---- routes
    // ------------------------------------------------------------------------------------------------------

    void addTo(Http http) {
        var schemes = schemes();
        for (var endpoint : document.endpoints()) {
            var handler = handlers.get(endpoint);
            if (handler == null) {
                problems.add(new ConfigProblem(
                        bindable(endpoint),
                        "no handler is bound for " + endpoint.method() + " " + endpoint.path(),
                        endpoint.origin()));
                continue;
            }
            var pattern = pattern(endpoint);
            var guarded = guarded(endpoint, new ContractRoute(endpoint, handler), schemes);
            if (pattern != null && guarded != null) {
                http.route(endpoint.method(), pattern, guarded);
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    private @Nullable Handler guarded(
            Endpoint endpoint, ContractRoute route, Map<String, Map<String, Object>> schemes) {
        if (endpoint.security().stream().allMatch(Map::isEmpty)) {
            return route;
        }
        if (guard == null) {
            if (problems.stream().noneMatch(each -> each.key().equals("security"))) {
                problems.add(new ConfigProblem(
                        "security",
                        endpoint.name() + " asks for " + String.join(" or ", names(endpoint.security()))
                                + ", and nobody looks at that (expected: contract.guard(...), or"
                                + " contract.guardedElsewhere() where a gateway does)",
                        endpoint.origin()));
            }
            return null;
        }
        var filter = guard.apply(new Security(endpoint.name(), endpoint.security(), schemes));
        return request -> filter.filter(request, inner -> Http.answer(route.handle(inner)));
    }

    private static List<String> names(List<Map<String, List<String>>> alternatives) {
        return alternatives.stream()
                .map(each -> each.isEmpty() ? "nothing" : String.join(" and ", each.keySet()))
                .toList();
    }

    @SuppressWarnings("unchecked") // objects of JSON are maps by name
    private Map<String, Map<String, Object>> schemes() {
        var schemes = new LinkedHashMap<String, Map<String, Object>>();
        document.component("securitySchemes").forEach((name, value) -> {
            if (value instanceof Map<?, ?> scheme) {
                schemes.put(name, (Map<String, Object>) scheme);
            }
        });
        return schemes;
    }

    /** The route's pattern; null where that can't be routed, which is told. */
    private @Nullable String pattern(Endpoint endpoint) {
        var pattern = new StringBuilder(basePath == null ? endpoint.basePath() : basePath);
        for (var segment : endpoint.path().substring(1).split("/", -1)) {
            pattern.append('/');
            if (segment.indexOf('{') < 0) {
                pattern.append(segment);
            } else if (segment.matches("\\{[^{}]+\\}")) {
                pattern.append('{')
                        .append(parameter(segment.substring(1, segment.length() - 1)))
                        .append('}');
            } else {
                problems.add(new ConfigProblem(
                        endpoint.name(),
                        "'" + segment + "' of " + endpoint.path()
                                + " is not routed (expected: a segment that is text, or"
                                + " one {name} and nothing else)",
                        endpoint.origin()));
                return null;
            }
        }
        return pattern.toString();
    }

    /** The name of a path parameter as routes may have it: what is no letter, digit, {@code _} or {@code -} is a {@code _}. */
    static String parameter(String name) {
        var safe = name.replaceAll("[^A-Za-z0-9_-]", "_");
        return safe.matches("[A-Za-z_].*") ? safe : "_" + safe;
    }
}
