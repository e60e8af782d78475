package dev.plinth.config;

import dev.plinth.schema.DidYouMean;
import dev.plinth.schema.Doc;
import dev.plinth.schema.FormerKey;
import dev.plinth.schema.Property;
import dev.plinth.schema.Schema;
import dev.plinth.schema.Shape;
import dev.plinth.secret.Secret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What may stand at one place of the tree: the records' view of it. What is below is looked at only when asked for, so
 * that records may hold themselves. Thread-safe once the root is made.
 */
final class Known {
    /** The forms that a place can have; an optional value has the form of its value. */
    enum Kind {
        /** Keys that are known. */
        RECORD,
        /** Keys that are known once it is known what one of them chooses: see {@link #at}. */
        CHOICE,
        /** Names that the user chooses. */
        MAP,
        /** Numbers from 0. */
        LIST,
        /** One text. */
        VALUE,
        /** Whatever is written. */
        ANY
    }

    /**
     * What all places of one reading share.
     *
     * @param loader where backends are looked for
     * @param environment what a placeholder in a choice may name
     */
    private record World(ClassLoader loader, Map<String, String> environment) {}

    private final World world;
    private final Kind kind;
    private final @Nullable Class<? extends Record> type;
    private final @Nullable Shape shape;
    private final @Nullable Property property;
    private final @Nullable Known element;
    private final @Nullable Choice choice;
    private volatile @Nullable Map<String, Known> members;

    private Known(
            World world,
            Kind kind,
            @Nullable Class<? extends Record> type,
            @Nullable Shape shape,
            @Nullable Property property,
            @Nullable Known element,
            @Nullable Choice choice) {
        this.world = world;
        this.kind = kind;
        this.type = type;
        this.shape = shape;
        this.property = property;
        this.element = element;
        this.choice = choice;
    }

    /** The root: the sections, and the keys that Plinth itself reads there. */
    static Known root(Layout layout, ClassLoader loader, Map<String, String> environment) {
        var world = new World(loader, environment);
        var root = new Known(world, Kind.RECORD, Reserved.class, null, null, null, null);
        for (var section : layout.sections().entrySet()) {
            root.members().put(section.getKey(), root.section(section.getValue()));
        }
        return root;
    }

    private Known section(Layout.Section section) {
        var backends = section.backends();
        var one = backends != null
                ? chosenBy(new Choice.OfBackend(backends, section.type(), world.loader()), null, null)
                : record(Objects.requireNonNull(section.type()));
        return section.many() ? new Known(world, Kind.MAP, null, null, null, one, null) : one;
    }

    /** What chooses between the records of a sealed interface, where that component declares it. */
    static Choice choice(Shape values, @Nullable Property declaredBy) {
        return new Choice.OfRecord(values.choices(), declaredBy == null ? null : declaredBy.defaultText());
    }

    private Known chosenBy(Choice by, @Nullable Shape of, @Nullable Property declaredBy) {
        return new Known(world, Kind.CHOICE, null, of, declaredBy, null, by);
    }

    /**
     * What stands at the root beside the sections.
     *
     * @param optionalKeys the keys that may be unknown, with all that is below them
     */
    record Reserved(
            @Doc("Keys that are no mistake where this build doesn't know them, for rolling back to an older one")
                    List<String> optionalKeys) {}

    /** The place of a record. */
    Known record(Class<? extends Record> of) {
        return new Known(world, Kind.RECORD, of, null, null, null, null);
    }

    /** The place of values of that shape, which that component declares. */
    Known of(Shape values, @Nullable Property declaredBy) {
        return switch (values.kind()) {
            case OPTIONAL, LIVE -> of(values.arguments().getFirst(), declaredBy);
            case RECORD ->
                new Known(
                        world, Kind.RECORD, values.rawType().asSubclass(Record.class), values, declaredBy, null, null);
            case CHOICE -> chosenBy(choice(values, declaredBy), values, declaredBy);
            case MAP -> new Known(world, Kind.MAP, null, values, declaredBy, null, null);
            case LIST, SET, ARRAY -> new Known(world, Kind.LIST, null, values, declaredBy, null, null);
            case ANY -> new Known(world, Kind.ANY, null, values, declaredBy, null, null);
            case TEXT, BYTES, OTHER -> new Known(world, Kind.VALUE, null, values, declaredBy, null, null);
        };
    }

    /** This place, with the keys that are known where {@code node} stands at it, if that chooses between them. */
    Known at(@Nullable Node node) {
        if (kind != Kind.CHOICE || choice == null) {
            return this;
        }
        var own = chosen(node);
        var name = own == null ? choice.otherwise() : own;
        var record = name == null || name.isEmpty() ? null : choice.record(name);
        return new Known(world, Kind.RECORD, record, shape, property, null, choice);
    }

