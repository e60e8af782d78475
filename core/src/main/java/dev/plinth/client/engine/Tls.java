package dev.plinth.client.engine;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** TLS on the calling side: whom to trust, what to show, and that the certificate is for the name that is meant. */
public final class Tls {
    static final Tls DEFAULT = new Tls(systemContext());

    private final SSLContext context;

    /** TLS with the trust and the keys of a context. */
    public Tls(SSLContext context) {
        this.context = context;
    }

    private static SSLContext systemContext() {
        try {
            return SSLContext.getDefault();
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("the JDK's own trust can't be loaded: " + broken.getMessage(), broken);
        }
    }

    SSLContext context() {
        return context;
    }

    /** Shakes hands over a connection; fails where the certificate is not for {@link Target#tlsName()}. */
    Socket over(Socket plain, Target target) throws IOException {
        var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, target.tlsName(), target.port(), true);
        var parameters = socket.getSSLParameters();
        demand(parameters, target.tlsName());
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    static void demand(SSLParameters parameters, String name) {
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        if (isName(name)) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
    }

    /** Addresses are no names for SNI (RFC 6066, section 3). */
    private static boolean isName(String name) {
        return name.indexOf(':') < 0 && !name.matches("[0-9.]+");
    }
}
