package dev.plinth.client;

import dev.plinth.client.engine.Tls;
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
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Trust, certificate and key as they lie in files (RFC 7468). */
final class PemFiles {
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
     * @throws IllegalArgumentException if a file can't be read, or is not what it should be
     */
    static Tls read(String place, TlsConfig config) {
        var files = new PemFiles(place);
        try {
            var context = SSLContext.getInstance("TLS");
            var keys = config.certificate().isEmpty()
                    ? null
                    : files.keys(config.certificate().get(), config.key().orElseThrow());
            var trust =
                    config.trust().isEmpty() ? null : files.trust(config.trust().get());
            context.init(keys, trust, null);
            return new Tls(context);
        } catch (GeneralSecurityException refused) {
            throw new IllegalArgumentException(place + ": " + refused.getMessage(), refused);
        }
    }

    private TrustManager @Nullable [] trust(Path file) throws GeneralSecurityException {
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
