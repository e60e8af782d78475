package dev.plinth.openapi;

import dev.plinth.config.ConfigException;
import dev.plinth.config.Node;
import dev.plinth.config.Node.Mapping;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One OpenAPI document: Swagger 2.0, OpenAPI 3.0 or 3.1 as YAML or JSON, all files that it refers to joined to one, and
 * brought to 3.1. Everything else works on that. Immutable.
 *
 * <p>References lead within the document and to files in its folder and below; nothing is fetched. A document is refused
 * whole, with everything that is wrong and each place.
 */
public final class Document {
    private final Mapping joined;
    private final Mapping root;
    private final String version;
    private final List<Endpoint> endpoints;

    private Document(Mapping joined, Mapping root, String version, List<Endpoint> endpoints) {
        this.joined = joined;
        this.root = root;
        this.version = version;
        this.endpoints = endpoints;
    }

    /**
     * Reads a file and those that it refers to, in its folder and below.
     *
     * @throws ConfigException with everything that is wrong, each with its place
     */
    public static Document file(Path file) {
        var folder = file.toAbsolutePath().normalize().getParent();
        var given = file.getParent();
        var name = file.getFileName();
        if (folder == null || name == null) {
            throw new IllegalArgumentException("'" + file + "' (expected: a file)");
        }
        return of(new Source.Folder(folder, given == null ? "" : given + "/"), name.toString());
    }

    /**
     * Reads a resource of the class path and those that it refers to, beside it and below.
     *
     * @throws ConfigException with everything that is wrong, each with its place
     */
    public static Document resource(ClassLoader loader, String name) {
        int end = name.lastIndexOf('/') + 1;
        return of(new Source.Resources(loader, name.substring(0, end)), name.substring(end));
    }

    private static Document of(Source source, String name) {
        var joined = Bundle.of(source, name);
        var found = new Found();
        var version = version(joined, found);
        found.check();
        var root = version.startsWith("3.1")
                ? joined
                : Upgrade.from30(version.equals("2.0") ? Swagger.to30(joined, found) : joined);
        Soundness.check(root, found);
        var endpoints = found.isEmpty() ? new Endpoints(root, found).all() : List.<Endpoint>of();
        found.check();
        return new Document(joined, root, version, endpoints);
    }

    private static String version(Mapping root, Found found) {
        var swagger = Trees.text(root, "swagger");
        var text = swagger == null ? String.valueOf(Trees.text(root, "openapi")) : swagger;
        if (swagger == null ? !text.matches("3\\.[01](\\.[0-9]+)?") : !text.equals("2.0")) {
            var key = swagger == null ? "openapi" : "swagger";
            var at = root.get(key);
            found.add(
                    key,
                    "version " + text + " is not read (expected: openapi: 3.1.x, openapi: 3.0.x or swagger: \"2.0\")",
                    at == null ? root.origin() : at.origin());
        }
        return text;
    }

    /** The version that it was written in: {@code 2.0}, {@code 3.0.3}. */
    public String version() {
        return version;
    }

    /** One document without references to other files, in the version that it was written in. */
    public Mapping joined() {
        return joined;
    }

    /** The same as maps, lists and values. */
    public Map<String, Object> tree() {
        return tree(joined);
    }

    /** The document as OpenAPI 3.1. */
    public Mapping root() {
        return root;
    }

    /** The document as OpenAPI 3.1, as maps, lists and values. */
    public Map<String, Object> served() {
        return tree(root);
    }

    @SuppressWarnings("unchecked") // a mapping is a map by name
    private static Map<String, Object> tree(Mapping mapping) {
        return (Map<String, Object>) Objects.requireNonNull(Trees.value(mapping));
    }

    /** Its operations, in its order. */
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    /** What a section of the components holds, as JSON. */
    public Map<String, @Nullable Object> component(String section) {
        var all = new LinkedHashMap<String, @Nullable Object>();
        Trees.members(Trees.get(root.get("components"), section))
                .forEach((name, member) -> all.put(name, Trees.value(member.value())));
        return all;
    }

    /** What {@code #/a/b} leads to; null if nothing is there. */
    static @Nullable Node find(Node root, String ref) {
        var names = ref.startsWith("#") ? Pointer.names(ref.substring(1)) : null;
        if (names == null) {
            return null;
        }
        Node at = root;
        for (var name : names) {
            at = at == null ? null : Bundle.below(at, name);
        }
        return at;
    }
}
