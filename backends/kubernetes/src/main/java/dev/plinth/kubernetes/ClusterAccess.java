package dev.plinth.kubernetes;

import dev.plinth.remote.RemoteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** What a pod is given to speak to the API: a token, the API's certificate, and the name of its namespace. */
final class ClusterAccess {
    private ClusterAccess() {}

    static String read(Path file, String what) {
        try {
            return Files.readString(file).strip();
        } catch (IOException unreadable) {
            throw new RemoteException(
                    "kubernetes: can't read the " + what + " from " + file + ": "
                            + unreadable.getClass().getSimpleName()
                            + ". Inside a pod it is mounted; elsewhere name another file.",
                    unreadable);
        }
    }

    /** Trusts the certificates in that file and no others. */
    static SSLContext trusting(Path caFile) {
        try (var in = Files.newInputStream(caFile)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var tls = SSLContext.getInstance("TLS");
            tls.init(null, trust.getTrustManagers(), null);
            return tls;
        } catch (IOException | GeneralSecurityException unreadable) {
            throw new RemoteException(
                    "kubernetes: can't read the API's certificate from " + caFile + ": " + unreadable.getMessage(),
                    unreadable);
        }
    }
}
