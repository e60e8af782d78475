package dev.plinth.http.engine;

import java.nio.charset.StandardCharsets;

/** The character classes of HTTP's grammar (RFC 9110, section 5.6; RFC 3986, section 3.3). */
final class Ascii {
    private static final byte[] TOKEN = new byte[128];
    private static final boolean[] PATH = new boolean[128];

    static {
        for (int c = '0'; c <= '9'; c++) {
            TOKEN[c] = (byte) c;
            PATH[c] = true;
        }
        for (int c = 'a'; c <= 'z'; c++) {
            TOKEN[c] = (byte) c;
            TOKEN[c - 32] = (byte) c;
            PATH[c] = true;
            PATH[c - 32] = true;
        }
        for (byte c : bytes("!#$%&'*+-.^_`|~")) {
            TOKEN[c] = c;
        }
        for (byte c : bytes("-._~!$&'()*+,;=:@/%")) {
            PATH[c] = true;
        }
    }

    private Ascii() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The octet in lower case if it may stand in a token, else 0. */
    static byte token(byte octet) {
        return octet < 0 ? 0 : TOKEN[octet];
    }

    /** Whether it may stand in a path. */
    static boolean path(byte octet) {
        return octet >= 0 && PATH[octet];
    }

    /** Whether it may stand in the name of a host. */
    static boolean host(byte octet) {
        return path(octet) && octet != '/' && octet != ':' && octet != '@';
    }

    /** Whether it may stand in a header's value. */
    static boolean field(int octet) {
        return ((octet & 0xff) >= 0x20 && octet != 0x7f) || octet == '\t';
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hex(int octet) {
        if (octet >= '0' && octet <= '9') {
            return octet - '0';
        }
        int lower = octet | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** Whether it is a path, with all its percent-encodings complete. */
    static boolean isPath(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 127 || !PATH[c]) {
                return false;
            }
            if (c == '%' && (text.length() - i < 3 || hex(text.charAt(i + 1)) < 0 || hex(text.charAt(i + 2)) < 0)) {
                return false;
            }
        }
        return true;
    }

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 127 || TOKEN[c] == 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
