package dev.plinth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.config.Sample.World;
import dev.plinth.schema.Default;
import dev.plinth.schema.Live;
import dev.plinth.secret.Secret;
import jakarta.validation.constraints.Positive;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The remote tree among the other sources; the store is a file, and one that is down. */
@Timeout(60)
class BootTest {
    record Desk(
            @Default("8080") @Positive int port,
            @Default("a") Live<String> word,
            List<String> words,
            Optional<Secret> token,
            Optional<Path> folder) {}

    private static final String BOOT = "boot: { backend: file, path: remote/orders.yaml }\n";
    private static final String DOWN =
            "boot: { backend: rest, endpoints: [\"http://127.0.0.1:1\", \"http://127.0.0.1:2\"], key: orders";

    @TempDir
    Path directory;

    private World world;

    @BeforeEach
    void makeWorld() {
        world = new World(directory);
    }

    private static Layout layout() {
        return new Layout().choice("boot", BootBackend.KIND, BootConfig.class).section("desk", Desk.class);
    }

    private Config load() {
        return world.load(layout());
    }

    private Desk desk() {
        return load().get("desk", Desk.class);
    }

    private String failure() {
        return world.failure(layout());
    }

    private World remote(String text) {
        return world.file("remote/orders.yaml", text);
    }

    @Test
    void standsBetweenTheFilesAndTheVariables() {
        world.file("service.yaml", BOOT + "desk: { port: 1, word: local, words: [a, b] }")
                .file("service-eu.yaml", "desk: { port: 2 }")
                .arguments("--profile", "eu");
        remote("desk:\n  port: 3\n  words: [c]\n");

        assertThat(desk()).isEqualTo(new Desk(3, desk().word(), List.of("c"), Optional.empty(), Optional.empty()));
        assertThat(desk().word().get()).isEqualTo("local");
        var explained = load().explain("desk.port").getFirst();
        assertThat(explained.why()).isEqualTo("the remote tree is stronger than a file");
        assertThat(explained.candidates())
                .extracting(Explanation.Candidate::origin)
                .containsExactly(
                        "default",
                        "service.yaml:2:15",
                        "service-eu.yaml:1:15",
                        directory.resolve("remote/orders.yaml") + ":2:9");

        world.variable("PLINTH_DESK_PORT", "4");
        assertThat(desk().port()).isEqualTo(4);
        assertThat(load().explain("desk.port").getFirst().why())
                .isEqualTo("a variable is stronger than the remote tree");
    }

    @Test
    void itsValuesAreJudgedLikeLocalOnesAndToldWithTheirPlaces() {
        world.file("service.yaml", BOOT + "dekc: {}");
        remote(
                """
                desk:
                  prot: 1
                  port: -3
                  word: "${NOBODY}"
                  enc_token: rubbish
                boot: { timeout: 3s }
                """);

        assertThat(failure())
                .isEqualTo(
                        """
                        The configuration has 6 problems:
                          dekc: unknown key (known: boot, desk, optional-keys, secrets) [service.yaml:2:1]
                          desk.prot: unknown key (did you mean desk.port?) [remote/orders.yaml:2:3]
                          desk.port: -3 (expected: > 0) [remote/orders.yaml:3:9]
                          desk.word: the variable NOBODY is not set. Set it, or give it a default: ${NOBODY:default} [remote/orders.yaml:4:9]
                          desk.token: can't be decrypted: there is no key at key.key. Set PLINTH_KEY_FILE to the file that holds it, or put it there; plinth key create makes a new one. [remote/orders.yaml:5:14]
                          boot: it says where this document is read from, so it can't stand in it (expected: in a local file, a variable, or --set) [remote/orders.yaml:6:1]""");
    }

    @Test
    void placeholdersAndPathsAreFilledInAsInAFile() {
        world.file("service.yaml", BOOT).variable("WORD", "filled");
        remote("desk: { word: \"${WORD}\", folder: data, words: [\"${key:desk.word}\"] }");
        assertThat(desk().word().get()).isEqualTo("filled");
        assertThat(desk().words()).containsExactly("filled");
        assertThat(desk().folder())
                .contains(directory.resolve("data")); // the working directory's: a store has no folder
    }

