package dev.plinth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
                .containsSubsequence("Usage: plinth", "new", "run", "check", "explain", "demo", "Exit codes:");
        assertThat(said).isEqualTo(plinth("--help"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"new", "run", "check", "explain", "demo", "key create", "key add", "encrypt", "decrypt", "rotate"
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
