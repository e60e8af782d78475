package dev.plinth.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plinth.time.Time;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
    @TempDir
    private Path folder;

    private KeyFile key() {
        return KeyFile.find(Map.of(), folder);
    }

    @Test
    void theVariableNamesItElseItStandsInTheWorkingDirectory() {
        assertThat(key().path()).isEqualTo(folder.resolve("key.key"));
        assertThat(KeyFile.find(Map.of("PLINTH_KEY_FILE", ""), folder)).isEqualTo(key());
        assertThat(KeyFile.find(Map.of("PLINTH_KEY_FILE", "keys/a"), folder).path())
                .isEqualTo(folder.resolve("keys/a"));
        assertThat(KeyFile.find(Map.of("PLINTH_KEY_FILE", "/run/keys/a"), folder)
                        .path())
                .isEqualTo(Path.of("/run/keys/a"));
    }

    @Test
    void aNewOneIsForItsOwnerAloneAndIsNeverWrittenOver() throws IOException {
        key().create();
        var text = Files.readString(key().path());

        assertThat(text).matches("[A-Za-z0-9_-]{43}=\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key().path())))
                .isEqualTo("rw-------");
        assertThatThrownBy(() -> key().create()).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(key().path()).hasContent(text.strip());
    }

    @Test
    void anAddedKeyEncryptsAndTheOldOneStillDecrypts() throws IOException {
        key().create();
        var token = key().fernet(Time.system()).encrypt(Secret.of("old"));
        var old = Files.readString(key().path());
        key().add();

        var text = Files.readString(key().path());
        assertThat(text).endsWith(old).hasLineCount(2);
        assertThat(key().fernet(Time.system()).decrypt(token).reveal()).isEqualTo("old");
        Files.writeString(key().path(), text.substring(0, text.indexOf('\n')));
        assertThatThrownBy(() -> key().fernet(Time.system()).decrypt(token)).isInstanceOf(DecryptionException.class);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key().path())))
                .isEqualTo("rw-------");
        assertThat(folder.toFile().list()).containsExactly("key.key");
    }

    @Test
    void aKeyIsAddedToWhatALinkNames() throws IOException {
        var real = new KeyFile(folder.resolve("real"));
        real.create();
        Files.createSymbolicLink(key().path(), Path.of("real"));
        key().add();

        assertThat(Files.isSymbolicLink(key().path())).isTrue();
        assertThat(real.path()).content().hasLineCount(2);
    }

    @Test
    void emptyLinesAndCommentsDoNotCount() throws IOException {
        Files.writeString(
                key().path(), "# since spring\r\n\r\n" + Fernet.newKey().reveal() + "\r\n");

        assertThat(key().fernet(Time.system()).encrypt(Secret.of("x"))).isNotEmpty();
    }

    private String failure() {
        try {
            key().fernet(Time.system());
        } catch (DecryptionException e) {
            return String.valueOf(e.getMessage()).replace(folder.toString(), ".");
        }
        throw new AssertionError("the key is right");
    }

    @Test
    void whatIsWrongIsToldWithThePlaceAndWithoutTheKey() throws IOException {
        assertThat(failure())
                .isEqualTo(
                        "there is no key at ./key.key. Set PLINTH_KEY_FILE to the file that holds it, or put it there;"
                                + " plinth key create makes a new one.");
        Files.writeString(key().path(), "# none\n");
        assertThat(failure())
                .isEqualTo("./key.key holds no key (expected: one in each line; plinth key create makes one)");
        Files.writeString(key().path(), Fernet.newKey().reveal() + "\nhunter2\n");
        assertThat(failure())
                .isEqualTo(
                        "./key.key:2: the key has 5 bytes (expected: 32, which are 44 characters of A-Z, a-z, 0-9, -, _"
                                + " and = at the end)");
        Files.writeString(key().path(), "a".repeat(70_000));
        assertThat(failure()).isEqualTo("./key.key is larger than 64 KiB, so it is no key file");
        Files.delete(key().path());
        Files.createDirectory(key().path());
        assertThat(failure()).isEqualTo("the key ./key.key can't be read: Is a directory");
    }

    @Test
    void whoeverMayNotReadItIsTold() throws IOException {
        key().create();
        Files.setPosixFilePermissions(key().path(), PosixFilePermissions.fromString("---------"));
        assumeTrue(!Files.isReadable(key().path()), "root reads everything");

        assertThat(failure()).isEqualTo("the key ./key.key can't be read: permission denied");
    }

    @Test
    void othersWhoCanReadItAreSeen() throws IOException {
        assertThat(key().isOpenToOthers()).isFalse();
        key().create();
        assertThat(key().isOpenToOthers()).isFalse();
        Files.setPosixFilePermissions(key().path(), PosixFilePermissions.fromString("rw-r-----"));
        assertThat(key().isOpenToOthers()).isFalse();
        Files.setPosixFilePermissions(key().path(), PosixFilePermissions.fromString("rw----r--"));
        assertThat(key().isOpenToOthers()).isTrue();
    }
}
