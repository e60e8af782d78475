package dev.plinth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.config.Sample.World;
import dev.plinth.schema.ChosenAs;
import dev.plinth.schema.ChosenBy;
import dev.plinth.schema.Default;
import dev.plinth.schema.SchemaException;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Components that are one of several records. */
class ChoiceTest {
    sealed interface Disk permits Memory, LocalFile, Remote {}

    record Memory(@Default("10") @Min(1) int items) implements Disk {}

    record LocalFile(@NotBlank String folder, Optional<Disk> copy) implements Disk {}

    sealed interface Remote extends Disk permits Bucket {}

    @ChosenAs("s3")
    record Bucket(URI url, Map<String, String> tags) implements Remote {
        Bucket {
            if (url == null || url.getHost() == null) {
                throw new IllegalArgumentException("url: '" + url + "' (expected: http://host)");
            }
        }
    }

    @ChosenBy("kind")
    sealed interface Figure permits Circle, Square {}

    record Circle(int radius) implements Figure {}

    record Square(int side) implements Figure {}

    record Settings(
            @Default("memory") Disk disk,
            Optional<Disk> spare,
            List<Figure> figures,
            Map<String, Figure> named,
            Optional<Figure> one) {}

    record Strict(Disk disk) {}

    @TempDir
    Path directory;

    private World world() {
        return new World(directory);
    }

    private static final Layout LAYOUT = new Layout().section("settings", Settings.class);

    private Settings settings(String file) {
        return world().file("service.yaml", file).load(LAYOUT).get("settings", Settings.class);
    }

    private String failure(String file) {
        return world().file("service.yaml", file).failure(LAYOUT);
    }

    @Test
    void theDefaultNamesTheRecord() {
        assertThat(settings("").disk()).isEqualTo(new Memory(10));
        assertThat(settings("").spare()).isEmpty();
        assertThat(settings("settings: { disk: { items: 3 } }").disk()).isEqualTo(new Memory(3));
    }

    @Test
    void theKeyChoosesTheRecord() {
        assertThat(settings("settings: { disk: { backend: local-file, folder: a } }")
                        .disk())
                .isEqualTo(new LocalFile("a", Optional.empty()));
        assertThat(settings("settings: { spare: { backend: s3, url: http://a, tags: { b: c } } }")
                        .spare())
                .contains(new Bucket(URI.create("http://a"), Map.of("b", "c")));
        assertThat(settings("settings: { disk: { backend: local-file, folder: a, copy: { backend: memory } } }")
                        .disk())
                .isEqualTo(new LocalFile("a", Optional.of(new Memory(10))));
    }

    @Test
    void listsAndMapsHoldChoices() {
        var settings = settings(
                """
                settings:
                  figures: [{ kind: circle, radius: 1 }, { side: 2, kind: square }]
                  named: { x-a: { any: 1 }, big: { kind: circle, radius: 9 } }
                """);
        assertThat(settings.figures()).containsExactly(new Circle(1), new Square(2));
        assertThat(settings.named()).isEqualTo(Map.of("big", new Circle(9)));
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        assertThat(
                        failure(
                                """
                        settings:
                          disk: { backend: s4, url: http://a }
                          spare: { backend: local-file, items: 3 }
                          figures:
                            - { radius: 3 }
                            - { kind: circel, radius: 3 }
                            - circle
                            - { kind: square, side: x, radius: 1 }
                            - { kind: { a: b } }
                          one: { kind: circle }
                        """))
                .isEqualTo(
                        """
                        service.yaml has 10 problems:
                          settings.disk.backend: 's4' is unknown (expected: one of memory, local-file, s3; did you mean s3?) [service.yaml:2:20]
                          settings.spare.folder: missing (expected: a text). Set it in service.yaml or as PLINTH_SETTINGS_SPARE_FOLDER. [service.yaml:3:3]
                          settings.spare.items: unknown key (known: backend, copy, folder) [service.yaml:3:33]
                          settings.figures.0.kind: missing (expected: one of circle, square). Set it in service.yaml. [service.yaml:5:7]
                          settings.figures.1.kind: 'circel' is unknown (expected: one of circle, square; did you mean circle?) [service.yaml:6:15]
                          settings.figures.2: one value (expected: keys and values, of which kind is one of circle, square) [service.yaml:7:7]
                          settings.figures.3.side: 'x' is not a whole number (expected: -2147483648..2147483647) [service.yaml:8:29]
                          settings.figures.3.radius: unknown key (known: kind, side) [service.yaml:8:32]
                          settings.figures.4.kind: keys and values (expected: one of circle, square) [service.yaml:9:15]
                          settings.one.radius: missing (expected: a whole number from -2147483648 to 2147483647). Set it in service.yaml or as PLINTH_SETTINGS_ONE_RADIUS. [service.yaml:10:3]""");
    }

