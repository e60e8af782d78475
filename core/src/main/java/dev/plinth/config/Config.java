package dev.plinth.config;

import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Sections.Part;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The configuration of a service: one tree of all sources, every value with its origin, bound to the records of a
 * {@link Layout}.
 *
 * <p>Whatever exists is right: reading ends in an exception that lists everything that is wrong. Sources and their order
 * are told at {@link Sources}. Immutable, thread-safe.
 *
 * {@snippet :
 * var layout = new Layout().section("http", HttpConfig.class).sections("clients", ClientConfig.class);
 * var config = Config.load(Sources.of(Arguments.parse(args)), layout);
 * HttpConfig http = config.get("http", HttpConfig.class);
 * ClientConfig pricing = config.get("clients", "pricing", ClientConfig.class);
 * }
 */
public final class Config {
    private final Layout layout;
    private final Sources sources;
    private final String file;
    private final Known root;
    private final List<Mapping> layers;
    private final Mapping tree;
    private final Map<String, Object> bound;

    private Config(
            Layout layout,
            Sources sources,
            String file,
            Known root,
            List<Mapping> layers,
            Mapping tree,
            Map<String, Object> bound) {
        this.layout = layout;
        this.sources = sources;
        this.file = file;
        this.root = root;
        this.layers = layers;
        this.tree = tree;
        this.bound = bound;
    }

    /**
     * Reads all sources, judges every key of every source, and makes the records.
     *
     * @throws ConfigException with everything that is wrong; where a file can't be read or parsed, with that alone, since
     *     the rest would be judged by half of the tree
     * @throws dev.plinth.schema.SchemaException if a record of the layout is wrong in itself
     * @throws IllegalArgumentException if a record has a component of a type that no text can be
     */
    public static Config load(Sources sources, Layout layout) {
        var problems = new Problems();
        var files = new Layers(sources, problems);
        files.read();
        problems.check(files.names());

        var root = Known.root(layout, sources.classLoader(), sources.environment());
        var layers = new ArrayList<>(files.trees());
        override(root, layers, sources, problems);
        var tree = Mapping.EMPTY;
        var trees = new ArrayList<Mapping>();
        for (var layer : layers) {
            tree = layer.over(tree, root);
            trees.add(tree);
        }

        var optional = Overrides.optional(tree);
        for (int i = 0; i < layers.size(); i++) {
            new UnknownKeys(root, optional, problems).judge(layers.get(i), trees.get(i), tree);
        }
        var interpolation = new Interpolation(tree, root, sources.environment(), problems);
        var binder = new Binder(interpolation, root, sources.directory(), files.file(), problems);
        binder.bind(Known.Reserved.class, tree, "", Origin.DEFAULT);
        var bound = new Sections(root, binder, problems).bind(layout, tree);
        problems.check(files.names());
        return new Config(layout, sources, files.file(), root, List.copyOf(layers), tree, bound);
    }

    /** Adds the trees of the variables and of the arguments, whose keys may depend on what others of them choose. */
    private static void override(Known root, List<Mapping> layers, Sources sources, Problems problems) {
        var files = Mapping.EMPTY;
        for (var layer : layers) {
            files = layer.over(files, root);
        }
        var variables = Overrides.variables(root, sources.environment(), problems);
        var arguments = Overrides.arguments(root, sources.arguments().settings(), problems);
        var tree = files;
        boolean more = true;
        while (more) {
            more = variables.place(tree);
            var known = variables.draft().over(files, root);
            more |= arguments.place(arguments.draft().over(known, root));
            more &= !variables.isPlaced() || !arguments.isPlaced();
            tree = arguments.draft().over(known, root);
        }
        variables.tellStrange(tree);
        arguments.tellStrange(tree);
        layers.add(variables.tree());
        layers.add(arguments.tree());
    }

    /**
     * The record of a section.
     *
     * @throws IllegalArgumentException if the layout has no such section of that type
     */
    public <T extends Record> T get(String section, Class<T> type) {
        return type.cast(Objects.requireNonNull(one(section, type).record()));
    }

    /**
     * The record of one name in a section of many; of defaults, where no source has the name.
     *
     * @throws ConfigException if no source has it, and a value is required
     * @throws IllegalArgumentException if the layout has no such section of that type
     */
    public <T extends Record> T get(String section, String name, Class<T> type) {
        return type.cast(Objects.requireNonNull(named(section, name, type).record()));
    }

