package dev.plinth.http.engine;

import dev.plinth.schema.AddressBlock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy says of its client at the begin of a connection: the PROXY protocol, versions 1 and 2 (HAProxy's
 * proxy-protocol.txt). Read strictly: a connection that begins in another way is closed without a word.
 *
 * @param client null where the proxy speaks for itself, as for a check, or doesn't know
 * @param secure whether the client speaks TLS with the proxy, as version 2 can say
 */
record ProxyHeader(@Nullable InetSocketAddress client, boolean secure) {
    private static final byte[] V1 = Ascii.bytes("PROXY ");
    private static final byte[] V2 = Ascii.bytes("\r\n\r\n\0\r\nQUIT\n");
    /** The longest line of version 1, CRLF included. */
    private static final int MOST_OF_V1 = 107;
    /** Addresses and extensions of version 2; the protocol would bear 64 KiB, and nobody sends more than some hundreds. */
    private static final int MOST_OF_V2 = 4096;

    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int TLS_EXTENSION = 0x20;

    /** Reads it; what follows stays to be read. */
    static ProxyHeader read(Connection from, long until) throws IOException {
        if (from.startsWith(V2, until)) {
            return readV2(from, until);
        }
        if (from.startsWith(V1, until)) {
            return readV1(from, until);
        }
        throw new ProtocolException("the connection does not begin with a header of the PROXY protocol");
    }

    private static ProtocolException malformed(String what) {
        return new ProtocolException("the header of the PROXY protocol " + what);
    }

    // ---- version 1: PROXY TCP4 192.0.2.1 198.51.100.7 56324 443
    // ------------------------------------------------------

    private static ProxyHeader readV1(Connection from, long until) throws IOException {
        int length = V1.length;
        while (from.bytes[from.start + length - 1] != '\n') {
            if (++length > MOST_OF_V1) {
                throw malformed("has no end");
            }
            if (!from.has(length, until)) {
                throw malformed("is cut short");
            }
        }
        var line = new String(from.bytes, from.start, length, StandardCharsets.ISO_8859_1);
        from.start += length;
        if (!line.endsWith("\r\n")) {
            throw malformed("does not end in CRLF");
        }
        var parts = line.substring(0, length - 2).split(" ", -1);
        if (parts[1].equals("UNKNOWN")) {
            return new ProxyHeader(null, false);
        }
        if (parts.length != 6 || !(parts[1].equals("TCP4") || parts[1].equals("TCP6"))) {
            throw malformed("has not the five parts that it should");
        }
        boolean six = parts[1].equals("TCP6");
        address(parts[3], six);
        port(parts[5]);
        return new ProxyHeader(new InetSocketAddress(address(parts[2], six), port(parts[4])), false);
    }

    private static InetAddress address(String text, boolean six) throws IOException {
        var address = text.contains(":") == six ? AddressBlock.address(text) : null;
        if (address == null) {
            throw malformed("has no address where one should be");
        }
        return address;
    }

    private static int port(String text) throws IOException {
        if (!text.matches("0|[1-9][0-9]{0,4}") || Integer.parseInt(text) > 65535) {
            throw malformed("has no port where one should be");
        }
        return Integer.parseInt(text);
    }

    // ---- version 2
    // ---------------------------------------------------------------------------------------------------

    private static ProxyHeader readV2(Connection from, long until) throws IOException {
        int begin = V2.length + 4;
        if (!from.has(begin, until)) {
            throw malformed("is cut short");
        }
        int command = from.bytes[from.start + 12] & 0xff;
        int family = from.bytes[from.start + 13] & 0xff;
        int length = (from.bytes[from.start + 14] & 0xff) << 8 | (from.bytes[from.start + 15] & 0xff);
        if (command != LOCAL && command != PROXY) {
            throw malformed("has an unknown version or command");
        }
        if (length > MOST_OF_V2) {
            throw malformed("has " + length + " bytes");
        }
        if (!from.has(begin + length, until)) {
            throw malformed("is cut short");
        }
        var rest = Arrays.copyOfRange(from.bytes, from.start + begin, from.start + begin + length);
        from.start += begin + length;
        if (command == LOCAL) {
            return new ProxyHeader(null, false);
        }
        int size = family == TCP4 ? 4 : family == TCP6 ? 16 : 0;
        if (size == 0) {
            // UNSPEC, UDP, Unix sockets: the client is not known as an address.
            return new ProxyHeader(null, false);
        }
        int addresses = 2 * size + 4;
        if (length < addresses) {
            throw malformed("is too short for its addresses");
        }
        int port = (rest[2 * size] & 0xff) << 8 | (rest[2 * size + 1] & 0xff);
        var address = InetAddress.getByAddress(Arrays.copyOf(rest, size));
        return new ProxyHeader(new InetSocketAddress(address, port), overTls(rest, addresses));
    }

    private static boolean overTls(byte[] rest, int begin) throws IOException {
        boolean secure = false;
        for (int at = begin; at < rest.length; ) {
            int length = at + 3 > rest.length ? rest.length : (rest[at + 1] & 0xff) << 8 | (rest[at + 2] & 0xff);
            if (at + 3 + length > rest.length) {
                throw malformed("has an extension that is longer than it");
            }
            if (rest[at] == TLS_EXTENSION && length > 0) {
                secure = (rest[at + 3] & 1) != 0;
            }
            at += 3 + length;
        }
        return secure;
    }
}
