package dev.plinth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlinthTest {
    private record Said(int exitCode, String out, String err) {}

    @TempDir
    private Path folder;

    private static Said plinth(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var exitCode = Plinth.run(
                new Whisper(InputStream.nullInputStream(), null, false),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
        return new Said(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void withoutAWordItShowsAllThatItCanDo() {
        var said = plinth();

        assertThat(said.exitCode()).isZero();
        assertThat(said.out())
                .containsSubsequence(
                        "Usage: plinth", "new", "run", "check", "explain", "import", "demo", "Exit codes:");
        assertThat(said).isEqualTo(plinth("--help"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "new",
                "run",
                "check",
                "explain",
                "import",
                "demo",
                "openapi",
                "openapi merge",
                "openapi lint",
                "openapi diff",
                "openapi generate",
                "key create",
                "key add",
                "key api",
                "hash",
                "encrypt",
                "decrypt",
                "rotate"
            })
    void everyCommandHasHelpWithItsExitCodes(String command) {
        var said = plinth((command + " --help").split(" "));

        assertThat(said.exitCode()).isZero();
        assertThat(said.out())
                .startsWith("Usage: plinth " + command)
                .containsSubsequence("Exit codes:", "0 ", "1 ", "64 ", "78 ");
        assertThat(said.err()).isEmpty();
    }

    @Test
    void aTypoIsUsageAndGetsASuggestion() {
        assertThat(plinth("rum"))
                .isEqualTo(
                        new Said(
                                64,
                                "",
                                """
                        plinth: Unmatched argument at index 0: 'rum'
                        Did you mean: plinth run?
                        Try plinth --help
                        """));
        assertThat(plinth("new", "--dri", "x", "orders").exitCode()).isEqualTo(64);
        assertThat(plinth("new"))
                .isEqualTo(new Said(64, "", "plinth new: Missing required parameter: 'NAME'\nTry plinth new --help\n"));
    }

    @Test
    void newSaysWhatItWroteAndWhatToDoNext() {
        var project = folder.resolve("books");

        var said = plinth("new", "order-book", "--dir", project.toString());

        assertThat(said)
                .isEqualTo(new Said(
                        0,
                        """
                        Wrote the service order-book to %1$s. Next:
                          cd %1$s && mvn verify     builds and tests it
                          plinth run %1$s     builds and runs it
                        """
                                .formatted(project),
                        ""));
        assertThat(project.resolve("src/main/java/orderbook/Main.java")).exists();
    }

    @Test
    void newRefusesABadNameAndWritesNothing() {
        var said = plinth("new", "My Service", "--dir", folder.resolve("x").toString());

        assertThat(said.exitCode()).isEqualTo(64);
        assertThat(said.err()).startsWith("plinth new: 'My Service' is not a service name: it has ' ', 'M', 'S'");
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "check"})
    void aFolderWithoutAServiceIsUsage(String command) {
        assertThat(plinth(command, folder.toString()))
                .isEqualTo(
                        new Said(
                                64,
                                "",
                                "plinth " + command + ": " + folder
                                        + " holds no pom.xml, so it is no service. Name a service's folder, or make one: plinth new NAME\n"));
    }

    @Test
    void importWritesAServiceYamlAndOverwritesNothing() throws Exception {
        var old = folder.resolve("config.yml");
        Files.writeString(old, "pyms: { config: { DEBUG: true, page_size: 5, APP_NAME: a } }");
        var target = folder.resolve("service.yaml");
        String[] words = {"import", old.toString(), "-o", target.toString()};

        assertThat(plinth(words))
                .isEqualTo(new Said(
                        0,
                        "Wrote " + target + " from " + old
                                + " (PyMS): 2 values taken over, 1 without a counterpart, which are"
                                + " comments at its end.\n",
                        ""));
        assertThat(target).content().contains("level: debug", "page-size: 5");

        Files.writeString(target, "mine");
        assertThat(plinth(words))
                .isEqualTo(new Said(
                        1,
                        "",
                        "plinth import: " + target
                                + " is already there. Choose another with -o, or overwrite it with --force.\n"));
        assertThat(target).hasContent("mine");
        assertThat(plinth("import", old.toString(), "-o", target.toString(), "--force")
                        .exitCode())
                .isZero();
        assertThat(target).content().contains("page-size: 5");
        assertThat(plinth("import", old.toString(), "-o", "-").out()).isEqualTo(Files.readString(target));
    }

    @Test
    void importSaysWhyItCannot() throws Exception {
        var file = folder.resolve("x.yml");
        assertThat(plinth("import", file.toString()))
                .isEqualTo(new Said(1, "", "plinth import: there is no file " + file + "\n"));
        assertThat(plinth("import", folder.toString()).err()).contains("can't be read: it is a folder");
        Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xE9});
        assertThat(plinth("import", file.toString()).err()).isEqualTo("plinth import: " + file + " is not UTF-8\n");
        Files.writeString(file, "a: 1");
        assertThat(plinth("import", file.toString()).err())
                .startsWith("plinth import: " + file + ": it is of no shape that is known. Looked for: ");
        assertThat(plinth("import", file.toString(), "--from", "samb").err())
                .contains("'samb' is not known (expected: pyms, samba or pip-services)");
        assertThat(plinth("import", file.toString(), "--from", "samba", "-o", "-")
                        .out())
                .contains("record Settings(int a) {}");
    }

    @Test
    void demoNamesTheOptionForAPortThatIsTaken() throws Exception {
        try (var taken = new java.net.ServerSocket(0)) {
            var said = plinth("demo", "--check", "--port", String.valueOf(taken.getLocalPort()));

            assertThat(said)
                    .isEqualTo(new Said(
                            1,
                            "",
                            "plinth demo: port " + taken.getLocalPort()
                                    + " can't be used: Address already in use. Choose another with"
                                    + " --port (in a service of yours: http.port); 0 takes any free one.\n"));
        }
    }
}
