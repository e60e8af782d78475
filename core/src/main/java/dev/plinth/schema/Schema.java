package dev.plinth.schema;

import dev.plinth.error.Violation;
import dev.plinth.time.Time;
import java.lang.annotation.Annotation;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a record says of itself: its components with their types, defaults and rules.
 *
 * <p>There is one for each record class, and it serves configuration, requests and documents alike. Rules are the
 * annotations of {@code jakarta.validation.constraints}, on components and on type arguments ({@code List<@NotBlank
 * String>}); records within are judged by their own, without {@code @Valid}. Rules over several components stand in the
 * compact constructor, which throws {@link IllegalArgumentException}, or on a boolean method with {@code @AssertTrue}.
 *
 * <p>The record may be of any access, also nested in a class; in a named module its package must be open to {@code
 * dev.plinth}. Immutable.
 *
 * @param <T> the record
 */
public final class Schema<T extends Record> {
    private static final ClassValue<Schema<?>> SCHEMAS = new ClassValue<>() {
        @Override
        protected Schema<?> computeValue(Class<?> type) {
            return new Schema<>(type.asSubclass(Record.class));
        }
    };

    private final Class<T> type;
    private final List<Property> properties;
    private final Map<String, FormerKey> formerKeys;
    private final List<Rule> rules;
    private final @Nullable String doc;
    private final Function<@Nullable Object[], T> constructor;
    private final BiConsumer<Record, @Nullable Object[]> accessors;
    private final List<String> faults = new ArrayList<>();
    private final Set<Class<?>> records = new LinkedHashSet<>();
    // Set once by any thread; a second look finds the same.
    private volatile boolean sound;

    @SuppressWarnings("unchecked") // Access makes what it says.
    private Schema(Class<T> type) {
        this.type = type;
        var declaration = Declaration.of(type);
        var components = type.getRecordComponents();
        var shapes = new Shapes(type, faults, records);
        var found = new ArrayList<Property>(components.length);
        for (int i = 0; i < components.length; i++) {
            found.add(property(components[i], declaration.component(components[i].getName()), shapes, i));
        }
        this.properties = List.copyOf(found);
        this.formerKeys = formerKeys(declaration);
        this.rules = List.copyOf(wholeRules(declaration));
        this.doc = value(Doc.class, declaration.onRecord());
        var access = access();
        this.constructor = (Function<@Nullable Object[], T>) access;
        this.accessors = (BiConsumer<Record, @Nullable Object[]>) access;
        Constraints.readRecord(type, declaration.onRecord(), faults);
    }

    private Object access() {
        try {
            return Access.to(type);
        } catch (IllegalAccessException e) {
            faults.add(type.getTypeName() + ": its package is closed. Add 'opens " + type.getPackageName()
                    + " to dev.plinth;' to the module-info of "
                    + type.getModule().getName());
            // With that fault nobody gets hold of this schema.
            return Access.NONE;
        }
    }

    /**
     * The schema of that record.
     *
     * @throws SchemaException with all faults of the record and of the records within: a constraint that is not
     *     interpreted or stands on the wrong type, groups or a payload, a default that doesn't parse or breaks a rule of
     *     its own component, a container that does not say of what, a closed package
     * @throws IllegalStateException if the class file of a record can't be read, since it was made at run time
     * @throws IllegalArgumentException if {@code type} is {@link Record} itself
     */
    @SuppressWarnings("unchecked") // The schema of a class is made of that class.
    public static <T extends Record> Schema<T> of(Class<T> type) {
        if (!type.isRecord()) {
            throw new IllegalArgumentException(type.getTypeName() + " is no record");
        }
        var schema = (Schema<T>) SCHEMAS.get(type);
        if (!schema.sound) {
            schema.verify();
        }
        return schema;
    }

