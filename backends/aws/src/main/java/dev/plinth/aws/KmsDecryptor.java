package dev.plinth.aws;

import dev.plinth.secret.DecryptionException;
import dev.plinth.secret.Decryptor;
import dev.plinth.secret.Secret;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KmsException;

/** Asks AWS KMS for the text of each token. Thread-safe. */
final class KmsDecryptor implements Decryptor, AutoCloseable {
    private final KmsClient client;
    private final Optional<String> keyId;
    private volatile @Nullable String unreachable;

    KmsDecryptor(KmsClient client, Optional<String> keyId) {
        this.client = client;
        this.keyId = keyId;
    }

    @Override
    public Secret decrypt(String token) {
        byte[] ciphertext;
        try {
            ciphertext = Base64.getDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            throw new DecryptionException("is no ciphertext of AWS KMS: it is not Base64");
        }
        var known = unreachable;
        if (known != null) {
            throw new DecryptionException(known); // another wait for each token would help nobody
        }
        var request = DecryptRequest.builder().ciphertextBlob(SdkBytes.fromByteArray(ciphertext));
        keyId.ifPresent(request::keyId);
        try {
            var text = client.decrypt(request.build()).plaintext().asByteBuffer();
            return Secret.of(StandardCharsets.UTF_8.newDecoder().decode(text).toString());
        } catch (InvalidCiphertextException e) {
            throw new DecryptionException("is no ciphertext of AWS KMS, or was changed since", e);
        } catch (IncorrectKeyException e) {
            throw new DecryptionException("was made with another key than " + keyId.orElse("the one asked for"), e);
        } catch (KmsException e) {
            throw new DecryptionException("is refused by AWS KMS: " + reason(e), e);
        } catch (SdkClientException e) {
            unreachable = "can't be opened, since AWS KMS can't be asked: " + e.getMessage();
            throw new DecryptionException(unreachable, e);
        } catch (CharacterCodingException e) {
            throw new DecryptionException("holds no text (expected: UTF-8)");
        }
    }

    private static String reason(KmsException e) {
        var details = e.awsErrorDetails();
        return details == null ? "status " + e.statusCode() : details.errorCode() + ", " + details.errorMessage();
    }

    @Override
    public void close() {
        client.close();
    }
}
