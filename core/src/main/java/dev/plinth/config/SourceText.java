package dev.plinth.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** What the bytes of a file say: text in UTF-8, of characters that YAML lets stand as they are. */
final class SourceText {
    private SourceText() {}

    /** The text without its byte order mark; null if it isn't UTF-8, or a character can't stand there. */
    static @Nullable String of(byte[] bytes, Origin source, Problems problems) {
        if (bytes.length >= 2 && isUtf16(((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF))) {
            problems.add("", "this is UTF-16 (expected: UTF-8)", source);
            return null;
        }
        var in = ByteBuffer.wrap(bytes);
        var out = CharBuffer.allocate(bytes.length);
        var result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        var text = out.flip().toString();
        if (result.isError()) {
            problems.add(
                    "",
                    "the byte 0x" + Integer.toHexString(bytes[in.position()] & 0xFF) + " is not UTF-8",
                    place(text, text.length(), source));
            return null;
        }
        if (text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        return isPrintable(text, "", source, true, problems) ? text : null;
    }

    private static boolean isUtf16(int mark) {
        return mark == 0xFEFF || mark == 0xFFFE;
    }

    /** Whether all characters can stand as they are; the first that can't is a problem of {@code key}. */
    static boolean isPrintable(String text, String key, Origin source, boolean places, Problems problems) {
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if ((c >= ' ' && c < 0x7F) || c == '\n' || c == '\r' || c == '\t') {
                continue;
            }
            int point = text.codePointAt(at);
            if (point == 0xFEFF || !StreamReader.isPrintable(point)) {
                var name = named(point);
                problems.add(
                        key,
                        "the character " + name + " can't be written like this (expected: \"\\u" + name.substring(2)
                                + "\" in double quotes)",
                        places ? place(text, at, source) : source);
                return false;
            }
            at += Character.charCount(point) - 1;
        }
        return true;
    }

    /** Such as {@code U+00A0}. */
    static String named(int point) {
        return "U+" + Integer.toHexString(0x10000 | point).substring(1).toUpperCase(Locale.ROOT);
    }

    private static Origin place(String text, int end, Origin source) {
        int line = 1;
        int start = 0;
        for (int at = 0; at < end; at++) {
            if (text.charAt(at) == '\n') {
                line++;
                start = at + 1;
            }
        }
        return source.at(line, text.codePointCount(start, end) + 1);
    }
}
