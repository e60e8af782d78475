package dev.plinth.client;

import dev.plinth.schema.Doc;
import java.nio.file.Path;
import java.util.Optional;

/**
 * TLS on the calling side, section {@code clients.NAME.tls}. All files are PEM.
 *
 * @param trust certificates of the authorities to trust, in place of the JDK's own
 * @param certificate what to show to a side that asks for it (mTLS), with its chain
 * @param key the private key of {@code certificate}, PKCS #8 without a password
 * @param name the name that the other side's certificate must be for; if not set, the host of the URL, or the service's
 *     name where discovery told the address
 */
public record TlsConfig(
        @Doc("PEM file: authorities to trust in place of the JDK's.") Optional<Path> trust,
        @Doc("PEM file: certificate to show, with its chain.") Optional<Path> certificate,
        @Doc("PEM file: private key of the certificate, PKCS #8.") Optional<Path> key,
        @Doc("Name that the other side's certificate must be for.") Optional<String> name) {
    public TlsConfig {
        if (certificate.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException("certificate and key: one without the other (expected: both, or none)");
        }
    }
}