    /**
     * The records of a section of many, in the order in which the names were written.
     *
     * @throws IllegalArgumentException if the layout has no such section of that type
     */
    public <T extends Record> Map<String, T> all(String section, Class<T> type) {
        var all = new LinkedHashMap<String, T>();
        many(section, type).forEach((name, part) -> all.put(name, type.cast(Objects.requireNonNull(part.record()))));
        return Collections.unmodifiableMap(all);
    }

    /**
     * The backend of a section, as {@code backend:} chooses it, with its record.
     *
     * @throws IllegalArgumentException if the layout has no such section of that kind
     */
    public <B extends Backend> Chosen<B> chosen(String section, Class<B> kind) {
        return chosen(one(section, kind), kind);
    }

    /**
     * The backend of one name in a section of many; the default one, where no source has the name.
     *
     * @throws ConfigException if no source has it, and a value is required
     * @throws IllegalArgumentException if the layout has no such section of that kind
     */
    public <B extends Backend> Chosen<B> chosen(String section, String name, Class<B> kind) {
        return chosen(named(section, name, kind), kind);
    }

    /**
     * The backends of a section of many, in the order in which the names were written.
     *
     * @throws IllegalArgumentException if the layout has no such section of that kind
     */
    public <B extends Backend> Map<String, Chosen<B>> allChosen(String section, Class<B> kind) {
        var all = new LinkedHashMap<String, Chosen<B>>();
        many(section, kind).forEach((name, part) -> all.put(name, chosen(part, kind)));
        return Collections.unmodifiableMap(all);
    }

    private static <B extends Backend> Chosen<B> chosen(Part part, Class<B> kind) {
        var chosen = Objects.requireNonNull(part.chosen());
        return new Chosen<>(kind.cast(chosen.backend()), chosen.settings());
    }

    private Part one(String section, Class<?> type) {
        require(section, type, false);
        return (Part) Objects.requireNonNull(bound.get(section));
    }

    private Part named(String section, String name, Class<?> type) {
        var found = many(section, type).get(name);
        if (found != null) {
            return found;
        }
        var problems = new Problems();
        var interpolation = new Interpolation(tree, root, sources.environment(), problems);
        var binder = new Binder(interpolation, root, sources.directory(), file, problems);
        var declared = Objects.requireNonNull(layout.sections().get(section));
        var part = new Sections(root, binder, problems).part(declared, null, section + "." + name);
        problems.check(List.of());
        return Objects.requireNonNull(part);
    }

    @SuppressWarnings("unchecked") // what is bound for a section of many is a map of parts
    private Map<String, Part> many(String section, Class<?> type) {
        require(section, type, true);
        return (Map<String, Part>) Objects.requireNonNull(bound.get(section));
    }

    private void require(String section, Class<?> type, boolean many) {
        var declared = layout.sections().get(section);
        if (declared == null
                || declared.many() != many
                || (declared.type() != type
                        && (declared.backends() == null || declared.backends().kind() != type))) {
            throw new IllegalArgumentException(
                    "the layout declares no section" + (many ? "s '" : " '") + section + "' of " + type.getTypeName());
        }
    }

    /**
     * A problem with a key, at the place where it was written, for what only its user can judge; to be thrown in a
     * {@link ConfigException} with all others.
     */
    public ConfigProblem problem(String key, String message) {
        var path = root.find(key, tree);
        var origin = path == null ? null : Explainer.origin(tree, path.names());
        return new ConfigProblem(key, message, origin == null ? Origin.DEFAULT : origin);
    }

    /** Where each value comes from: every key of every section, in the order of the records. */
    public List<Explanation> explain() {
        return explainer().explain(root, List.of());
    }

    /**
     * Where the value of {@code key}, or each value below it, comes from.
     *
     * @throws ConfigException if there is no such key
     */
    public List<Explanation> explain(String key) {
        var path = root.find(key, tree);
        if (path == null) {
            throw new ConfigException(List.of(new ConfigProblem(key, root.unknown(key, tree), Origin.DEFAULT)));
        }
        return explainer().explain(path.known(), path.names());
    }

    private Explainer explainer() {
        return new Explainer(root, layers, tree, new Interpolation(tree, root, sources.environment(), new Problems()));
    }
}
