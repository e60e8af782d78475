package dev.plinth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.plinth.config.Sample.World;
import dev.plinth.json.Json;
import dev.plinth.schema.ByteSize;
import dev.plinth.schema.ChosenBy;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.schema.Live;
import dev.plinth.schema.Percent;
import dev.plinth.schema.RenamedFrom;
import dev.plinth.secret.Secret;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The schema that editors get accepts what configuration accepts, and refuses what it refuses, as far as one file tells. */
class JsonSchemaTest {
    enum Colour {
        RED,
        DARK_BLUE
    }

    record Shelf(@NotBlank String name, @Default("0") int floor, Optional<Shelf> above) {}

    record All(
            @Default("1") @Min(1) @Max(9) int whole,
            @Default("1") long large,
            @Default("1") @Positive short small,
            @Default("1.5") @DecimalMax("2.5") double number,
            @Default("1") BigDecimal exact,
            @Default("false") boolean yes,
            @Default("word") @Pattern(regexp = "[a-z]+") String word,
            @Default("abc") @Size(min = 2, max = 4) String shorty,
            @Default("") String text,
            @Default("red") Colour colour,
            @Default("1s") @Positive @Doc("How long.") Live<Duration> time,
            @Default("0s") Duration delay,
            @Default("1KiB") ByteSize size,
            @Default("5%") Percent share,
            Optional<Secret> secret,
            Optional<URI> uri,
            Optional<Path> path,
            Optional<UUID> id,
            Optional<LocalDate> day,
            Optional<InetSocketAddress> address,
            @Default("a") @NotEmpty List<@NotBlank String> words,
            Set<Integer> numbers,
            Map<String, Colour> colours,
            List<Shelf> shelves,
            Map<String, Shelf> named,
            Optional<Shelf> shelf) {}

    private static final Layout LAYOUT = new Layout().section("all", All.class).sections("peers", Shelf.class);
    private static final ClassLoader LOADER = JsonSchemaTest.class.getClassLoader();

    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(text(LAYOUT.jsonSchema(LOADER)));

    @TempDir
    Path directory;

    private static String text(Object value) {
        return new String(Json.standard().write(value), StandardCharsets.UTF_8);
    }

    /** What the schema has against a text of YAML, which an editor reads by the rules of YAML 1.2. */
    private static List<?> against(Schema schema, String yaml) {
        var tree = new Load(LoadSettings.builder().setSchema(new CoreSchema()).build()).loadFromString(yaml);
        return schema.validate(text(tree == null ? Map.of() : tree), InputFormat.JSON);
    }

