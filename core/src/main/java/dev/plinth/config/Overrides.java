package dev.plinth.config;

import dev.plinth.config.Known.Kind;
import dev.plinth.config.Known.Path;
import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Member;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;
import dev.plinth.schema.DidYouMean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns {@code PLINTH_} variables and {@code --set} arguments into a tree, by the keys that are known. A single value is
 * taken as it is; where a list, a map or a record is expected, the text is YAML. One tree each.
 */
final class Overrides {
    /** The key of the root that lists keys which a newer build knows, and this one may not. */
    static final String OPTIONAL = "optional-keys";

    private static final String PREFIX = "PLINTH_";
    private static final Set<String> RESERVED = Set.of("PLINTH_CONFIG", "PLINTH_PROFILE", "PLINTH_KEY_FILE");

    private final Known root;
    private final Mapping below;
    private final Problems problems;
    private final Draft draft = new Draft();

    /** A part of the tree while it is put together: a value of its own, or names below. */
    private static final class Draft {
        private final Map<String, Draft> below = new LinkedHashMap<>();
        private @Nullable Node node;
        private boolean list;
    }

    /**
     * For one tree.
     *
     * @param below the tree of the weaker sources, for the names that users chose
     */
    Overrides(Known root, Mapping below, Problems problems) {
        this.root = root;
        this.below = below;
        this.problems = problems;
    }

    /** The tree of the variables; one that fits nothing is a problem, unless it is among the optional keys. */
    Mapping environment(Map<String, String> environment) {
        var strange = new ArrayList<String>();
        var variables = new TreeMap<String, String>();
        for (var variable : environment.entrySet()) {
            if (variable.getKey().startsWith(PREFIX) && !RESERVED.contains(variable.getKey())) {
                variables.put(variable.getKey(), variable.getValue());
            }
        }
        for (var variable : variables.entrySet()) {
            var name = variable.getKey();
            if (isInjected(name, variable.getValue(), environment)) {
                continue;
            }
            var found = new ArrayList<Path>();
            match(root, below, name.substring(PREFIX.length()), new ArrayList<>(), found);
            if (found.size() == 1) {
                put(found.getFirst(), variable.getValue(), Origin.variable(name));
            } else if (found.isEmpty()) {
                if (!isKubernetes(name)) {
                    strange.add(name);
                }
            } else {
                problems.add(
                        name,
                        "it could mean " + join(found) + " (use --set or the file, or the variable of what holds it, "
                                + "with YAML as its value)",
                        Origin.variable(name));
            }
        }
        var tree = tree();
        var optional = strange.isEmpty() ? List.<String>of() : optional(tree.over(below));
        for (var name : strange) {
            if (!isOptional(name, optional)) {
                problems.add(name, unknown(name), Origin.variable(name));
            }
        }
        return tree;
    }

    /** The tree of the {@code --set} arguments. */
    Mapping arguments(List<String> arguments) {
        var strange = new ArrayList<String>();
        for (var argument : arguments) {
            int equals = argument.indexOf('=');
            var key = equals < 0 ? argument : argument.substring(0, equals);
            var origin = Origin.argument("--set " + key);
            if (equals <= 0) {
                problems.add("", "this sets nothing (expected: --set KEY=VALUE)", origin);
                continue;
            }
            var path = root.find(key, below);
            if (path != null) {
                put(path, argument.substring(equals + 1), origin);
            } else {
                strange.add(key);
            }
        }
        var tree = tree();
        var optional = strange.isEmpty() ? List.<String>of() : optional(tree.over(below));
        for (var key : strange) {
            if (!isBelow(key, optional)) {
                problems.add(key, root.unknown(key), Origin.argument("--set " + key));
            }
        }
        return tree;
    }

    /** The keys that {@code optional-keys} of a tree lists. */
    static List<String> optional(Mapping tree) {
        var keys = new ArrayList<String>();
        if (tree.get(OPTIONAL) instanceof Sequence sequence) {
            for (var item : sequence.items()) {
                if (item instanceof Scalar scalar && !scalar.isNull()) {
                    keys.add(scalar.text());
                }
            }
        }
        return keys;
    }

