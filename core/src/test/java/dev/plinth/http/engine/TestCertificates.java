package dev.plinth.http.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates that sign themselves, made by the JDK's own tool. */
final class TestCertificates {
    private static final char[] PASSWORD = "password".toCharArray();

    private TestCertificates() {}

    /** A context that shows a certificate for {@code name} and trusts the one of {@code peer}. */
    static SSLContext context(KeyStore own, KeyStore peer) throws GeneralSecurityException {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD);
        var known = KeyStore.getInstance("PKCS12");
        try {
            known.load(null, null);
        } catch (IOException impossible) {
            throw new GeneralSecurityException(impossible);
        }
        known.setCertificateEntry("peer", peer.getCertificate("own"));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(known);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    static KeyStore make(Path folder, String name) throws Exception {
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
