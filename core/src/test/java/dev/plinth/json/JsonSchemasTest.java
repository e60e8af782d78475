package dev.plinth.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.plinth.schema.ByteSize;
import dev.plinth.schema.ChosenBy;
import dev.plinth.schema.Default;
import dev.plinth.schema.Percent;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema of a record accepts what the record is read from, and refuses what it refuses, as far as a schema can. */
class JsonSchemasTest {
    enum Colour {
        RED,
        DARK_BLUE
    }

    @ChosenBy("kind")
    sealed interface Shape {}

    record Circle(int radius) implements Shape {}

    record Square(int side, Optional<Shape> inside) implements Shape {}

    record All(
            @NotBlank @Size(max = 5) String name,
            @Min(1) @Max(9) int whole,
            @DecimalMax(value = "2.5", inclusive = false) double fraction,
            @NotNull Colour colour,
            @NotEmpty List<@Pattern(regexp = "[a-z]+") String> words,
            Set<Integer> numbers,
            Map<String, @Min(0) Integer> counts,
            Map<Colour, String> byColour,
            Optional<@Email String> mail,
            @Default("30s") Duration patience,
            @NotNull Shape shape,
            @AssertTrue boolean agreed,
            All next,
            byte[] bytes,
            Object any,
            UUID id,
            ByteSize size,
            Percent share,
            char letter) {}

    record Page<T>(@NotNull List<T> items, Optional<Page<T>> next) {}

    private static com.networknt.schema.Schema schema(Type type) {
        var schemas = new JsonSchemas("#/$defs/", Set.of());
        var reference = schemas.of(type);
        var definitions = schemas.definitions();
        var root = new LinkedHashMap<String, Object>();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("$defs", definitions);
        root.putAll(reference);
        var text = new String(Json.standard().write(root), StandardCharsets.UTF_8);
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(text, InputFormat.JSON);
    }

    private static final String GOOD =
            """
            {"name": "tea", "whole": 3, "fraction": 1.5, "colour": "DARK_BLUE", "words": ["a"], "numbers": [1, 2],
             "counts": {"x": 0}, "byColour": {"RED": "r"}, "mail": "a@b.example", "patience": "PT3S",
             "shape": {"kind": "square", "side": 2, "inside": {"kind": "circle", "radius": 1}}, "agreed": true,
             "next": null, "bytes": "AAEC", "any": [1, {"x": null}], "id": "123e4567-e89b-12d3-a456-426614174000",
             "size": "3MiB", "share": "80%", "letter": "x", "unknown": 1}""";

    @Test
    void whatIsReadIsAccepted() {
        assertThat(schema(All.class).validate(GOOD, InputFormat.JSON)).isEmpty();
        var read = Json.standard().read(GOOD.getBytes(StandardCharsets.UTF_8), All.class);
        assertThat(schema(All.class)
                        .validate(new String(Json.standard().write(read), StandardCharsets.UTF_8), InputFormat.JSON))
                .as("and so is what is written")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"name\": \"tea\" -> \"name\": \" \"",
                "\"name\": \"tea\" -> \"name\": \"longer\"",
                "\"name\": \"tea\" -> \"name\": null",
                "\"name\": \"tea\" -> \"other\": 1",
                "\"whole\": 3 -> \"whole\": 0",
                "\"whole\": 3 -> \"whole\": 10",
                "\"whole\": 3 -> \"whole\": \"3\"",
                "\"fraction\": 1.5 -> \"fraction\": 2.5",
                "DARK_BLUE -> dark-blue",
                "[\"a\"] -> []",
                "[\"a\"] -> [\"A\"]",
                "{\"x\": 0} -> {\"x\": -1}",
                "{\"RED\": \"r\"} -> {\"PINK\": \"r\"}",
                "\"kind\": \"circle\" -> \"kind\": \"cube\"",
                "\"kind\": \"square\", -> ",
                "\"radius\": 1 -> \"radius\": \"wide\"",
                "\"agreed\": true -> \"agreed\": false",
                "\"next\": null -> \"next\": {}",
                "\"3MiB\" -> \"3\"",
                "\"80%\" -> \"80\"",
                "\"letter\": \"x\" -> \"letter\": \"xy\""
            })
    void whatIsRefusedIsRefused(String change) {
        var parts = change.split(" -> ", -1);
        assertThat(GOOD).contains(parts[0]);
        var bad = GOOD.replace(parts[0], parts[1]);
        assertThat(schema(All.class).validate(bad, InputFormat.JSON)).isNotEmpty();
        assertThatThrownBy(() -> Json.standard().read(bad.getBytes(StandardCharsets.UTF_8), All.class))
                .isInstanceOf(JsonException.class);
    }

    static final class One {
        record Order(int a) {}

        record Both(Order mine, Two.Order yours, Page<Order> pages) {}
    }

    static final class Two {
        record Order(int b) {}
    }

    @Test
    void twoRecordsOfOneNameBothGetALongerOne() {
        var schemas = new JsonSchemas("#/", Set.of("Both"));
        var reference = schemas.of(One.Both.class);
        assertThat(schemas.definitions().keySet())
                .containsExactlyInAnyOrder("OneBoth", "OneOrder", "TwoOrder", "PageOfOrder");
        assertThat(reference).hasToString("{$ref=#/OneBoth}");
    }

    @Test
    void argumentsOfRecordsAreFollowed() throws Exception {
        record Shelf(Page<Map<String, List<LocalDate>>> page) {}
        var schemas = new JsonSchemas("#/", Set.of());
        schemas.of(Shelf.class);
        assertThat(schemas.definitions().toString())
                .isEqualTo("{PageOfMapOfStringAndListOfLocalDate={type=object, required=[items],"
                        + " properties={items={type=array, items={type=object,"
                        + " additionalProperties={type=array, items={type=string, format=date}}}},"
                        + " next={$ref=#/PageOfMapOfStringAndListOfLocalDate}}},"
                        + " Shelf={type=object, properties={page={anyOf=[{$ref=#/PageOfMapOfStringAndListOfLocalDate},"
                        + " {type=null}]}}}}");
    }

    @Test
    void whatNoWordSaysIsDescribed() {
        record Trip(
                @Future Instant begin, @Max(3) BigDecimal days, URI link, @Pattern(regexp = "\\p{L}+") String where) {}
        var schemas = new JsonSchemas("#/", Set.of());
        schemas.of(Trip.class);
        assertThat(schemas.definitions().get("Trip").toString())
                .isEqualTo("{type=object, properties={begin={type=[string, null], format=date-time,"
                        + " description=Must be in the future.}, days={type=[number, null], maximum=3},"
                        + " link={type=[string, null], format=uri-reference},"
                        + " where={type=[string, null], description=Must match \\p{L}+.}}}");
    }

    @Test
    void yamlIsReadAlikeByAll() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("no", "yes");
        tree.put("date", "2026-11-21");
        tree.put("time", "1:30");
        tree.put("empty", List.of(Map.of(), List.of(), ""));
        tree.put("lists", List.of(List.of(1, true), Map.of("a", "b: c")));
        tree.put("plain words, and more", "a#b\n");
        assertThat(YamlWriter.of(tree))
                .isEqualTo(
                        """
                "no": "yes"
                date: "2026-11-21"
                time: "1:30"
                empty:
                  - {}
                  - []
                  - ""
                lists:
                  -
                    - 1
                    - true
                  - a: "b: c"
                plain words, and more: "a#b\\n"
                """);
    }
}
