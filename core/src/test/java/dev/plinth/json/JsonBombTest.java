package dev.plinth.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Documents that are made to cost more than their length. Each case would take minutes or hours were it not linear. */
@Timeout(120)
class JsonBombTest {
    /** "Aa" and "BB" have one hash, and so have all texts that are put together from them. */
    private static byte[] colliding(int bits, String before, String after) {
        var text = new StringBuilder(before);
        for (int i = 0; i < 1 << bits; i++) {
            text.append(i == 0 ? "" : ",").append('"');
            for (int bit = 0; bit < bits; bit++) {
                text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            text.append("\":1");
        }
        return text.append(after).toString().getBytes(StandardCharsets.US_ASCII);
    }

    record Small(String name) {}

    record Holds(Map<String, Integer> values) {}

    @Test
    void aMillionNamesOfOneHashAreReadAsFastAsOthers() {
        var bomb = colliding(20, "{", "}");
        assertThat((Map<?, ?>) Json.standard().read(bomb, Map.class)).hasSize(1 << 20);
    }

    @Test
    void inAMapOfARecordToo() {
        var bomb = colliding(17, "{\"values\":{", "}}");
        assertThat(Json.standard().read(bomb, Holds.class).values()).hasSize(1 << 17);
    }

    @Test
    void andWhereTheRecordKnowsNoneOfThem() {
        var bomb = colliding(17, "{\"name\":\"a\",", "}");
        assertThat(Json.standard().read(bomb, Small.class).name()).isEqualTo("a");
    }
}
