package dev.plinth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.auth.StoredHash;
import dev.plinth.secret.KeyFile;
import dev.plinth.secret.Secret;
import dev.plinth.time.Time;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code plinth key}, {@code encrypt}, {@code decrypt} and {@code rotate}. */
class SecretCommandsTest {
    private record Said(int exitCode, String out, String err) {}

    @TempDir
    private Path folder;

    private Said plinth(String input, String... arguments) {
        return plinth(
                new Whisper(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), null, false), arguments);
    }

    private Said plinth(Whisper whisper, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var exitCode = Plinth.run(
                whisper,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
        return new Said(exitCode, text(out), text(err));
    }

    private String text(ByteArrayOutputStream said) {
        return said.toString(StandardCharsets.UTF_8).replace(folder + "/", "");
    }

    private String key() {
        return folder.resolve("key.key").toString();
    }

    private String encrypted(String value) {
        var said = plinth(value, "encrypt", "-f", key());
        assertThat(said.exitCode()).as(said.err()).isZero();
        return said.out().strip();
    }

    @Test
    void createWritesAKeyThatOnlyItsOwnerReadsAndNeverWritesOver() throws IOException {
        assertThat(plinth("", "key", "create", "-f", key()))
                .isEqualTo(new Said(
                        0, "Wrote a new key to key.key. Keep it out of version control, and a copy of it safe.\n", ""));
        var key = Files.readString(Path.of(key()));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(key()))))
                .isEqualTo("rw-------");

        assertThat(plinth("", "key", "create", "--file", key()))
                .isEqualTo(new Said(
                        1,
                        "",
                        "plinth key create: key.key is already there, and stays: values may be lost without it. Put a"
                                + " new key before it with plinth key add, or choose another file with --file.\n"));
        assertThat(Path.of(key())).hasContent(key.strip());
        assertThat(plinth("", "key", "create", "-f", folder.resolve("none/key").toString()))
                .isEqualTo(new Said(1, "", "plinth key create: could not write none/key: no such file or folder\n"));
    }

    @Test
    void hashesOfPasswordsAndKeysOfCallers() {
        var said = plinth("hunter2\n", "hash");
        assertThat(said.exitCode()).isZero();
        var hash = StoredHash.parse(said.out().strip());
        assertThat(hash.isSlow()).isTrue();
        assertThat(hash.matches("hunter2")).isTrue();
        assertThat(hash.matches("hunter3")).isFalse();
        assertThat(plinth("hunter2\n", "hash").out()).isNotEqualTo(said.out());
        assertThat(plinth("", "hash"))
                .isEqualTo(new Said(64, "", "plinth hash: there is no password on standard input\n"));

        var key = Pattern.compile("key:  (plk_[A-Za-z0-9_-]{43})\nhash: (sha256:[A-Za-z0-9_-]{43})\n")
                .matcher(plinth("", "key", "api").out());
        assertThat(key.matches()).isTrue();
        assertThat(StoredHash.parse(key.group(2)).matches(key.group(1))).isTrue();
    }

    @Test
    void keyAloneIsUsage() {
        assertThat(plinth("", "key").exitCode()).isEqualTo(64);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2", "hunter2\n", "hunter2\r\n"})
    void encryptPrintsTheTokenAndNothingElse(String input) {
        plinth("", "key", "create", "-f", key());
        var said = plinth(input, "encrypt", "-f", key());

        assertThat(said.exitCode()).isZero();
        assertThat(said.out()).matches("gAAAAA[A-Za-z0-9_-]+=*\n");
        assertThat(said.err()).isEmpty();
        assertThat(plinth(said.out(), "decrypt", "-f", key())).isEqualTo(new Said(0, "hunter2\n", ""));
    }

    @Test
    void whatIsWrongIsToldWithoutTheValue() throws IOException {
        assertThat(plinth("hunter2", "encrypt", "-f", key()))
                .isEqualTo(new Said(
                        1,
                        "",
                        "plinth encrypt: there is no key at key.key. Set PLINTH_KEY_FILE to the file that holds it, or put it"
                                + " there; plinth key create makes a new one.\n"));
        plinth("", "key", "create", "-f", key());
        assertThat(plinth("", "encrypt", "-f", key()))
                .isEqualTo(new Said(64, "", "plinth encrypt: there is no value on standard input\n"));
        assertThat(plinth("hunter2", "decrypt", "-f", key()))
                .isEqualTo(new Said(1, "", "plinth decrypt: the token is no Fernet token: it doesn't begin with gA\n"));
        assertThat(plinth("hunter2", "encrypt", "-f", key(), "hunter2").exitCode())
                .isEqualTo(64);
        var bytes = new ByteArrayInputStream(new byte[] {(byte) 0xC3, 0x28});
        assertThat(plinth(new Whisper(bytes, null, false), "encrypt", "-f", key()))
                .isEqualTo(
                        new Said(1, "", "plinth encrypt: the value on standard input is no text (expected: UTF-8)\n"));
        assertThat(plinth(new Whisper(bytes, null, true), "encrypt", "-f", key()))
                .isEqualTo(new Said(
                        64,
                        "",
                        "plinth encrypt: a value can be typed in only where standard output is the terminal too. Give it on"
                                + " standard input.\n"));
        Files.writeString(Path.of(key()), "hunter2\n");
        assertThat(plinth("x", "encrypt", "-f", key()).err())
                .startsWith("plinth encrypt: key.key:1: the key has 5 bytes")
                .doesNotContain("hunter2");
    }

    @Test
    void rotateEncryptsAnewWithTheNewestKey() throws IOException {
        plinth("", "key", "create", "-f", key());
        var file = folder.resolve("service.yaml");
        var before = "# keep me\nsettings:\n  enc_a:   " + encrypted("one") + "   # and me\n  enc_b: '"
                + encrypted("two") + "'\r\n";
        Files.writeString(file, before);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(plinth("", "key", "add", "-f", key()))
                .isEqualTo(new Said(
                        0, "Put a new key into the first line of key.key. Next: plinth rotate service.yaml\n", ""));

        assertThat(plinth("", "rotate", file.toString(), "-f", key()))
                .isEqualTo(new Said(0, "service.yaml: 2 values are encrypted with the newest key\n", ""));

        var newest = folder.resolve("newest");
        Files.writeString(newest, Files.readAllLines(Path.of(key())).getFirst());
        var fernet = new KeyFile(newest).fernet(Time.system());
        var after = Files.readString(file);
        var token = Pattern.compile("gAAAAA[A-Za-z0-9_-]+=*");
        assertThat(token.matcher(after)
                        .replaceAll(found -> fernet.decrypt(found.group()).reveal()))
                .isEqualTo("# keep me\nsettings:\n  enc_a:   one   # and me\n  enc_b: 'two'\r\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("key.key", "newest", "service.yaml");
    }

    @Test
    void rotateChangesAllOrNothing() throws IOException {
        plinth("", "key", "create", "-f", key());
        var other = folder.resolve("other").toString();
        plinth("", "key", "create", "-f", other);
        var stranger = new KeyFile(Path.of(other)).fernet(Time.system()).encrypt(Secret.of("hunter2"));
        var file = folder.resolve("service.yaml");
        var text = "a: { enc_b: " + encrypted("one") + " }\nenc_c: " + stranger + "\n";
        Files.writeString(file, text);

        assertThat(plinth("", "rotate", file.toString(), "-f", key()))
                .isEqualTo(
                        new Said(
                                1,
                                "",
                                """
                                plinth rotate: nothing was changed. service.yaml has a problem:
                                  enc_c: its token was made with another key, or changed since [service.yaml:2:8]
                                """));
        assertThat(file).hasContent(text.strip());
    }

    @Test
    void rotateTellsWhatItLeftAndWhatIsNotThere() throws IOException {
        plinth("", "key", "create", "-f", key());
        var file = folder.resolve("service.yaml");
        Files.writeString(file, "a: { enc_b: \"${TOKEN}\" }\nenc_c: " + encrypted("one"));

        assertThat(plinth("", "rotate", file.toString(), "-f", key()).out())
                .isEqualTo(
                        """
                        service.yaml: 1 value is encrypted with the newest key
                        Not in the file, so left as they are: a.enc_b
                        """);
        assertThat(plinth("", "rotate", folder.resolve("none").toString(), "-f", key()))
                .isEqualTo(new Said(64, "", "plinth rotate: there is no file none\n"));
    }

    /** As a process of its own: the working directory, the variable, and standard streams. */
    @Test
    void theKeyIsTheVariablesElseThatOfTheWorkingDirectory() throws Exception {
        assertThat(process("", null, "key", "create").exitCode()).isZero();
        assertThat(folder.resolve("key.key")).isNotEmptyFile();
        assertThat(process("", "other.key", "key", "create").exitCode()).isZero();
        var token = process("hunter2", "other.key", "encrypt").out();

        assertThat(process(token, "other.key", "decrypt")).isEqualTo(new Said(0, "hunter2\n", ""));
        assertThat(process(token, null, "decrypt"))
                .isEqualTo(new Said(1, "", "plinth decrypt: the token was made with another key, or changed since\n"));
    }

    private Said process(String input, @Nullable String keyFile, String... arguments) throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<>(List.of(
                java, "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), Plinth.class.getName()));
        command.addAll(List.of(arguments));
        var in = folder.resolve("in");
        var out = folder.resolve("out");
        var err = folder.resolve("err");
        Files.writeString(in, input);
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().remove("PLINTH_KEY_FILE");
        if (keyFile != null) {
            builder.environment().put("PLINTH_KEY_FILE", keyFile);
        }
        var process =
                redirected(builder, in.toFile(), out.toFile(), err.toFile()).start();
        return new Said(process.waitFor(), Files.readString(out), Files.readString(err));
    }

    private static ProcessBuilder redirected(ProcessBuilder builder, File in, File out, File err) {
        return builder.redirectInput(in).redirectOutput(out).redirectError(err);
    }
}
