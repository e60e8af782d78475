package dev.plinth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.config.Arguments;
import dev.plinth.config.Sources;
import dev.plinth.schema.Default;
import dev.plinth.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages under docs/ say what is so. */
class DocsTest {
    record Settings(@Default("50") int maxLines) {}

    private static final Path DOCS = Path.of("..", "docs");
    private static final Path REFERENCE = DOCS.resolve("configuration-reference.md");

    /** After a change that is meant: {@code mvn -pl core test -Dtest=DocsTest -Dreference.write=true}. */
    @Test
    void referenceIsTheOneThatTheRecordsGive() throws IOException {
        var now = reference();
        if (Boolean.getBoolean("reference.write")) {
            Files.writeString(REFERENCE, now);
        }
        assertThat(now)
                .as("the sections changed. Write docs/configuration-reference.md anew with -Dreference.write=true.")
                .isEqualTo(Files.readString(REFERENCE));
    }

    private static String reference() {
        return Bound.layout().reference(Bound.class.getClassLoader());
    }

    /** The example's own section is judged by the example's own test. */
    @Test
    void schemaOfTheExampleHasTheSectionsOfTheChassis() throws IOException {
        var file = Path.of("..", "examples", "orders", "service.schema.json");
        var there = Files.readString(file);
        var now = SchemaFile.text("orders", Bound.layout(Settings.class).jsonSchema(Bound.class.getClassLoader()));
        now = now.replace(settings(now), settings(there));
        if (Boolean.getBoolean("reference.write")) {
            Files.writeString(file, now);
        }
        assertThat(now)
                .as("the sections changed. Write examples/orders/service.schema.json anew with -Dreference.write=true.")
                .isEqualTo(Files.readString(file));
    }

    private static String settings(String schema) {
        return schema.lines()
                .filter(line -> line.startsWith("\"settings\": "))
                .findFirst()
                .orElseThrow();
    }

    /** Every YAML block of every page is a configuration that a service starts with. */
    @Test
    void everyYamlBlockIsValid(@TempDir Path folder) throws IOException {
        var judged = new ArrayList<String>();
        try (var pages = Files.list(DOCS)) {
            for (var page : pages.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                for (var block : blocks(Files.readString(page))) {
                    Files.writeString(folder.resolve("service.yaml"), block);
                    Bound.of(
                            new Sources(Arguments.none(), Map.of(), folder, DocsTest.class.getClassLoader()),
                            Settings.class,
                            Time.system());
                    judged.add(page.getFileName().toString());
                }
            }
        }
        assertThat(judged)
                .contains(
                        "configuration.md", "http.md", "logging.md", "tracing.md", "clients.md", "stop.md", "admin.md");
    }

    private static List<String> blocks(String page) {
        var blocks = new ArrayList<String>();
        for (int from = page.indexOf("```yaml\n"); from >= 0; from = page.indexOf("```yaml\n", from + 1)) {
            blocks.add(page.substring(from + 8, page.indexOf("\n```", from) + 1));
        }
        return blocks;
    }
}
