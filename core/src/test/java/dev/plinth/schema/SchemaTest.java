package dev.plinth.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.plinth.error.Violation;
import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SchemaTest {
    record Item(@NotBlank String name, @Positive int quantity) {}

    @SuppressWarnings("ArrayRecordComponent") // Users have them.
    record Order(
            @NotNull String id,
            @NotEmpty List<@NotNull Item> items,
            Map<@Size(min = 2) String, @Positive Integer> stock,
            Optional<@NotBlank String> note,
            @Valid @Nullable Item gift,
            @Size(max = 2) String[] tags) {}

    @Test
    void knowsNamesKeysTypesAndWhatIsRequired() {
        record Settings(
                @Doc("How long.") @Default("30s") Duration idleTimeout,
                int maxURLLength,
                boolean http2Enabled,
                @NotBlank String name,
                @NotNull @Default("x") String mode,
                @Nullable Instant since,
                Optional<String> more) {}

        var properties = Schema.of(Settings.class).properties();

        assertThat(properties)
                .extracting(Property::name, Property::key, Property::rawType, Property::required)
                .containsExactly(
                        tuple("idleTimeout", "idle-timeout", Duration.class, false),
                        tuple("maxURLLength", "max-url-length", int.class, true),
                        tuple("http2Enabled", "http2-enabled", boolean.class, true),
                        tuple("name", "name", String.class, true),
                        tuple("mode", "mode", String.class, false),
                        tuple("since", "since", Instant.class, false),
                        tuple("more", "more", Optional.class, false));
        assertThat(properties.getFirst().defaultText()).isEqualTo("30s");
        assertThat(properties.getFirst().doc()).isEqualTo("How long.");
        assertThat(properties)
                .extracting(Property::absent)
                .containsExactly(Duration.ofSeconds(30), null, null, null, "x", null, Optional.empty());
    }

    @Test
    void givesTheRecordOfItsDefaults() {
        record Retry(@Default("3") int times, Optional<String> more) {}

        assertThat(Schema.of(Retry.class).defaults()).isEqualTo(new Retry(3, Optional.empty()));
        assertThatThrownBy(() -> Schema.of(Item.class).defaults())
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("dev.plinth.schema.SchemaTest$Item.name has no default");
    }

    @Test
    void createsAndReadsBack() {
        var schema = Schema.of(Item.class);

        var item = schema.create(new Object[] {"pen", 3});

        assertThat(item).isEqualTo(new Item("pen", 3));
        assertThat(schema.properties())
                .extracting(property -> property.get(item))
                .containsExactly("pen", 3);
    }

    @Test
    void passesTheExceptionOfACompactConstructor() {
        record Range(int from, int to) {
            @SuppressWarnings("UnusedMethod") // Called by the schema.
            Range {
                if (from > to) {
                    throw new IllegalArgumentException("from " + from + " is beyond to " + to);
                }
            }
        }

        assertThatThrownBy(() -> Schema.of(Range.class).create(new Object[] {2, 1}))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("from 2 is beyond to 1");
    }

    @Test
    void tellsAllBrokenRulesWithTheirPlaces() {
        var order = Schema.of(Order.class).create(new Object[] {
            null,
            Arrays.asList(new Item("", 0), null),
            Map.of("a/b~", -1),
            Optional.of(" "),
            new Item("x", -5),
            new String[3]
        });

        assertThat(check(order))
                .containsExactly(
                        new Violation("/id", "NOT_NULL", "must not be null", "a value", ""),
                        new Violation(
                                "/items/0/name", "NOT_BLANK", "must not be blank", "a text that is not blank", ""),
                        new Violation("/items/0/quantity", "POSITIVE", "must be greater than 0", "> 0", "0"),
                        new Violation("/items/1", "NOT_NULL", "must not be null", "a value", ""),
                        new Violation("/stock/a~1b~0", "POSITIVE", "must be greater than 0", "> 0", "-1"),
                        new Violation("/note", "NOT_BLANK", "must not be blank", "a text that is not blank", " "),
                        new Violation("/gift/quantity", "POSITIVE", "must be greater than 0", "> 0", "-5"),
                        new Violation("/tags", "SIZE", "must have at most 2 items", "at most 2 items", "3 items"));
    }

    @Test
    void pointsBelowTheGivenPointer() {
        var violations = new ArrayList<Violation>();

        Schema.of(Item.class).check(new Item(" ", 1), "/orders/7", violations::add);

        assertThat(violations).extracting(Violation::pointer).containsExactly("/orders/7/name");
    }

    @Test
    void takesNullForRightExceptWhereTheRuleIsAboutIt() {
        var order =
                Schema.of(Order.class).create(new Object[] {"1", List.of(new Item("pen", 1)), null, null, null, null});

        assertThat(check(order)).isEmpty();
    }

    @Test
    void asksTheRulesOnTheWholeWhenAllComponentsAreRight() {
        record Stay(@Min(1) int from, @Max(31) int to) {
            @AssertTrue(message = "must end after it begins")
            boolean endsAfterItBegins() {
                return to > from;
            }

            @AssertTrue
            boolean isShort() {
                return to - from < 8;
            }
        }
        record Trip(Stay stay) {}

        assertThat(check(new Trip(new Stay(3, 2))))
                .containsExactly(
                        new Violation("/stay", "ASSERT_TRUE", "must end after it begins", "endsAfterItBegins", ""));
        assertThat(check(new Trip(new Stay(3, 20))))
                .containsExactly(new Violation("/stay", "ASSERT_TRUE", "must satisfy 'isShort'", "isShort", ""));
        assertThat(check(new Trip(new Stay(0, -1)))).extracting(Violation::code).containsExactly("MIN");
    }

    @Test
    void describesRecordsThatHoldThemselves() {
        record Tree(@NotBlank String name, List<Tree> children) {}

        assertThat(check(new Tree("a", List.of(new Tree("b", List.of()), new Tree("", List.of())))))
                .extracting(Violation::pointer)
                .containsExactly("/children/1/name");
    }

    @Test
    void defaultsOfCollections() {
        record Lists(
                @Default("a, b") List<String> some,
                @Default("") Set<Integer> none,
                @Default("") Map<String, String> map) {}

        assertThat(Schema.of(Lists.class).properties())
                .extracting(Property::absent)
                .containsExactly(List.of("a", "b"), Set.of(), Map.of());
    }

    static List<Violation> check(Record value) {
        var violations = new ArrayList<Violation>();
        check(value.getClass(), value, violations);
        return violations;
    }

    private static <T extends Record> void check(Class<T> type, Record value, List<Violation> violations) {
        Schema.of(type).check(type.cast(value), "", violations::add);
    }
}
