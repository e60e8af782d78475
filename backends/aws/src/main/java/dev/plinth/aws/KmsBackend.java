package dev.plinth.aws;

import dev.plinth.config.DecryptionBackend;
import dev.plinth.config.Sources;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.secret.DecryptionException;
import dev.plinth.secret.Decryptor;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * {@code secrets: { backend: aws-kms }}: the values of {@code enc_} keys are ciphertexts of AWS KMS in Base64, as {@code aws
 * kms encrypt --query CiphertextBlob --output text} prints them, and no key is on the machine.
 *
 * <p>Credentials are found by the SDK's default chain. A symmetric key that encrypted without an encryption context is
 * expected. Thread-safe.
 */
public final class KmsBackend implements DecryptionBackend {
    /** Made by the configuration when {@code aws-kms} is chosen. */
    public KmsBackend() {}

    /**
     * What stands in the section beside {@code backend}.
     *
     * @param region of the key; that of the SDK's chain, such as {@code AWS_REGION}, where it isn't given
     * @param keyId id, ARN or alias of the one key whose ciphertexts are opened; any that the credentials may use where it
     *     isn't given
     * @param endpoint instead of the region's public one
     * @param timeout of connecting, and of each wait for an answer; the SDK tries up to three times
     */
    public record Settings(
            @Doc("The key's region, such as eu-central-1; AWS_REGION where it isn't given.")
                    Optional<@NotBlank String> region,
            @Doc("Opens ciphertexts of this key alone: an id, an ARN or an alias.") Optional<@NotBlank String> keyId,
            @Doc("Instead of the region's public endpoint.") Optional<URI> endpoint,
            @Doc("Of connecting, and of each wait for an answer.") @Default("3s") @Positive Duration timeout) {}

    @Override
    public String name() {
        return "aws-kms";
    }

    @Override
    public Class<? extends Record> settings() {
        return Settings.class;
    }

    @Override
    public Decryptor open(Record settings, Sources sources) {
        var config = (Settings) settings;
        var builder = KmsClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(config.timeout())
                        .socketTimeout(config.timeout()));
        config.region().ifPresent(region -> builder.region(Region.of(region)));
        config.endpoint().ifPresent(builder::endpointOverride);
        try {
            return new KmsDecryptor(builder.build(), config.keyId());
        } catch (SdkClientException e) {
            throw new DecryptionException("AWS KMS: " + e.getMessage(), e);
        }
    }
}