    /** Every place that the rest of a variable's name can mean. */
    private static void match(Known at, @Nullable Node tree, String rest, List<String> names, List<Path> found) {
        var mapping = tree instanceof Mapping m ? m : Mapping.EMPTY;
        switch (at.kind()) {
            case VALUE -> {}
            case RECORD -> {
                for (var member : at.members().entrySet()) {
                    step(member.getKey(), member.getValue(), mapping.get(member.getKey()), rest, names, found);
                }
            }
            case LIST -> {
                int end = rest.indexOf('_');
                var index = end < 0 ? rest : rest.substring(0, end);
                if (Known.isIndex(index)) {
                    step(index, at.element(), null, rest, names, found);
                }
            }
            case MAP -> {
                int before = found.size();
                for (var name : mapping.members().keySet()) {
                    step(name, at.element(), mapping.get(name), rest, names, found);
                }
                if (found.size() == before) {
                    fresh(at.element(), rest, names, found);
                }
            }
        }
    }

    /**
     * A name in a map that no file has. A variable doesn't tell {@code order-desk} from {@code order.desk}: names of
     * components are of the first kind, those of single values can be both.
     */
    private static void fresh(Known element, String rest, List<String> names, List<Path> found) {
        if (element.kind() == Kind.VALUE) {
            var name = rest.toLowerCase(Locale.ROOT);
            step(name.replace('_', '-'), element, null, rest, names, found);
            if (name.indexOf('_') >= 0) {
                step(name.replace('_', '.'), element, null, rest, names, found);
            }
            return;
        }
        for (int end = rest.indexOf('_'); end > 0; end = rest.indexOf('_', end + 1)) {
            var name = rest.substring(0, end).toLowerCase(Locale.ROOT).replace('_', '-');
            step(name, element, null, rest, names, found);
        }
        if (!rest.isEmpty() && element.kind() != Kind.RECORD) {
            step(rest.toLowerCase(Locale.ROOT).replace('_', '-'), element, null, rest, names, found);
        }
    }

    private static String join(List<Path> paths) {
        var text = new StringBuilder(paths.getFirst().toString());
        for (int i = 1; i < paths.size(); i++) {
            text.append(" or ").append(paths.get(i));
        }
        return text.toString();
    }

    private static void step(
            String name, Known child, @Nullable Node tree, String rest, List<String> names, List<Path> found) {
        var upper = upper(name);
        if (!rest.startsWith(upper) || upper.isEmpty()) {
            return;
        }
        names.add(name);
        if (rest.length() == upper.length()) {
            found.add(new Path(List.copyOf(names), child));
        } else if (rest.charAt(upper.length()) == '_') {
            match(child, tree, rest.substring(upper.length() + 1), names, found);
        }
        names.removeLast();
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
    }

    /** The variable of a key. */
    static String variable(String key) {
        return PREFIX + upper(key);
    }

    private String unknown(String name) {
        var known = new ArrayList<String>();
        for (var reserved : RESERVED) {
            known.add(reserved.substring(PREFIX.length()));
        }
        known.sort(null);
        names(root, below, "", known, 0);
        // Without the prefix, which would make all of them look alike.
        var meant = DidYouMean.nearest(name.substring(PREFIX.length()).toUpperCase(Locale.ROOT), known);
        return "unknown variable"
                + (meant.isPresent() ? " (did you mean " + PREFIX + meant.get() + "?)" : " (no key is named so)");
    }

    private static void names(Known at, @Nullable Node tree, String prefix, List<String> known, int depth) {
        if (!prefix.isEmpty()) {
            known.add(upper(prefix));
        }
        var mapping = tree instanceof Mapping m ? m : Mapping.EMPTY;
        var names = at.kind() == Kind.RECORD
                ? at.members().keySet()
                : at.kind() == Kind.MAP ? mapping.members().keySet() : Set.<String>of();
        for (var name : names) {
            var child = at.child(name);
            if (child != null && depth < 6) {
                names(child, mapping.get(name), prefix.isEmpty() ? name : prefix + "." + name, known, depth + 1);
            }
        }
    }