    /** What {@code node} chooses by its own words; null if nothing, empty if it can't be told. */
    @Nullable
    String chosen(@Nullable Node node) {
        var name = choice != null && node instanceof Node.Mapping mapping ? mapping.get(choice.key()) : null;
        if (name == null || (name instanceof Node.Scalar scalar && scalar.isNull())) {
            return null;
        }
        var text = name instanceof Node.Scalar scalar ? Interpolation.ofEnvironment(scalar, world.environment()) : null;
        return text == null ? "" : text;
    }

    /** What chooses here; null where nothing does. */
    @Nullable
    Choice choice() {
        return choice;
    }

    /** Whether it can't be told what is known here, since what is chosen is not. */
    boolean isOpen() {
        return kind == Kind.RECORD && choice != null && type == null;
    }

    /** The text that holds where none is given; null if there is none. */
    @Nullable
    String defaultText() {
        if (kind == Kind.VALUE && choice != null) {
            return choice.otherwise();
        }
        return property == null ? null : property.defaultText();
    }

    /** Whether keys that begin with {@code x-} are free here. */
    boolean isFree() {
        var at = kind == Kind.MAP ? element().kind : kind;
        return at == Kind.RECORD || at == Kind.CHOICE;
    }

    Kind kind() {
        return kind;
    }

    /** The record that stands here; null where none does. */
    @Nullable
    Class<? extends Record> type() {
        return type;
    }

    /** The shape of what stands here; null for the root and the sections. */
    @Nullable
    Shape shape() {
        return shape;
    }

    /** The component that declares it; null for the root, the sections, and what lists and maps hold. */
    @Nullable
    Property property() {
        return property;
    }

    /** The members of a RECORD; of none for the others. */
    Map<String, Known> members() {
        var known = members;
        if (known == null) {
            known = new LinkedHashMap<>();
            if (kind == Kind.RECORD && choice != null) {
                known.put(choice.key(), new Known(world, Kind.VALUE, null, null, null, null, choice));
                addMembers(choice.common(), known);
            }
            addMembers(type, known);
            members = known;
        }
        return known;
    }

    private void addMembers(@Nullable Class<? extends Record> record, Map<String, Known> to) {
        if (record == null) {
            return;
        }
        for (var each : Schema.of(record).properties()) {
            if (to.put(each.key(), of(each.shape(), each)) != null) {
                throw new IllegalStateException(record.getTypeName() + "." + each + ": the key '" + each.key()
                        + "' is taken, by what chooses this record or by what all choices have");
            }
        }
    }

    /** What a MAP or a LIST holds. */
    Known element() {
        if (element != null) {
            return element;
        }
        if (shape == null || shape.arguments().isEmpty()) {
            throw new IllegalStateException(kind + " holds nothing");
        }
        return of(shape.arguments().getLast(), null);
    }

    /** What may stand below {@code name}; null if nothing may. */
    @Nullable
    Known child(String name) {
        return switch (kind) {
            case RECORD -> {
                var member = members().get(Encrypted.plain(name));
                yield member == null ? formerChild(Encrypted.plain(name)) : member;
            }
            case MAP -> element();
            case LIST -> isIndex(name) ? element() : null;
            case ANY -> this;
            case CHOICE, VALUE -> null;
        };
    }

    private @Nullable Known formerChild(String name) {
        var former = formerKeys().get(name);
        if (former == null) {
            return null;
        }
        return former.now() == null
                ? new Known(world, Kind.VALUE, null, null, null, null, null)
                : members().get(former.now().key());
    }

    /** The keys of a RECORD that it had before; {@link #child} has them too. */
    Map<String, FormerKey> formerKeys() {
        if (kind != Kind.RECORD) {
            return Map.of();
        }
        var common = choice == null || choice.common() == null
                ? null
                : Schema.of(choice.common()).formerKeys();
        var own = type == null ? Map.<String, FormerKey>of() : Schema.of(type).formerKeys();
        if (common == null || common.isEmpty()) {
            return own;
        }
        var both = new LinkedHashMap<>(common);
        both.putAll(own);
        return both;
    }

    /** The names by which a place is known today, where those may be former ones. */
    List<String> current(List<String> names, Node tree) {
        var current = new ArrayList<String>(names.size());
        var place = this;
        for (var name : names) {
            var at = place.at(Interpolation.find(tree, current));
            var former = at.formerKeys().get(Encrypted.plain(name));
            current.add(
                    former == null || former.now() == null ? name : former.now().key());
            var child = at.child(name);
            if (child == null) {
                return names;
            }
            place = child;
        }
        return current;
    }

    /** Whether a value that stands here, or in a list or map that does, is a secret. */
    boolean isSecret() {
        return kind == Kind.VALUE
                ? shape != null && shape.rawType() == Secret.class
                : (kind == Kind.LIST || kind == Kind.MAP) && element().isSecret();
    }

