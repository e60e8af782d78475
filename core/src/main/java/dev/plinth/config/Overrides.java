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
import org.jspecify.annotations.Nullable;

/**
 * Turns {@code PLINTH_} variables, {@code --set} arguments or mounted files into a tree, by the keys that are known. A single value is
 * taken as it is; where a list, a map or a record is expected, the text is YAML. One tree each.
 *
 * <p>Which keys are known may depend on what others of them choose, so they are placed in rounds.
 */
final class Overrides {
    /** The key of the root that lists keys which a newer build knows, and this one may not. */
    static final String OPTIONAL = "optional-keys";

    private static final String PREFIX = "PLINTH_";
    private static final Set<String> RESERVED = Set.of("PLINTH_CONFIG", "PLINTH_PROFILE", "PLINTH_KEY_FILE");

    private final Known root;
    private final Problems problems;
    private final Draft draft = new Draft();
    private List<Entry> strange = new ArrayList<>();

    /** A part of the tree while it is put together: a value of its own, or names below. */
    private static final class Draft {
        private final Map<String, Draft> below = new LinkedHashMap<>();
        private @Nullable Node node;
        private boolean list;
    }

    /**
     * A variable, an argument, or a mounted file.
     *
     * @param name of the variable, or the key
     */
    record Entry(String name, String text, Origin origin) {
        boolean isVariable() {
            return origin.kind() == Origin.Kind.VARIABLE;
        }
    }

    private Overrides(Known root, Problems problems) {
        this.root = root;
        this.problems = problems;
    }

    /** Those of the variables; none has its place yet. */
    static Overrides variables(Known root, Map<String, String> environment, Problems problems) {
        var overrides = new Overrides(root, problems);
        for (var variable : environment.entrySet()) {
            var name = variable.getKey();
            if (name.startsWith(PREFIX)
                    && !RESERVED.contains(name)
                    && !isInjected(name, variable.getValue(), environment)) {
                overrides.strange.add(new Entry(name, variable.getValue(), Origin.variable(name)));
            }
        }
        overrides.strange.sort((a, b) -> a.name().compareTo(b.name()));
        return overrides;
    }

    /** Those of the {@code --set} arguments; none has its place yet. */
    static Overrides arguments(Known root, List<String> arguments, Problems problems) {
        var overrides = new Overrides(root, problems);
        for (var argument : arguments) {
            int equals = argument.indexOf('=');
            var key = equals < 0 ? argument : argument.substring(0, equals);
            var origin = Origin.argument("--set " + key);
            if (equals <= 0) {
                problems.add("", "this sets nothing (expected: --set KEY=VALUE)", origin);
            } else {
                overrides.strange.add(new Entry(key, argument.substring(equals + 1), origin));
            }
        }
        return overrides;
    }

    /** Those of the mounted files; none has its place yet. */
    static Overrides files(Known root, List<Entry> files, Problems problems) {
        var overrides = new Overrides(root, problems);
        overrides.strange.addAll(files);
        return overrides;
    }

    /**
     * Gives those their place that have none yet.
     *
     * @param tree of all that is known by now, for the names that users chose and for what they chose
     * @return whether any found its place
     */
    boolean place(Mapping tree) {
        int before = strange.size();
        var left = new ArrayList<Entry>();
        for (var entry : strange) {
            if (!(entry.isVariable() ? placeVariable(entry, tree) : placeArgument(entry, tree))) {
                left.add(entry);
            }
        }
        strange = left;
        return left.size() < before;
    }

    boolean isPlaced() {
        return strange.isEmpty();
    }

    private boolean placeVariable(Entry variable, Mapping tree) {
        var found = new ArrayList<Path>();
        match(root, tree, variable.name().substring(PREFIX.length()), new ArrayList<>(), found);
        if (found.size() == 1) {
            put(found.getFirst(), tree, variable);
        } else if (found.size() > 1) {
            problems.add(
                    variable.name(),
                    "it could mean " + join(found) + " (use --set or the file, or the variable of what holds it, "
                            + "with YAML as its value)",
                    variable.origin());
        }
        return !found.isEmpty();
    }

    private boolean placeArgument(Entry argument, Mapping tree) {
        var path = root.find(argument.name(), tree);
        if (path != null) {
            put(path, tree, argument);
        }
        return path != null;
    }

    /** Tells those without a place, unless they are among the optional keys. */
    void tellStrange(Mapping tree) {
        var optional = strange.isEmpty() ? List.<String>of() : optional(tree);
        for (var entry : strange) {
            var rest = entry.isVariable() ? entry.name().substring(PREFIX.length()) : upper(entry.name());
            if (isBelowOpen(root, tree, rest)) {
                continue; // what is told of the choice comes first
            }
            if (!entry.isVariable()) {
                if (!isBelow(entry.name(), optional)) {
                    problems.add(entry.name(), root.unknown(entry.name(), tree), entry.origin());
                }
            } else if (!isKubernetes(entry.name()) && !isOptional(entry.name(), optional)) {
                problems.add(entry.name(), unknown(entry.name(), tree), entry.origin());
            }
        }
    }

