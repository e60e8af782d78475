package dev.plinth.client.engine;

/**
 * Where a request goes: the address to connect to apart from the name that is meant.
 *
 * @param secure whether by TLS
 * @param host the address or host name to connect to
 * @param port the port to connect to
 * @param authority what {@code Host} says
 * @param tlsName the name that the certificate must be for
 */
public record Target(boolean secure, String host, int port, String authority, String tlsName) {
    /** The target of a URL: the host in it is the name as well. */
    public static Target of(boolean secure, String host, int port) {
        var bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        var inUrl = bare.indexOf(':') >= 0 ? "[" + bare + "]" : bare;
        int effective = port >= 0 ? port : secure ? 443 : 80;
        boolean usual = effective == (secure ? 443 : 80);
        return new Target(secure, bare, effective, usual ? inUrl : inUrl + ":" + effective, bare);
    }

    /** Scheme, address and port, as in a URL. */
    @Override
    public String toString() {
        return (secure ? "https://" : "http://") + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
