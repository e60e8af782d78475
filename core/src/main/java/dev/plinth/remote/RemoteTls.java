package dev.plinth.remote;

import dev.plinth.schema.Doc;
import dev.plinth.tls.PemFiles;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * TLS to another system, section {@code tls} of its backend. All files are PEM, and are read when it is opened.
 *
 * @param trust certificates of the authorities to trust, in place of the JDK's own
 * @param certificate what to show to a system that asks for it (mTLS), with its chain
 * @param key the private key of {@code certificate}, PKCS #8 without a password
 */
public record RemoteTls(
        @Doc("PEM file: authorities to trust in place of the JDK's.") Optional<Path> trust,
        @Doc("PEM file: certificate to show, with its chain.") Optional<Path> certificate,
        @Doc("PEM file: private key of the certificate, PKCS #8.") Optional<Path> key) {
    public RemoteTls {
        if (certificate.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException("certificate and key: one without the other (expected: both, or none)");
        }
    }

    /**
     * What is read from the files.
     *
     * @param place the section, for messages: {@code discovery.tls}
     * @throws IllegalArgumentException if a file can't be read, or is not what it should be; the message says where
     */
    public SSLContext context(String place) {
        return PemFiles.context(place, trust, certificate, key);
    }
}