    /** Whether a name leads below a choice of which it can't be told what it chooses. */
    private static boolean isBelowOpen(Known place, @Nullable Node tree, String rest) {
        var at = place.at(tree);
        var mapping = tree instanceof Mapping m ? m : Mapping.EMPTY;
        var names = at.kind() == Kind.MAP
                ? mapping.members().keySet()
                : at.members().keySet();
        for (var name : names) {
            var child = at.child(name);
            var upper = upper(name) + "_";
            if (child != null
                    && rest.startsWith(upper)
                    && isBelowOpen(child, mapping.get(name), rest.substring(upper.length()))) {
                return true;
            }
        }
        return at.isOpen();
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
    private static void match(Known place, @Nullable Node tree, String rest, List<String> names, List<Path> found) {
        var at = place.at(tree);
        var mapping = tree instanceof Mapping m ? m : Mapping.EMPTY;
        switch (at.kind()) {
            case CHOICE, VALUE, ANY -> {}
            case RECORD -> {
                for (var member : at.members().entrySet()) {
                    step(member.getKey(), member.getValue(), mapping.get(member.getKey()), rest, names, found);
                    stepEncrypted(member.getKey(), member.getValue(), rest, names, found);
                }
                for (var former : at.formerKeys().keySet()) {
                    var child = at.child(former);
                    if (child != null) {
                        step(former, child, mapping.get(former), rest, names, found);
                        stepEncrypted(former, child, rest, names, found);
                    }
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
                    stepEncrypted(name, at.element(), rest, names, found);
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
            var plain = Encrypted.plain(name);
            var prefix = name.substring(0, name.length() - plain.length());
            step(prefix + plain.replace('_', '-'), element, null, rest, names, found);
            if (plain.indexOf('_') >= 0) {
                step(prefix + plain.replace('_', '.'), element, null, rest, names, found);
            }
            return;
        }
        for (int end = rest.indexOf('_'); end > 0; end = rest.indexOf('_', end + 1)) {
            var name = rest.substring(0, end).toLowerCase(Locale.ROOT).replace('_', '-');
            if (!name.endsWith("-enc")) { // DESK_ENC_URL is the encrypted url of desk, and not the url of desk-enc
                step(name, element, null, rest, names, found);
            }
        }
        if (!rest.isEmpty() && !isRecord(element)) {
            step(rest.toLowerCase(Locale.ROOT).replace('_', '-'), element, null, rest, names, found);
        }
    }

    private static boolean isRecord(Known known) {
        return known.kind() == Kind.RECORD || known.kind() == Kind.CHOICE;
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

    private static void stepEncrypted(String name, Known child, String rest, List<String> names, List<Path> found) {
        if (child.kind() == Kind.VALUE) {
            step("enc_" + name, child, null, rest, names, found);
        }
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
    }

    /** The variable of a key. */
    static String variable(String key) {
        return PREFIX + upper(key);
    }

    private String unknown(String name, Mapping tree) {
        var known = new ArrayList<String>();
        for (var reserved : RESERVED) {
            known.add(reserved.substring(PREFIX.length()));
        }
        known.sort(null);
        names(root, tree, "", known, 0);
        // Without the prefix, which would make all of them look alike.
        var meant = DidYouMean.nearest(name.substring(PREFIX.length()).toUpperCase(Locale.ROOT), known);
        return "unknown variable"
                + (meant.isPresent() ? " (did you mean " + PREFIX + meant.get() + "?)" : " (no key is named so)");
    }

    private static void names(Known place, @Nullable Node tree, String prefix, List<String> known, int depth) {
        if (!prefix.isEmpty()) {
            known.add(upper(prefix));
            if (place.kind() == Kind.VALUE) {
                known.add(upper(prefix.substring(0, prefix.lastIndexOf('.') + 1) + "enc_"
                        + prefix.substring(prefix.lastIndexOf('.') + 1)));
            }
        }
        var at = place.at(tree);
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

    private void put(Path path, Mapping tree, Entry entry) {
        var origin = entry.origin();
        if (origin.kind() == Origin.Kind.MOUNTED && path.known().kind() != Kind.VALUE) {
            problems.add(path.toString(), "a mounted file holds one value, and here stand several", origin);
            return;
        }
        Node node = path.known().kind() == Kind.VALUE
                ? new Scalar(entry.text(), false, origin)
                : Yaml.value(entry.text(), path.toString(), origin, problems);
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
            var child = known.at(Interpolation.find(tree, path.names().subList(0, i)))
                    .child(name);
            at = at.below.computeIfAbsent(name, _ -> new Draft());
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

    /** The tree of those that have their place. */
    Mapping tree() {
        return tree(problems);
    }

    /** The same while there may be more to come, so that nothing is told of it. */
    Mapping draft() {
        return tree(new Problems());
    }

    private Mapping tree(Problems tellTo) {
        return draft.below.isEmpty() ? Mapping.EMPTY : (Mapping) freeze(draft, "", tellTo);
    }

    private static Node freeze(Draft from, String path, Problems tellTo) {
        if (from.node != null) {
            return from.node;
        }
        var origin = first(from);
        if (from.list) {
            var items = new ArrayList<Node>();
            for (int i = 0; i < from.below.size(); i++) {
                var item = from.below.get(Integer.toString(i));
                if (item == null) {
                    tellTo.add(path, "item " + i + " is missing (a list is given as a whole, from 0)", origin);
                    break;
                }
                items.add(freeze(item, path + "." + i, tellTo));
            }
            return new Sequence(List.copyOf(items), origin);
        }
        var members = new LinkedHashMap<String, Member>();
        for (var member : from.below.entrySet()) {
            var key = path.isEmpty() ? member.getKey() : path + "." + member.getKey();
            var value = freeze(member.getValue(), key, tellTo);
            members.put(member.getKey(), new Member(value.origin(), value));
        }
        return new Mapping(members, origin);
    }
}