    private void verify() {
        var all = new ArrayList<String>();
        var seen = new LinkedHashSet<Class<?>>();
        seen.add(type);
        var open = new ArrayList<Schema<?>>();
        open.add(this);
        while (!open.isEmpty()) {
            var schema = open.removeLast();
            all.addAll(schema.faults);
            for (var record : schema.records) {
                if (seen.add(record)) {
                    open.add(SCHEMAS.get(record));
                }
            }
        }
        if (!all.isEmpty()) {
            throw new SchemaException(type.getTypeName(), all);
        }
        sound = true;
    }

    private Property property(RecordComponent component, Declaration.Component declared, Shapes shapes, int index) {
        var name = component.getName();
        var where = type.getTypeName() + "." + name;
        var shape = shapes.read(component.getGenericType(), declared, where);
        var defaultText = value(Default.class, declared.declared());
        return new Property(name, shape, defaultText, absent(shape, defaultText, where), declared.declared(), index);
    }

    private Map<String, FormerKey> formerKeys(Declaration declaration) {
        var former = new LinkedHashMap<String, FormerKey>();
        for (var property : properties) {
            var tag = tag(
                    RenamedFrom.class, declaration.component(property.name()).declared());
            if (tag != null) {
                for (var key : tag.list("value")) {
                    add(new FormerKey((String) key, property, "", tag.text("since", "")), former);
                }
            }
        }
        for (var tag : declaration.onRecord()) {
            if (tag.type().equals(Removed.class.getName())) {
                addRemoved(tag, former);
            } else if (tag.type().equals(Removed.List.class.getName())) {
                for (var each : tag.list("value")) {
                    addRemoved((Tag) each, former);
                }
            }
        }
        return former.isEmpty() ? Map.of() : Collections.unmodifiableMap(former);
    }

    private void addRemoved(Tag tag, Map<String, FormerKey> to) {
        add(new FormerKey(tag.text("key", ""), null, tag.text("reason", ""), tag.text("since", "")), to);
    }

    private void add(FormerKey former, Map<String, FormerKey> to) {
        boolean taken = to.putIfAbsent(former.key(), former) != null;
        for (var property : properties) {
            taken |= property.key().equals(former.key());
        }
        if (taken) {
            faults.add(type.getTypeName() + ": the former key '" + former.key()
                    + "' is that of a component, or given twice");
        } else if (!former.key().equals(Property.kebab(former.key()))
                || former.key().isEmpty()) {
            faults.add(type.getTypeName() + ": the former key '" + former.key()
                    + "' (expected: kebab-case, as it was written in files)");
        }
    }

    /** The text of that annotation; null if it is not there. */
    static @Nullable String value(Class<? extends Annotation> annotation, List<Tag> tags) {
        var found = tag(annotation, tags);
        return found == null ? null : found.text("value");
    }

    static @Nullable Tag tag(Class<? extends Annotation> annotation, List<Tag> tags) {
        for (var tag : tags) {
            if (tag.type().equals(annotation.getName())) {
                return tag;
            }
        }
        return null;
    }

    private @Nullable Object absent(Shape shape, @Nullable String defaultText, String where) {
        if (defaultText == null) {
            return switch (shape.kind()) {
                case OPTIONAL -> Optional.empty();
                case LIVE -> shape.held().kind() == Shape.Kind.OPTIONAL ? Live.of(Optional.empty()) : null;
                default -> null;
            };
        }
        try {
            var value = Shapes.value(shape, defaultText);
            shape.check(
                    value,
                    Place.root(""),
                    Time.system(),
                    violation -> faults.add(where + ": the default '" + defaultText + "' breaks its own rule: it "
                            + violation.message()));
            return value;
        } catch (IllegalArgumentException e) {
            faults.add(where + ": the default: " + e.getMessage());
            return null;
        }
    }

    private List<Rule> wholeRules(Declaration declaration) {
        var found = new ArrayList<Rule>(0);
        for (var method : declaration.methods().entrySet()) {
            if (!isAccessor(method.getKey())) {
                var rule = Constraints.readWhole(type, method.getKey(), method.getValue(), faults);
                if (rule != null) {
                    found.add(rule);
                }
            }
        }
        // In an order that does not change: a compiler may write methods in any.
        found.sort((a, b) -> a.expected().compareTo(b.expected()));
        return found;
    }

