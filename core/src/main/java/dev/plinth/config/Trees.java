package dev.plinth.config;

import dev.plinth.config.Node.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The trees of all sources. Immutable.
 *
 * @param root what may stand in them
 * @param written one for each source that has something, the weakest first, with the new names of renamed keys
 * @param layers the same with the names that encrypted values are meant for
 * @param merged each of {@code layers} over all those before it
 * @param secrets what opens the hidden values in them
 */
record Trees(Known root, List<Mapping> written, List<Mapping> layers, List<Mapping> merged, Secrets secrets) {
    /**
     * Those of files that were read, and of the variables and arguments; of all that can be understood.
     *
     * @param warnings takes what is no mistake, but should be changed
     */
    static Trees of(Layers files, Sources sources, Layout layout, Problems problems, Problems warnings) {
        var root = Known.root(layout, sources.classLoader(), sources.environment());
        var former = new FormerKeys(root, problems, warnings);
        var written = new ArrayList<Mapping>();
        for (var read : files.trees()) {
            written.add(former.renamed(read));
        }
        for (var read : overrides(root, merged(root, written), sources, problems)) {
            written.add(former.renamed(read));
        }
        var layers = new ArrayList<Mapping>();
        for (var layer : written) {
            layers.add(Encrypted.unwrap(layer, problems));
        }
        var secrets = new Secrets(root, layout, merged(root, layers), sources, files, problems);
        // Weaker than variables and arguments, though these can name the folders.
        var mounted = former.renamed(secrets.mounted());
        written.add(files.trees().size(), mounted);
        layers.add(files.trees().size(), Encrypted.unwrap(mounted, problems));
        var tree = Mapping.EMPTY;
        var merged = new ArrayList<Mapping>();
        for (var layer : layers) {
            tree = layer.over(tree, root);
            merged.add(tree);
        }
        return new Trees(root, List.copyOf(written), List.copyOf(layers), List.copyOf(merged), secrets);
    }

    /** All of them in one. */
    Mapping tree() {
        return merged.getLast();
    }

    private static Mapping merged(Known root, List<Mapping> layers) {
        var tree = Mapping.EMPTY;
        for (var layer : layers) {
            tree = layer.over(tree, root);
        }
        return tree;
    }

    /** The trees of the variables and of the arguments, whose keys may depend on what others of them choose. */
    private static List<Mapping> overrides(Known root, Mapping files, Sources sources, Problems problems) {
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
        return List.of(variables.tree(), arguments.tree());
    }

    /** What explains keys of them. */
    Explainer explainer(Map<String, String> environment) {
        return new Explainer(root, layers, tree(), new Interpolation(tree(), root, environment, new Problems()));
    }
}
