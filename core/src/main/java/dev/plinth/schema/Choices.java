package dev.plinth.schema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records that a sealed interface permits, by the names that configuration and JSON choose them by.
 *
 * <p>The key is that of {@link ChosenBy}, a name that of {@link ChosenAs}. Sealed interfaces that it permits are looked
 * through. Immutable.
 */
public final class Choices {
    private static final ClassValue<Choices> CHOICES = new ClassValue<>() {
        @Override
        protected Choices computeValue(Class<?> type) {
            return new Choices(type);
        }
    };

    private final Class<?> type;
    private final @Nullable String declaredKey;
    private final Map<String, Class<? extends Record>> records = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>(0);

    private Choices(Class<?> type) {
        this.type = type;
        this.declaredKey = Schema.value(ChosenBy.class, Declaration.of(type).onRecord());
        add(type);
        for (var record : records.values()) {
            for (var component : record.getRecordComponents()) {
                if (component.getName().equals(key())) {
                    faults.add(record.getTypeName() + "." + key() + ": the name is the key by which "
                            + type.getTypeName() + " is chosen. Rename it, or choose another key by @ChosenBy");
                }
            }
        }
    }

    private void add(Class<?> sealed) {
        for (var permitted : sealed.getPermittedSubclasses()) {
            if (permitted.isRecord()) {
                var given =
                        Schema.value(ChosenAs.class, Declaration.of(permitted).onRecord());
                var name = given == null ? Property.kebab(permitted.getSimpleName()) : given;
                var other = records.putIfAbsent(name, permitted.asSubclass(Record.class));
                if (other != null && other != permitted) {
                    faults.add(type.getTypeName() + ": " + other.getTypeName() + " and " + permitted.getTypeName()
                            + " have one name, '" + name + "'. Give one of them another by @ChosenAs");
                }
            } else {
                add(permitted);
            }
        }
    }

    /** Whether each class that {@code type} permits is a record, or a sealed interface of records. */
    static boolean isChoice(Class<?> type) {
        if (!type.isInterface() || !type.isSealed()) {
            return false;
        }
        for (var permitted : type.getPermittedSubclasses()) {
            if (!permitted.isRecord() && !isChoice(permitted)) {
                return false;
            }
        }
        return true;
    }

    /** Those of that interface, which {@link #isChoice} accepts. */
    static Choices of(Class<?> type) {
        return CHOICES.get(type);
    }

    /** The one of the sealed interface with {@link ChosenBy} that {@code record} implements; null if there is none. */
    public static @Nullable Choices declaredFor(Class<?> record) {
        for (var implemented : record.getInterfaces()) {
            if (isChoice(implemented)) {
                var choices = of(implemented);
                var above = choices.declaredKey == null ? declaredFor(implemented) : choices;
                if (above != null) {
                    return above;
                }
            }
        }
        return null;
    }

    List<String> faults() {
        return faults;
    }

    /** The sealed interface. */
    public Class<?> type() {
        return type;
    }

    /** The key whose value chooses. */
    public String key() {
        return declaredKey == null ? "backend" : declaredKey;
    }

    /** The records by name, in the order in which the interface permits them. */
    public Map<String, Class<? extends Record>> records() {
        return Collections.unmodifiableMap(records);
    }

    /** The name of that record. */
    public String name(Class<?> record) {
        for (var each : records.entrySet()) {
            if (each.getValue() == record) {
                return each.getKey();
            }
        }
        throw new IllegalArgumentException(record.getTypeName() + " is none of " + type.getTypeName());
    }

    /** The end of "expected: ": {@code one of memory, s3}. */
    public String expected() {
        return TextParser.oneOf(List.copyOf(records.keySet()));
    }

    /** What to say of a name that no record has: {@code 's4' is unknown (expected: one of memory, s3; did you mean s3?)}. */
    public String unknown(String name) {
        return TextParser.unknown(name, List.copyOf(records.keySet()));
    }

    @Override
    public String toString() {
        return "Choices of " + type.getTypeName();
    }
}
