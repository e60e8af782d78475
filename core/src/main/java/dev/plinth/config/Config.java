package dev.plinth.config;

import dev.plinth.config.Known.Kind;
import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Member;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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

        var root = Known.root(layout);
        var layers = new ArrayList<>(files.trees());
        var tree = Mapping.EMPTY;
        for (var layer : layers) {
            tree = layer.over(tree);
        }
        var variables = new Overrides(root, tree, problems).environment(sources.environment());
        layers.add(variables);
        tree = variables.over(tree);
        var arguments = new Overrides(root, tree, problems)
                .arguments(sources.arguments().settings());
        layers.add(arguments);
        tree = arguments.over(tree);

        var optional = Overrides.optional(tree);
        for (var layer : layers) {
            unknown(root, root, layer, new ArrayList<>(), optional, problems);
        }
        var interpolation = new Interpolation(tree, root, sources.environment(), problems);
        var binder = new Binder(interpolation, sources.directory(), files.file(), problems);
        binder.bind(Known.Reserved.class, tree, "", Origin.DEFAULT);
        var bound = new LinkedHashMap<String, Object>();
        for (var section : layout.sections().entrySet()) {
            var name = section.getKey();
            var type = section.getValue().type();
            var member = tree.members().get(name);
            if (section.getValue().many()) {
                bound.put(name, many(binder, type, member, name, problems));
            } else {
                var record = binder.bind(
                        type,
                        member == null ? null : member.value(),
                        name,
                        member == null ? Origin.DEFAULT : member.key());
                if (record != null) {
                    bound.put(name, record);
                }
            }
        }
        problems.check(files.names());
        return new Config(layout, sources, files.file(), root, List.copyOf(layers), tree, bound);
    }

    private static Map<String, Record> many(
            Binder binder, Class<? extends Record> type, @Nullable Member section, String name, Problems problems) {
        var records = new LinkedHashMap<String, Record>();
        if (section != null && section.value() instanceof Mapping mapping) {
            for (var member : mapping.members().entrySet()) {
                if (!member.getKey().startsWith("x-")) {
                    var key = name + "." + member.getKey();
                    var record = binder.bind(
                            type,
                            member.getValue().value(),
                            key,
                            member.getValue().key());
                    if (record != null) {
                        records.put(member.getKey(), record);
                    }
                }
            }
        } else if (section != null && !(section.value() instanceof Scalar scalar && scalar.isNull())) {
            problems.add(
                    name,
                    section.value().kind() + " (expected: names, with keys and values below each)",
                    section.value().origin());
        }
        return Collections.unmodifiableMap(records);
    }

    /** Tells the keys of one source that no record knows. */
    private static void unknown(
            Known root, Known at, Node node, List<String> names, List<String> optional, Problems problems) {
        if (node instanceof Sequence sequence && at.kind() == Kind.LIST) {
            for (int i = 0; i < sequence.items().size(); i++) {
                names.add(Integer.toString(i));
                unknown(root, at.element(), sequence.items().get(i), names, optional, problems);
                names.removeLast();
            }
        } else if (node instanceof Mapping mapping && (at.kind() == Kind.RECORD || at.kind() == Kind.MAP)) {
            boolean records = at.kind() == Kind.RECORD || at.element().kind() == Kind.RECORD;
            for (var member : mapping.members().entrySet()) {
                var name = member.getKey();
                if (records && name.startsWith("x-")) {
                    continue;
                }
                var child = at.child(name);
                names.add(name);
                var key = String.join(".", names);
                if (child != null) {
                    unknown(root, child, member.getValue().value(), names, optional, problems);
                } else if (!Overrides.isBelow(key, optional)) {
                    var parents = names.subList(0, names.size() - 1);
                    problems.add(
                            key,
                            root.unknown(parents, at, name),
                            member.getValue().key());
                }
                names.removeLast();
            }
        }
    }

    /**
     * The record of a section.
     *
     * @throws IllegalArgumentException if the layout has no such section of that type
     */
    public <T extends Record> T get(String section, Class<T> type) {
        require(section, type, false);
        return type.cast(Objects.requireNonNull(bound.get(section)));
    }

    /**
     * The record of one name in a section of many; of defaults, where no source has the name.
     *
     * @throws ConfigException if no source has it, and a value is required
     * @throws IllegalArgumentException if the layout has no such section of that type
     */
    public <T extends Record> T get(String section, String name, Class<T> type) {
        var found = all(section, type).get(name);
        if (found != null) {
            return found;
        }
        var problems = new Problems();
        var interpolation = new Interpolation(tree, root, sources.environment(), problems);
        var record = new Binder(interpolation, sources.directory(), file, problems)
                .bind(type, null, section + "." + name, Origin.DEFAULT);
        problems.check(List.of());
        return Objects.requireNonNull(record);
    }

    /**
     * The records of a section of many, in the order in which the names were written.
     *
     * @throws IllegalArgumentException if the layout has no such section of that type
     */
    @SuppressWarnings("unchecked") // what is bound under the name was made of that type
    public <T extends Record> Map<String, T> all(String section, Class<T> type) {
        require(section, type, true);
        return (Map<String, T>) Objects.requireNonNull(bound.get(section));
    }

    private void require(String section, Class<?> type, boolean many) {
        var declared = layout.sections().get(section);
        if (declared == null || declared.many() != many || declared.type() != type) {
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
            throw new ConfigException(List.of(new ConfigProblem(key, root.unknown(key), Origin.DEFAULT)));
        }
        return explainer().explain(path.known(), path.names());
    }

    private Explainer explainer() {
        return new Explainer(layers, tree, new Interpolation(tree, root, sources.environment(), new Problems()));
    }
}