    @Test
    void theSectionIsLocalAlone() {
        world.file("service.yaml", BOOT);
        remote("boot: { backend: none }");
        assertThat(failure())
                .isEqualTo(
                        "remote/orders.yaml has a problem:\n  boot: it says where this document is read from, so it can't"
                                + " stand in it (expected: in a local file, a variable, or --set) [remote/orders.yaml:1:1]");
    }

    @Test
    void aSectionThatIsWrongIsToldAloneSinceTheRestIsNotKnownYet() {
        world.file("service.yaml", "boot: { backend: rest, endpoint: x, key: a, timeout: 0s }\ndesk: { port: x }");
        assertThat(failure())
                .isEqualTo(
                        """
                        service.yaml has 3 problems:
                          boot.endpoints: missing (expected: a list, such as [a, b]). Set it in service.yaml or as PLINTH_BOOT_ENDPOINTS. [service.yaml:1:1]
                          boot.endpoint: unknown key (did you mean boot.endpoints?) [service.yaml:1:24]
                          boot.timeout: PT0S (expected: > 0) [service.yaml:1:54]""");
    }

    @Test
    void aBackendThatIsNotThereSaysWhatToAdd() {
        world.file("service.yaml", "boot: { backend: etcd, key: orders }");
        assertThat(failure())
                .isEqualTo(
                        "service.yaml has a problem:\n  boot.backend: 'etcd' is not on the class path (here: none, file,"
                                + " rest). Add the artifact dev.plinth:plinth-etcd. [service.yaml:1:18]");
    }

    @Test
    void variablesAndArgumentsMayNameTheStore() {
        remote("desk: { port: 3 }");
        world.variable("PLINTH_BOOT_BACKEND", "file").set("boot.path=remote/orders.yaml");
        assertThat(desk().port()).isEqualTo(3);
    }

    @Test
    void noneAsksNobody() {
        world.file("service.yaml", BOOT).set("boot.backend=none");
        assertThat(desk().port()).isEqualTo(8080);
        assertThat(load().booted()).isEmpty();
    }

    @Test
    void aDocumentThatIsNoneIsRefusedAlone() {
        world.file("service.yaml", BOOT + "desk: { port: x }");
        remote("desk: [1,");
        assertThat(failure())
                .isEqualTo("remote/orders.yaml has a problem:\n  the text ends where a value, or a ] or }, is missing"
                        + " [remote/orders.yaml:1:10]");
    }

    // ---- a store that is down --------------------------------------------------------------------------------------

    @Test
    void aStoreThatIsDownStopsTheStart() {
        world.file("service.yaml", DOWN + " }");
        assertThatThrownBy(this::load)
                .isInstanceOfSatisfying(
                        BootException.class, down -> assertThat(down.exitCode()).isEqualTo(1))
                .hasMessage(
                        """
                        The remote configuration can't be read:
                          boot: configuration at http://127.0.0.1:1: GET /orders: can't connect [service.yaml:1:1]
                          boot: configuration at http://127.0.0.1:2: GET /orders: can't connect [service.yaml:1:1]
                        Start the store, or correct the section boot. With boot.required: false the service would start on the last good copy, or without.""");
    }

    @Test
    void aMissingFileStopsTheStart() {
        world.file("service.yaml", BOOT);
        assertThatThrownBy(this::load)
                .isInstanceOf(BootException.class)
                .hasMessageContaining("file " + directory + "/remote/orders.yaml: there is no such file");
    }

    /** It accepts and says nothing: the start does not wait longer than it may. */
    @Test
    void aStoreThatSaysNothingIsWaitedForNoLongerThanItsTimeout() throws IOException {
        try (var silent = new ServerSocket(0)) {
            world.file(
                    "service.yaml",
                    "boot: { backend: rest, endpoints: [\"http://127.0.0.1:" + silent.getLocalPort()
                            + "\"], key: orders, timeout: 300ms }");
            assertThatThrownBy(this::load)
                    .isInstanceOf(BootException.class)
                    .hasMessageContaining(": no answer within ");
        }
    }

    @Test
    void whereItIsNotRequiredAndThereIsNoCopyTheServiceRunsWithoutAndSaysSo() {
        world.file("service.yaml", DOWN + ", required: false }\ndesk: { port: 1 }");
        var config = load();
        assertThat(config.get("desk", Desk.class).port()).isEqualTo(1);
        assertThat(config.booted().orElseThrow().from()).isEqualTo(Booted.From.NOWHERE);
        assertThat(config.warnings())
                .hasToString("[boot: the remote configuration can't be read (configuration at"
                        + " http://127.0.0.1:1: GET /orders: can't connect; configuration at http://127.0.0.1:2: GET /orders:"
                        + " can't connect), and there is no good copy of it (" + directory
                        + "/boot-copy.yaml: there is no such file): the service runs on its local configuration alone"
                        + " [service.yaml:1:1]]");
    }