    /**
     * Whether Kubernetes put it there for a Service whose name begins with {@code plinth}, even where it has the name of a
     * key, as {@code PLINTH_HTTP_PORT=tcp://10.0.0.1:80} of a Service {@code plinth-http} has.
     */
    private static boolean isInjected(String name, String value, Map<String, String> environment) {
        return name.endsWith("_PORT")
                && (value.startsWith("tcp://") || value.startsWith("udp://") || value.startsWith("sctp://"))
                && environment.containsKey(name.substring(0, name.length() - 5) + "_SERVICE_HOST");
    }

    /** Whether the name has a form that Kubernetes injects. */
    private static boolean isKubernetes(String name) {
        if (name.endsWith("_SERVICE_HOST") || name.endsWith("_SERVICE_PORT") || name.contains("_SERVICE_PORT_")) {
            return true;
        }
        int port = name.indexOf("_PORT_");
        while (port >= 0) {
            var rest = name.substring(port + 6);
            int end = rest.indexOf('_');
            if (end > 0 && Known.isIndex(rest.substring(0, end))) {
                switch (rest.substring(end + 1)) {
                    case "TCP", "TCP_PROTO", "TCP_PORT", "TCP_ADDR" -> {
                        return true;
                    }
                    case "UDP", "UDP_PROTO", "UDP_PORT", "UDP_ADDR" -> {
                        return true;
                    }
                    case "SCTP", "SCTP_PROTO", "SCTP_PORT", "SCTP_ADDR" -> {
                        return true;
                    }
                    default -> {}
                }
            }
            port = name.indexOf("_PORT_", port + 1);
        }
        return false;
    }

    private static boolean isOptional(String variable, List<String> optional) {
        for (var key : optional) {
            var name = variable(key);
            if (variable.equals(name) || variable.startsWith(name + "_")) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code key} is one of {@code optional} or below one. */
    static boolean isBelow(String key, List<String> optional) {
        for (var each : optional) {
            if (key.startsWith(each) && (key.length() == each.length() || key.charAt(each.length()) == '.')) {
                return true;
            }
        }
        return false;
    }

    private void put(Path path, String text, Origin origin) {
        Node node = path.known().kind() == Kind.VALUE
                ? new Scalar(text, false, origin)
                : Yaml.value(text, path.toString(), origin, problems);
        if (node == null) {
            return;
        }
        var at = draft;
        var known = root;
        for (int i = 0; i < path.names().size(); i++) {
            at.list = known.kind() == Kind.LIST;
            if (at.node != null) {
                conflict(path.names().subList(0, i), at.node.origin(), origin);
                return;
            }
            var name = path.names().get(i);
            at = at.below.computeIfAbsent(name, _ -> new Draft());
            var child = known.child(name);
            known = child == null ? path.known() : child;
        }
        if (at.node != null) {
            conflict(path.names(), at.node.origin(), origin);
        } else if (!at.below.isEmpty()) {
            conflict(path.names(), first(at), origin);
        } else {
            at.node = node;
        }
    }

    private void conflict(List<String> names, Origin one, Origin other) {
        problems.add(
                String.join(".", names),
                one.equals(other) ? "set twice" : "set twice, also by " + one + " (expected: one of them)",
                other);
    }

    private static Origin first(Draft draft) {
        var at = draft;
        while (at.node == null) {
            at = at.below.values().iterator().next();
        }
        return at.node.origin();
    }

    private Mapping tree() {
        return draft.below.isEmpty() ? Mapping.EMPTY : (Mapping) freeze(draft, "");
    }

    private Node freeze(Draft from, String path) {
        if (from.node != null) {
            return from.node;
        }
        var origin = first(from);
        if (from.list) {
            var items = new ArrayList<Node>();
            for (int i = 0; i < from.below.size(); i++) {
                var item = from.below.get(Integer.toString(i));
                if (item == null) {
                    problems.add(path, "item " + i + " is missing (a list is given as a whole, from 0)", origin);
                    break;
                }
                items.add(freeze(item, path + "." + i));
            }
            return new Sequence(List.copyOf(items), origin);
        }
        var members = new LinkedHashMap<String, Member>();
        for (var member : from.below.entrySet()) {
            var value = freeze(member.getValue(), path.isEmpty() ? member.getKey() : path + "." + member.getKey());
            members.put(member.getKey(), new Member(value.origin(), value));
        }
        return new Mapping(members, origin);
    }
}