    @Test
    void rulesWithinAreToldAtTheirPlace() {
        assertThat(failure("settings: { disk: { items: 0 }, spare: { backend: s3, url: nowhere } }"))
                .isEqualTo(
                        """
                        service.yaml has 2 problems:
                          settings.disk.items: 0 (expected: >= 1) [service.yaml:1:28]
                          settings.spare: url: 'nowhere' (expected: http://host) [service.yaml:1:33]""");
    }

    @Test
    void variablesArgumentsAndExplainReachThem() {
        var config = world().file("service.yaml", "settings: { disk: { items: 4 } }")
                .variable("PLINTH_SETTINGS_SPARE_BACKEND", "local-file")
                .variable("PLINTH_SETTINGS_SPARE_COPY_BACKEND", "s3")
                .variable("PLINTH_SETTINGS_SPARE_COPY_URL", "http://c")
                .set("settings.spare.folder=b")
                .load(LAYOUT);
        assertThat(config.get("settings", Settings.class).spare())
                .contains(new LocalFile("b", Optional.of(new Bucket(URI.create("http://c"), Map.of()))));
        assertThat(config.explain("settings.spare.copy.url").toString()).contains("PLINTH_SETTINGS_SPARE_COPY_URL");
        assertThat(config.explain("settings.disk").toString())
                .contains("settings.disk.backend = memory", "settings.disk.items = 4");
    }

    @Test
    void withoutADefaultOneMustBeChosen() {
        assertThat(world().failure(new Layout().section("strict", Strict.class)))
                .isEqualTo(
                        """
                        The configuration has a problem:
                          strict.disk.backend: missing (expected: one of memory, local-file, s3). Set it in service.yaml or as PLINTH_STRICT_DISK_BACKEND.""");
    }

    sealed interface Clash permits Taken {}

    record Taken(String backend) implements Clash {}

    sealed interface Twins permits One.Same, Other.Same {}

    static final class One {
        record Same() implements Twins {}
    }

    static final class Other {
        record Same() implements Twins {}
    }

    @Test
    void mistakesInDeclarationsAreTold() {
        record Wrong(Clash clash, Twins twins, @Default("memry") Disk disk, @Default("local-file") Disk file) {}
        assertThatThrownBy(() -> world().load(new Layout().section("wrong", Wrong.class)))
                .isInstanceOf(SchemaException.class)
                .hasMessageContainingAll(
                        Taken.class.getTypeName() + ".backend: the name is the key by which "
                                + Clash.class.getTypeName()
                                + " is chosen. Rename it, or choose another key by @ChosenBy",
                        One.Same.class.getTypeName() + " and " + Other.Same.class.getTypeName()
                                + " have one name, 'same'. Give one of them another by @ChosenAs",
                        "the default: 'memry' is unknown (expected: one of memory, local-file, s3; did you mean memory?)",
                        "the default: 'local-file' can't be one: " + LocalFile.class.getTypeName()
                                + ".folder has no default");
    }
}
