package dev.plinth.schema;

import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One component of a record. Immutable. */
public final class Property {
    private final String name;
    private final String key;
    private final Shape shape;
    private final boolean required;
    private final @Nullable String defaultText;
    private final @Nullable Object absent;
    private final @Nullable String doc;
    private final @Nullable String refers;
    private final @Nullable String since;
    private final @Nullable String obsolete;
    private final int index;

    Property(
            String name,
            Shape shape,
            @Nullable String defaultText,
            @Nullable Object absent,
            List<Tag> declared,
            int index) {
        this.name = name;
        this.key = kebab(name);
        this.shape = shape;
        this.defaultText = defaultText;
        this.absent = absent;
        this.doc = Schema.value(Doc.class, declared);
        this.refers = Schema.value(Refers.class, declared);
        this.since = Schema.value(Since.class, declared);
        this.obsolete = obsolete(Schema.tag(Obsolete.class, declared));
        this.index = index;
        this.required = defaultText == null
                && (shape.rawType().isPrimitive()
                        || refusesNull(shape.rules())
                        || (isLive() && (isPlain(held()) || refusesNull(held().rules()))));
    }

    private static @Nullable String obsolete(@Nullable Tag tag) {
        if (tag == null) {
            return null;
        }
        var version = tag.text("since", "");
        return "obsolete" + (version.isEmpty() ? "" : " since " + version) + ". " + tag.text("value", "");
    }

    /** Whether nothing stands for its absence, as an empty list or an empty Optional does. */
    private static boolean isPlain(Shape shape) {
        return shape.kind() == Shape.Kind.TEXT || shape.kind() == Shape.Kind.ARRAY;
    }

    private static boolean refusesNull(List<Rule> rules) {
        for (var rule : rules) {
            if (rule instanceof Rule.NotNull || rule instanceof Rule.NotBlank || rule instanceof Rule.NotEmpty) {
                return true;
            }
        }
        return false;
    }

    /** {@code maxBody} is {@code max-body}, {@code idleURL} is {@code idle-url}. */
    static String kebab(String name) {
        var key = new StringBuilder(name.length() + 4);
        for (int i = 0; i < name.length(); i++) {
            var c = name.charAt(i);
            if (Character.isUpperCase(c)) {
                var first = i == 0;
                var begins = !first && !Character.isUpperCase(name.charAt(i - 1));
                var endsRun = !first && i + 1 < name.length() && Character.isLowerCase(name.charAt(i + 1));
                if (begins || endsRun) {
                    key.append('-');
                }
            }
            key.append(Character.toLowerCase(c));
        }
        return key.toString();
    }

    /** The component's name, which is its name in JSON: {@code maxBody}. */
    public String name() {
        return name;
    }

    /** The same in kebab-case, which is its key in configuration: {@code max-body}. */
    public String key() {
        return key;
    }

    /** Type, rules, and the shape of what it holds. */
    public Shape shape() {
        return shape;
    }

    /** The shape of the value, whether it is held as {@link Live} or not. */
    public Shape held() {
        return shape.held();
    }

    /** Whether the value may change while the service runs: the component is a {@link Live}. */
    public boolean isLive() {
        return shape.kind() == Shape.Kind.LIVE;
    }

    /** The declared type. */
    public Type type() {
        return shape.type();
    }

    /** The class of {@link #type()}. */
    public Class<?> rawType() {
        return shape.rawType();
    }

    /** The rules on the value itself. */
    public List<Rule> rules() {
        return held().rules();
    }

    /** The text of {@link Default}; null if there is none. */
    public @Nullable String defaultText() {
        return defaultText;
    }

    /**
     * Whether a value must be given: it is primitive, a {@link Live} of a single value or array, or a rule refuses null,
     * and there is no default.
     */
    public boolean required() {
        return required;
    }

    /**
     * The value where none was given: the default, an empty {@link java.util.Optional}, or null; a {@link Live} of the
     * first two.
     */
    public @Nullable Object absent() {
        return absent;
    }

    /** The sentence of {@link Doc}; null if there is none. */
    public @Nullable String doc() {
        return doc;
    }

    /** The section of {@link Refers}; null if there is none. */
    public @Nullable String refers() {
        return refers;
    }

    /** The version of {@link Since}; null if there is none. */
    public @Nullable String since() {
        return since;
    }

    /** The words of {@link Obsolete}: {@code obsolete since 1.4. Use http.limits.}; null if it is not obsolete. */
    public @Nullable String obsolete() {
        return obsolete;
    }

    /** The value that {@code record} has, which must be of the class that this is a component of. */
    public @Nullable Object get(Record record) {
        return Schema.of(record.getClass()).values(record)[index];
    }

    @Override
    public String toString() {
        return name;
    }
}