    private boolean isAccepted(String yaml) {
        try {
            new World(directory)
                    .file("service.yaml", yaml)
                    .file("secret.txt", "hunter2")
                    .variable("VAR", "5")
                    .load(LAYOUT);
            return true;
        } catch (ConfigException refused) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "all: {}",
                "all:",
                "all: { whole: 9, large: -9223372036854775808, small: 1, number: 2.5, exact: 1e3, yes: true }",
                "all: { whole: \"3\", number: \"1.5\", yes: \"true\" }",
                "all: { whole: \"${VAR}\", number: \"${NUMBER:1.5}\", text: \"${VAR:x}\", words: [\"${VAR}\"], small: \"${VAR}\" }",
                "all: { whole: , yes: ~, words: , colours: null, shelf: , time: }",
                "all: { word: abc, shorty: abcd, text: 5, colour: dark-blue }",
                "all: { text: true, colour: DARK_BLUE, secret: 12345 }",
                "all: { text: '$${literal}', word: \"${WORD:abc}\" }",
                "all: { time: 30s, delay: 1h30m, size: 10MiB, share: 12.5% }",
                "all: { time: PT1M, delay: 0s, size: 0B, share: 0% }",
                "all: { time: \"${VAR}s\" }",
                "all: { uri: http://x/y, path: a/b, id: 123e4567-e89b-12d3-a456-426614174000, day: 2026-11-21 }",
                "all: { address: example.org:80 }",
                "all: { address: \"[::1]:80\" }",
                "all: { words: [a, 1, true], numbers: [1, 2], colours: { a.b: red, x-y: red } }",
                "all: { shelves: [{ name: a, above: { name: b, above: { name: c } } }], named: { one: { name: b, floor: 2 } } }",
                "all: { x-anchor: { any: [thing] }, named: { x-free: 1 } }",
                "x-base: { any: thing }",
                "all: { secret: file:secret.txt }",
                "peers: { ann: { name: a }, x-b: 3 }",
                "optional-keys: [all.new-thing]",
            })
    void whatConfigurationAcceptsTheSchemaAccepts(String yaml) {
        assertThat(isAccepted(yaml)).isTrue();
        assertThat(against(SCHEMA, yaml)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "al: {}",
                "all: { whol: 1 }",
                "all: { whole: 0 }",
                "all: { whole: 10 }",
                "all: { whole: 1.5 }",
                "all: { whole: one }",
                "all: { whole: true }",
                "all: { whole: [1] }",
                "all: { whole: 2147483648 }",
                "all: { small: 0 }",
                "all: { small: 40000 }",
                "all: { number: 2.6 }",
                "all: { exact: one }",
                "all: { yes: yes }",
                "all: { yes: 1 }",
                "all: { word: ABC }",
                "all: { shorty: a }",
                "all: { shorty: abcde }",
                "all: { text: [a] }",
                "all: { text: { a: b } }",
                "all: { colour: green }",
                "all: { colour: dark_blue }",
                "all: { time: 30 }",
                "all: { time: 0s }",
                "all: { time: 1m1h }",
                "all: { time: 30 s }",
                "all: { time: soon }",
                "all: { delay: 5 }",
                "all: { size: 10 }",
                "all: { size: 10MX }",
                "all: { share: 5 }",
                "all: { share: 5.% }",
                "all: { secret: [a] }",
                "all: { id: 1-2-3 }",
                "all: { day: 21.11.2026 }",
                "all: { address: example.org }",
                "all: { words: [] }",
                "all: { words: a }",
                "all: { words: [a, ' '] }",
                "all: { words: [a, ~] }",
                "all: { words: { 0: a } }",
                "all: { numbers: [1, 1] }",
                "all: { numbers: [1, x] }",
                "all: { colours: { a: green } }",
                "all: { colours: [red] }",
                "all: { shelves: [{ nam: a }] }",
                "all: { shelves: { name: a } }",
                "all: { named: { one: { name: ' ' } } }",
                "all: { shelf: { name: a, above: 5 } }",
                "all: 5",
                "all: [1]",
                "peers: [a]",
                "peers: { ann: { nme: a } }",
                "optional-keys: a",
            })
    void whatConfigurationRefusesTheSchemaRefuses(String yaml) {
        assertThat(isAccepted(yaml)).isFalse();
        assertThat(against(SCHEMA, yaml)).as(yaml).isNotEmpty();
    }

    /** Another source may have what is missing; what a placeholder stands for, an editor can't know. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "peers: { ann: {} }",
                "all: { whole: \"${MISSING}\" }",
                "all: { words: [\"${VAR\"] }",
                "all: { whole: \"10\" }",
                "all: { large: 010 }",
                "all: { shelf: { name: a, above: { nme: b } } }",
                "all: { enc_secret: no-token }",
                "all: { enc_sceret: no-token }",
            })
    void whatOneFileCantTellIsLeftToTheStart(String yaml) {
        assertThat(isAccepted(yaml)).isFalse();
        assertThat(against(SCHEMA, yaml)).isEmpty();
    }

    @Test
    void itIsOfItsDialectAndTellsDefaultsAndWhatKeysAreFor() {
        var dialect = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema("{\"$ref\": \"https://json-schema.org/draft/2020-12/schema\"}");
        assertThat(dialect.validate(text(LAYOUT.jsonSchema(LOADER)), InputFormat.JSON))
                .isEmpty();
        var text = text(LAYOUT.jsonSchema(LOADER));
        assertThat(text)
                .contains("\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"")
                .contains(
                        "\"time\":{\"$ref\":\"#/$defs/duration-above-0\",\"description\":\"How long. A reload takes it.\","
                                + "\"default\":\"1s\"}")
                .contains("\"whole\":{\"$ref\":\"#/$defs/whole\",\"minimum\":1,\"maximum\":9,\"default\":1}")
                .contains("{\"enum\":[\"red\",\"dark-blue\"]}");
    }

    @ChosenBy("kind")
    sealed interface Figure permits Circle, Square {}

    record Circle(int radius, Optional<Figure> inner) implements Figure {}

    record Square(@RenamedFrom("edge") @Default("1") int side) implements Figure {}

    record Drawing(Optional<Figure> figure, List<Figure> figures) {}

    private static final Layout CHOICES = new Layout()
            .section("drawing", Drawing.class)
            .choice("shelf", BackendsTest.Shelf.KIND)
            .choices("shelves", BackendsTest.Shelf.KIND, Square.class);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "drawing: { figure: { kind: circle, radius: 1 } }",
                "drawing: { figures: [{ kind: square, side: 2 }, { kind: circle, radius: 1, inner: { kind: square } }] }",
                "drawing: { figures: [{ kind: square, edge: 2 }] }",
                "shelf: { backend: box, lids: 2 }",
                "shelf: { backend: \"${KIND:box}\", lids: 2 }",
                "shelves: { a: { backend: box, lids: 2, side: 3 }, b: { side: 4 } }",
            })
    void aChoiceTakesTheKeysOfWhatIsChosen(String yaml) {
        new World(directory).file("service.yaml", yaml).load(CHOICES);
        assertThat(against(schemaOf(CHOICES), yaml)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "drawing: { figure: { kind: circle, side: 1 } }",
                "drawing: { figure: { kind: triangle } }",
                "drawing: { figures: [{ kind: square, sid: 2 }] }",
                "drawing: { figures: [square] }",
                "shelf: { backend: floor, lids: 2 }",
                "shelf: { backend: boks }",
                "shelves: { a: { backend: box, lid: 2 } }",
            })
    void aChoiceRefusesTheKeysOfOthers(String yaml) {
        assertThatThrownBy(() -> new World(directory).file("service.yaml", yaml).load(CHOICES))
                .isInstanceOf(ConfigException.class);
        assertThat(against(schemaOf(CHOICES), yaml)).as(yaml).isNotEmpty();
    }

    @Test
    void keysThatAreOldAreMarkedAsDeprecated() {
        assertThat(text(CHOICES.jsonSchema(LOADER)))
                .contains("\"edge\":{\"$ref\":\"#/$defs/whole\",\"minimum\":-2147483648,\"maximum\":2147483647,"
                        + "\"default\":1,\"deprecated\":true}");
    }

    private static Schema schemaOf(Layout layout) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(text(layout.jsonSchema(LOADER)));
    }

    @Test
    void theFileOfTheExampleFits() throws IOException {
        var schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(Path.of("../examples/orders/service.schema.json")));

        assertThat(against(schema, Files.readString(Path.of("../examples/orders/service.yaml"))))
                .isEmpty();
        assertThat(against(schema, "http: { prot: 1 }")).isNotEmpty();
        assertThat(against(schema, "settings: { max-quantity: 0 }")).isNotEmpty();
    }
}
