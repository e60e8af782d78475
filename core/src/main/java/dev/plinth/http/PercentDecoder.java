package dev.plinth.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Percent-decoding of RFC 3986, strict: whole pairs of digits, valid UTF-8, no NUL. */
final class PercentDecoder {
    private PercentDecoder() {}

    /** The text, or null if it is not well-formed; {@code plusIsSpace} for queries and forms. */
    static @Nullable String decode(String text, boolean plusIsSpace) {
        if (text.indexOf('%') < 0 && (!plusIsSpace || text.indexOf('+') < 0)) {
            return text;
        }
        var bytes = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int value = i + 2 <= text.length() - 1 ? pair(text.charAt(i + 1), text.charAt(i + 2)) : -1;
                if (value <= 0) {
                    return null;
                }
                bytes[length++] = (byte) value;
                i += 2;
            } else if (c > 127) {
                return null;
            } else {
                bytes[length++] = (byte) (plusIsSpace && c == '+' ? ' ' : c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Arrays.copyOf(bytes, length)))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return null;
        }
    }

    private static int pair(char high, char low) {
        int h = Character.digit(high, 16);
        int l = Character.digit(low, 16);
        return h < 0 || l < 0 || high > 127 || low > 127 ? -1 : h * 16 + l;
    }
}
