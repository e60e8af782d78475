package dev.plinth.json;

import dev.plinth.schema.TextParser;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns values whose type nobody has declared into one that is wanted: what came out of a free-form tree, a cell of a
 * table, a message of an older system.
 *
 * <p>{@link #strict} takes only what loses and guesses nothing: it is what configuration does with its texts. {@link
 * #lenient} takes whatever can be understood, and is empty for the rest, so that {@code lenient(value,
 * Integer.class).orElse(0)} says what holds then. The lenient rules are those of {@code Portability} in pip-services.
 *
 * <p>The types are those of {@link TextParser}. Thread-safe.
 */
public final class Conversions {
    private static final Set<String> TRUE = Set.of("1", "true", "t", "yes", "y");
    private static final Set<String> FALSE = Set.of("0", "false", "f", "no", "n");

    private Conversions() {}

    /**
     * The value as that type, where it is one already, a text that {@link TextParser} reads, or a number that the type
     * holds exactly.
     *
     * @throws IllegalArgumentException if it is none of these, saying what it is and what was expected
     */
    public static <T> T strict(Object value, Class<T> type) {
        if (type.isInstance(value)) {
            return type.cast(value);
        }
        var text = value instanceof CharSequence ? value.toString() : null;
        if (value instanceof Number number && Number.class.isAssignableFrom(type)) {
            var exact = decimal(number);
            text = exact == null ? null : exact.stripTrailingZeros().toPlainString();
        }
        if (text == null) {
            throw new IllegalArgumentException("a value of the type "
                    + value.getClass().getSimpleName() + " (expected: " + TextParser.expected(type) + ")");
        }
        return type.cast(TextParser.parse(text, type));
    }

    /**
     * The value as that type, if it can be understood:
     *
     * <ul>
     *   <li>truth: {@code 1, true, t, yes, y} and {@code 0, false, f, no, n} in any case;
     *   <li>whole numbers: what stands behind the point is cut off, true is 1 and false is 0; one that is too large is not
     *       understood;
     *   <li>{@link Instant}: ISO 8601 with an offset, or without one in UTC; a date is its first moment, a time is on 1
     *       January 1970; a number is milliseconds since then;
     *   <li>text: anything that is not null, lists joined by commas;
     *   <li>all else: as {@link TextParser} reads the text, without blanks around it.
     * </ul>
     */
    public static <T> Optional<T> lenient(@Nullable Object value, Class<T> type) {
        if (value == null || type.isInstance(value)) {
            return Optional.ofNullable(type.cast(value));
        }
        Object found;
        if (type == String.class) {
            found = text(value);
        } else if (type == Boolean.class) {
            found = truth(text(value).strip().toLowerCase(Locale.ROOT));
        } else if (Number.class.isAssignableFrom(type)) {
            var number = decimal(value);
            found = number == null ? parsed(text(value), type) : narrowed(number, type);
        } else if (type == Instant.class) {
            found = instant(value);
        } else {
            found = parsed(text(value), type);
        }
        return Optional.ofNullable(type.cast(found));
    }

    private static String text(Object value) {
        if (value instanceof Collection<?> items) {
            var texts = new ArrayList<String>();
            for (var item : items) {
                texts.add(item == null ? "" : text(item));
            }
            return String.join(",", texts);
        }
        return TextParser.print(value);
    }

    private static @Nullable Object truth(String text) {
        return TRUE.contains(text) ? Boolean.TRUE : FALSE.contains(text) ? Boolean.FALSE : null;
    }

    private static @Nullable Object parsed(String text, Class<?> type) {
        try {
            return TextParser.parse(text.strip(), type);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable BigDecimal decimal(Object value) {
        if (value instanceof Boolean truth) {
            return truth ? BigDecimal.ONE : BigDecimal.ZERO;
        }
        return (BigDecimal) parsed(value.toString(), BigDecimal.class);
    }

    private static @Nullable Object narrowed(BigDecimal number, Class<?> type) {
        if (type == Double.class || type == Float.class || type == BigDecimal.class) {
            return parsed(number.toString(), type);
        }
        // An exponent of a million would make a million digits.
        return number.precision() - number.scale() > 100
                ? null
                : parsed(number.setScale(0, RoundingMode.DOWN).toPlainString(), type);
    }

    private static @Nullable Instant instant(Object value) {
        if (value instanceof Number) {
            return lenient(value, Long.class).map(Instant::ofEpochMilli).orElse(null);
        }
        var text = text(value);
        if (parsed(text, Long.class) instanceof Long milliseconds) {
            return Instant.ofEpochMilli(milliseconds);
        }
        for (var type :
                List.of(Instant.class, OffsetDateTime.class, LocalDateTime.class, LocalDate.class, LocalTime.class)) {
            var read = parsed(text, type);
            if (read != null) {
                return switch (read) {
                    case OffsetDateTime moment -> moment.toInstant();
                    case LocalDateTime moment -> moment.toInstant(ZoneOffset.UTC);
                    case LocalDate day -> day.atStartOfDay(ZoneOffset.UTC).toInstant();
                    case LocalTime time -> time.atDate(LocalDate.EPOCH).toInstant(ZoneOffset.UTC);
                    default -> (Instant) read;
                };
            }
        }
        return null;
    }

    /** The items of a collection or array; a single value is a list of one, null a list of none. */
    public static List<@Nullable Object> list(@Nullable Object value) {
        return switch (value) {
            case null -> List.of();
            case Collection<?> items -> new ArrayList<>(items);
            case Object[] items -> new ArrayList<>(Arrays.asList(items));
            default -> new ArrayList<>(List.of(value));
        };
    }

    /** The same where a text is several, separated by commas: {@code "123,456"} is {@code ["123", "456"]}. */
    public static List<String> texts(@Nullable Object value) {
        var texts = new ArrayList<String>();
        for (var item :
                value instanceof CharSequence text ? List.of(text.toString().split(",")) : list(value)) {
            texts.add(item == null ? "" : text(item).strip());
        }
        return texts;
    }

    /**
     * A map of the members of a JSON text, a map, a record or another object, as deep as it goes: each value is as JSON
     * has it, a {@link dev.plinth.secret.Secret} is {@code ***}. Empty for what has no members or is no JSON.
     */
    @SuppressWarnings("unchecked") // what was read as a map has texts for keys
    public static Optional<Map<String, @Nullable Object>> map(@Nullable Object value) {
        if (value == null) {
            return Optional.empty();
        }
        try {
            var json = value instanceof CharSequence text
                    ? text.toString().getBytes(StandardCharsets.UTF_8)
                    : Json.standard().write(value);
            return Optional.of((Map<String, @Nullable Object>) Json.standard().read(json, Map.class));
        } catch (IllegalArgumentException | JsonException e) {
            return Optional.empty();
        }
    }

    /**
     * The text in the language that is asked for, else the English one, else the first that is not blank.
     *
     * @param texts by language, such as {@code en} and {@code de}
     */
    public static Optional<String> inLanguage(Map<String, String> texts, String language) {
        for (var key : List.of(language, "en")) {
            var text = texts.get(key);
            if (text != null && !text.isBlank()) {
                return Optional.of(text);
            }
        }
        for (var text : texts.values()) {
            if (!text.isBlank()) {
                return Optional.of(text);
            }
        }
        return Optional.empty();
    }
}
