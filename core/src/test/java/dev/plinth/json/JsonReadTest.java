package dev.plinth.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.error.Violation;
import dev.plinth.schema.Default;
import dev.plinth.secret.Secret;
import dev.plinth.time.ManualTime;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReadTest {
    enum Colour {
        RED,
        DARK_BLUE
    }

    record Item(@NotBlank String name, @Positive int quantity) {}

    record Order(@NotNull String id, @NotEmpty List<Item> items, Optional<@Size(max = 5) String> note) {}

    record Values(
            int whole,
            long large,
            double decimal,
            boolean flag,
            Colour colour,
            Instant at,
            URI link,
            BigDecimal price,
            Secret secret,
            Map<Colour, Integer> counts,
            Set<String> tags,
            Object any) {}

    @Test
    void readsEveryKindOfValue() {
        var values = Json.standard()
                .read(
                        bytes(
                                """
                {"whole": -1, "large": 9007199254740993, "decimal": 2, "flag": true, "colour": "DARK_BLUE",
                 "at": "2026-11-21T09:30:00Z", "link": "https://example.org/a", "price": 1.10, "secret": "s3cret",
                 "counts": {"RED": 1}, "tags": ["b", "a"], "any": {"a": [1, 2.5, null, 12345678901, "x", false]}}
                """),
                        Values.class);

        assertThat(values)
                .isEqualTo(new Values(
                        -1,
                        9007199254740993L,
                        2.0,
                        true,
                        Colour.DARK_BLUE,
                        Instant.parse("2026-11-21T09:30:00Z"),
                        URI.create("https://example.org/a"),
                        new BigDecimal("1.10"),
                        Secret.of("s3cret"),
                        Map.of(Colour.RED, 1),
                        Set.of("a", "b"),
                        Map.of(
                                "a",
                                java.util.Arrays.asList(1, new BigDecimal("2.5"), null, 12345678901L, "x", false))));
        assertThat(values.tags()).containsExactly("b", "a");
    }

    @Test
    void tellsEverythingThatIsWrongAtOnce() {
        var document =
                """
                {"whole": "1", "large": 1.0, "decimal": 1e999, "flag": "true", "colour": "DARK_BLU", "at": "yesterday",
                 "link": 5, "price": "1.10", "secret": 12345, "counts": {"RED": 1, "GREEN": 2}, "tags": ["a", "a", 7],
                 "any": 1}
                """;

        assertThat(violations(document, Values.class))
                .containsExactly(
                        wrong("/whole", "WRONG_TYPE", "a whole number from -2147483648 to 2147483647", "\"1\""),
                        wrong(
                                "/large",
                                "WRONG_TYPE",
                                "a whole number from -9223372036854775808 to 9223372036854775807",
                                "1.0"),
                        wrong("/decimal", "OUT_OF_RANGE", "a number from -1.8e308 to 1.8e308", "1e999"),
                        wrong("/flag", "WRONG_TYPE", "true or false", "\"true\""),
                        wrong(
                                "/colour",
                                "UNKNOWN_VALUE",
                                "one of RED, DARK_BLUE (did you mean DARK_BLUE?)",
                                "\"DARK_BLU\""),
                        wrong("/at", "WRONG_FORMAT", "an instant such as 2026-11-21T09:30:00Z", "\"yesterday\""),
                        wrong("/link", "WRONG_TYPE", "a URI such as https://example.org/path", "5"),
                        wrong("/price", "WRONG_TYPE", "a number", "\"1.10\""),
                        wrong("/secret", "WRONG_TYPE", "a text", ""),
                        new Violation(
                                "/counts/GREEN",
                                "UNKNOWN_VALUE",
                                "must have a name that is one of RED, DARK_BLUE",
                                "one of RED, DARK_BLUE",
                                "GREEN"),
                        Violation.of("/tags/1", "DUPLICATE_ITEM", "must not be there twice"),
                        wrong("/tags/2", "WRONG_TYPE", "a text", "7"));
    }

    @Test
    void tellsMissingValuesWrongTypesAndBrokenRulesTogether() {
        var document =
                """
                {"items": [{"name": " ", "quantity": 0}, {"quantity": "three"}, 4], "note": "too long"}
                """;

        assertThat(violations(document, Order.class))
                .containsExactly(
                        new Violation(
                                "/items/0/name", "NOT_BLANK", "must not be blank", "a text that is not blank", " "),
                        new Violation("/items/0/quantity", "POSITIVE", "must be greater than 0", "> 0", "0"),
                        wrong(
                                "/items/1/quantity",
                                "WRONG_TYPE",
                                "a whole number from -2147483648 to 2147483647",
                                "\"three\""),
                        new Violation(
                                "/items/1/name", "NOT_BLANK", "must not be blank", "a text that is not blank", ""),
                        wrong("/items/2", "WRONG_TYPE", "an object", "4"),
                        new Violation(
                                "/note", "SIZE", "must have at most 5 characters", "at most 5 characters", "too long"),
                        new Violation("/id", "NOT_NULL", "must not be null", "a value", ""));
    }

    @Test
    void saysItInOneMessage() {
        var failure = failure("{\"items\": [{\"name\": \"pen\", \"quantity\": -3}]}", Order.class);

        assertThat(failure).hasMessage("/items/0/quantity must be greater than 0 (was: -3); /id must not be null");
    }

    @Test
    void takesNullAndNothingForTheSame() {
        record Absent(Optional<String> optional, String text, List<String> list, @Default("7") int number) {}
        var nothing = Json.standard().read(bytes("{}"), Absent.class);

        assertThat(nothing.optional()).isEmpty();
        assertThat(nothing.text()).isNull();
        assertThat(nothing.list()).isNull();
        assertThat(nothing.number()).isEqualTo(7);
        assertThat(Json.standard()
                        .read(bytes("{\"optional\":null,\"text\":null,\"list\":null,\"number\":null}"), Absent.class))
                .isEqualTo(nothing);
    }

    @Test
    void asksForWhatCantBeNull() {
        assertThat(violations("{\"name\":\"pen\"}", Item.class))
                .containsExactly(Violation.of("/quantity", "REQUIRED", "must be given"));
        assertThat(violations("{\"name\":\"pen\",\"quantity\":null}", Item.class))
                .containsExactly(Violation.of("/quantity", "REQUIRED", "must be given"));
    }

    @Test
    void tellsWhatTheCompactConstructorRefuses() {
        record Range(int from, int to) {
            @SuppressWarnings("UnusedMethod") // Called by the reader.
            Range {
                if (from > to) {
                    throw new IllegalArgumentException("must not begin after its end");
                }
            }
        }
        record Ranges(List<Range> ranges) {}

        assertThat(violations("{\"ranges\":[{\"from\":1,\"to\":2},{\"from\":2,\"to\":1}]}", Ranges.class))
                .containsExactly(Violation.of("/ranges/1", "INVALID", "must not begin after its end"));
    }

    @Test
    void tellsWhatTheCompactConstructorMissed() {
        record Cart(String id, List<String> items) {
            @SuppressWarnings("UnusedMethod") // Called by the reader.
            Cart {
                items = List.copyOf(items);
            }
        }

        assertThat(violations("{\"id\":\"1\"}", Cart.class))
                .containsExactly(Violation.of("", "REQUIRED", "must have a value for items"));
    }

    @Test
    void asksTheRulesOnTheWhole() {
        record Stay(int from, int to) {
            @AssertTrue(message = "must end after it begins")
            boolean endsAfterItBegins() {
                return to > from;
            }
        }

        assertThat(violations("{\"from\":2,\"to\":1}", Stay.class))
                .containsExactly(new Violation("", "ASSERT_TRUE", "must end after it begins", "endsAfterItBegins", ""));
    }

    @Test
    void judgesTimeByTheGivenClock() {
        record Reservation(@Future LocalDate day) {}
        var json = Json.standard().withTime(new ManualTime(Instant.parse("2026-01-01T00:00:00Z"), 1));

        assertThat(json.read(bytes("{\"day\":\"2026-01-02\"}"), Reservation.class)
                        .day())
                .isEqualTo("2026-01-02");
        var failure = catchThrowableOfType(
                JsonException.class, () -> json.read(bytes("{\"day\":\"2026-01-01\"}"), Reservation.class));
        assertThat(failure.violations())
                .containsExactly(
                        new Violation("/day", "FUTURE", "must be in the future", "in the future", "2026-01-01"));
    }

    @Test
    void refusesTheSameNameTwice() {
        assertThat(violations("{\"name\":null,\"name\":\"b\",\"quantity\":1}", Item.class))
                .containsExactly(Violation.of("/name", "DUPLICATE_KEY", "must not be there twice"));
        assertThat(violations("{\"a\":{\"b\":1,\"b\":2}}", Object.class))
                .containsExactly(Violation.of("/a/b", "DUPLICATE_KEY", "must not be there twice"));
        record Counts(Map<String, Integer> counts) {}
        assertThat(violations("{\"counts\":{\"b\":1,\"b\":2}}", Counts.class))
                .containsExactly(Violation.of("/counts/b", "DUPLICATE_KEY", "must not be there twice"));
    }

    @Test
    void skipsUnknownNamesUnlessStrict() {
        var document = bytes("{\"name\":\"pen\",\"more\":{\"a\":[1]},\"quantity\":1,\"quantty\":2}");

        assertThat(Json.standard().read(document, Item.class)).isEqualTo(new Item("pen", 1));
        var failure = catchThrowableOfType(
                JsonException.class, () -> Json.standard().strict().read(document, Item.class));
        assertThat(failure.violations())
                .containsExactly(
                        new Violation("/more", "UNKNOWN_KEY", "is unknown", "one of name, quantity", ""),
                        new Violation(
                                "/quantty",
                                "UNKNOWN_KEY",
                                "is unknown (did you mean quantity?)",
                                "one of name, quantity",
                                ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {               | ends too early (line 1, column 2)
            {"name":        | ends too early (line 1, column 9)
            {"name":"pe     | ends too early (line 1, column 12)
            {"name":}       | is not valid JSON: Unexpected character ('}' (code 125)): expected a value (line 1, column 9)
            {"name":NaN}    | is not valid JSON: Non-standard token 'NaN' (line 1, column 12)
            {'name':1}      | is not valid JSON: Unexpected character (''' (code 39)): was expecting double-quote to start property name (line 1, column 2)
            {"name":01}     | is not valid JSON: Invalid numeric value: Leading zeroes not allowed (line 1, column 10)
            {"name":tru}    | is not valid JSON: Unrecognized token 'tru': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false') (line 1, column 9)
            {"name":1,}     | is not valid JSON: Unexpected character ('}' (code 125)): was expecting double-quote to start property name (line 1, column 11)
            {"name":1]      | is not valid JSON: Unexpected close marker ']': expected '}' (line 1, column 10)
            {} {}           | has more after its end (line 1, column 4)
            {} x            | is not valid JSON: Unrecognized token 'x': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false') (line 1, column 4)
            """)
    void tellsWhereItIsNoJson(String document, String message) {
        assertThat(violations(document, Item.class)).containsExactly(Violation.of("", "MALFORMED_JSON", message));
    }

    @Test
    void tellsTheLineWhereItIsNoJson() {
        assertThat(violations("{\n  \"name\": \"pen\",\n  quantity: 1\n}", Item.class))
                .extracting(Violation::message)
                .containsExactly(
                        "is not valid JSON: Unexpected character ('q' (code 113)): was expecting double-quote to"
                                + " start property name (line 3, column 3)");
    }

    @Test
    void refusesWhatIsNotUnicode() {
        var document = bytes("{\"name\":\n \"?\"}");
        document[11] = (byte) 0xff;

        assertThat(catchThrowableOfType(
                                JsonException.class, () -> Json.standard().read(document, Item.class))
                        .violations())
                .containsExactly(Violation.of("", "MALFORMED_JSON", "is not Unicode in UTF-8 (line 2, column 3)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n "})
    void asksForADocument(String document) {
        assertThat(violations(document, Item.class)).containsExactly(Violation.of("", "REQUIRED", "must not be empty"));
        assertThat(violations("null", Item.class)).containsExactly(Violation.of("", "REQUIRED", "must not be null"));
    }

    @Test
    void takesAByteOrderMark() {
        assertThat(Json.standard().read(bytes("\ufeff{\"name\":\"pen\",\"quantity\":1}"), Item.class))
                .isEqualTo(new Item("pen", 1));
    }

    @Test
    void readsStreams() {
        var stream = new ByteArrayInputStream(bytes("[{\"name\":\"pen\",\"quantity\":1}]"));

        assertThat(Json.standard().read(stream, Item[].class)).containsExactly(new Item("pen", 1));
    }

    @Test
    void keepsItsLimits() {
        assertThat(violations("[".repeat(65) + "]".repeat(65), Object.class))
                .containsExactly(
                        Violation.of(
                                "",
                                "LIMIT_EXCEEDED",
                                "is too large at line 1, column 66: Document nesting depth (65) exceeds the maximum allowed (64)"));
        assertThat(violations("1".repeat(101), Object.class))
                .extracting(Violation::message)
                .containsExactly(
                        "is too large at line 1, column 102: Number value length (101) exceeds the maximum allowed (100)");
        assertThat(violations("{\"" + "n".repeat(1001) + "\":1}", Object.class))
                .extracting(Violation::message)
                .containsExactly(
                        "is too large at line 1, column 1005: Name length (1001) exceeds the maximum allowed (1000)");
        assertThat(violations("1e1001", BigDecimal.class))
                .containsExactly(wrong("", "OUT_OF_RANGE", "a number with an exponent from -1000 to 1000", "1e1001"));
        assertThat(violations("[" + "1,".repeat(1000) + "1]", String[].class)).hasSize(100);
    }

    @Test
    void readsWholeNumbersOfEverySize() {
        assertThat(Json.standard().read(bytes("127"), byte.class)).isEqualTo((byte) 127);
        assertThat(Json.standard().read(bytes("-32768"), Short.class)).isEqualTo((short) -32768);
        assertThat(Json.standard().read(bytes("1234567890123456789012"), BigInteger.class))
                .isEqualTo("1234567890123456789012");
        for (var type : List.of(byte.class, short.class, int.class, long.class)) {
            assertThat(violations("1234567890123456789012", type))
                    .extracting(Violation::code)
                    .containsExactly("OUT_OF_RANGE");
            assertThat(violations("1.5", type)).extracting(Violation::code).containsExactly("WRONG_TYPE");
        }
        assertThat(violations("128", byte.class))
                .containsExactly(wrong("", "OUT_OF_RANGE", "a whole number from -128 to 127", "128"));
    }

    @Test
    void judgesTheNamesInAMap() {
        record Stock(Map<@Size(min = 2) String, @Positive Integer> stock, Map<UUID, Duration> times) {}

        assertThat(violations("{\"stock\":{\"a\":1,\"bb\":0,\"cc\":\"1\"},\"times\":{\"x\":\"PT1S\"}}", Stock.class))
                .containsExactly(
                        new Violation(
                                "/stock/a",
                                "SIZE",
                                "has a name that must have at least 2 characters",
                                "at least 2 characters",
                                "a"),
                        new Violation("/stock/bb", "POSITIVE", "must be greater than 0", "> 0", "0"),
                        wrong("/stock/cc", "WRONG_TYPE", "a whole number from -2147483648 to 2147483647", "\"1\""),
                        new Violation(
                                "/times/x",
                                "WRONG_FORMAT",
                                "must have a name that is a UUID such as 123e4567-e89b-12d3-a456-426614174000",
                                "a UUID such as 123e4567-e89b-12d3-a456-426614174000",
                                "x"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Violation wrong(String pointer, String code, String expected, String actual) {
        return new Violation(pointer, code, "must be " + expected, expected, actual);
    }

    private static JsonException failure(String document, Class<?> type) {
        return catchThrowableOfType(JsonException.class, () -> Json.standard().read(bytes(document), type));
    }

    private static List<Violation> violations(String document, Class<?> type) {
        return failure(document, type).violations();
    }
}