    @Test
    void whereItIsNotRequiredTheLastGoodCopyHolds() throws IOException {
        world.file("service.yaml", "boot: { backend: file, path: remote/orders.yaml, required: false }");
        remote("\uFEFFdesk:\n  port: 3\n");
        load().keepCopy();
        var copy = directory.resolve("boot-copy.yaml");
        assertThat(Files.getPosixFilePermissions(copy)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(directory).isDirectoryNotContaining("glob:**.tmp");

        Files.delete(directory.resolve("remote/orders.yaml"));
        var config = load();
        assertThat(config.get("desk", Desk.class).port()).isEqualTo(3);
        assertThat(config.booted().orElseThrow().from()).isEqualTo(Booted.From.COPY);
        assertThat(config.explain("desk.port").getFirst().origin()).isEqualTo(copy + ":3:9");
        assertThat(config.warnings().getFirst().message())
                .startsWith("the remote configuration can't be read (file " + directory
                        + "/remote/orders.yaml: there is no such file): the last good copy holds, " + copy + " of 20");
        config.keepCopy(); // which does not make a copy of the copy
        assertThat(Files.readString(copy)).containsOnlyOnce("# Last good copy of ");
    }

    @Test
    void theCopyOfAnotherDocumentIsNotTaken() throws IOException {
        world.file("service.yaml", "boot: { backend: file, path: remote/orders.yaml, required: false }");
        remote("desk: { port: 3 }");
        load().keepCopy();
        world.set("boot.path=remote/pricing.yaml");
        assertThat(load().booted().orElseThrow().from()).isEqualTo(Booted.From.NOWHERE);
        assertThat(load().warnings().getFirst().message())
                .contains("boot-copy.yaml: it is of " + directory + "/remote/orders.yaml, read 20");
        world.file("boot-copy.yaml", "desk: { port: 4 }");
        assertThat(load().warnings().getFirst().message())
                .contains("boot-copy.yaml: its first line does not say of what it is a copy");
    }

    @Test
    void noCopyIsMadeWhereOneWouldNotBeTaken() throws IOException {
        world.file("service.yaml", BOOT);
        remote("desk: { port: 3 }");
        load().keepCopy();
        assertThat(directory.resolve("boot-copy.yaml")).doesNotExist();
    }

    @Test
    void aCopyThatCannotBeWrittenIsTold() {
        world.file(
                "service.yaml", "boot: { backend: file, path: remote/orders.yaml, required: false, copy: /proc/copy }");
        remote("desk: { port: 3 }");
        assertThatThrownBy(load()::keepCopy).isInstanceOf(IOException.class).hasMessageStartingWith("/proc/copy: ");
    }

    @Test
    void aReloadThatCannotReadItChangesNothingEvenWhereItIsNotRequired() throws IOException {
        world.file("service.yaml", "boot: { backend: file, path: remote/orders.yaml, required: false }");
        remote("desk: { word: b }");
        var config = load();
        config.keepCopy();
        remote("desk: { word: c }");
        assertThat(config.reload().changed()).containsExactly("desk.word");
        Files.delete(directory.resolve("remote/orders.yaml"));
        assertThatThrownBy(config::reload).isInstanceOf(BootException.class);
        assertThat(config.get("desk", Desk.class).word().get()).isEqualTo("c");
    }

    @Test
    void whatIsWrongIsExplainedAsFarAsItIsKnown() {
        world.file("service.yaml", DOWN + " }\ndesk: { port: 1 }");
        assertThat(Config.explain(world.sources(), layout(), "desk.port")
                        .getFirst()
                        .value())
                .isEqualTo("1");
    }

    @Test
    void secretsOfTheStoreMayBeHiddenAndAreNeverShown() {
        world.file("service.yaml", DOWN + ", token: s3cret, required: false }");
        assertThat(load().explain("boot.token").getFirst().value()).isEqualTo("***");
        assertThat(load().values()).doesNotContainValue("s3cret").containsKey("boot.token");
    }
}