    /** A number from 0, without leading zeros, that an int can hold. */
    static boolean isIndex(String text) {
        if (text.isEmpty() || text.length() > 9 || (text.length() > 1 && text.charAt(0) == '0')) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** A place and the names that lead to it. */
    record Path(List<String> names, Known known) {
        @Override
        public String toString() {
            return String.join(".", names);
        }
    }

    /**
     * The place that a dotted key names. A name that the user chose, and that is in {@code tree}, may hold dots; the rest
     * of the key is the name where single values stand below it.
     *
     * @return null if nothing may stand there
     */
    @Nullable
    Path find(String key, @Nullable Node tree) {
        return find(key, tree, new ArrayList<>());
    }

    private @Nullable Path find(String key, @Nullable Node tree, List<String> names) {
        if (kind == Kind.CHOICE) {
            return at(tree).find(key, tree, names);
        }
        var mapping = tree instanceof Node.Mapping m ? m : Node.Mapping.EMPTY;
        if (kind == Kind.MAP) {
            var element = element();
            if (element.kind == Kind.VALUE) {
                var all = new ArrayList<>(names);
                all.add(key);
                return new Path(List.copyOf(all), element);
            }
            for (var name : mapping.members().keySet()) {
                var found = step(key, name, element, mapping.get(name), names);
                if (found != null) {
                    return found;
                }
            }
        }
        int dot = key.indexOf('.');
        var name = dot < 0 ? key : key.substring(0, dot);
        var child = child(name);
        return child == null || name.isEmpty() ? null : step(key, name, child, mapping.get(name), names);
    }

    private static @Nullable Path step(String key, String name, Known child, @Nullable Node tree, List<String> names) {
        if (!key.startsWith(name)) {
            return null;
        }
        names.add(name);
        Path found = null;
        if (key.length() == name.length()) {
            found = new Path(List.copyOf(names), child);
        } else if (key.charAt(name.length()) == '.') {
            found = child.find(key.substring(name.length() + 1), tree, names);
        }
        names.removeLast();
        return found;
    }

    /** What to say of a dotted key that {@link #find} doesn't find in this root. */
    String unknown(String key, @Nullable Node tree) {
        var names = List.of(key.split("\\.", -1));
        var at = this;
        for (int i = 0; i < names.size(); i++) {
            at = at.at(tree == null ? null : Interpolation.find(tree, names.subList(0, i)));
            var child = at.child(names.get(i));
            if (child == null) {
                var parents = names.subList(0, i);
                return switch (at.kind) {
                    case RECORD -> unknown(parents, at, names.get(i));
                    case LIST -> "unknown key (" + String.join(".", parents) + " is a list: its keys are 0, 1, ...)";
                    case ANY, CHOICE, MAP, VALUE -> "unknown key (" + String.join(".", parents) + " holds one value)";
                };
            }
            at = child;
        }
        return "unknown key";
    }

    /** What to say of a key that is not known, {@code name} below {@code parent}, of which this is the root. */
    String unknown(List<String> parents, Known parent, String name) {
        var prefix = parents.isEmpty() ? "" : String.join(".", parents) + ".";
        if (parent.kind == Kind.RECORD && name.indexOf('.') > 0) {
            var nested = parent.find(name, null);
            if (nested != null) {
                return "unknown key (keys nest: " + String.join(": { ", nested.names()) + ": ..."
                        + " }".repeat(nested.names().size() - 1) + ")";
            }
        }
        var plain = Encrypted.plain(name);
        var meant = DidYouMean.nearest(plain, parent.members().keySet());
        if (meant.isPresent()) {
            return "unknown key (did you mean " + prefix + name.substring(0, name.length() - plain.length())
                    + meant.get() + "?)";
        }
        var elsewhere = new ArrayList<String>();
        if (parent.choice == null) { // else it is most often a key of what was not chosen
            elsewhere("", name, elsewhere, 0);
        }
        if (!elsewhere.isEmpty() && elsewhere.size() <= 3) {
            return "unknown key (did you mean " + String.join(" or ", elsewhere) + "?)";
        }
        if (parent.members().isEmpty()) {
            return "unknown key (there are none here)";
        }
        var known = new ArrayList<>(parent.members().keySet());
        known.sort(null);
        return "unknown key (known: "
                + (known.size() <= 12 ? String.join(", ", known) : String.join(", ", known.subList(0, 12)) + ", …")
                + ")";
    }

    private void elsewhere(String prefix, String name, List<String> found, int depth) {
        if (kind == Kind.CHOICE) {
            at(null).elsewhere(prefix, name, found, depth);
        }
        if (kind != Kind.RECORD || depth > 4) {
            return;
        }
        for (var member : members().entrySet()) {
            if (member.getKey().equals(name)) {
                found.add(prefix + name);
            }
            member.getValue().elsewhere(prefix + member.getKey() + ".", name, found, depth + 1);
        }
    }
}
