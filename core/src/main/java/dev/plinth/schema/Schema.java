package dev.plinth.schema;

import dev.plinth.error.Violation;
import dev.plinth.time.Time;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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
    private final List<Rule> rules;
    private final Constructor<T> constructor;
    private final List<String> faults = new ArrayList<>();
    private final Set<Class<?>> records = new LinkedHashSet<>();
    // Set once by any thread; a second look finds the same.
    private volatile boolean sound;

    private Schema(Class<T> type) {
        this.type = type;
        var components = type.getRecordComponents();
        var shapes = new Shapes(faults, records);
        var found = new ArrayList<Property>(components.length);
        var parameters = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            parameters[i] = components[i].getType();
            found.add(property(components[i], shapes));
        }
        this.properties = List.copyOf(found);
        this.rules = List.copyOf(wholeRules());
        try {
            this.constructor = type.getDeclaredConstructor(parameters);
        } catch (NoSuchMethodException e) {
            throw new AssertionError("a record without its canonical constructor: " + type.getName(), e);
        }
        if (!constructor.trySetAccessible()) {
            faults.add(type.getTypeName() + ": its package is closed. Add 'opens " + type.getPackageName()
                    + " to dev.plinth;' to the module-info of "
                    + type.getModule().getName());
        }
        for (var annotation : type.getDeclaredAnnotations()) {
            if (Constraints.isConstraint(annotation.annotationType())) {
                faults.add(type.getTypeName() + ": the constraint @"
                        + annotation.annotationType().getSimpleName()
                        + " on the whole record is not interpreted. Check it in the compact constructor, or by a boolean"
                        + " method with @AssertTrue");
            }
        }
    }

    /**
     * The schema of that record.
     *
     * @throws SchemaException with all faults of the record and of the records within: a constraint that is not
     *     interpreted or stands on the wrong type, groups or a payload, a default that doesn't parse or breaks a rule of
     *     its own component, a container that does not say of what, a closed package
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

    private Property property(RecordComponent component, Shapes shapes) {
        var name = component.getName();
        var where = type.getTypeName() + "." + name;
        var accessor = component.getAccessor();
        accessor.trySetAccessible();
        Shape shape;
        try {
            // Constraints of jakarta.validation name no target for components, so they stand on the field and the type.
            var declared = type.getDeclaredField(name).getDeclaredAnnotations();
            shape = shapes.read(component.getAnnotatedType(), declared, where);
        } catch (NoSuchFieldException e) {
            throw new AssertionError("a record without its field: " + where, e);
        }
        var defaultText = component.getAnnotation(Default.class);
        var doc = component.getAnnotation(Doc.class);
        return new Property(
                name,
                shape,
                defaultText == null ? null : defaultText.value(),
                absent(shape, defaultText, where),
                doc == null ? null : doc.value(),
                accessor);
    }

    private @Nullable Object absent(Shape shape, @Nullable Default defaultText, String where) {
        if (defaultText == null) {
            return shape.kind() == Shape.Kind.OPTIONAL ? Optional.empty() : null;
        }
        try {
            var value = Shapes.value(shape, defaultText.value());
            shape.check(
                    value,
                    Place.root(""),
                    Time.system(),
                    violation -> faults.add(where + ": the default '" + defaultText.value()
                            + "' breaks its own rule: it " + violation.message()));
            return value;
        } catch (IllegalArgumentException e) {
            faults.add(where + ": the default: " + e.getMessage());
            return null;
        }
    }

    private List<Rule> wholeRules() {
        var found = new ArrayList<Rule>(0);
        for (var method : type.getDeclaredMethods()) {
            if (method.isSynthetic() || isAccessor(method)) {
                continue;
            }
            var rule = Constraints.readWhole(method, type.getTypeName() + "." + method.getName(), faults);
            if (rule != null) {
                method.trySetAccessible();
                found.add(rule);
            }
        }
        // The JVM names methods in any order; a list of problems should not.
        found.sort((a, b) -> a.expected().compareTo(b.expected()));
        return found;
    }

    private boolean isAccessor(Method method) {
        if (method.getParameterCount() != 0) {
            return false;
        }
        for (var property : properties) {
            if (property.name().equals(method.getName())) {
                return true;
            }
        }
        return false;
    }

    /** The record class. */
    public Class<T> type() {
        return type;
    }

    /** The components, in the order of their declaration. */
    public List<Property> properties() {
        return properties;
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
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw unchecked(e, type.getTypeName());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("can't create " + type.getTypeName(), e);
        }
    }

    /**
     * The record as it is where nothing was given.
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
            values[i] = property.absent();
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
        for (int i = 0; i < properties.size(); i++) {
            var property = properties.get(i);
            right &= property.shape().check(property.get(value), place.at(property.name()), time, to);
        }
        if (right) {
            for (int i = 0; i < rules.size(); i++) {
                var rule = rules.get(i);
                if (!rule.holds(value, time)) {
                    to.accept(rule.violation(place.pointer(), value));
                    right = false;
                }
            }
        }
        return right;
    }

    static Object invoke(Method method, Object target) {
        try {
            return method.invoke(target);
        } catch (InvocationTargetException e) {
            throw unchecked(e, method.toString());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("can't call " + method, e);
        }
    }

    private static RuntimeException unchecked(InvocationTargetException e, String what) {
        var cause = e.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException unchecked
                ? unchecked
                : new IllegalStateException(what + " failed", cause);
    }

    @Override
    public String toString() {
        return "Schema of " + type.getTypeName();
    }
}
