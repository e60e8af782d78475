package dev.plinth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.schema.Default;
import dev.plinth.schema.Live;
import dev.plinth.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of a service that open nothing. */
class CheckTest {
    record Settings(@Default("50") int maxLines, Live<Optional<Secret>> key) {}

    private record Said(int exitCode, String out, String err) {}

    @TempDir
    Path folder;

    private Said run(String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var exit = Service.of(args -> Service.run("desk", args, Settings.class, (service, _) -> service.client("back")))
                .environment(Map.of())
                .directory(folder)
                .process(
                        words,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Said(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    @Test
    void checkTellsTheChainOfTimeoutsAndTheLimits() throws IOException {
        write(
                "service.yaml",
                """
                http: { request-timeout: 2s }
                clients: { back: { url: http://back, timeout: 3s, connect-timeout: 4s } }
                stop: { drain-delay: 20s, in-flight-timeout: 1s }
                """);
        var said = run("check");

        assertThat(said.exitCode()).isZero();
        assertThat(said.err()).isEmpty();
        assertThat(said.out())
                .startsWith("desk: the configuration is valid\n\nTime-outs, each with those that it contains\n")
                .containsPattern("\n  http.request-timeout +2s +a request, with all that it waits for\n")
                .containsPattern(
                        "\n!   clients.back.timeout +3s +longer than http.request-timeout, which ends it first\n")
                .containsPattern(
                        "\n!     clients.back.connect-timeout +4s +longer than clients.back.timeout, which ends it first\n")
                .containsPattern("\n  stop +29s +the sum of its steps\n")
                .containsPattern("\n    stop.in-flight-timeout +1s +shorter than http.request-timeout: a stop cuts off")
                .containsPattern("\n  http.idle-timeout +75s\n")
                .containsPattern("\n\nLimits\n  http.max-body +1MiB\n")
                .containsPattern("\n  settings.max-lines +50\n");
    }

    @Test
    void aStopThatTakesLongerThanKubernetesGrantsIsMarked() throws IOException {
        write(
                "service.yaml",
                "clients: { back: { url: http://back } }\nstop: { drain-delay: 1m, flush-timeout: 1ms }\n");

        assertThat(run("check").out())
                .containsPattern(
                        "\n! stop +80001ms +Kubernetes grants 30s unless terminationGracePeriodSeconds is raised\n");
    }

    @Test
    void eachFileIsJudgedInThePlaceOfServiceYaml() throws IOException {
        write("service.yaml", "nonsense: 1\n");
        write("good.yaml", "clients: { back: { url: http://back } }\n");
        write("bad.yaml", "clients: { back: { url: http://back }, other: { url: http://other } }\n");
        write("worse.json", "{ \"settings\": { \"max-lines\": \"many\" } }\n");
        var said = run("check", "good.yaml", "bad.yaml", "worse.json", "none.yaml");

        assertThat(said.exitCode()).isEqualTo(78);
        assertThat(said.out())
                .startsWith("good.yaml: the configuration is valid\n")
                .doesNotContain("bad.yaml");
        assertThat(said.err())
                .isEqualTo(
                        """
                        bad.yaml has a problem:
                          clients.other: the service asks for no client of that name (it asks for: back) [bad.yaml:1:40]
                        worse.json has a problem:
                          settings.max-lines: 'many' is not a whole number (expected: -2147483648..2147483647) [worse.json:1:30]
                        none.yaml has a problem:
                          there is no such file, but --config names it [none.yaml]
                        """);
    }

    @Test
    void explainTellsWhatThereIsOfABrokenConfiguration() throws IOException {
        write("service.yaml", "http: { port: many, prot: 1 }\nsettings: { key: hunter2 }\n");
        var said = run("explain", "http.port", "--set", "settings.max-lines=x");

        assertThat(said.exitCode()).isEqualTo(78);
        assertThat(said.out())
                .isEqualTo(
                        """
                        http.port = many
                          default            8080
                        > service.yaml:1:15  many  (a file is stronger than the default)
                        """);
        assertThat(said.err())
                .startsWith("The configuration has 3 problems:\n")
                .contains("http.port: 'many'", "http.prot: unknown key", "settings.max-lines: 'x'");
        assertThat(run("explain", "--all").out())
                .contains("settings.key = ***\n", "http.port = many\n", "stop.drain-delay = 5s\n")
                .doesNotContain("hunter2");
    }

    @Test
    void explainTellsOfTheFilesThatCanBeRead() throws IOException {
        write("service.yaml", "http: { port: 1\n");
        write("service-p.yaml", "http: { port: 2 }\n");
        var said = run("explain", "http.port", "--profile", "p");

        assertThat(said.exitCode()).isEqualTo(78);
        assertThat(said.out()).contains("> service-p.yaml:1:15  2  (");
        assertThat(said.err()).startsWith("service.yaml has a problem:\n");
    }

    @Test
    void schemaAndReferenceArePrintedWhateverTheConfigurationIs() throws IOException {
        write("service.yaml", "nonsense: 1\n");

        var schema = run("schema");
        assertThat(schema.exitCode()).isZero();
        assertThat(schema.out())
                .contains(",\"title\":\"service.yaml of desk\",")
                .contains("\n\"settings\": {\"type\":[\"object\",\"null\"],\"properties\":{\"max-lines\":")
                .isEqualTo(Service.of(args -> Service.run("desk", args, Settings.class, (_, _) -> {}))
                        .schema());
        assertThat(run("reference").out())
                .contains("\n## settings\n")
                .contains("| `settings.max-lines` | whole number |  | `50` |  |  | 0.1.0 |  |\n")
                .contains("| `settings.key` | secret |  |  |  | reload | 0.1.0 |  |\n")
                .contains("| `http.request-timeout` | duration | d h m s ms us ns | `30s` | > 0 | reload | 0.1.0 |")
                .contains("| `log.file.path` | path of a file or folder |  |  | required |");
    }
}