    private boolean isAccessor(String method) {
        for (var property : properties) {
            if (method.startsWith(property.name() + "()")) {
                return true;
            }
        }
        return false;
    }

    /** The record class. */
    public Class<T> type() {
        return type;
    }

    /** The sentence of {@link Doc} on the record; null if there is none. */
    public @Nullable String doc() {
        return doc;
    }

    /** The components, in the order of their declaration. */
    public List<Property> properties() {
        return properties;
    }

    /** The keys that configuration had for it before, by what they were. */
    public Map<String, FormerKey> formerKeys() {
        return formerKeys;
    }

    /** The rules on the record as a whole, to be asked when all components are right; in the order of their names. */
    public List<Rule> rules() {
        return rules;
    }

    /**
     * Calls the canonical constructor. Rules are not judged.
     *
     * @param values one for each of {@link #properties()}, in that order; never null for a primitive
     * @throws IllegalArgumentException as the record's compact constructor throws it, as does every other exception
     */
    public T create(@Nullable Object[] values) {
        return constructor.apply(values);
    }

    /** The values of all components, in the order of {@link #properties()}. */
    public @Nullable Object[] values(Record of) {
        var values = new @Nullable Object[properties.size()];
        accessors.accept(of, values);
        return values;
    }

    /**
     * The record as it is where nothing was given; so are those within.
     *
     * @throws IllegalStateException if a component is required
     */
    public T defaults() {
        var values = new @Nullable Object[properties.size()];
        for (int i = 0; i < values.length; i++) {
            var property = properties.get(i);
            if (property.required()) {
                throw new IllegalStateException(type.getTypeName() + "." + property + " has no default");
            }
            values[i] = property.shape().kind() == Shape.Kind.RECORD && property.absent() == null
                    ? of(property.rawType().asSubclass(Record.class)).defaults()
                    : property.absent();
        }
        return create(values);
    }

    /** The same as {@link #check(Record, String, Time, Consumer)} at this moment. */
    public void check(T value, String pointer, Consumer<Violation> to) {
        check(value, pointer, Time.system(), to);
    }

    /**
     * Judges the record and all that it holds: records, optionals, collections, maps and arrays.
     *
     * @param pointer the JSON Pointer of {@code value}; empty where it is the whole
     * @param time says what is past and what is future
     * @param to takes each broken rule
     */
    public void check(T value, String pointer, Time time, Consumer<Violation> to) {
        checkComponents(value, Place.root(pointer), time, to);
    }

    boolean checkComponents(Record value, Place place, Time time, Consumer<Violation> to) {
        var right = true;
        var values = values(value);
        for (int i = 0; i < values.length; i++) {
            var property = properties.get(i);
            right &= property.shape().check(values[i], place.at(property.name()), time, to);
        }
        if (!right || (rules.isEmpty() && !(value instanceof Ruled))) {
            return right;
        }
        return checkWhole(value, place.pointer(), time, to);
    }

    /**
     * Asks the rules on the record as a whole, whose components are right: those of {@link #rules()}, and what a {@link
     * Ruled} record adds. Returns whether all hold.
     */
    public boolean checkWhole(Record value, String pointer, Time time, Consumer<Violation> to) {
        boolean right = checkAll(rules, value, pointer, time, to);
        if (value instanceof Ruled ruled) {
            right &= checkAll(ruled.rules(), value, pointer, time, to);
        }
        return right;
    }

    private static boolean checkAll(List<Rule> rules, Record value, String pointer, Time time, Consumer<Violation> to) {
        boolean right = true;
        for (int i = 0; i < rules.size(); i++) {
            var rule = rules.get(i);
            if (!rule.holds(value, time)) {
                to.accept(rule.violation(pointer, value));
                right = false;
            }
        }
        return right;
    }

    @Override
    public String toString() {
        return "Schema of " + type.getTypeName();
    }
}
