package dev.plinth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.config.Sample.Admin;
import dev.plinth.config.Sample.Client;
import dev.plinth.config.Sample.Http;
import dev.plinth.config.Sample.Mode;
import dev.plinth.config.Sample.Settings;
import dev.plinth.config.Sample.Shop;
import dev.plinth.config.Sample.World;
import dev.plinth.schema.ByteSize;
import dev.plinth.schema.Default;
import dev.plinth.schema.Percent;
import dev.plinth.secret.Secret;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {
    @TempDir
    Path directory;

    private World world() {
        return new World(directory);
    }

    private int port(World world) {
        return world.load().get("http", Http.class).port();
    }

    @Test
    void everythingHasItsDefaultWithoutAnySource() {
        var config = world().load();
        assertThat(config.get("http", Http.class))
                .isEqualTo(new Http(
                        8080,
                        "0.0.0.0",
                        Duration.ofSeconds(30),
                        ByteSize.parse("10MiB"),
                        new Sample.Tls(false, Optional.empty(), List.of())));
        assertThat(config.all("clients", Client.class)).isEmpty();
        var settings = config.get("settings", Settings.class);
        assertThat(settings.mode()).isNull();
        assertThat(settings.words()).isEmpty();
        assertThat(settings.modes()).isEmpty();
    }

    @Test
    void everyTypeIsBound() {
        var config = world().file(
                        "service.yaml",
                        """
                        http: { port: "0", read-timeout: 1h30m, max-body: 2MB, tls: { enabled: true, key: tls/key.pem } }
                        admin: { token: s3cret }
                        clients:
                          pricing:
                            url: http://pricing:8080/
                            retry-on: [502, 503]
                            headers: { x-tenant: 007, Accept: no }
                            retry: { budget: 20% }
                        settings:
                          mode: very-safe
                          words: [one, two words, "3"]
                          shops: [{ name: north, floor: -1 }, { name: south, floor: 2 }]
                          modes: { day: fast, night: VERY_SAFE }
                          data: /var/data
                        """)
                .load();
        var http = config.get("http", Http.class);
        assertThat(http.port()).isZero();
        assertThat(http.readTimeout()).isEqualTo(Duration.ofMinutes(90));
        assertThat(http.maxBody()).isEqualTo(ByteSize.parse("2MB"));
        assertThat(http.tls().key()).contains(directory.resolve("tls/key.pem"));
        assertThat(config.get("admin", Admin.class).token()).contains(Secret.of("s3cret"));
        assertThat(config.get("clients", "pricing", Client.class))
                .isEqualTo(new Client(
                        URI.create("http://pricing:8080/"),
                        Duration.ofSeconds(1),
                        Set.of(502, 503),
                        Map.of("x-tenant", "007", "Accept", "no"),
                        new Sample.Retry(3, Percent.parse("20%"))));
        var settings = config.get("settings", Settings.class);
        assertThat(settings.mode()).isEqualTo(Mode.VERY_SAFE);
        assertThat(settings.words()).containsExactly("one", "two words", "3");
        assertThat(settings.shops()).containsExactly(new Shop("north", -1), new Shop("south", 2));
        assertThat(settings.modes()).isEqualTo(Map.of("day", Mode.FAST, "night", Mode.VERY_SAFE));
        assertThat(settings.data()).isEqualTo(Path.of("/var/data"));
    }

    @Test
    void sourcesComeInOneOrder() {
        var world = world().file("cp/service.yaml", "http: { port: 1 }").classPath(Path.of("cp/"));
        assertThat(port(world)).isEqualTo(1);
        world.file("service.yaml", "http: { port: 2 }");
        assertThat(port(world)).isEqualTo(2);
        world.file("service-a.yaml", "http: { port: 3 }").variable("PLINTH_PROFILE", "a");
        assertThat(port(world)).isEqualTo(3);
        world.file("service-b.yml", "http: { port: 4 }").variable("PLINTH_PROFILE", "a, b");
        assertThat(port(world)).isEqualTo(4);
        world.variable("PLINTH_PROFILE", "b,a");
        assertThat(port(world)).isEqualTo(3);
        world.variable("PLINTH_HTTP_PORT", "5");
        assertThat(port(world)).isEqualTo(5);
        world.arguments("--set", "http.port=6");
        assertThat(port(world)).isEqualTo(6);
    }

    @Test
    void theFileIsNamedByOptionThenByVariableThenFound() {
        var world = world().file("service.yaml", "http: { port: 1 }")
                .file("conf/v.yaml", "http: { port: 2 }")
                .file("conf/o.json", "{\"http\": {\"port\": 3}}")
                .file("conf/o-prod.yaml", "admin: { port: 9 }");
        assertThat(port(world)).isEqualTo(1);
        world.variable("PLINTH_CONFIG", "conf/v.yaml");
        assertThat(port(world)).isEqualTo(2);
        world.arguments("--config", directory.resolve("conf/o.json").toString(), "--profile=prod");
        assertThat(port(world)).isEqualTo(3);
        assertThat(world.load().get("admin", Admin.class).port()).isEqualTo(9);
    }

    @Test
    void mappingsMergeAndAllElseReplaces() {
        var config = world().file(
                        "service.yaml",
                        """
                        http: { port: 1, address: one }
                        settings: { words: [a, b, c], modes: { a: fast } }
                        """)
                .file("service-p.yaml", "{http: {port: 2}, settings: {words: [d], modes: {b: very-safe}}}")
                .arguments("--profile", "p")
                .load();
        assertThat(config.get("http", Http.class).port()).isEqualTo(2);
        assertThat(config.get("http", Http.class).address()).isEqualTo("one");
        assertThat(config.get("settings", Settings.class).words()).containsExactly("d");
        assertThat(config.get("settings", Settings.class).modes())
                .isEqualTo(Map.of("a", Mode.FAST, "b", Mode.VERY_SAFE));
    }

    @Test
    void aKeyWithoutValueCountsAsNotWritten() {
        var config = world().file("service.yaml", "http: { port: 1, address: one }\nadmin:\n")
                .file("service-p.yaml", "http:\n  port: ~\n  address: null\nadmin: { port: }\n")
                .arguments("--profile", "p")
                .load();
        assertThat(config.get("http", Http.class).port()).isEqualTo(1);
        assertThat(config.get("http", Http.class).address()).isEqualTo("one");
        assertThat(config.get("admin", Admin.class).port()).isEqualTo(8081);
    }

    @Test
    void anEmptyFileIsAnEmptyTree() {
        for (var text : List.of("", "\n\n", "# nothing\n", "---\n", "~", "{}", "\uFEFF")) {
            assertThat(port(world().file("service.yaml", text))).as(text).isEqualTo(8080);
        }
    }

    @Test
    void anchorsAndMergesGiveWhatTheyStandFor() {
        var config = world().file(
                        "service.yaml",
                        """
                        x-base: &base { url: http://a, timeout: 5s }
                        clients:
                          x-other: &other { timeout: 7s, retry-on: [500] }
                          one: *base
                          two: { <<: *base, timeout: 6s }
                          three: { <<: [*other, *base] }
                        """)
                .load();
        var clients = config.all("clients", Client.class);
        assertThat(clients.keySet()).containsExactly("one", "two", "three");
        assertThat(clients.get("one").timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(clients.get("two").timeout()).isEqualTo(Duration.ofSeconds(6));
        assertThat(clients.get("three").timeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(clients.get("three").url()).isEqualTo(URI.create("http://a"));
    }

    @Test
    void relativePathsStartAtTheFileThatNamesThem() {
        record Paths(Path a, Path b, Path c, @Default("d") Path d, List<Path> e) {}
        var layout = new Layout().section("files", Paths.class);
        var files = world().file("conf/service.yaml", "files: { a: a, b: ../b, e: [x, /y] }")
                .arguments("--config", "conf/service.yaml", "--set", "files.c=c")
                .load(layout)
                .get("files", Paths.class);
        assertThat(files.a()).isEqualTo(directory.resolve("conf/a"));
        assertThat(files.b()).isEqualTo(directory.resolve("conf/../b"));
        assertThat(files.c()).isEqualTo(directory.resolve("c"));
        assertThat(files.d()).isEqualTo(directory.resolve("d"));
        assertThat(files.e()).containsExactly(directory.resolve("conf/x"), Path.of("/y"));
    }

    @Test
    void aNameThatNoSourceHasIsMadeOfDefaults() {
        record Store(@Default("memory") String backend) {}
        var config = world().load(new Layout().sections("stores", Store.class));
        assertThat(config.get("stores", "orders", Store.class)).isEqualTo(new Store("memory"));

        assertThatThrownBy(() -> world().load().get("clients", "pricing", Client.class))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        """
                        The configuration has a problem:
                          clients.pricing.url: missing (expected: a URI such as https://example.org/path). Set it in \
                        service.yaml or as PLINTH_CLIENTS_PRICING_URL.""");
    }

    @Test
    void aServiceWithoutSettingsKnowsNoSuchKey() {
        var world = world().file("service.yaml", "settings: { a: 1 }");
        assertThatThrownBy(() -> world.load(new Layout().section("http", Http.class)))
                .hasMessageEndingWith("settings: unknown key (known: http, optional-keys, secrets) [service.yaml:1:1]");
    }

    @Test
    void optionalKeysAreNoMistakeInAnySource() {
        var world = world().file(
                        "service.yaml",
                        """
                        optional-keys: [http.later, tasks, settings.new-thing]
                        http: { port: 1, later: { on: true } }
                        tasks: { a: 1 }
                        """)
                .variable("PLINTH_SETTINGS_NEW_THING_SIZE", "1")
                .arguments("--set", "tasks.b=2");
        assertThat(port(world)).isEqualTo(1);
        world.file("service.yaml", "http: { port: 1, later: { on: true } }\ntasks: { a: 1 }");
        assertThat(world.failure())
                .isEqualTo(
                        """
                        The configuration has 4 problems:
                          http.later: unknown key (known: address, max-body, port, read-timeout, tls) [service.yaml:1:18]
                          tasks: unknown key (known: admin, archive, clients, http, optional-keys, secrets, settings) [service.yaml:2:1]
                          PLINTH_SETTINGS_NEW_THING_SIZE: unknown variable (no key is named so)
                          tasks.b: unknown key (known: admin, archive, clients, http, optional-keys, secrets, settings) [--set tasks.b]\
                        """);
    }

    @Test
    void keysThatBeginWithXAreFree() {
        assertThat(port(world().file("service.yaml", "x-a: { b: [1] }\nhttp: { x-old-port: 7, port: 1 }")))
                .isEqualTo(1);
    }

    @Test
    void everySourceIsJudgedAtOnceInTheOrderOfThePlaces() {
        var world = world().file("cp/service.yaml", "htpp: {}")
                .classPath(Path.of("cp/"))
                .file("service.yaml", "http:\n  prot: 1\n  port: eighty\nadmin: { port: x }\n")
                .file("service-z.yaml", "settings: { mode: slow }")
                .file("service-a.yaml", "http: { adress: b }")
                .variable("PLINTH_PROFILE", "z,a")
                .variable("PLINTH_HTTP_PROT", "1")
                .variable("PLINTH_HTTP_READ_TIMEOUT", "soon")
                .arguments("--set", "http.max-body=big", "--set", "nothing", "--set", "admin.prot=1")
                .arguments("--set", "settings.max-lines=1", "--set", "settings.max-lines=2");
        assertThat(world.failure())
                .isEqualTo(
                        """
                        The configuration has 12 problems:
                          htpp: unknown key (did you mean http?) [classpath:service.yaml:1:1]
                          http.prot: unknown key (did you mean http.port?) [service.yaml:2:3]
                          http.port: 'eighty' is not a whole number (expected: 0..65535) [service.yaml:3:9]
                          admin.port: 'x' is not a whole number (expected: -2147483648..2147483647) [service.yaml:4:16]
                          settings.mode: 'slow' is unknown (expected: one of fast, very-safe) [service-z.yaml:1:19]
                          http.adress: unknown key (did you mean http.address?) [service-a.yaml:1:9]
                          PLINTH_HTTP_PROT: unknown variable (did you mean PLINTH_HTTP_PORT?)
                          http.read-timeout: 'soon' is not a duration (expected: a duration such as 500ms, 30s or 1h30m) \
                        [PLINTH_HTTP_READ_TIMEOUT]
                          admin.prot: unknown key (did you mean admin.port?) [--set admin.prot]
                          http.max-body: 'big' is not a size (expected: a whole number with B, KB, KiB, MB, MiB, GB, GiB, TB or TiB, \
                        such as 10MiB) [--set http.max-body]
                          this sets nothing (expected: --set KEY=VALUE) [--set nothing]
                          settings.max-lines: set twice [--set settings.max-lines]\
                        """);
    }

    @Test
    void filesThatCannotBeReadAreToldTogether() {
        var world = world().file("conf/service.yaml", "a: [")
                .file("conf/service-a.yaml", "b: {")
                .file("conf/service-ab/x", "")
                .file("conf/service-abc.json", "{}")
                .arguments("--config", "conf/service.yaml", "--profile", "a,abd,../etc,a");
        assertThat(world.failure())
                .isEqualTo(
                        """
                        The configuration has 5 problems:
                          the text ends where a value, or a ] or }, is missing [conf/service.yaml:1:5]
                          the text ends where a value, or a ] or }, is missing [conf/service-a.yaml:1:5]
                          the profile abd has no file (did you mean abc?) [--profile]
                          '../etc' can't be a profile (expected: letters, digits, - and _) [--profile]
                          the profile a is given twice [--profile]\
                        """);
    }

    @Test
    void aNamedFileMustBeAFileThatExists() throws Exception {
        assertThat(world().arguments("--config", "no.yaml").failure())
                .isEqualTo("no.yaml has a problem:\n  there is no such file, but --config names it [no.yaml]");
        assertThat(world().variable("PLINTH_CONFIG", "no.yaml").failure())
                .isEqualTo("no.yaml has a problem:\n  there is no such file, but PLINTH_CONFIG names it [no.yaml]");
        assertThat(world().arguments("--config", "a\0b").failure()).contains("this can't be the name of a file");
        assertThat(world().file("app.properties", "a=b")
                        .arguments("--config=app.properties")
                        .failure())
                .isEqualTo("app.properties has a problem:\n"
                        + "  files of that kind aren't read (expected: .yaml, .yml or .json) [app.properties]");
        // A file that the system opens and does not let read.
        assertThat(world().arguments("--config", "/proc/self/mem").failure())
                .isEqualTo("/proc/self/mem has a problem:\n  it can't be read: Input/output error [/proc/self/mem]");
        assertThat(Layers.reason(new AccessDeniedException("service.yaml"))).isEqualTo("permission denied");
        Files.createDirectory(directory.resolve("service.yaml"));
        assertThat(world().failure())
                .isEqualTo("service.yaml has a problem:\n  this is a folder (expected: a file) [service.yaml]");
    }

    @Test
    void tomlIsRefusedWhereverItIsFoundOrNamed() {
        var text =
                "TOML is not read: there is one syntax, so that there is one way to say each thing (write it as YAML or"
                        + " JSON, in a file that ends in .yaml, .yml or .json)";
        assertThat(world().file("service.toml", "[http]\nport = 1\n").failure())
                .isEqualTo("service.toml has a problem:\n  " + text + " [service.toml]");
        assertThat(world().file("service.yaml", "")
                        .file("service-p.toml", "")
                        .file("conf/x.toml", "")
                        .arguments("--config", "conf/x.toml")
                        .failure())
                .isEqualTo("conf/x.toml has a problem:\n  " + text + " [conf/x.toml]");
    }

    /** Nothing here is passed over in silence, so that a mount that failed is not a start with defaults. */
    @Test
    void aFileThatIsThereAndCannotBeReadIsTold() throws Exception {
        Files.createSymbolicLink(directory.resolve("service.yaml"), Path.of("..data/gone"));
        assertThat(world().failure())
                .isEqualTo("service.yaml has a problem:\n  this is a link to nothing [service.yaml]");
        Files.delete(directory.resolve("service.yaml"));
        // A file that even root can't read.
        Files.createSymbolicLink(directory.resolve("service.yaml"), Path.of("/proc/self/mem"));
        assertThat(world().failure())
                .isEqualTo("service.yaml has a problem:\n  it can't be read: Input/output error [service.yaml]");
        Files.delete(directory.resolve("service.yaml"));
        Files.createSymbolicLink(directory.resolve("service.yaml"), Path.of("service.yaml"));
        assertThat(world().failure()).contains("it can't be read: ", "[service.yaml]");
        Files.delete(directory.resolve("service.yaml"));
        Files.createDirectory(directory.resolve("service-p.yaml"));
        assertThat(world().arguments("--profile", "p").failure())
                .isEqualTo("service-p.yaml has a problem:\n  this is a folder (expected: a file) [service-p.yaml]");
    }

    /** The same file in three formats, and the same values as variables, are the same configuration. */
    @Test
    void yamlJsonAndVariablesSayTheSame() {
        var yaml = world().file(
                        "a.yaml",
                        """
                        http: { port: 1, read-timeout: 5s, tls: { enabled: true, protocols: [h2, h3] } }
                        clients: { pricing: { url: http://a, headers: { x: "1" }, retry-on: [502, 503] } }
                        """)
                .arguments("--config", "a.yaml")
                .load();
        var json = world().file(
                        "b.json",
                        """
                        {"http": {"port": 1, "read-timeout": "5s", "tls": {"enabled": true, "protocols": ["h2", "h3"]}},
                        \t"clients": {"pricing": {"url": "http://a", "headers": {"x": "1"}, "retry-on": [502, 503]}}}
                        """)
                .arguments("--config", "b.json")
                .load();
        var variables = world().variable("PLINTH_HTTP_PORT", "1")
                .variable("PLINTH_HTTP_READ_TIMEOUT", "5s")
                .variable("PLINTH_HTTP_TLS_ENABLED", "true")
                .variable("PLINTH_HTTP_TLS_PROTOCOLS_0", "h2")
                .variable("PLINTH_HTTP_TLS_PROTOCOLS_1", "h3")
                .variable("PLINTH_CLIENTS_PRICING_URL", "http://a")
                .variable("PLINTH_CLIENTS_PRICING_HEADERS_X", "1")
                .variable("PLINTH_CLIENTS_PRICING_RETRY_ON", "[502, 503]")
                .load();
        for (var other : List.of(json, variables)) {
            assertThat(other.get("http", Http.class)).isEqualTo(yaml.get("http", Http.class));
            assertThat(other.all("clients", Client.class)).isEqualTo(yaml.all("clients", Client.class));
        }
        assertThat(yaml.get("http", Http.class).tls().protocols()).containsExactly("h2", "h3");
    }

    @Test
    void jsonIsToldWithItsPlaces() {
        assertThat(world().file("service.json", "{\n  \"http\": {\"port\": \"x\",\n    \"port\": 1}}")
                        .failure())
                .isEqualTo(
                        "service.json has a problem:\n  http.port: written twice, first in line 2 [service.json:3:5]");
        assertThat(world().file("service.json", "{\n  \"http\": {\"prot\": 1}}").failure())
                .isEqualTo("service.json has a problem:\n"
                        + "  http.prot: unknown key (did you mean http.port?) [service.json:2:12]");
    }

    @Test
    void twoFilesOfOneNameAreRefused() {
        assertThat(world().file("service.yaml", "").file("service.json", "{}").failure())
                .isEqualTo("service.json has a problem:\n"
                        + "  there is service.yaml too (expected: one of them) [service.json]");
        var world =
                world().file("a/service.yaml", "").file("b/service.yaml", "").classPath(Path.of("a/"), Path.of("b/"));
        assertThat(world.failure())
                .contains(
                        "there are 2 of it on the class path (expected: one): file:a/service.yaml file:b/service.yaml");
    }

    @Test
    void aFileThatIsTooLargeIsRefused() {
        assertThat(world().file("service.yaml", "#".repeat(Yaml.MAX_BYTES + 1)).failure())
                .isEqualTo("service.yaml has a problem:\n  this is larger than 1 MiB [service.yaml]");
        assertThat(port(world().file("service.yaml", "#".repeat(Yaml.MAX_BYTES))))
                .isEqualTo(8080);
    }

    @Test
    void secretsStayOutOfErrorsAndExplanations() {
        record Vault(@jakarta.validation.constraints.Size(min = 20) Secret key, List<Secret> keys, int size) {}
        var layout = new Layout().section("vault", Vault.class);
        var world = world().file("service.yaml", "vault: { key: hunter2, keys: [hunter2], size: 1 }");
        assertThatThrownBy(() -> world.load(layout))
                .hasMessage(
                        "service.yaml has a problem:\n  vault.key: must have at least 20 characters [service.yaml:1:15]");
        world.arguments("--set", "vault.key=hunter2hunter2hunter2");
        assertThat(world.load(layout).explain().toString()).contains("***").doesNotContain("hunter2");
        world.arguments("--set", "vault.sise=hunter2", "--set", "vault.keys={hunter2: hunter2}");
        assertThatThrownBy(() -> world.load(layout))
                .message()
                .contains("--set vault.sise")
                .doesNotContain("hunter2");
    }

    @Test
    void aConstructorThatFailsIsToldWithItsStackBeside() {
        assertThatThrownBy(() -> world().load(new Layout().section("careless", Sample.Careless.class)))
                .hasMessage("The configuration has a problem:\n"
                        + "  careless: its record can't be made of these values (a mistake in its constructor)")
                .satisfies(e -> assertThat(e.getSuppressed()[0]).isInstanceOf(NullPointerException.class));
    }

    @Test
    void aProblemOfAUserOfTheConfigurationHasThePlace() {
        var config = world().file("service.yaml", "clients:\n  pricing: { url: http://a }\n")
                .load();
        assertThat(config.problem("clients.pricing", "nobody asks for it"))
                .hasToString("clients.pricing: nobody asks for it [service.yaml:2:3]");
        assertThat(config.problem("admin.port", "is taken")).hasToString("admin.port: is taken");
    }

    @Test
    void theExitCodeIsThatOfAWrongConfiguration() {
        assertThatThrownBy(() -> world().file("service.yaml", "a: 1").load())
                .isInstanceOfSatisfying(ConfigException.class, e -> {
                    assertThat(e.exitCode()).isEqualTo(78);
                    assertThat(e.problems())
                            .containsExactly(new ConfigProblem(
                                    "a",
                                    "unknown key (known: admin, archive, clients, http, optional-keys, secrets, settings)",
                                    new Origin(Origin.Kind.FILE, "service.yaml", 1, 1)));
                });
    }

    @Test
    void typesThatNoTextCanBeAreTheMistakeOfTheRecord() {
        record Odd(Optional<Thread> thread) {}
        assertThatThrownBy(() -> world().load(new Layout().section("odd", Odd.class)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("odd.thread: configuration has no values of the type java.lang.Thread");
    }

    @Test
    void sectionsAreAskedForAsTheyWereDeclared() {
        var config = world().load();
        assertThatThrownBy(() -> config.get("http", Admin.class))
                .hasMessage("the layout declares no section 'http' of " + Admin.class.getTypeName());
        assertThatThrownBy(() -> config.all("http", Http.class))
                .hasMessage("the layout declares no sections 'http' of " + Http.class.getTypeName());
        assertThatThrownBy(() -> Sample.layout().section("http", Admin.class))
                .hasMessage("section 'http' is declared twice");
    }

    record Span(int from, int to) {
        Span {
            if (from > to) {
                throw new IllegalArgumentException("from " + from + " is above to " + to);
            }
        }
    }

    record Plan(Span day, Span night, List<Span> breaks, Map<String, Span> named, Optional<Span> rest) {
        Plan {
            if (day.to() > night.from()) {
                throw new IllegalArgumentException("the day ends after the night begins");
            }
        }
    }

    @Test
    void everyNestedRecordTellsItsRuleAtItsPlace() {
        var layout = new Layout().section("plan", Plan.class);
        assertThat(world().file(
                                "service.yaml",
                                """
                                plan:
                                  day: { from: 9, to: 8 }
                                  night: { from: 23, to: 22 }
                                  breaks: [{ from: 1, to: 2 }, { from: 2, to: 1 }]
                                  named: { tea: { from: 4, to: 3 }, odd: { from: x, to: 1 } }
                                  rest: { from: 6, to: 5 }
                                """)
                        .failure(layout))
                .isEqualTo(
                        """
                        service.yaml has 6 problems:
                          plan.day: from 9 is above to 8 [service.yaml:2:3]
                          plan.night: from 23 is above to 22 [service.yaml:3:3]
                          plan.breaks.1: from 2 is above to 1 [service.yaml:4:32]
                          plan.named.tea: from 4 is above to 3 [service.yaml:5:12]
                          plan.named.odd.from: 'x' is not a whole number (expected: -2147483648..2147483647) [service.yaml:5:50]
                          plan.rest: from 6 is above to 5 [service.yaml:6:3]""");
        assertThat(world().file("service.yaml", "plan: { day: { from: 1, to: 9 }, night: { from: 8, to: 9 } }")
                        .failure(layout))
                .isEqualTo(
                        """
                        service.yaml has a problem:
                          plan: the day ends after the night begins [service.yaml:1:1]""");
    }
}
