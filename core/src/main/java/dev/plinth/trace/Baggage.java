package dev.plinth.trace;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/** W3C Baggage: {@code key=value} pairs that travel with the trace, values in UTF-8 and percent-encoded. */
final class Baggage {
    private static final int LONGEST = 8192;
    private static final int MOST_MEMBERS = 64;
    private static final String TOKEN = "!#$%&'*+-.^_`|~";

    private Baggage() {}

    /** The members whose key is in {@code allowed}; the rest, and what breaks the grammar, is left out. */
    static Map<String, String> read(String header, Set<String> allowed) {
        if (header.length() > LONGEST) {
            return Map.of();
        }
        var read = new HashMap<String, String>();
        int from = 0;
        for (int members = 0; from < header.length() && members < MOST_MEMBERS; members++) {
            int comma = header.indexOf(',', from);
            int to = comma < 0 ? header.length() : comma;
            int equals = header.indexOf('=', from);
            if (equals > from && equals < to) {
                var key = header.substring(from, equals).strip();
                if (allowed.contains(key)) {
                    int semicolon = header.indexOf(';', equals); // properties follow, which nobody here reads
                    int end = semicolon < 0 || semicolon > to ? to : semicolon;
                    read.put(key, decode(header.substring(equals + 1, end).strip()));
                }
            }
            from = to + 1;
        }
        return read;
    }

    /** The header for {@code pieces}; what has no valid key, or no room any more, is left out. */
    static String write(Map<String, String> pieces) {
        var header = new StringBuilder();
        int members = 0;
        for (var piece : pieces.entrySet()) {
            if (!isToken(piece.getKey()) || members == MOST_MEMBERS) {
                continue;
            }
            int before = header.length();
            if (before > 0) {
                header.append(',');
            }
            header.append(piece.getKey()).append('=');
            encode(piece.getValue(), header);
            if (header.length() > LONGEST) {
                header.setLength(before);
            } else {
                members++;
            }
        }
        return header.toString();
    }

    private static boolean isToken(String key) {
        for (int i = 0; i < key.length(); i++) {
            if (!isAlphanumeric(key.charAt(i)) && TOKEN.indexOf(key.charAt(i)) < 0) {
                return false;
            }
        }
        return !key.isEmpty();
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static void encode(String value, StringBuilder to) {
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            if (isAlphanumeric(c) || "-._~:/@".indexOf(c) >= 0) {
                to.append(c);
            } else {
                to.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
    }

    private static String decode(String value) {
        if (value.indexOf('%') < 0) {
            return value;
        }
        var octets = value.getBytes(StandardCharsets.UTF_8);
        int length = 0;
        for (int i = 0; i < octets.length; i++, length++) {
            boolean escaped = octets[i] == '%'
                    && i + 2 < octets.length
                    && HexFormat.isHexDigit(octets[i + 1])
                    && HexFormat.isHexDigit(octets[i + 2]);
            if (escaped) {
                octets[length] =
                        (byte) ((HexFormat.fromHexDigit(octets[i + 1]) << 4) | HexFormat.fromHexDigit(octets[i + 2]));
                i += 2;
            } else {
                octets[length] = octets[i];
            }
        }
        return new String(octets, 0, length, StandardCharsets.UTF_8);
    }
}
