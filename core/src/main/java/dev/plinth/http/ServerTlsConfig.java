package dev.plinth.http;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import java.nio.file.Path;
import java.util.Optional;

/**
 * TLS on the serving side, section {@code http.tls}: versions 1.3 and 1.2, with HTTP/2 where the client speaks it. All
 * files are PEM, and read again when they change.
 *
 * @param certificate what is shown, with its chain
 * @param key the private key of {@code certificate}, PKCS #8 without a password
 * @param trust the authorities that sign clients' certificates
 * @param clientCertificate whether a client must show one (mTLS). Choose {@code optional} where some of the routes are
 *     open to others
 */
public record ServerTlsConfig(
        @Doc("PEM file: certificate with its chain.") Path certificate,
        @Doc("PEM file: private key of the certificate, PKCS #8.") Path key,
        @Doc("PEM file: authorities that sign clients' certificates.") Optional<Path> trust,
        @Default("none") @Doc("Whether a client must show a certificate.") ClientCertificate clientCertificate) {
    /** Whether a client must show a certificate. */
    public enum ClientCertificate {
        /** It is not asked for one. */
        NONE,
        /** It is asked, and may go without; one that is not trusted ends the connection. */
        OPTIONAL,
        /** Without one that is trusted there is no connection. */
        REQUIRED
    }

    public ServerTlsConfig {
        if (clientCertificate != ClientCertificate.NONE && trust.isEmpty()) {
            throw new IllegalArgumentException(
                    "client certificates are asked for, and trust says not whose (expected: trust: FILE)");
        }
    }
}
