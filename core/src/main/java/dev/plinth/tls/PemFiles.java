package dev.plinth.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Trust, certificate and key as they lie in files (RFC 7468). Stateless. */
public final class PemFiles {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final char[] NO_PASSWORD = new char[0];

    private final String place;

    private PemFiles(String place) {
        this.place = place;
    }

    /**
     * Reads them.
     *
     * @param place the section, for messages: {@code clients.pricing.tls}
     * @param trust the authorities to trust, under the key {@code trust}; if not set, the JDK's
     * @param certificate what to show, with its chain, under the key {@code certificate}
     * @param key its private key, PKCS #8 without a password, under the key {@code key}; there where the certificate is
     * @throws IllegalArgumentException if a file can't be read, or is not what it should be; the message says where
     */
    public static SSLContext context(
            String place, Optional<Path> trust, Optional<Path> certificate, Optional<Path> key) {
        var files = new PemFiles(place);
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(
                    certificate.isEmpty() ? null : files.keys(certificate.get(), key.orElseThrow()),
                    trust.isEmpty() ? null : files.trust(trust.get()),
                    null);
            return context;
        } catch (GeneralSecurityException refused) {
            throw new IllegalArgumentException(place + ": " + refused.getMessage(), refused);
        }
    }

    private TrustManager[] trust(Path file) throws GeneralSecurityException {
        var store = empty();
        for (var authority : certificates(file, "trust")) {
            store.setCertificateEntry("authority-" + store.size(), authority);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private KeyManager[] keys(Path certificate, Path key) throws GeneralSecurityException {
        var chain = certificates(certificate, "certificate").toArray(Certificate[]::new);
        var store = empty();
        store.setKeyEntry("own", key(key, chain[0].getPublicKey().getAlgorithm()), NO_PASSWORD, chain);
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (IOException impossible) {
            throw new GeneralSecurityException(impossible);
        }
    }

    private List<Certificate> certificates(Path file, String key) throws GeneralSecurityException {
        var found = new ArrayList<Certificate>();
        for (var block : blocks(file, key, "CERTIFICATE")) {
            found.add(CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(block)));
        }
        return found;
    }

    private PrivateKey key(Path file, String algorithm) throws GeneralSecurityException {
        var block = blocks(file, "key", "PRIVATE KEY").getFirst();
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(block));
        } catch (InvalidKeySpecException wrong) {
            throw new IllegalArgumentException(
                    place + ".key: '" + file + "' holds no key of the certificate's kind (expected: " + algorithm + ")",
                    wrong);
        }
    }

    private List<byte[]> blocks(Path file, String key, String label) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    place + "." + key + ": '" + file + "' can't be read: " + unreadable, unreadable);
        }
        var blocks = new ArrayList<byte[]>();
        var matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            if (matcher.group(1).equals(label)) {
                blocks.add(Base64.getMimeDecoder().decode(matcher.group(2)));
            }
        }
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException(
                    place + "." + key + ": '" + file + "' has no block of PEM that begins with" + " -----BEGIN " + label
                            + "-----" + (label.equals("PRIVATE KEY") ? " (PKCS #8, no password)" : ""));
        }
        return blocks;
    }
}
