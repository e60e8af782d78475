package dev.plinth.config;

import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Sections.Part;
import dev.plinth.schema.Live;
import dev.plinth.schema.Schema;
import dev.plinth.time.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The configuration of a service: one tree of all sources, every value with its origin, bound to the records of a
 * {@link Layout}.
 *
 * <p>Whatever exists is right: reading ends in an exception that lists everything that is wrong. Sources and their order
 * are told at {@link Sources}. Records stay as they are; what they hold as {@link Live} follows {@link #reload}. Thread-safe.
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
    private final Map<String, Live.Source<?>> lives;
    private final Set<Path> files;
    private final List<ConfigProblem> warnings;
    private final Time time;
    private final @Nullable Boot boot;
    // By section and name: what no source had when it was asked for.
    private final Map<String, Map<String, Part>> unwritten = new LinkedHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Latest latest = new Latest(this, List.of());

    /**
     * What the sources said when they were read last.
     *
     * @param needsRestart the keys of which this service has other values
     */
    private record Latest(Config config, List<String> needsRestart) {}

    private Config(
            Layout layout,
            Sources sources,
            Layers files,
            Known root,
            List<Mapping> layers,
            Mapping tree,
            Map<String, Object> bound,
            Map<String, Live.Source<?>> lives,
            List<ConfigProblem> warnings,
            Time time,
            @Nullable Boot boot) {
        this.layout = layout;
        this.sources = sources;
        this.file = files.file();
        this.files = Set.copyOf(files.looked());
        this.root = root;
        this.layers = layers;
        this.tree = tree;
        this.bound = bound;
        this.lives = lives;
        this.warnings = warnings;
        this.time = time;
        this.boot = boot;
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
        return load(sources, layout, Time.system());
    }

    /**
     * The same, where a remote tree is waited for on that clock.
     *
     * @throws BootException if the remote tree has to be there and can't be read
     */
    public static Config load(Sources sources, Layout layout, Time time) {
        return load(sources, layout, time, true);
    }

    private static Config load(Sources sources, Layout layout, Time time, boolean fallBack) {
        var problems = new Problems();
        var files = new Layers(sources, problems);
        files.read();
        problems.check(files.names());
        var boot = Boot.read(files, sources, layout, problems, time, fallBack);
        problems.check(files.names());
        var warnings = new Problems();
        if (boot != null) {
            boot.refuseOwnSection(files, problems);
            boot.warn(warnings);
        }
        var trees = Trees.of(files, sources, layout, problems, warnings);
        var root = trees.root();
        var layers = trees.layers();
        var tree = trees.tree();
        var secrets = trees.secrets();

        var optional = Overrides.optional(tree);
        for (int i = 0; i < layers.size(); i++) {
            new UnknownKeys(root, optional, problems)
                    .judge(trees.written().get(i), trees.merged().get(i), tree);
        }
        var lives = new LinkedHashMap<String, Live.Source<?>>();
        Map<String, Object> bound;
        try (var hidden = secrets.hidden()) {
            var interpolation = new Interpolation(tree, root, sources.environment(), problems, hidden);
            var binder = new Binder(interpolation, root, sources.directory(), files.file(), problems, lives);
            binder.bind(Known.Reserved.class, tree, "", Origin.DEFAULT);
            bound = new Sections(root, binder, problems).bind(layout, tree);
        }
        problems.check(files.names());
        for (var warning : secrets.warnings()) {
            warnings.add(warning);
        }
        var told = warnings.sorted(files.names());
        return new Config(layout, sources, files, root, layers, tree, bound, lives, told, time, boot);
    }

    /**
     * Where values come from, also where something is wrong: every candidate that can be read is told.
     *
     * @param key dotted; empty for every key
     * @throws ConfigException if there is no such key
     */
    public static List<Explanation> explain(Sources sources, Layout layout, String key) {
        return explain(sources, layout, key, Time.system());
    }

    /**
     * The same, where a remote tree is waited for on that clock; without it, where it can't be read.
     *
     * @throws ConfigException if there is no such key
     */
    public static List<Explanation> explain(Sources sources, Layout layout, String key, Time time) {
        var untold = new Problems();
        var files = new Layers(sources, untold);
        files.read();
        try {
            var boot = Boot.read(files, sources, layout, untold, time, true);
            if (boot != null) {
                boot.refuseOwnSection(files, untold);
            }
        } catch (ConfigException | BootException wrong) {
            // The local sources can be told all the same; what is wrong is told by load().
        }
        var trees = Trees.of(files, sources, layout, untold, untold);
        var path = key.isEmpty()
                ? new Known.Path(List.of(), trees.root())
                : trees.root().find(key, trees.tree());
        if (path == null) {
            var message = trees.root().unknown(key, trees.tree());
            throw new ConfigException(List.of(new ConfigProblem(key, message, Origin.DEFAULT)));
        }
        return trees.explainer(sources.environment()).explain(path.known(), path.names());
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
        manyOf(section, type).forEach((name, part) -> all.put(name, type.cast(Objects.requireNonNull(part.record()))));
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
        manyOf(section, kind).forEach((name, part) -> all.put(name, chosen(part, kind)));
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
        require(section, type, true);
        return named(section, name);
    }

    /** A name that no source has is bound once, so that all who ask for it hold the same, and a reload reaches them. */
    private Part named(String section, String name) {
        var found = many(section).get(name);
        if (found != null) {
            return found;
        }
        lock.lock();
        try {
            var ofSection = unwritten.computeIfAbsent(section, _ -> new LinkedHashMap<>());
            var earlier = ofSection.get(name);
            if (earlier != null) {
                return earlier;
            }
            var problems = new Problems();
            var interpolation = new Interpolation(tree, root, sources.environment(), problems);
            var binder = new Binder(interpolation, root, sources.directory(), file, problems, lives);
            var declared = Objects.requireNonNull(layout.sections().get(section));
            var part = new Sections(root, binder, problems).part(declared, null, section + "." + name);
            problems.check(List.of());
            ofSection.put(name, Objects.requireNonNull(part));
            return part;
        } finally {
            lock.unlock();
        }
    }

    private Map<String, Part> manyOf(String section, Class<?> type) {
        require(section, type, true);
        return many(section);
    }

    @SuppressWarnings("unchecked") // what is bound for a section of many is a map of parts
    private Map<String, Part> many(String section) {
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
     * Reads all sources anew and judges them as at the start. If all is right, what the records hold as {@link Live} takes
     * its new value, then its watchers are told; all else is compared with what the service runs with. The environment and
     * the command line are those of the start. One reload at a time; others wait.
     *
     * @throws ConfigException with everything that is wrong; nothing has changed then
     * @throws BootException if a remote tree can't be read, whether or not it is required; nothing has changed then either
     */
    public Reloaded reload() {
        lock.lock();
        try {
            var fresh = load(sources, layout, time, false);
            var changes = changes(fresh);
            var told = new LinkedHashMap<String, Runnable>();
            for (var change : changes.live().entrySet()) {
                told.put(change.getKey(), change(lives.get(change.getKey()), change.getValue()));
            }
            latest = new Latest(fresh, changes.fixed());
            return new Reloaded(List.copyOf(told.keySet()), tell(told), changes.fixed());
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("unchecked") // both were bound to the same component
    private static Runnable change(Live.@Nullable Source<?> source, Object now) {
        return ((Live.Source<Object>) Objects.requireNonNull(source)).change(now);
    }

    private static List<String> tell(Map<String, Runnable> told) {
        var refused = new ArrayList<String>();
        for (var each : told.entrySet()) {
            try {
                each.getValue().run();
            } catch (RuntimeException failed) {
                refused.add(each.getKey());
                LoggerFactory.getLogger(Config.class)
                        .error("{} has changed, and what watches it failed", each.getKey(), failed);
            }
        }
        return refused;
    }

    /** How this configuration, as it runs, differs from one that was read later. */
    private Changes changes(Config fresh) {
        var changes = new Changes();
        for (var section : layout.sections().entrySet()) {
            var name = section.getKey();
            if (section.getValue().many()) {
                var running = new LinkedHashMap<>(many(name));
                var wanted = new LinkedHashMap<>(fresh.many(name));
                for (var asked : unwritten.getOrDefault(name, Map.of()).entrySet()) {
                    running.put(asked.getKey(), asked.getValue());
                    wanted.put(asked.getKey(), fresh.named(name, asked.getKey()));
                }
                changes.compare(running, wanted, name);
            } else {
                changes.compare(bound.get(name), fresh.bound.get(name), name);
            }
        }
        return changes;
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

    /**
     * Every value that the service runs with, by its dotted key, in the order of the records: what a {@link Live} holds
     * now, and nothing for an Optional that is empty. Secrets are {@link dev.plinth.secret.Secret}.
     */
    public Map<String, Object> values() {
        var values = new LinkedHashMap<String, Object>();
        for (var section : bound.entrySet()) {
            flatten(section.getValue(), section.getKey(), values);
        }
        return values;
    }

    private static void flatten(@Nullable Object value, String key, Map<String, Object> into) {
        switch (value) {
            case null -> {}
            case Part(var record, var chosen) -> {
                flatten(record, key, into);
                if (chosen != null) {
                    into.put(key + "." + Choice.OfBackend.KEY, chosen.backend().name());
                    flatten(chosen.settings(), key, into);
                }
            }
            case Live<?> live -> flatten(live.get(), key, into);
            case Optional<?> optional -> flatten(optional.orElse(null), key, into);
            case Record record
            when !(value instanceof Comparable<?>) -> {
                var schema = Schema.of(record.getClass());
                var values = schema.values(record);
                for (int i = 0; i < values.length; i++) {
                    flatten(values[i], key + "." + schema.properties().get(i).key(), into);
                }
            }
            case Map<?, ?> map -> map.forEach((name, each) -> flatten(each, key + "." + name, into));
            default -> into.put(key, value);
        }
    }

    /** The remote tree that was read last; null if none is configured. */
    @Nullable
    Boot boot() {
        return latest.config.boot;
    }

    /** How the remote tree was come by when all was read last; empty if none is configured. */
    public Optional<Booted> booted() {
        var read = boot();
        return read == null ? Optional.empty() : Optional.of(read.booted());
    }

    /** Whether there is a remote tree that is to be followed. */
    public boolean isBootWatched() {
        return boot != null && boot.config().watch();
    }

    /**
     * Keeps the remote tree that was read last for a start without its store, where {@code boot.required: false} asks for
     * that. To be called when its values have proved to be good.
     *
     * @throws IOException if it can't be written; the message says where and why
     */
    public void keepCopy() throws IOException {
        var read = boot();
        if (read == null
                || read.config().required()
                || read.document() == null
                || read.booted().from() != Booted.From.SOURCE) {
            return;
        }
        var copy = new BootCopy(read.config().copy());
        try {
            copy.write(read.booted().document(), read.document(), time.now());
        } catch (IOException failed) {
            throw new IOException(copy + ": " + Layers.reason(failed), failed);
        }
    }

    /** The files that the sources consist of, those that would be read if they were there too. */
    Set<Path> files() {
        return latest.config.files;
    }

    /**
     * What is no mistake and should be changed all the same, each with its place: a key that was renamed or is obsolete, a
     * file of secrets that everyone may read.
     */
    public List<ConfigProblem> warnings() {
        return latest.config.warnings;
    }

    /**
     * Where each value comes from: every key of every section, in the order of the records. After a reload it tells what
     * was read then, and says which of it needs a restart.
     */
    public List<Explanation> explain() {
        var read = latest;
        return explained(read, new Known.Path(List.of(), read.config.root));
    }

    /**
     * Where the value of {@code key}, or each value below it, comes from.
     *
     * @throws ConfigException if there is no such key
     */
    public List<Explanation> explain(String key) {
        var read = latest;
        var path = read.config.root.find(key, read.config.tree);
        if (path == null) {
            throw new ConfigException(List.of(new ConfigProblem(key, root.unknown(key, tree), Origin.DEFAULT)));
        }
        var names = new ArrayList<>(read.config.root.current(path.names(), read.config.tree));
        names.add(Encrypted.plain(names.removeLast()));
        return explained(read, new Known.Path(names, path.known()));
    }

    private List<Explanation> explained(Latest read, Known.Path path) {
        var now = read.config.explainer().explain(path.known(), path.names());
        if (read.needsRestart.isEmpty()) {
            return now;
        }
        var running = new LinkedHashMap<String, String>();
        for (var each : explainer().explain(path.known(), path.names())) {
            running.put(each.key(), each.value());
        }
        var all = new ArrayList<Explanation>();
        for (var each : now) {
            all.add(
                    Overrides.isBelow(each.key(), read.needsRestart)
                            ? each.until(running.getOrDefault(each.key(), ""))
                            : each);
        }
        return all;
    }

    private Explainer explainer() {
        return new Explainer(root, layers, tree, new Interpolation(tree, root, sources.environment(), new Problems()));
    }
}
