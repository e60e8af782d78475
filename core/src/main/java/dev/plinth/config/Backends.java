package dev.plinth.config;

import dev.plinth.schema.DidYouMean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A kind of {@link Backend}: those that come with it, those on the class path or module path, and those of which it is
 * known which artifact brings them.
 *
 * <p>{@link ServiceLoader} is asked only for a name that is not built in, so a service on the built-in ones pays nothing.
 * Immutable, thread-safe.
 *
 * @param <B> the interface of the kind
 */
public final class Backends<B extends Backend> {
    private final Class<B> kind;
    private final List<B> builtIn;
    private final Map<String, String> published;

    private Backends(Class<B> kind, List<B> builtIn, Map<String, String> published) {
        this.kind = kind;
        this.builtIn = builtIn;
        this.published = published;
    }

    /**
     * The kind of that interface.
     *
     * @param builtIn those that are always there; the first is taken where no {@code backend:} is given. Without any, one
     *     must be given
     */
    @SafeVarargs
    public static <B extends Backend> Backends<B> of(Class<B> kind, B... builtIn) {
        var all = new ArrayList<B>(builtIn.length);
        for (var backend : builtIn) {
            all.add(backend);
        }
        return new Backends<>(kind, Collections.unmodifiableList(all), Map.of());
    }

    /**
     * The same, knowing in addition which artifact brings the backend of that name.
     *
     * @param artifact such as {@code dev.plinth:plinth-etcd}
     */
    public Backends<B> published(String name, String artifact) {
        var more = new LinkedHashMap<>(published);
        more.put(name, artifact);
        return new Backends<>(kind, builtIn, Collections.unmodifiableMap(more));
    }

    /** The interface of the kind. */
    public Class<B> kind() {
        return kind;
    }

    /** The name that is taken where none is given; null if one must be given. */
    @Nullable
    String otherwise() {
        return builtIn.isEmpty() ? null : builtIn.getFirst().name();
    }

    /** The built-in one of that name; null if it is not built in. */
    @Nullable
    B builtIn(String name) {
        for (var backend : builtIn) {
            if (backend.name().equals(name)) {
                return backend;
            }
        }
        return null;
    }

    /**
     * All that can be chosen: the built-in ones in their order, then by name what {@code loader} and the module path have.
     *
     * @throws IllegalStateException if two have one name
     * @throws java.util.ServiceConfigurationError if one can't be loaded
     */
    public List<B> all(ClassLoader loader) {
        // Kinds of other modules are theirs to declare; without this only those of Plinth could be looked for here.
        Backends.class.getModule().addUses(kind);
        var found = new TreeMap<String, B>();
        for (var backend : ServiceLoader.load(kind, loader)) {
            var same = builtIn(backend.name());
            var other = same == null ? found.put(backend.name(), backend) : same;
            if (other != null) {
                throw new IllegalStateException("two backends are named '" + backend.name() + "': "
                        + other.getClass().getTypeName() + " and "
                        + backend.getClass().getTypeName() + ". Leave one of them out of the class path");
            }
        }
        var all = new ArrayList<>(builtIn);
        all.addAll(found.values());
        return all;
    }

    /** What to say of a name that none of {@code here} has. */
    String unknown(String name, List<B> here) {
        var names = new ArrayList<String>();
        for (var backend : here) {
            names.add(backend.name());
        }
        var list = names.isEmpty() ? "none" : String.join(", ", names);
        var artifact = published.get(name);
        if (artifact != null) {
            return "'" + name + "' is not on the class path (here: " + list + "). Add the artifact " + artifact + ".";
        }
        var meant = DidYouMean.nearest(name, names);
        if (meant.isPresent()) {
            return "'" + name + "' is unknown (here: " + list + "; did you mean " + meant.get() + "?)";
        }
        var away = DidYouMean.nearest(name, published.keySet());
        if (away.isPresent()) {
            return "'" + name + "' is unknown (here: " + list + "; did you mean " + away.get() + " of the artifact "
                    + published.get(away.get()) + "?)";
        }
        return "'" + name + "' is unknown (here: " + list
                + (published.isEmpty() ? ")" : "; to be added: " + String.join(", ", published.keySet()) + ")");
    }

    @Override
    public String toString() {
        return "Backends of " + kind.getTypeName();
    }
}
