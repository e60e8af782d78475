package dev.plinth.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnicodeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "c080",
                "c1bf",
                "80",
                "ff",
                "fe",
                "e08080",
                "e09fbf",
                "eda080",
                "edbfbf",
                "f0808080",
                "f08fbfbf",
                "f4908080",
                "f5808080",
                "c2",
                "c241",
                "e282",
                "e28241",
                "f09f98",
                "f09f9841"
            })
    void findsWhatIsNotWellFormed(String hex) {
        for (int before = 0; before < 20; before++) {
            var bytes = HexFormat.of().parseHex("61".repeat(before) + hex);
            assertThat(Unicode.firstFault(bytes)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain text, and a long one",
                "é",
                "€",
                "😀",
                "\u0000\u007f",
                "\\n\\\\\\\"",
                "\\u00e9",
                "\\ud83d\\ude00",
                "\\uD83D\\uDE00 more",
                "\\\\ud800 is no escape",
                "\\uzzzz is the parser's",
                "\\",
                "\\u12"
            })
    void takesWhatIsWellFormed(String text) {
        for (int before = 0; before < 20; before++) {
            assertThat(Unicode.firstFault(("a".repeat(before) + text).getBytes(UTF_8)))
                    .isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "\\udc00", "\\ud800\\ud800", "\\ud800x", "\\ud800\\n", "\\uDC00\\uD800"})
    void findsHalfAPair(String text) {
        for (int before = 0; before < 20; before++) {
            assertThat(Unicode.firstFault(("a".repeat(before) + text).getBytes(UTF_8)))
                    .isEqualTo(before);
        }
    }

    @Test
    void agreesWithTheDecoderOfTheJdk() {
        var random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            var bytes = new String(random.ints(random.nextInt(20), 0, 0x11_0000)
                            .filter(point -> point != '\\' && (point < 0xd800 || point > 0xdfff))
                            .map(point -> random.nextBoolean() ? point & 0x7f : point)
                            .filter(point -> point != '\\')
                            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append))
                    .getBytes(UTF_8);
            if (bytes.length > 0 && random.nextInt(4) > 0) {
                bytes[random.nextInt(bytes.length)] = (byte) (random.nextInt(0x80) + 0x80);
            }
            assertThat(Unicode.firstFault(bytes) < 0)
                    .as(HexFormat.of().formatHex(bytes))
                    .isEqualTo(decodes(bytes));
        }
    }

    private static boolean decodes(byte[] bytes) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
