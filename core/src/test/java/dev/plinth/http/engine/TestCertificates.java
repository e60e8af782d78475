package dev.plinth.http.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Certificates that sign themselves, made by the JDK's own tool. */
public final class TestCertificates {
    private static final char[] PASSWORD = "password".toCharArray();

    private TestCertificates() {}

    /** A context that shows the certificate of {@code own} and trusts that of {@code peer}. */
    public static SSLContext context(KeyStore own, KeyStore peer) throws GeneralSecurityException {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust(peer), null);
        return context;
    }

    /** A context that shows nothing and trusts the certificates of {@code peers}. */
    public static SSLContext trusting(KeyStore... peers) throws GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust(peers), null);
        return context;
    }

    private static TrustManager[] trust(KeyStore... peers) throws GeneralSecurityException {
        var known = KeyStore.getInstance("PKCS12");
        try {
            known.load(null, null);
        } catch (IOException impossible) {
            throw new GeneralSecurityException(impossible);
        }
        for (var peer : peers) {
            known.setCertificateEntry("peer-" + known.size(), peer.getCertificate("own"));
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(known);
        return factory.getTrustManagers();
    }

    /** Writes certificate and key as PEM, NAME.pem and NAME.key. */
    public static void write(KeyStore store, Path folder, String name) throws Exception {
        Files.writeString(
                folder.resolve(name + ".pem"),
                block("CERTIFICATE", store.getCertificate("own").getEncoded()));
        Files.writeString(
                folder.resolve(name + ".key"),
                block("PRIVATE KEY", store.getKey("own", PASSWORD).getEncoded()));
    }

    private static String block(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                + label + "-----\n";
    }

    /** A key, and a certificate of it for {@code localhost}. */
    public static KeyStore make(Path folder, String name) throws Exception {
        var file = folder.resolve(name + ".p12");
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                "password",
                "-keystore",
                file.toString());
        var tool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
        if (tool.waitFor() != 0) {
            throw new IOException(Files.readString(folder.resolve(name + ".log")));
        }
        return KeyStore.getInstance(file.toFile(), PASSWORD);
    }
}
