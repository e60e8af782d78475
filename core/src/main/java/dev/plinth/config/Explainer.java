package dev.plinth.config;

import dev.plinth.config.Known.Kind;
import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists the candidates of keys. One thread at a time. */
final class Explainer {
    private final Known root;
    private final List<Mapping> layers;
    private final Mapping tree;
    private final Interpolation interpolation;
    private final List<Explanation> found = new ArrayList<>();

    /**
     * For one configuration.
     *
     * @param root what may stand in it
     * @param layers the trees of the sources, the weakest first
     * @param tree all of them in one
     */
    Explainer(Known root, List<Mapping> layers, Mapping tree, Interpolation interpolation) {
        this.root = root;
        this.layers = layers;
        this.tree = tree;
        this.interpolation = interpolation;
    }

    /** The explanation of each key at or below a place. */
    List<Explanation> explain(Known known, List<String> names) {
        collect(known, names, new ArrayList<>());
        return found;
    }

    private void collect(Known place, List<String> names, List<Class<?>> above) {
        var node = Interpolation.find(tree, names);
        var known = place.at(node);
        if (known.kind() == Kind.RECORD) {
            var type = known.type();
            if (node == null && above.contains(type)) {
                return; // a record that may hold itself, and doesn't
            }
            above.add(type);
            for (var member : known.members().entrySet()) {
                collect(member.getValue(), with(names, member.getKey()), above);
            }
            above.removeLast();
        } else if (known.kind() == Kind.MAP
                && node instanceof Mapping mapping
                && !mapping.members().isEmpty()) {
            for (var name : mapping.members().keySet()) {
                if (!known.isFree() || !name.startsWith("x-")) {
                    collect(known.element(), with(names, name), above);
                }
            }
        } else {
            add(known, names);
        }
    }

    private static List<String> with(List<String> names, String name) {
        var longer = new ArrayList<>(names);
        longer.add(name);
        return longer;
    }

    private void add(Known known, List<String> names) {
        var candidates = new ArrayList<Explanation.Candidate>();
        var origins = new ArrayList<Origin>();
        var defaultText = known.defaultText();
        boolean secret = known.isSecret();
        if (defaultText != null) {
            origins.add(Origin.DEFAULT);
            candidates.add(
                    new Explanation.Candidate(Origin.DEFAULT.toString(), secret ? "***" : Masked.text(defaultText)));
        }
        var key = String.join(".", names);
        for (var layer : layers.subList(since(names), layers.size())) {
            var node = Interpolation.find(layer, names);
            if (node != null && !(node instanceof Scalar scalar && scalar.isNull())) {
                origins.add(node.origin());
                candidates.add(new Explanation.Candidate(
                        node.origin().toString(), secret ? "***" : Masked.text(shown(known, node, key))));
            }
        }
        if (candidates.isEmpty()) {
            found.add(new Explanation(key, "", "", "no source has it", candidates));
        } else {
            var winner = candidates.getLast();
            found.add(new Explanation(key, winner.value(), winner.origin(), why(origins), candidates));
        }
    }

    /** The weakest layer that counts: those before it were written for what a later one no longer chooses. */
    private int since(List<String> names) {
        int since = 0;
        var place = root;
        for (int depth = 0; depth < names.size(); depth++) {
            var above = names.subList(0, depth);
            var choice = place.choice();
            if (choice != null && !choice.key().equals(names.get(depth))) {
                String chosen = null;
                for (int i = 0; i < layers.size(); i++) {
                    var next = place.chosen(Interpolation.find(layers.get(i), above));
                    if (next != null && chosen != null && !next.equals(chosen)) {
                        since = Math.max(since, i);
                    }
                    chosen = next == null ? chosen : next;
                }
            }
            var child = place.at(Interpolation.find(tree, above)).child(names.get(depth));
            if (child == null) {
                return since;
            }
            place = child;
        }
        return since;
    }

    private static String why(List<Origin> origins) {
        var winner = origins.getLast().kind();
        var next = origins.size() == 1 ? null : origins.get(origins.size() - 2).kind();
        if (next == null) {
            return winner == Origin.Kind.DEFAULT ? "no source has another" : "nothing else has it";
        }
        return winner == next
                ? "the file of a profile is stronger than those before it"
                : name(winner) + " is stronger than " + name(next);
    }

    private static String name(Origin.Kind kind) {
        return switch (kind) {
            case DEFAULT -> "the default";
            case RESOURCE -> "the class path";
            case FILE -> "a file";
            case REMOTE -> "the remote tree";
            case MOUNTED -> "a mounted file";
            case VARIABLE -> "a variable";
            case ARGUMENT -> "--set";
        };
    }

    /** A value as text; what is a secret by its type, or stands where no record says what it is, is not shown. */
    private String shown(@Nullable Known place, Node node, String key) {
        if (place == null || (node instanceof Scalar scalar && scalar.isHidden()) || place.isSecret()) {
            return "***";
        }
        var known = place.at(node);
        return switch (node) {
            case Scalar scalar -> {
                var text = interpolation.text(scalar, key);
                yield text == null ? scalar.text() : text;
            }
            case Sequence sequence -> {
                var text = new StringBuilder("[");
                for (int i = 0; i < sequence.items().size(); i++) {
                    text.append(i == 0 ? "" : ", ")
                            .append(shown(
                                    known.child(Integer.toString(i)),
                                    sequence.items().get(i),
                                    key + "." + i));
                }
                yield text.append(']').toString();
            }
            case Mapping mapping -> {
                var text = new StringBuilder("{");
                for (var member : mapping.members().entrySet()) {
                    text.append(text.length() == 1 ? "" : ", ").append(member.getKey());
                    var value = member.getValue().value();
                    text.append(": ").append(shown(known.child(member.getKey()), value, key + "." + member.getKey()));
                }
                yield text.append('}').toString();
            }
        };
    }

    /** The place of a key, where it was written; null where it was not. */
    static @Nullable Origin origin(Mapping tree, List<String> names) {
        var last = names.size() - 1;
        if (Interpolation.find(tree, names.subList(0, last)) instanceof Mapping mapping) {
            var member = mapping.members().get(names.get(last));
            return member == null ? null : member.key();
        }
        return null;
    }
}
