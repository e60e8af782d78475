package dev.plinth.http;

import dev.plinth.error.Problem;
import dev.plinth.json.Json;
import dev.plinth.json.JsonSchemas;
import dev.plinth.json.YamlWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The document of OpenAPI 3.1 that the routes of a listener make: from what they say by {@link Http#describe}, from the
 * records that they take and give, and from the rules on these.
 *
 * <p>Nothing of it is made before it is asked for; then it is kept. Thread-safe once the routes are complete.
 */
public final class OpenApi {
    static final String SCHEMAS = "#/components/schemas/";

    private static final Set<String> METHODS =
            Set.of("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE");

    private final Http http;
    private final OpenApiConfig config;
    private final String service;
    private final String version;
    private final Map<String, Written> written = new ConcurrentHashMap<>();

    /** A document as it is sent. */
    private record Written(String json, String yaml, String tag) {}

    /** No lambda, since one costs a start more than a class. */
    private record Answer(OpenApi api, boolean json) implements Handler {
        @Override
        public Object handle(Request request) {
            return api.answer(request, json);
        }
    }

    /** A route that stands in a document, with what was said of it. */
    record Described(Http.Definition route, Operation operation) {}

    /**
     * Of those routes.
     *
     * @param service the title, unless {@link Http#about} gives another
     * @param version that of the program
     */
    public OpenApi(Http http, OpenApiConfig config, String service, String version) {
        this.http = http;
        this.config = config;
        this.service = service;
        this.version = version;
    }

    /**
     * Adds the routes of the document to those that it is about, and those of the pages that show it.
     *
     * @param section that of the listener, {@code http}
     * @throws IllegalArgumentException if another route is there already
     */
    public void addTo(String section, @Nullable OpenApiUi ui) {
        free(config.path() + ".json", section, "path");
        free(config.path() + ".yaml", section, "path");
        http.aside()
                .get(config.path() + ".json", new Answer(this, true))
                .get(config.path() + ".yaml", new Answer(this, false));
        if (ui != null) {
            free(config.uiPath() + "/", section, "ui-path");
            var documents = new LinkedHashMap<String, String>();
            var address =
                    "../".repeat(segments(config.uiPath())) + config.path().substring(1) + ".json";
            documents.put(service, address);
            for (var api : versions().stream().skip(1).toList()) {
                documents.put(service + " " + api, address + "?version=" + api);
            }
            http.aside().group(config.uiPath(), pages -> ui.addTo(pages, documents));
        }
    }

    private void free(String path, String section, String key) {
        for (var route : http.definitions()) {
            if (route.pattern().equals(path) && route.method().equals("GET")) {
                throw new IllegalArgumentException("route GET " + path + " [" + route.origin()
                        + "] is in the place of OpenAPI. Give it another path, or set " + section
                        + ".openapi." + key + " to another, or " + section + ".openapi.enabled to false.");
            }
        }
    }

    private static int segments(String path) {
        return (int) path.chars().filter(c -> c == '/').count();
    }

    private Response answer(Request request, boolean json) {
        var api = request.query("version").orElse("");
        if (!api.isEmpty() && !versions().contains(api)) {
            throw Problem.badRequest(
                    "UNKNOWN_VERSION",
                    "there is no such version of the API (expected: one of " + String.join(", ", versions()) + ")");
        }
        var document = written.computeIfAbsent(api, this::write);
        var text = json ? document.json : document.yaml;
        return Response.bytes(json ? "application/json" : "application/yaml", text.getBytes(StandardCharsets.UTF_8))
                .withETag(document.tag + (json ? "-json" : "-yaml"))
                .withCache(CacheControl.revalidated());
    }

    private Written write(String api) {
        var tree = document(api.isEmpty() ? null : api);
        var json = Json.standard().write(tree);
        return new Written(new String(json, StandardCharsets.UTF_8), YamlWriter.of(tree), digest(json));
    }

    private static String digest(byte[] bytes) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // every JVM has it
        }
    }

    /**
     * Makes the documents of all versions, and keeps none.
     *
     * @throws IllegalArgumentException with all that is wrong in what was said of the routes of one
     */
    public void check() {
        var versions = versions();
        if (versions.isEmpty()) {
            document(null);
        }
        versions.forEach(this::document);
    }

    /** The document as a file under version control: YAML. */
    public String yaml() {
        return YamlWriter.of(document(null));
    }

    /** The versions of the API that {@link Http#version} added, in that order. */
    private List<String> versions() {
        var names = new LinkedHashSet<String>();
        for (var route : http.definitions()) {
            Optional.ofNullable(route.group().version()).ifPresent(names::add);
        }
        return List.copyOf(names);
    }

    /** The contract of that version of the API, else one of all versions. */
    private Http.@Nullable Agreed agreed(@Nullable String api) {
        var versions = versions();
        var asked = api != null || versions.isEmpty() ? api : versions.getFirst();
        Http.Agreed ofAll = null;
        for (var agreed : http.contracts()) {
            if (agreed.version() != null && agreed.version().equals(asked)) {
                return agreed;
            }
            ofAll = agreed.version() == null && ofAll == null ? agreed : ofAll;
        }
        return ofAll;
    }

    /**
     * The document, as a tree of maps, lists and values.
     *
     * @param api the version of the API; null for what callers get that name none
     * @throws IllegalArgumentException with all that is wrong in what was said of the routes
     */
    public Map<String, Object> document(@Nullable String api) {
        var agreed = agreed(api);
        if (agreed != null) { // what was agreed is what is told, whatever else is served beside it
            return agreed.document().served();
        }
        var faults = new ArrayList<String>(0);
        var routes = routes(api, faults);
        var schemas = new JsonSchemas(SCHEMAS, Set.of(ProblemSchema.NAME, ProblemSchema.VIOLATION));
        var ids = new OperationIds(faults);
        for (var route : routes) {
            if (route.operation.id != null) {
                ids.take(route.operation.id, name(route.route));
            }
        }
        var tags = new LinkedHashMap<String, String>();
        var schemes = new LinkedHashMap<String, Object>();
        var responses = new TreeMap<String, Object>();
        var paths = new LinkedHashMap<String, Map<String, Object>>();
        var patterns = new LinkedHashMap<String, String>();
        for (var route : routes) {
            var pattern = patterns.computeIfAbsent(shape(route.route.pattern()), _ -> path(route.route.pattern()));
            var item = paths.computeIfAbsent(pattern, _ -> new LinkedHashMap<>());
            try {
                item.putIfAbsent(
                        route.route.method().toLowerCase(Locale.ROOT),
                        new OpenApiOperation(route, pattern, schemas, ids, tags, schemes, responses, service)
                                .tree(versionsOf(route.route), api));
            } catch (RuntimeException wrong) {
                faults.add(name(route.route) + ": " + wrong.getMessage());
            }
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", faults));
        }
        var document = new LinkedHashMap<String, Object>();
        document.put("openapi", "3.1.1");
        document.put("info", info());
        document.put("servers", List.of(Map.of("url", server())));
        document.put("tags", tags(tags));
        document.put("security", List.of());
        document.put("paths", paths);
        var components = new LinkedHashMap<String, Object>();
        var definitions = schemas.definitions();
        definitions.put(ProblemSchema.NAME, ProblemSchema.schema());
        definitions.put(ProblemSchema.VIOLATION, ProblemSchema.violation());
        components.put("schemas", definitions);
        responses.put(ProblemSchema.NAME, ProblemSchema.response());
        components.put("responses", responses);
        if (!schemes.isEmpty()) {
            components.put("securitySchemes", schemes);
        }
        document.put("components", components);
        return document;
    }

    /** One of each method and path: that of the version, or the one that answers callers who name none. */
    private List<Described> routes(@Nullable String api, List<String> faults) {
        var chosen = new LinkedHashMap<String, Described>();
        for (var route : http.definitions()) {
            var itsOwn = route.group().version();
            if (route.probe()
                    || route.group().isUndocumented()
                    || !METHODS.contains(route.method())
                    || (api != null && itsOwn != null && !itsOwn.equals(api))) {
                continue;
            }
            var operation = new Operation(route.body());
            try {
                if (route.says() != null) {
                    route.says().accept(operation);
                }
            } catch (RuntimeException wrong) {
                faults.add(name(route) + ": " + wrong.getMessage());
                continue;
            }
            if (!operation.hidden) {
                chosen.putIfAbsent(route.method() + " " + shape(route.pattern()), new Described(route, operation));
            }
        }
        return List.copyOf(chosen.values());
    }

    /** The versions in which there is that route; empty if it is in none of its own. */
    private List<String> versionsOf(Http.Definition route) {
        var names = new ArrayList<String>(0);
        for (var other : http.definitions()) {
            var name = other.group().version();
            if (name != null
                    && other.method().equals(route.method())
                    && other.pattern().equals(route.pattern())) {
                names.add(name);
            }
        }
        return names;
    }

    private static String name(Http.Definition route) {
        return route.method() + " " + route.pattern() + " [" + route.origin() + "]";
    }

    /** What tells which paths a pattern takes, whatever its parameters are called. */
    private static String shape(String pattern) {
        return pattern.replaceAll("\\{[^}]*}", "{}");
    }

    /** The pattern as OpenAPI has it, which knows no rest of a path. */
    private static String path(String pattern) {
        return pattern.replace("...}", "}");
    }

    private Map<String, Object> info() {
        var about = new About();
        http.about().forEach(says -> says.accept(about));
        var info = new LinkedHashMap<String, Object>();
        info.put("title", about.title == null ? service : about.title);
        info.put("version", about.version == null ? version : about.version);
        info.put("description", about.description == null ? "The API of " + service + "." : about.description);
        if (about.contact != null) {
            info.put("contact", about.contact);
        }
        if (about.license != null) {
            info.put("license", about.license);
        }
        return info;
    }

    /** Where the routes are, seen from the document: so it holds behind any proxy. */
    private String server() {
        int up = segments(config.path()) - 1;
        return up == 0 ? "." : String.join("/", java.util.Collections.nCopies(up, ".."));
    }

    private static List<Object> tags(Map<String, String> sentences) {
        var tags = new ArrayList<Object>();
        sentences.forEach((name, sentence) -> {
            var tag = new LinkedHashMap<String, Object>();
            tag.put("name", name);
            tag.put("description", sentence);
            tags.add(tag);
        });
        return tags;
    }
}
