package dev.plinth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.config.Sample.Admin;
import dev.plinth.config.Sample.Client;
import dev.plinth.config.Sample.Http;
import dev.plinth.config.Sample.Settings;
import dev.plinth.config.Sample.World;
import dev.plinth.schema.Live;
import dev.plinth.secret.Decryptor;
import dev.plinth.secret.Fernet;
import dev.plinth.secret.Secret;
import dev.plinth.time.Time;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
    private static final Secret KEY = Fernet.newKey();
    private static final Fernet FERNET = Fernet.of(List.of(KEY), Time.system());

    record Chatty(Secret password, String name) {
        Chatty {
            if (name.equals("speak")) {
                throw new IllegalArgumentException("wrong: " + password.reveal());
            }
            throw new IllegalStateException("wrong: " + password.reveal());
        }
    }

    @TempDir
    private Path directory;

    private static String token(String text) {
        return FERNET.encrypt(Secret.of(text));
    }

    private World world() {
        return new World(directory).file("key.key", KEY.reveal() + "\n");
    }

    private World world(String yaml) {
        return world().file("service.yaml", yaml);
    }

    private static Settings settings(Config config) {
        return config.get("settings", Settings.class);
    }

    private static String password(Config config) {
        return settings(config).password().reveal();
    }

    // ---- enc_ keys -------------------------------------------------------------------------------------------------

    @Test
    void encKeysAreDecryptedAtAnyDepthAndForAnyType() {
        var config = world(
                        """
                        http: { enc_port: %s, tls: { enc-enabled: "%s" } }
                        admin: { enc_token: %s }
                        clients: { pricing: { enc_url: %s, headers: { enc_authorization: %s, plain: x } } }
                        settings:
                          enc-password: '%s'
                          shops: [{ enc_name: %s, floor: 1 }]
                        """
                                .formatted(
                                        token("81"),
                                        token("true"),
                                        token("t"),
                                        token("http://ada:b@pricing/"),
                                        token("Bearer x"),
                                        token("${NOT} filled: in"),
                                        token("shop")))
                .load();

        assertThat(config.get("http", Http.class).port()).isEqualTo(81);
        assertThat(config.get("http", Http.class).tls().enabled()).isTrue();
        assertThat(config.get("admin", Admin.class).token()).isEqualTo(Optional.of(Secret.of("t")));
        var client = config.get("clients", "pricing", Client.class);
        assertThat(client.url()).isEqualTo(URI.create("http://ada:b@pricing/"));
        assertThat(client.headers()).isEqualTo(Map.of("authorization", "Bearer x", "plain", "x"));
        assertThat(password(config)).isEqualTo("${NOT} filled: in");
        assertThat(settings(config).shops().getFirst().name()).isEqualTo("shop");
    }

    /** Key and token of the tests of PyMS. */
    @Test
    void theTokenOfPyMSIsRead() {
        record Pyms(String databaseUrl) {}
        var config = new World(directory)
                .file("keys/pyms.key", "9IXx2F5d5Ob-h5xdCnFSUXhuFKLGRibvLfSbixpcfCw=")
                .file(
                        "service.yaml",
                        "settings: { enc_database-url: gAAAAABeSZ714r99iRIxhoH77vTdRJ0iqSymShfqgGN9PJveqhQWmshRDuV2a8sATey8"
                                + "_lHkln0TwezczucH-aJHGP_LyEiPxwM-88clNa7FB1u4g7Iaw3A= }")
                .variable("PLINTH_KEY_FILE", "keys/pyms.key")
                .load(new Layout().section("settings", Pyms.class));

        assertThat(config.get("settings", Pyms.class).databaseUrl()).isEqualTo("http://database-url");
    }

    @Test
    void variablesAndArgumentsTakeThemToo() {
        var config = world("settings: { modes: { enc_day: %s } }".formatted(token("fast")))
                .variable("PLINTH_SETTINGS_ENC_PASSWORD", token("one"))
                .variable("PLINTH_CLIENTS_PRICING_ENC_URL", token("http://a"))
                .variable("PLINTH_CLIENTS_PRICING_HEADERS_ENC_AUTHORIZATION", token("k"))
                .set("clients.b={enc_url: %s}".formatted(token("http://b")))
                .set("admin.enc_token=" + token("two"))
                .set("settings.modes.enc-night=" + token("very-safe"))
                .load();

        assertThat(password(config)).isEqualTo("one");
        assertThat(config.get("clients", "pricing", Client.class).headers()).isEqualTo(Map.of("authorization", "k"));
        assertThat(config.get("clients", "b", Client.class).url()).isEqualTo(URI.create("http://b"));
        assertThat(config.get("admin", Admin.class).token()).isEqualTo(Optional.of(Secret.of("two")));
        assertThat(settings(config).modes()).isEqualTo(Map.of("day", Sample.Mode.FAST, "night", Sample.Mode.VERY_SAFE));
    }

    @Test
    void aStrongerSourceNeedsNoKey() {
        var config = new World(directory)
                .file("service.yaml", "settings: { enc_password: %s }".formatted(token("prod")))
                .variable("PLINTH_SETTINGS_PASSWORD", "dev")
                .load();

        assertThat(password(config)).isEqualTo("dev");
    }

    @Test
    void anEncryptedValueIsStrongerThanAPlainOneOfAWeakerSource() {
        var config = world("settings: { password: dev }")
                .file("service-prod.yaml", "settings: { enc_password: %s }".formatted(token("prod")))
                .variable("PLINTH_PROFILE", "prod")
                .load();

        assertThat(password(config)).isEqualTo("prod");
    }

    @Test
    void aTokenCanComeFromTheEnvironmentAndAValueBeReferredTo() {
        var config = world(
                        """
                        x-common: &common { enc_password: "${TOKEN}" }
                        settings: { <<: *common, words: ["${key:settings.password}"] }
                        clients: { a: { url: "http://u:${key:settings.password}@a" } }
                        """)
                .variable("TOKEN", token("hunter2") + "\n")
                .load();

        assertThat(password(config)).isEqualTo("hunter2");
        assertThat(settings(config).words()).containsExactly("hunter2");
        assertThat(config.get("clients", "a", Client.class).url()).isEqualTo(URI.create("http://u:hunter2@a"));
        assertThat(config.explain().toString()).doesNotContain("hunter2").contains("http://u:***@a", "[***]");
    }

    @Test
    void aTokenWithoutValueCountsAsNotWritten() {
        assertThat(settings(world("settings: { enc_password: }").load()).password())
                .isNull();
    }

    @Test
    void olderKeysStillDecrypt() {
        var config = world("settings: { enc_password: %s }".formatted(token("old")))
                .file("key.key", Fernet.newKey().reveal() + "\n" + KEY.reveal() + "\n")
                .load();

        assertThat(password(config)).isEqualTo("old");
    }

    @Test
    void explainKnowsThemAndShowsNothing() {
        var config = world(
                        "settings: { enc_password: %s, enc_max-lines: %s }".formatted(token("hunter2"), token("1234")))
                .set("settings.password=hunter3")
                .load();

        assertThat(config.explain("settings.password"))
                .isEqualTo(config.explain("settings.enc_password"))
                .first()
                .hasToString(
                        """
                        settings.password = ***
                          service.yaml:1:27       ***
                        > --set settings.password  ***  (--set is stronger than a file)"""
                                .replace("27       ***", "27        ***"));
        assertThat(config.explain("settings.max-lines").getFirst().value()).isEqualTo("***");
        assertThat(config.explain().toString()).doesNotContain("hunter", "1234", "gAAAA");
    }

    @Test
    void explainHidesWhatStandsInAListOfRecords() {
        record Account(String name, Secret password, Map<String, Secret> more) {}
        record Accounts(List<Account> accounts) {}
        var config = world(
                        "settings: { accounts: [{ name: ada, password: hunter2, more: { a: hunter2 }, x-old: { b: hunter2 } },"
                                + " { name: bob, enc_password: %s }] }".formatted(token("hunter2")))
                .load(new Layout().section("settings", Accounts.class));

        assertThat(config.explain("settings.accounts").getFirst().value())
                .isEqualTo("[{name: ada, password: ***, more: ***, x-old: ***}, {name: bob, password: ***}]");
    }

    @Test
    void aMistakeInAVariableOrArgumentIsToldWithTheNearest() {
        assertThat(world().variable("PLINTH_SETTINGS_ENC_PASWORD", "x")
                        .set("settings.enc_pasword=x")
                        .set("admin.enc_token=hunter2")
                        .failure())
                .isEqualTo(
                        """
                        The configuration has 3 problems:
                          PLINTH_SETTINGS_ENC_PASWORD: unknown variable (did you mean PLINTH_SETTINGS_ENC_PASSWORD?)
                          admin.token: its token is no Fernet token: it doesn't begin with gA [--set admin.enc_token]
                          settings.enc_pasword: unknown key (did you mean settings.enc_password?) [--set settings.enc_pasword]""");
    }

    @Test
    void aBrokenKeyIsToldOnceWithItsPlace() {
        assertThat(world("settings: { enc_password: %s, enc_min: %s }".formatted(token("a"), token("1")))
                        .file("key.key", "hunter2")
                        .failure())
                .isEqualTo(
                        """
                        service.yaml has a problem:
                          settings.password: can't be decrypted: key.key:1: the key has 5 bytes (expected: 32, which are 44 characters of A-Z, a-z, 0-9, -, _ and = at the end) [service.yaml:1:27]""");
    }

    @Test
    void noMessageOfAConstructorShowsOne() {
        for (var name : List.of("speak", "cry")) {
            for (var password : List.of("password: hunter2", "enc_password: " + token("hunter2"), "password: file:p")) {
                var world = world("settings: { name: %s, %s }".formatted(name, password))
                        .file("p", "hunter2");
                assertThatThrownBy(() -> world.load(new Layout().section("settings", Chatty.class)))
                        .isInstanceOf(ConfigException.class)
                        .satisfies(e -> assertThat(stack(e)).doesNotContain("hunter2"));
            }
        }
    }

    private static String stack(Throwable e) {
        var text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void aComponentCanNotBeNamedLikeAPrefix() {
        record Clash(String encPassword) {}
        assertThatThrownBy(() -> world().load(new Layout().section("settings", Clash.class)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "settings.enc-password: the key stands for an encrypted password; give the component another name");
    }

    @Test
    void anotherBackendIsLookedFor() {
        assertThat(world("secrets: { backend: aws-kms, region: eu-central-1 }\nsettings: { enc_password: x }")
                        .failure())
                .isEqualTo(
                        """
                        service.yaml has a problem:
                          secrets.backend: 'aws-kms' is not on the class path (here: fernet). Add the artifact dev.plinth:plinth-aws. [service.yaml:1:21]""");
    }

    @Test
    void whatDecryptsIsOpenedOnceAskedOncePerTokenAndClosed() {
        final class Counting implements Decryptor, AutoCloseable {
            private final List<String> seen = new ArrayList<>();

            @Override
            public Secret decrypt(String token) {
                seen.add(token);
                return Secret.of("text of " + token);
            }

            @Override
            public void close() {
                seen.add("closed");
            }
        }
        var opened = new ArrayList<Counting>();
        var problems = new Problems();
        var hidden = new Hidden(
                () -> {
                    opened.add(new Counting());
                    return opened.getLast();
                },
                directory,
                new HashSet<>(),
                problems);
        try (hidden) {
            assertThat(opened).isEmpty();
            assertThat(hidden.decrypt("a", "k", Origin.DEFAULT)).isEqualTo("text of a");
            assertThat(hidden.decrypt("b", "l", Origin.DEFAULT)).isEqualTo("text of b");
            assertThat(hidden.decrypt("a", "m", Origin.DEFAULT)).isEqualTo("text of a");
        }
        assertThat(opened).hasSize(1);
        assertThat(opened.getFirst().seen).containsExactly("a", "b", "closed");
        assertThat(problems.size()).isZero();
    }

    @Test
    void aKeyThatAllCanReadIsWarnedOf() throws IOException {
        var world = world("settings: { enc_password: %s }".formatted(token("a")));
        var key = directory.resolve("key.key");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        assertThat(world.load().warnings()).isEmpty();

        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(world.load().warnings())
                .hasToString("[the key " + key + " can be read by every user of this machine (expected: mode 0600)]");
    }

    // ---- mounted files ---------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"hunter2", "hunter2\n", "hunter2\r\n"})
    void aSecretCanNameTheFileThatHoldsIt(String content) {
        var config = world("settings: { password: file:run/p }")
                .file("run/p", content)
                .variable("PLINTH_ADMIN_TOKEN", "file:" + directory.resolve("run/p"))
                .load();

        assertThat(password(config)).isEqualTo("hunter2");
        assertThat(config.get("admin", Admin.class).token()).isEqualTo(Optional.of(Secret.of("hunter2")));
    }

    @Test
    void onlyOneLineEndIsTakenAwayAndTheRestIsNotLookedAt() {
        var config = world("settings: { password: \"file:${NAME}\" }")
                .variable("NAME", "p")
                .file("p", "file:a ${b}\n\n")
                .load();

        assertThat(password(config)).isEqualTo("file:a ${b}\n");
    }

    @Test
    void aFileIsNamedAsAUriToo() {
        var config = world("settings: { password: \"file://" + directory.resolve("p") + "\" }")
                .file("p", "x")
                .load();

        assertThat(password(config)).isEqualTo("x");
    }

    @Test
    void relativeToTheFileThatNamesIt() {
        var config = world().file("etc/service.yaml", "settings: { password: file:p }")
                .file("etc/p", "x")
                .arguments("--config", "etc/service.yaml")
                .load();

        assertThat(password(config)).isEqualTo("x");
    }

    @Test
    void whatIsNoSecretByTypeIsTakenAsItIs() {
        var config = world("clients: { a: { url: \"file:p\" } }\nsettings: { words: [\"file:p\"] }")
                .load();

        assertThat(config.get("clients", "a", Client.class).url()).isEqualTo(URI.create("file:p"));
        assertThat(settings(config).words()).containsExactly("file:p");
    }

    @Test
    void aReferenceToASecretGivesWhatTheFileHolds() {
        var config = world("settings: { password: file:p, words: [\"a ${key:settings.password}\"] }")
                .file("p", "hunter2")
                .load();

        assertThat(settings(config).words()).containsExactly("a hunter2");
        assertThat(config.explain().toString()).doesNotContain("hunter2").contains("[a ***]");
    }

    @Test
    void whatIsWrongWithAFileIsToldWithThePlaceThatNamesIt() throws IOException {
        var world = world().file("empty", "\n")
                .file("large", "x".repeat(70_000))
                .file("bytes", new byte[] {(byte) 0xC3, 0x28});
        Files.createDirectory(directory.resolve("folder"));
        for (var each : Map.of(
                        "none", "there is no file none",
                        "empty", "empty is empty",
                        "large", "large is larger than 64 KiB (expected: a file that holds one value)",
                        "bytes", "bytes is no text (expected: UTF-8)",
                        "folder", "folder is a folder (expected: a file that holds the value)")
                .entrySet()) {
            world.file("service.yaml", "settings: { password: file:" + each.getKey() + " }");
            assertThat(world.failure())
                    .isEqualTo("service.yaml has a problem:\n  settings.password: " + each.getValue()
                            + " [service.yaml:1:23]");
        }
        world.file("service.yaml", "settings: { password: file:/dev/null }");
        assertThat(world.failure())
                .endsWith("settings.password: /dev/null is a pipe or a device (expected: a file that holds the value)"
                        + " [service.yaml:1:23]");
    }

    @Test
    void whatIsMountedIsReadAgain() throws IOException {
        record Rotating(Live<Secret> password, Secret fixed, Live<Secret> other) {}
        mount("secrets", Map.of("settings.other", "one"));
        var config = world("secrets: { from: [secrets] }\nsettings: { password: file:p, enc_fixed: %s }"
                        .formatted(token("fixed")))
                .file("p", "one\n")
                .load(new Layout().section("settings", Rotating.class));
        var settings = config.get("settings", Rotating.class);

        assertThat(config.files())
                .contains(
                        directory.resolve("service.yaml"),
                        directory.resolve("p"),
                        directory.resolve("key.key"),
                        directory.resolve("secrets"),
                        directory.resolve("secrets/settings.other"));
        Files.writeString(directory.resolve("p"), "two\n");
        Files.writeString(directory.resolve("secrets/settings.other"), "three");
        assertThat(config.reload())
                .isEqualTo(new Reloaded(List.of("settings.password", "settings.other"), List.of(), List.of()));
        assertThat(settings.password().get()).isEqualTo(Secret.of("two"));
        assertThat(settings.other().get()).isEqualTo(Secret.of("three"));

        Files.delete(directory.resolve("p"));
        assertThatThrownBy(config::reload).isInstanceOf(ConfigException.class).hasMessageContaining("there is no file");
        assertThat(settings.password().get()).isEqualTo(Secret.of("two"));
    }

    // ---- mounted folders -------------------------------------------------------------------------------------------

    /** As the kubelet lays out a Secret: links to links. */
    private void mount(String folder, Map<String, String> values) throws IOException {
        var real = directory.resolve(folder).resolve("..2026_11_21");
        Files.createDirectories(real);
        Files.createSymbolicLink(real.resolveSibling("..data"), Path.of("..2026_11_21"));
        for (var value : values.entrySet()) {
            Files.writeString(real.resolve(value.getKey()), value.getValue());
            Files.createSymbolicLink(
                    directory.resolve(folder).resolve(value.getKey()), Path.of("..data", value.getKey()));
        }
    }

    @Test
    void aFolderHoldsAFileForEachKey() throws IOException {
        mount(
                "etc/secrets",
                Map.of(
                        "settings.password", "hunter2\n",
                        "http.port", "81",
                        "admin.enc_token", token("t"),
                        "clients.pricing.headers.x-api.key", "${k}"));
        var config = world(
                        "secrets: { from: [etc/secrets] }\nhttp: { port: 80 }\nclients: { pricing: { url: \"http://a\" } }")
                .variable("PLINTH_HTTP_PORT", "82")
                .load();

        assertThat(password(config)).isEqualTo("hunter2");
        assertThat(config.get("http", Http.class).port()).isEqualTo(82);
        assertThat(config.get("admin", Admin.class).token()).isEqualTo(Optional.of(Secret.of("t")));
        assertThat(config.get("clients", "pricing", Client.class).headers()).isEqualTo(Map.of("x-api.key", "${k}"));
        assertThat(config.explain("http.port").getFirst().candidates())
                .extracting(Explanation.Candidate::value)
                .containsExactly("8080", "80", "***", "82");
        assertThat(config.explain("http.port").getFirst().why())
                .isEqualTo("a variable is stronger than a mounted file");
        assertThat(config.explain().toString()).doesNotContain("hunter2", "${k}");
    }

    @Test
    void aVariableCanNameTheFolders() throws IOException {
        mount("a", Map.of("settings.password", "one"));
        mount("b", Map.of("admin.token", "two"));
        var config = world().variable("PLINTH_SECRETS_FROM", "[a, b]").load();

        assertThat(password(config)).isEqualTo("one");
        assertThat(config.get("admin", Admin.class).token()).isEqualTo(Optional.of(Secret.of("two")));
        assertThat(config.get("secrets", SecretsConfig.class).from())
                .containsExactly(directory.resolve("a"), directory.resolve("b"));
    }

    @Test
    void whatIsWrongInAFolderIsToldWithTheFile() throws IOException {
        mount("a", Map.of("settings.pasword", "hunter2", "http.port", "hunter2", "settings.words", "[hunter2]"));
        mount("b", Map.of("http.port", "hunter2", "secrets.from", "hunter2", "settings.password", "\n"));

        assertThat(world("secrets: { from: [a, b] }").failure())
                .isEqualTo(
                        """
                        The configuration has 5 problems:
                          http.port: what it holds doesn't fit, and is secret (expected: a number, 0..65535) [a/http.port]
                          settings.pasword: unknown key (did you mean settings.password?) [a/settings.pasword]
                          settings.words: a mounted file holds one value, and here stand several [a/settings.words]
                          http.port: set twice, also by a/http.port (expected: one of them) [b/http.port]
                          secrets.from: can't come from a folder that this section itself names [b/secrets.from]
                          settings.password: b/settings.password is empty [b/settings.password]"""
                                .replace("5 problems", "6 problems"));
    }
}
