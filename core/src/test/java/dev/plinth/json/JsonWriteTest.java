package dev.plinth.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.schema.ByteSize;
import dev.plinth.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JsonWriteTest {
    enum Colour {
        RED,
        DARK_BLUE {
            @Override
            public String toString() {
                return "dark blue";
            }
        }
    }

    record Item(String name, int quantity) {}

    @SuppressWarnings("ArrayRecordComponent") // Users have them.
    record Values(
            boolean flag,
            long large,
            double decimal,
            BigDecimal price,
            Colour colour,
            Instant at,
            Duration time,
            Secret secret,
            byte[] bytes,
            int[] ints,
            Map<Colour, Item> items,
            Optional<Item> some,
            Object any) {}

    @Test
    void writesEveryKindOfValue() {
        var values = new Values(
                true,
                Long.MAX_VALUE,
                0.5,
                new BigDecimal("1.10"),
                Colour.DARK_BLUE,
                Instant.parse("2026-11-21T09:30:00Z"),
                Duration.ofMinutes(90),
                Secret.of("s3cret"),
                new byte[] {1, 2},
                new int[] {1, 2},
                Map.of(Colour.DARK_BLUE, new Item("pen", 1)),
                Optional.of(new Item("ink", 2)),
                List.of(new Item("cap", 3)));

        assertThat(write(values))
                .isEqualTo("{\"flag\":true,\"large\":9223372036854775807,\"decimal\":0.5,\"price\":1.10,"
                        + "\"colour\":\"DARK_BLUE\",\"at\":\"2026-11-21T09:30:00Z\",\"time\":\"PT1H30M\","
                        + "\"secret\":\"***\",\"bytes\":\"AQI=\",\"ints\":[1,2],"
                        + "\"items\":{\"DARK_BLUE\":{\"name\":\"pen\",\"quantity\":1}},"
                        + "\"some\":{\"name\":\"ink\",\"quantity\":2},\"any\":[{\"name\":\"cap\",\"quantity\":3}]}");
    }

    @Test
    void writesNullAsNullAndLeavesEmptyOptionalsOut() {
        record Holes(String text, Optional<String> optional, List<Optional<String>> list) {}

        assertThat(write(new Holes(null, Optional.empty(), Arrays.asList(null, Optional.empty()))))
                .isEqualTo("{\"text\":null,\"list\":[null,null]}");
        assertThat(write(null)).isEqualTo("null");
    }

    @Test
    void writesTreesByTheClassOfEachValue() {
        var tree = new LinkedHashMap<Object, Object>();
        tree.put("map", new TreeMap<>(Map.of(Colour.RED, 1)));
        tree.put(UUID.fromString("123e4567-e89b-12d3-a456-426614174000"), Set.of((short) 1));
        tree.put(7, new Object[] {1.5f, 'c', "s", true, null});
        tree.put(
                "texts",
                List.of(
                        Path.of("/tmp/x"),
                        ZoneId.of("Europe/Paris"),
                        Charset.forName("UTF-8"),
                        Locale.forLanguageTag("de-CH"),
                        URI.create("urn:x"),
                        LocalDate.parse("2026-11-21"),
                        InetSocketAddress.createUnresolved("example.org", 443),
                        ByteSize.parse("10MiB"),
                        Colour.DARK_BLUE));

        assertThat(write(tree))
                .isEqualTo("{\"map\":{\"RED\":1},\"123e4567-e89b-12d3-a456-426614174000\":[1],"
                        + "\"7\":[1.5,\"c\",\"s\",true,null],\"texts\":[\"/tmp/x\",\"Europe/Paris\",\"UTF-8\",\"de-CH\","
                        + "\"urn:x\",\"2026-11-21\",\"example.org:443\",\"10MiB\",\"DARK_BLUE\"]}");
    }

    @Test
    void escapesWhatJsonMustEscape() {
        assertThat(write("\"\\\n\u0001é\ud83d\ude00")).isEqualTo("\"\\\"\\\\\\n\\u0001é\ud83d\ude00\"");
    }

    @Test
    void refusesWhatHasNoFormInJson() {
        record Price(List<Double> values) {}

        assertThatThrownBy(() -> write(new Price(List.of(1.0, Double.NaN))))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("can't write dev.plinth.json.JsonWriteTest$1Price at /values/1: NaN is no number of JSON"
                        + " (expected: a finite one)");
        assertThatThrownBy(() -> write(Float.NEGATIVE_INFINITY))
                .hasMessage("can't write java.lang.Float: -Infinity is no number of JSON (expected: a finite one)");
        assertThatThrownBy(() -> write(Collections.singletonMap(null, 1)))
                .hasMessage(
                        "can't write java.util.Collections$SingletonMap at /null: a map has a null key (expected: a text)");
    }

    @Test
    void refusesWhatHoldsItself() {
        var list = new ArrayList<Object>();
        list.add(list);

        assertThatThrownBy(() -> write(list))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Document nesting depth (65) exceeds the maximum allowed (64");
    }

    @Test
    void writesNothingToAStreamWhenItCantWriteAll() {
        var stream = new ByteArrayOutputStream();

        assertThatThrownBy(() -> Json.standard().write(List.of(1, Double.NaN), stream))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(stream.toByteArray()).isEmpty();
        Json.standard().write(List.of(1, 2), stream);
        assertThat(stream.toString(UTF_8)).isEqualTo("[1,2]");
    }

    @Test
    void passesTheFailureOfAStream() {
        var broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("gone");
            }
        };

        assertThatThrownBy(() -> Json.standard().write(1, broken))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("java.io.IOException: gone");
    }

    private static String write(Object value) {
        return new String(Json.standard().write(value), UTF_8);
    }
}
