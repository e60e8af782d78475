package dev.plinth.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.config.Arguments;
import dev.plinth.config.Config;
import dev.plinth.config.ConfigException;
import dev.plinth.config.Layout;
import dev.plinth.config.Sources;
import dev.plinth.secret.Secret;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;

/** The SDK, its protocol and its signatures are the real ones; the other end is a {@link KmsDouble}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KmsBackendTest {
    record Settings(Secret password, String databaseUrl) {}

    private static final List<String> CREDENTIALS = List.of("aws.accessKeyId", "aws.secretAccessKey");

    @TempDir
    private Path directory;

    private KmsDouble kms;

    @BeforeAll
    void start() throws IOException {
        CREDENTIALS.forEach(name -> System.setProperty(name, "test"));
        kms = new KmsDouble();
        kms.key("alias/orders");
        kms.key("alias/other");
    }

    @AfterAll
    void stop() {
        kms.close();
        CREDENTIALS.forEach(System::clearProperty);
    }

    /** What {@code aws kms encrypt} would print. */
    private String encrypted(String key, byte[] text) {
        try (var client = KmsClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .region(Region.EU_CENTRAL_1)
                .endpointOverride(kms.endpoint())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .build()) {
            var answer = client.encrypt(request -> request.keyId(key).plaintext(SdkBytes.fromByteArray(text)));
            return Base64.getEncoder().encodeToString(answer.ciphertextBlob().asByteArray());
        }
    }

    private String encrypted(String key, String text) {
        return encrypted(key, text.getBytes(StandardCharsets.UTF_8));
    }

    private Config load(String secrets, String settings) throws IOException {
        Files.writeString(
                directory.resolve("service.yaml"),
                "secrets: { backend: aws-kms, " + secrets + " }\nsettings:\n" + settings);
        var sources =
                new Sources(Arguments.none(), Map.of(), directory, getClass().getClassLoader());
        return Config.load(sources, new Layout().section("settings", Settings.class));
    }

    private Config load(URI endpoint, String settings) throws IOException {
        return load("region: eu-central-1, endpoint: \"" + endpoint + "\"", settings);
    }

    private String failure(String secrets, String settings) throws IOException {
        try {
            load(secrets, settings);
        } catch (ConfigException e) {
            return String.valueOf(e.getMessage());
        }
        throw new AssertionError("the configuration is right");
    }

    private String failure(String settings) throws IOException {
        return failure("region: eu-central-1, endpoint: \"" + kms.endpoint() + "\"", settings);
    }

    @Test
    void valuesAreDecryptedByKms() throws IOException {
        kms.targets.clear();
        var password = encrypted("alias/orders", "hunter2 größer");
        var url = encrypted("alias/other", "http://database-url");
        var config = load(kms.endpoint(), "  enc_password: " + password + "\n  enc_database-url: \"" + url + "\"\n");

        assertThat(config.get("settings", Settings.class))
                .isEqualTo(new Settings(Secret.of("hunter2 größer"), "http://database-url"));
        assertThat(kms.targets)
                .containsExactly(
                        "TrentService.Encrypt", "TrentService.Encrypt", "TrentService.Decrypt", "TrentService.Decrypt");
        assertThat(config.explain().toString()).doesNotContain("hunter2", "database-url\"", password);
    }

    @Test
    void ifNothingIsEncryptedNobodyIsAsked() throws IOException {
        var config = load(URI.create("http://127.0.0.1:1"), "  password: a\n  database-url: b\n");

        assertThat(config.get("settings", Settings.class)).isEqualTo(new Settings(Secret.of("a"), "b"));
    }

    @Test
    void anotherKeyThanTheOneAskedForIsTold() throws IOException {
        assertThat(failure(
                        "region: eu-central-1, key-id: alias/orders, endpoint: \"" + kms.endpoint() + "\"",
                        "  enc_password: " + encrypted("alias/other", "hunter2")))
                .isEqualTo(
                        """
                        service.yaml has a problem:
                          settings.password: its token was made with another key than alias/orders [service.yaml:3:17]""");
    }

    @Test
    void everyBrokenTokenIsToldWithItsPlace() throws IOException {
        var token = encrypted("alias/orders", "hunter2");
        var changed = token.substring(0, token.length() - 8) + "AAAA" + token.substring(token.length() - 4);

        assertThat(failure("  enc_password: hunter2!\n  enc_database-url: " + changed))
                .isEqualTo(
                        """
                        service.yaml has 2 problems:
                          settings.password: its token is no ciphertext of AWS KMS: it is not Base64 [service.yaml:3:17]
                          settings.database-url: its token is no ciphertext of AWS KMS, or was changed since [service.yaml:4:21]""");
        assertThat(failure("  enc_password: " + encrypted("alias/orders", new byte[] {(byte) 0xC3, 0x28})))
                .endsWith("settings.password: its token holds no text (expected: UTF-8) [service.yaml:3:17]");
    }

    @Test
    void whatKmsRefusesIsToldInItsWords() throws IOException {
        kms.key("alias/gone");
        var token = encrypted("alias/gone", "hunter2");
        kms.forget("alias/gone");

        assertThat(failure("  enc_password: " + token))
                .endsWith("settings.password: its token is refused by AWS KMS: AccessDeniedException, User: desk is not"
                        + " authorized to perform: kms:Decrypt [service.yaml:3:17]");
    }

    @Test
    void ifNobodyAnswersThatIsToldAndNobodyWaitsAgain() throws IOException {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var token = Base64.getEncoder().encodeToString(new byte[40]);
        var text = failure(
                "region: eu-central-1, timeout: 200ms, endpoint: \"http://127.0.0.1:" + port + "\"",
                "  enc_password: " + token + "\n  enc_database-url: " + token.replace('A', 'B'));

        assertThat(text)
                .startsWith(
                        "service.yaml has 2 problems:\n  settings.password: its token can't be opened, since AWS KMS can't"
                                + " be asked: ")
                .contains("  settings.database-url: its token can't be opened, since AWS KMS can't be asked: ")
                .doesNotContain("AAAA", "BBBB");
    }

    @Test
    void itsOwnKeysAreJudged() throws IOException {
        assertThat(failure("regon: eu-central-1, timeout: 0s", "  password: a\n  database-url: b"))
                .isEqualTo(
                        """
                        service.yaml has 2 problems:
                          secrets.regon: unknown key (did you mean secrets.region?) [service.yaml:1:30]
                          secrets.timeout: PT0S (expected: > 0) [service.yaml:1:60]""");
    }
}
