package dev.plinth.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.plinth.secret.Secret;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConversionsTest {
    /** The table of Portability in pip-services, and what it leaves open. */
    static Stream<Arguments> lenient() {
        return Stream.of(
                arguments("1", Boolean.class, true),
                arguments("true", Boolean.class, true),
                arguments("T", Boolean.class, true),
                arguments("Yes", Boolean.class, true),
                arguments("y", Boolean.class, true),
                arguments(1, Boolean.class, true),
                arguments("0", Boolean.class, false),
                arguments("FALSE", Boolean.class, false),
                arguments("f", Boolean.class, false),
                arguments("no", Boolean.class, false),
                arguments("N", Boolean.class, false),
                arguments(0, Boolean.class, false),
                arguments(123, Boolean.class, null),
                arguments("ja", Boolean.class, null),
                arguments("", Boolean.class, null),
                arguments(null, Boolean.class, null),
                arguments("123", Integer.class, 123),
                arguments("123.465", Integer.class, 123),
                arguments("-123.9", Integer.class, -123),
                arguments(123.465, Integer.class, 123),
                arguments(" 7 ", Integer.class, 7),
                arguments("1e3", Integer.class, 1000),
                arguments("ABC", Integer.class, null),
                arguments(null, Integer.class, null),
                arguments(false, Integer.class, 0),
                arguments(true, Integer.class, 1),
                arguments("3000000000", Integer.class, null),
                arguments("1e1000000000", Integer.class, null),
                arguments("3000000000.5", Long.class, 3_000_000_000L),
                arguments(true, Long.class, 1L),
                arguments("123.465", Float.class, 123.465f),
                arguments("123.465", Double.class, 123.465),
                arguments("ABC", Double.class, null),
                arguments(false, Double.class, 0.0),
                arguments("NaN", Double.class, null),
                arguments(Double.NaN, Integer.class, null),
                arguments(12, BigDecimal.class, new BigDecimal("12")),
                arguments("1975-04-08T10:30:15Z", Instant.class, Instant.parse("1975-04-08T10:30:15Z")),
                arguments("1975-04-08T12:30:15+02:00", Instant.class, Instant.parse("1975-04-08T10:30:15Z")),
                arguments("1975-04-08T10:30:15", Instant.class, Instant.parse("1975-04-08T10:30:15Z")),
                arguments("1975-04-08", Instant.class, Instant.parse("1975-04-08T00:00:00Z")),
                arguments("10:30", Instant.class, Instant.parse("1970-01-01T10:30:00Z")),
                arguments(123456, Instant.class, Instant.ofEpochMilli(123456)),
                arguments("123456", Instant.class, Instant.ofEpochMilli(123456)),
                arguments("1975-04-98", Instant.class, null),
                arguments("yesterday", Instant.class, null),
                arguments(123, String.class, "123"),
                arguments(12.5, String.class, "12.5"),
                arguments(true, String.class, "true"),
                arguments(Instant.EPOCH, String.class, "1970-01-01T00:00:00Z"),
                arguments(List.of(1, List.of("a")), String.class, "1,a"),
                arguments(null, String.class, null),
                arguments(Secret.of("hunter2"), String.class, "***"),
                arguments("30s", Duration.class, Duration.ofSeconds(30)),
                arguments("30", Duration.class, null));
    }

    @ParameterizedTest
    @MethodSource
    <T> void lenient(@Nullable Object value, Class<T> type, @Nullable T expected) {
        assertThat(Conversions.lenient(value, type).orElse(null)).isEqualTo(expected);
    }

    static Stream<Arguments> strict() {
        return Stream.of(
                arguments("true", Boolean.class, true),
                arguments("123", Integer.class, 123),
                arguments(123L, Integer.class, 123),
                arguments(1.0, Integer.class, 1),
                arguments(7, Long.class, 7L),
                arguments(7, Double.class, 7.0),
                arguments("30s", Duration.class, Duration.ofSeconds(30)),
                arguments("a", String.class, "a"));
    }

    @ParameterizedTest
    @MethodSource
    <T> void strict(Object value, Class<T> type, T expected) {
        assertThat(Conversions.strict(value, type)).isEqualTo(expected);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                arguments("yes", Boolean.class, "'yes' is not a boolean (expected: true or false)"),
                arguments(1, Boolean.class, "a value of the type Integer (expected: true or false)"),
                arguments(
                        "123.465",
                        Integer.class,
                        "'123.465' is not a whole number (expected: -2147483648..2147483647)"),
                arguments(1.5, Integer.class, "'1.5' is not a whole number (expected: -2147483648..2147483647)"),
                arguments(
                        3_000_000_000L,
                        Integer.class,
                        "'3000000000' is out of range (expected: -2147483648..2147483647)"),
                arguments(
                        true,
                        Integer.class,
                        "a value of the type Boolean (expected: a whole number from -2147483648 to 2147483647)"),
                arguments(1, String.class, "a value of the type Integer (expected: a text)"),
                arguments(" 7 ", Integer.class, "' 7 ' is not a whole number (expected: -2147483648..2147483647)"));
    }

    @ParameterizedTest
    @MethodSource
    void refused(Object value, Class<?> type, String message) {
        assertThatThrownBy(() -> Conversions.strict(value, type))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void lists() {
        assertThat(Conversions.list(123)).containsExactly(123);
        assertThat(Conversions.list(null)).isEmpty();
        assertThat(Conversions.list(Arrays.asList(1, null))).containsExactly(1, null);
        assertThat(Conversions.list(new String[] {"a", "b"})).containsExactly("a", "b");
        assertThat(Conversions.list("123,456")).containsExactly("123,456");
        assertThat(Conversions.texts("123,456")).containsExactly("123", "456");
        assertThat(Conversions.texts("a, b")).containsExactly("a", "b");
        assertThat(Conversions.texts(List.of(1, "b"))).containsExactly("1", "b");
        assertThat(Conversions.texts(null)).isEmpty();
    }

    record Inner(int c, Secret d) {}

    record Outer(String a, List<Inner> b) {}

    public static final class Bean {
        private final int size = 3;

        public int getSize() {
            return size;
        }
    }

    @Test
    void maps() {
        var outer = Map.of("a", "x", "b", List.of(Map.of("c", 1, "d", "***")));
        assertThat(Conversions.map(new Outer("x", List.of(new Inner(1, Secret.of("s"))))))
                .contains(new LinkedHashMap<>(outer));
        assertThat(Conversions.map("{\"a\": {\"b\": [1, 2.50]}}"))
                .contains(Map.of("a", Map.of("b", List.of(1, new BigDecimal("2.50")))));
        assertThat(Conversions.map(Map.of(1, new Inner(2, Secret.of("s")))))
                .contains(Map.of("1", Map.of("c", 2, "d", "***")));
        assertThat(Conversions.map(new Bean())).contains(Map.of("size", 3));
        for (var none : new Object[] {"", "abc", "{", "[1]", 12, List.of(1)}) {
            assertThat(Conversions.map(none)).as("%s", none).isEmpty();
        }
        assertThat(Conversions.map(null)).isEmpty();
    }

    @Test
    void languages() {
        var texts = new LinkedHashMap<String, String>();
        assertThat(Conversions.inLanguage(texts, "de")).isEmpty();
        texts.put("ru", "");
        texts.put("fr", "bonjour");
        texts.put("it", "ciao");
        assertThat(Conversions.inLanguage(texts, "de")).contains("bonjour");
        texts.put("en", "hello");
        assertThat(Conversions.inLanguage(texts, "de")).contains("hello");
        texts.put("de", "hallo");
        assertThat(Conversions.inLanguage(texts, "de")).contains("hallo");
    }
}
