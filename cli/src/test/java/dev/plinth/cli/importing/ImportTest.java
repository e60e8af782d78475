package dev.plinth.cli.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each file of the folder becomes exactly the {@code .yaml} beside it, and a service whose settings are the record that the
 * file itself proposes, and that asks for the clients in it, checks it as valid. {@code -Dimport.write=true} writes them anew.
 */
class ImportTest {
    private static final Path FOLDER = Path.of("src/test/resources/import");

    @TempDir
    private Path directory;

    static List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yml") || name.endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    private static Import imported(String file) throws IOException {
        var from = file.equals("samba-own.yml") ? Import.From.SAMBA : null;
        return Import.of(Files.readString(FOLDER.resolve(file)), file, from);
    }

    @ParameterizedTest
    @MethodSource("files")
    void givesTheFileBesideIt(String file) throws IOException {
        var expected = FOLDER.resolve(file.replaceFirst("\\.[a-z]+$", ".yaml"));
        var text = imported(file).text();
        if (Boolean.getBoolean("import.write")) {
            Files.writeString(expected, text);
        }
        assertThat(text).isEqualTo(Files.readString(expected));
    }

    @ParameterizedTest
    @MethodSource("files")
    void isAcceptedByCheck(String file) throws Exception {
        var text = imported(file).text();
        var folder = Files.createDirectory(directory.resolve("service"));
        Files.writeString(folder.resolve("service.yaml"), text);
        Files.writeString(folder.resolve("key.key"), "9IXx2F5d5Ob-h5xdCnFSUXhuFKLGRibvLfSbixpcfCw=\n");
        Files.writeString(directory.resolve("Main.java"), service(text));
        var classPath = System.getProperty("java.class.path");
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-cp",
                        classPath,
                        "-d",
                        directory.toString(),
                        directory.resolve("Main.java").toString());
        assertThat(compiled).as("the record of %s", file).isZero();

        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        directory + java.io.File.pathSeparator + classPath,
                        "Main",
                        "check")
                .directory(folder.toFile())
                .redirectErrorStream(true);
        for (var variable : needed(text)) {
            builder.environment().put(variable, "1");
        }
        var check = builder.start();
        var said = new String(check.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(check.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said).as(text).contains("imported: the configuration is valid");
        assertThat(check.exitValue()).isZero();
    }

    /** A service with the record that stands in the comments, and a client of each name. */
    private static String service(String text) {
        var record = new StringBuilder();
        var clients = new ArrayList<String>();
        var section = "";
        for (var line : text.lines().toList()) {
            if (line.startsWith("# The service's own.")) {
                section = "record";
            } else if (line.matches("[a-z]+:")) {
                section = line;
            } else if (section.equals("record") && line.startsWith("#     ")) {
                record.append(line.substring(2)).append('\n');
            } else if (section.equals("clients:") && line.matches("  [a-z-]+:")) {
                clients.add("service.client(\"" + line.strip().replace(":", "") + "\");");
            }
        }
        var asks = String.join(" ", clients);
        var main = record.isEmpty()
                ? "Service.run(\"imported\", args, service -> { " + asks + " });"
                : "Service.run(\"imported\", args, Settings.class, (service, settings) -> { " + asks + " });";
        return "import dev.plinth.Service;\nimport dev.plinth.secret.Secret;\nimport java.math.BigInteger;\nimport java.util.*;\n\n"
                + "public class Main {\n" + record + "public static void main(String[] args) { " + main + " }\n}\n";
    }

    private static Set<String> needed(String text) {
        return Pattern.compile("(?<!\\$)\\$\\{([A-Z_]+)\\}")
                .matcher(text)
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void whatYaml11MeantIsWrittenInYaml12() {
        var text = Import.of(
                        "parts: { a: yes, b: Off, c: 010, d: 0x1F, e: 1:30, f: 1_000, g: 'yes', h: ~, i: 1., j: +7, k: 0b11,"
                                + " l: '010', m: y }",
                        "x.yml",
                        Import.From.SAMBA)
                .text();
        assertThat(text)
                .contains(
                        "a: true\n",
                        "b: false\n",
                        "c: 8\n",
                        "d: 31\n",
                        "e: 90\n",
                        "f: 1000\n",
                        "g: \"yes\"\n",
                        "h:\n",
                        "i: 1.\n",
                        "j: 7\n",
                        "k: 3\n",
                        "l: \"010\"\n",
                        "m: y\n",
                        "record Parts(",
                        "boolean a,",
                        "int c,",
                        "String g,",
                        "Optional<String> h,",
                        "double i,");
    }

    @Test
    void anchorsAndMergesAreWrittenOut() {
        assertThat(Import.of("a: &a { b: 1, c: 2 }\nd: { <<: *a, c: 3 }\n", "x.yml", Import.From.SAMBA)
                        .text())
                .contains("a:\n    b: 1\n    c: 2\n", "d:\n    c: 3\n    b: 1\n");
    }

    @Test
    void whatNoRecordHoldsIsANote() {
        var text = Import.of(
                        "'1st': 1\nmixed: [1, {a: b}]\na-b: 1\na_b: 2\npassword: hidden\n'api.key': hidden\n'1uri': http://u:hidden@h\n",
                        "x.yml",
                        Import.From.SAMBA)
                .text();
        assertThat(text)
                .contains(
                        "record Settings(int aB, Secret password) {}",
                        "#   1st: 1\n#     a record has no component of that name: rename it, and put it below settings:",
                        "#   mixed.0: 1\n#   mixed.1.a: b\n#     its values are of too many shapes for a record: write them in one"
                                + " shape",
                        "#   a_b: 2\n#     settings.a-b is set already, by a-b",
                        "#   api.key: \"***\"",
                        "#   1uri: http://u:***@h");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# nothing",
                "a: 1",
                "[1, 2]",
                "text",
                "http: { port: 8080 }",
                "logs: { level: info }",
                "tasks: [a]"
            })
    void anUnknownShapeIsRefusedWithWhatWasLookedFor(String text) {
        assertThatThrownBy(() -> Import.of(text, "x.yml", null))
                .isInstanceOf(Refused.class)
                .hasMessageContainingAll("pyms:", "descriptor:", "tasks:", "Found: ", "--from samba");
    }

    @Test
    void theKmsOfPyMSBecomesABackend() {
        var text = Import.of("pyms: { crypt: { method: aws_kms, key_id: alias/orders }, config: {} }", "x.yml", null)
                .text();

        assertThat(text).contains("\nsecrets:\n", "\n  backend: aws-kms\n", "\n  key-id: alias/orders\n", "plinth-aws");
    }

    @Test
    void whatIsBrokenIsRefusedWithItsLine() {
        refused("pyms: {\n  config: [", "it is neither YAML nor JSON: ", "line");
        refused(
                "pyms:\n  config: {}\n  servces: {}\n",
                "'servces' isn't a part of pyms: (expected: config, services or crypt)");
        refused("pyms: {}\npyms: {}\n", "the key pyms is written twice, the second time in line 2");
        refused("- descriptor: a:b:c\n", "the descriptor 'a:b:c' in line 1 has 3 parts (expected: 5,");
        refused(
                "- descriptor: a:b:c:d:1\n  x: {{#A}}b{{/A}}\n",
                "the tag in line 2 has no counterpart (expected: {{NAME}}");
        refused("{{#if A}}\n- descriptor: a:b:c:d:1\n", "the tag {{#if A}} in line 1 is never closed");
        refused("- descriptor: a:b:c:d:1\n{{/if}}\n", "the tag {{/if}} in line 2 closes nothing");
        refused("pyms: &a { config: *a }\n", "more than 10000 values");
        refused("? [a]\n: b\n", "a list or a mapping is a key in line 1");
        refused("pyms: 1\n---\nms: 2\n", "it is neither YAML nor JSON: ");
    }

    private static void refused(String text, String... parts) {
        assertThatThrownBy(() -> Import.of(text, "x.yml", null))
                .isInstanceOf(Refused.class)
                .hasMessageContainingAll(parts);
    }

    @ParameterizedTest
    @MethodSource("files")
    void pagesThatAreNamedAreThere(String file) throws IOException {
        assertThat(Pattern.compile("docs/[a-z-]+\\.md")
                        .matcher(imported(file).text())
                        .results())
                .allSatisfy(page -> assertThat(Path.of("..", page.group())).exists());
    }

    @Test
    void anAliasInACircleIsRefused() {
        assertThatThrownBy(() -> Import.of("a: .b\nb: .a\n", "x.yml", Import.From.SAMBA))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("goes round in a circle");
        assertThatThrownBy(() -> Import.of("a: { b: .a }\n", "x.yml", Import.From.SAMBA))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("goes round in a circle");
    }
}
