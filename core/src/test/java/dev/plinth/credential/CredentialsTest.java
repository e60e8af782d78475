package dev.plinth.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.secret.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
    @TempDir
    private Path folder;

    private static Credential user(String name, String password) {
        return new Credential(Optional.of(name), Optional.of(Secret.of(password)), Optional.empty(), Optional.empty());
    }

    private static Credentials in(
            Map<String, Credential> stored, Path folder, Path file, String prefix, Map<String, String> variables) {
        return new Credentials(
                new CredentialsConfig(
                        stored, Optional.ofNullable(folder), Optional.ofNullable(file), Optional.ofNullable(prefix)),
                variables);
    }

    @Test
    void theConfigurationIsMemory() {
        var credentials = in(Map.of("warehouse", user("shop", "pw1")), null, null, null, Map.of());
        assertThat(credentials.lookup("warehouse")).contains(user("shop", "pw1"));
        assertThat(credentials.lookup("billing")).isEmpty();
    }

    @Test
    void aMountedSecretIsAFolderOfFilesAndItsChangeIsSeen() throws Exception {
        var mounted = Files.createDirectories(folder.resolve("warehouse"));
        Files.writeString(mounted.resolve("username"), "shop\n");
        Files.writeString(mounted.resolve("password"), "pw 2\r\n");
        var credentials = in(Map.of(), folder, null, null, Map.of());
        assertThat(credentials.lookup("warehouse")).contains(user("shop", "pw 2"));
        Files.writeString(mounted.resolve("password"), "pw3");
        assertThat(credentials.lookup("warehouse")).contains(user("shop", "pw3"));
    }

    @Test
    void aFileHasOneObjectAKey() throws Exception {
        var file = Files.writeString(
                folder.resolve("credentials.json"),
                """
                {"warehouse": {"username": "shop", "password": "pw4"}, "s3": {"accessId": "AK", "accessKey": "SK"}}""");
        var credentials = in(Map.of(), null, file, null, Map.of());
        assertThat(credentials.lookup("warehouse")).contains(user("shop", "pw4"));
        assertThat(credentials
                        .lookup("s3")
                        .orElseThrow()
                        .accessKey()
                        .orElseThrow()
                        .reveal())
                .isEqualTo("SK");
        assertThat(credentials.lookup("billing")).isEmpty();
    }

    @Test
    void aVariableIsNamedByTheKeyInCapitals() {
        var credentials = in(
                Map.of(),
                null,
                null,
                "CREDENTIAL_",
                Map.of("CREDENTIAL_MY_SHOP_USERNAME", "u", "CREDENTIAL_MY_SHOP_PASSWORD", "p"));
        assertThat(credentials.lookup("my-shop")).contains(user("u", "p"));
    }

    @Test
    void theFirstPlaceThatHasTheKeyIsTakenWhole() throws Exception {
        Files.writeString(Files.createDirectories(folder.resolve("warehouse")).resolve("password"), "of-the-folder");
        var credentials = in(
                Map.of(), folder, null, "CREDENTIAL_", Map.of("CREDENTIAL_WAREHOUSE_USERNAME", "of-the-environment"));
        var found = credentials.lookup("warehouse").orElseThrow();
        assertThat(found.password()).contains(Secret.of("of-the-folder"));
        assertThat(found.username()).isEmpty();
    }

    @Test
    void whatIsFixedWinsOverWhatIsLookedUp() {
        var credentials = in(Map.of("warehouse", user("shop", "pw1")), null, null, null, Map.of());
        var fixed = new Credential(Optional.of("me"), Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(credentials.resolve(fixed, "warehouse")).isEqualTo(user("me", "pw1"));
        assertThat(credentials.resolve(Credential.NONE, "warehouse")).isEqualTo(user("shop", "pw1"));
    }

    @Test
    void aMissingOneIsToldWithThePlaces() {
        var credentials = in(Map.of(), Path.of("/run/secrets"), null, "CREDENTIAL_", Map.of());
        assertThatThrownBy(() -> credentials.require("warehouse"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "no credential 'warehouse' in credentials.stored, folder /run/secrets, variables CREDENTIAL_…."
                                + " Put it into one of them, or write it where it is used.");
    }

    @Test
    void noSecretIsToldAndNoKeyLeadsOutOfTheFolder() throws Exception {
        assertThat(user("shop", "pw1").toString()).doesNotContain("pw1");
        var file = Files.writeString(folder.resolve("credentials.json"), "{\"warehouse\": {\"password\": \"pw5\"");
        var credentials = in(Map.of(), folder, file, null, Map.of());
        assertThatThrownBy(() -> credentials.lookup("warehouse"))
                .hasMessage("credentials: " + file + " can't be read: it is not JSON")
                .hasMessageNotContaining("pw5");
        assertThatThrownBy(() -> credentials.lookup("../etc"))
                .hasMessageStartingWith("credential '../etc' (expected: letters");
        assertThatThrownBy(() ->
                        new CredentialsConfig(Map.of(), Optional.empty(), Optional.empty(), Optional.of("PLINTH_")))
                .hasMessageStartingWith("environment: 'PLINTH_' (expected: ");
    }
}
