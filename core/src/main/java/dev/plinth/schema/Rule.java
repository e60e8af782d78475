package dev.plinth.schema;

import dev.plinth.error.Violation;
import dev.plinth.secret.Secret;
import dev.plinth.time.Time;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a value must be: what an annotation of {@code jakarta.validation.constraints} says, with that
 * standard's meaning, or what {@link Rules} puts together in code. In particular {@code null} breaks {@link NotNull}, {@link NotBlank} and {@link NotEmpty} and no
 * other rule.
 *
 * <p>The set is closed, so that a generator of documents can turn each rule into its own words by an exhaustive {@code
 * switch}. Immutable.
 */
public sealed interface Rule
        permits Rule.NotNull,
                Rule.Null,
                Rule.NotBlank,
                Rule.NotEmpty,
                Rule.Size,
                Rule.Bound,
                Rule.Digits,
                Rule.Matches,
                Rule.Email,
                Rule.Temporal,
                Rule.Truth,
                Rule.Whole,
                Rules.Made {
    /** The stable name for programs, {@code UPPER_SNAKE}, named as the annotation is: {@code NOT_BLANK}. */
    String code();

    /** The sentence for people that follows the name of the value: {@code must not be blank}. */
    String message();

    /** What would have been right, as the end of "expected: ": {@code >= 1}. */
    String expected();

    /** Whether the value is right at the time of {@code time}; only {@link Temporal} looks at it. */
    boolean holds(@Nullable Object value, Time time);

    /** Whether the value is right now. */
    default boolean holds(@Nullable Object value) {
        return holds(value, Time.system());
    }

    /** What to say of a value that broke the rule: its text, or how many items it holds; nothing of a secret. */
    default Violation violation(String pointer, @Nullable Object value) {
        return new Violation(pointer, code(), message(), expected(), shown(value));
    }

    private static String shown(@Nullable Object value) {
        if (value == null
                || value instanceof Secret
                || (value instanceof Record && !(value instanceof Comparable<?>))) {
            return "";
        }
        var length = value instanceof CharSequence ? -1 : Size.length(value);
        if (length >= 0) {
            return length + (length == 1 ? " item" : " items");
        }
        return value.toString();
    }

    /** {@code @NotNull}: it must be there. */
    record NotNull(String message) implements Rule {
        static final String MESSAGE = "must not be null";

        @Override
        public String code() {
            return "NOT_NULL";
        }

        @Override
        public String expected() {
            return "a value";
        }

        @Override
        public boolean holds(@Nullable Object value, Time time) {
            return value != null;
        }
    }

    /** {@code @Null}: it must not be there. */
    record Null(String message) implements Rule {
        static final String MESSAGE = "must be null";

        @Override
        public String code() {
            return "NULL";
        }

        @Override
        public String expected() {
            return "no value";
        }

        @Override
        public boolean holds(@Nullable Object value, Time time) {
            return value == null;
        }
    }

    /** {@code @NotBlank}: a text with at least one character that is not white space. */
    record NotBlank(String message) implements Rule {
        static final String MESSAGE = "must not be blank";

        @Override
        public String code() {
            return "NOT_BLANK";
        }

        @Override
        public String expected() {
            return "a text that is not blank";
        }

        @Override
        public boolean holds(@Nullable Object value, Time time) {
            return value != null && !text(value).isBlank();
        }
    }

    /** {@code @NotEmpty}: a text, collection, map or array that holds something. */
    record NotEmpty(String message) implements Rule {
        static final String MESSAGE = "must not be empty";

        @Override
        public String code() {
            return "NOT_EMPTY";
        }

        @Override
        public String expected() {
            return "not empty";
        }

        @Override
        public boolean holds(@Nullable Object value, Time time) {
            return value != null && Size.length(value) > 0;
        }
    }

    /**
     * {@code @Size}: the number of UTF-16 units of a text, or of items of a collection, map or array.
     *
     * @param min the least, inclusive
     * @param max the most, inclusive; {@link Integer#MAX_VALUE} is none
     */
    record Size(int min, int max, String expected, String message) implements Rule {
        @Override
        public String code() {
            return "SIZE";
        }

        @Override
        public boolean holds(@Nullable Object value, Time time) {
            if (value == null) {
                return true;
            }
            var length = length(value);
            return length >= min && length <= max;
        }

        static int length(Object value) {
            if (value instanceof CharSequence text) {
                return text.length();
            } else if (value instanceof Collection<?> collection) {
                return collection.size();
            } else if (value instanceof Map<?, ?> map) {
                return map.size();
            } else if (value instanceof Secret secret) {
                return secret.reveal().length();
            }
            return value.getClass().isArray() ? Array.getLength(value) : -1;
        }
    }

    /**
     * {@code @Min}, {@code @Max}, {@code @DecimalMin}, {@code @DecimalMax}, {@code @Positive}, {@code @PositiveOrZero},
     * {@code @Negative} and {@code @NegativeOrZero}: one side of a limit. A text is compared by the decimal number in it.
     *
     * @param limit a Duration, ByteSize or Percent where the value is one; else a Long, or a BigDecimal if it is none
     * @param lower whether {@code limit} is the least, and not the most
     * @param inclusive whether the limit itself is right
     */
    record Bound(String code, Comparable<?> limit, boolean lower, boolean inclusive, String expected, String message)
            implements Rule {
        /** Up to here a double holds each whole number. */
        private static final long EXACT = 1L << 53;

        @Override
        public boolean holds(@Nullable Object value, Time time) {
            if (value == null) {
                return true;
            }
            int order;
            if (value instanceof Duration duration) {
                order = duration.compareTo((Duration) limit);
            } else if (value instanceof ByteSize size) {
                order = size.compareTo((ByteSize) limit);
            } else if (value instanceof Percent percent) {
                order = percent.compareTo((Percent) limit);
            } else if (limit instanceof Long whole && isWhole(value)) {
                order = Long.compare(((Number) value).longValue(), whole);
            } else if (value instanceof Double || value instanceof Float) {
                var number = ((Number) value).doubleValue();
                if (Double.isNaN(number)) {
                    return false;
                }
                order = order(number);
            } else {
                var number = decimal(value);
                if (number == null) {
                    return false;
                }
                order = number.compareTo(decimalLimit());
            }
            return order == 0 ? inclusive : lower == order > 0;
        }

        private int order(double number) {
            if (limit instanceof Long whole && Math.abs(whole) <= EXACT) {
                return number < whole ? -1 : number > whole ? 1 : 0;
            }
            return Double.isInfinite(number) ? (number > 0 ? 1 : -1) : new BigDecimal(number).compareTo(decimalLimit());
        }

        // A Long where it can be, since the first BigDecimal of a process costs a start ten milliseconds.
        private BigDecimal decimalLimit() {
            return limit instanceof Long whole ? BigDecimal.valueOf(whole) : (BigDecimal) limit;
        }

        private static boolean isWhole(Object value) {
            return value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte;
        }

        static @Nullable BigDecimal decimal(Object value) {
            if (isWhole(value)) {
                return BigDecimal.valueOf(((Number) value).longValue());
            } else if (value instanceof BigDecimal number) {
                return number;
            } else if (value instanceof BigInteger number) {
                return new BigDecimal(number);
            }
            try {
                var text = value.toString();
                return text.length() <= 100 ? new BigDecimal(text) : null;
            } catch (NumberFormatException e) {
                return null;
            }
        }
    }

    /**
     * {@code @Digits}: how many digits a number may have.
     *
     * @param integer the most before the decimal point
     * @param fraction the most after it
     */
    record Digits(int integer, int fraction, String message) implements Rule {
        @Override
        public String code() {
            return "DIGITS";
        }

        @Override
        public String expected() {
            return expected(integer, fraction);
        }

        static String expected(int integer, int fraction) {
            return "at most " + integer + " digits before and " + fraction + " after the decimal point";
        }

        @Override
        public boolean holds(@Nullable Object value, Time time) {
            if (value == null) {
                return true;
            }
            if ((value instanceof Double d && !Double.isFinite(d))
                    || (value instanceof Float f && !Float.isFinite(f))) {
                return false;
            }
            var number = Bound.decimal(value);
            if (number == null) {
                return false;
            }
            var stripped = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
            return (long) stripped.precision() - stripped.scale() <= integer && stripped.scale() <= fraction;
        }
    }

    /** {@code @Pattern}: a text that the expression matches from end to end. */
    record Matches(Pattern pattern, String message) implements Rule {
        @Override
        public String code() {
            return "PATTERN";
        }

        @Override
        public String expected() {
            return "a text that matches " + pattern.pattern();
        }

        @Override
        public boolean holds(@Nullable Object value, Time time) {
            return value == null || matches(pattern, text(value));
        }

        /** What takes too many steps, or too deep ones, to be judged is taken for wrong. */
        static boolean matches(Pattern pattern, String text) {
            try {
                return pattern.matcher(new BoundedText(text)).matches();
            } catch (BoundedText.TooManyLooks | StackOverflowError tooCostly) {
                return false;
            }
        }
    }

    /**
     * {@code @Email}: an address of the form {@code local@domain}.
     *
     * <p>The local part has 1 to 64 characters without blanks, control characters, quotes, brackets, commas, colons,
     * semicolons, and without a dot at its ends or two in a row; the domain has labels of letters, digits and inner
     * hyphens, 255 characters in all. Quoted local parts and address literals, which no form of a web site takes, are
     * refused.
     *
     * @param pattern a further expression that it must match; null for none
     */
    record Email(@Nullable Pattern pattern, String message) implements Rule {
        static final String MESSAGE = "must be an email address";

        @Override
        public String code() {
            return "EMAIL";
        }

        @Override
        public String expected() {
            return pattern == null ? "an email address" : "an email address that matches " + pattern.pattern();
        }

        @Override
        public boolean holds(@Nullable Object value, Time time) {
            if (value == null) {
                return true;
            }
            var text = text(value);
            var at = text.lastIndexOf('@');
            return at > 0
                    && at <= 64
                    && text.length() - at <= 256
                    && isDotted(text, 0, at, false)
                    && isDotted(text, at + 1, text.length(), true)
                    && (pattern == null || Matches.matches(pattern, text));
        }

        private static boolean isDotted(String text, int from, int to, boolean domain) {
            var before = '.';
            var label = 0;
            for (int i = from; i < to; i++) {
                var c = text.charAt(i);
                if (c == '.') {
                    if (before == '.' || (domain && before == '-')) {
                        return false;
                    }
                    label = 0;
                } else if (domain) {
                    label++;
                    if (label > 63 || (!Character.isLetterOrDigit(c) && (c != '-' || before == '.'))) {
                        return false;
                    }
                } else if (c <= ' ' || c == 0x7f || "\"(),:;<>@[\\]".indexOf(c) >= 0 || Character.isSpaceChar(c)) {
                    return false;
                }
                before = c;
            }
            return to > from && before != '.' && !(domain && before == '-');
        }
    }

    /**
     * {@code @Past}, {@code @PastOrPresent}, {@code @Future} and {@code @FutureOrPresent}: one side of now. Dates and
     * times without an offset are taken as UTC, so that all machines judge alike.
     *
     * @param past which side
     * @param orPresent whether now itself, or today for a date, is right
     */
    record Temporal(String code, boolean past, boolean orPresent, String message) implements Rule {
        @Override
        public String expected() {
            return message(past, orPresent).substring("must be ".length());
        }

        static String message(boolean past, boolean orPresent) {
            return "must be " + (past ? "in the past" : "in the future") + (orPresent ? " or now" : "");
        }

        @Override
        public boolean holds(@Nullable Object value, Time time) {
            if (value == null) {
                return true;
            }
            var order = order(value, time.now());
            return order == 0 ? orPresent : past == order < 0;
        }

        private static int order(Object value, Instant now) {
            if (value instanceof Instant instant) {
                return instant.compareTo(now);
            } else if (value instanceof OffsetDateTime dateTime) {
                return dateTime.toInstant().compareTo(now);
            } else if (value instanceof LocalDateTime dateTime) {
                return dateTime.toInstant(ZoneOffset.UTC).compareTo(now);
            } else if (value instanceof LocalDate date) {
                return date.compareTo(LocalDate.ofInstant(now, ZoneOffset.UTC));
            }
            return ((LocalTime) value).compareTo(LocalTime.ofInstant(now, ZoneOffset.UTC));
        }
    }

    /** {@code @AssertTrue} and {@code @AssertFalse} on a component. */
    record Truth(boolean wanted, String message) implements Rule {
        @Override
        public String code() {
            return wanted ? "ASSERT_TRUE" : "ASSERT_FALSE";
        }

        @Override
        public String expected() {
            return wanted ? "true" : "false";
        }

        @Override
        public boolean holds(@Nullable Object value, Time time) {
            return value == null || value.equals(wanted);
        }
    }

    /**
     * {@code @AssertTrue} and {@code @AssertFalse} on a method without parameters: a rule on the record as a whole. It is
     * asked when all components are right; what it throws is thrown on.
     */
    record Whole(Method method, boolean wanted, String message) implements Rule {
        @Override
        public String code() {
            return wanted ? "ASSERT_TRUE" : "ASSERT_FALSE";
        }

        @Override
        public String expected() {
            return (wanted ? "" : "not ") + method.getName();
        }

        @Override
        public boolean holds(@Nullable Object value, Time time) {
            return value == null || invoke(value) == wanted;
        }

        private boolean invoke(Object record) {
            try {
                return (Boolean) method.invoke(record);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                } else if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw new IllegalStateException(method + " failed", e.getCause());
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("can't call " + method, e);
            }
        }
    }

    private static String text(Object value) {
        return value instanceof Secret secret ? secret.reveal() : value.toString();
    }
}
