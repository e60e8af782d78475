package dev.plinth.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.config.Sample.World;
import dev.plinth.schema.ByteSize;
import dev.plinth.schema.Percent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every type that a component may have, from a file, a variable and an argument. */
class TypesTest {
    record Singles(
            byte octet,
            short small,
            int whole,
            long large,
            float single,
            double twice,
            boolean truth,
            char letter,
            Integer boxed,
            BigInteger huge,
            BigDecimal exact,
            String text,
            TimeUnit choice,
            Duration time,
            ByteSize size,
            Percent share,
            InetSocketAddress address,
            URI uri,
            Path path,
            ZoneId zone,
            Pattern pattern,
            UUID id,
            Instant instant,
            LocalDate day,
            LocalTime hour,
            Locale language,
            Charset charset) {}

    private static final Map<String, String> TEXTS = Map.ofEntries(
            Map.entry("octet", "-128"),
            Map.entry("small", "32767"),
            Map.entry("whole", "-7"),
            Map.entry("large", "9223372036854775807"),
            Map.entry("single", "1.5"),
            Map.entry("twice", "-2.5e3"),
            Map.entry("truth", "true"),
            Map.entry("letter", "x"),
            Map.entry("boxed", "12"),
            Map.entry("huge", "123456789012345678901234567890"),
            Map.entry("exact", "1.10"),
            Map.entry("text", "no"),
            Map.entry("choice", "milliseconds"),
            Map.entry("time", "1h30m"),
            Map.entry("size", "10MiB"),
            Map.entry("share", "80%"),
            Map.entry("address", "example.org:443"),
            Map.entry("uri", "https://example.org/a?b=c"),
            Map.entry("path", "/var/data"),
            Map.entry("zone", "Europe/Paris"),
            Map.entry("pattern", "a+b"),
            Map.entry("id", "123e4567-e89b-12d3-a456-426614174000"),
            Map.entry("instant", "2026-11-21T09:30:00Z"),
            Map.entry("day", "2026-11-21"),
            Map.entry("hour", "09:30"),
            Map.entry("language", "de-CH"),
            Map.entry("charset", "UTF-8"));

    @SuppressWarnings("ArrayRecordComponent") // Users have them.
    record Several(
            List<Integer> list,
            Set<Duration> set,
            int[] array,
            Optional<URI> some,
            Optional<URI> none,
            Map<TimeUnit, Percent> shares,
            Map<String, List<Integer>> lists,
            Nested nested,
            List<Nested> nesteds) {}

    record Nested(int a, @Nullable Nested2 deeper) {}

    record Nested2(Optional<String> b) {}

    record Free(Map<String, Object> tree, @Nullable Object any, List<Object> list, Optional<byte[]> key) {}

    @TempDir
    Path directory;

    private World world() {
        return new World(directory);
    }

    private static Singles singles(World world) {
        return world.load(new Layout().section("s", Singles.class)).get("s", Singles.class);
    }

    private static void judge(Singles got) {
        assertThat(got.pattern().pattern()).isEqualTo("a+b");
        assertThat(got)
                .usingRecursiveComparison()
                .ignoringFields("pattern")
                .isEqualTo(new Singles(
                        (byte) -128,
                        (short) 32767,
                        -7,
                        Long.MAX_VALUE,
                        1.5f,
                        -2500,
                        true,
                        'x',
                        12,
                        new BigInteger("123456789012345678901234567890"),
                        new BigDecimal("1.10"),
                        "no",
                        TimeUnit.MILLISECONDS,
                        Duration.ofMinutes(90),
                        ByteSize.parse("10MiB"),
                        Percent.parse("80%"),
                        InetSocketAddress.createUnresolved("example.org", 443),
                        URI.create("https://example.org/a?b=c"),
                        Path.of("/var/data"),
                        ZoneId.of("Europe/Paris"),
                        Pattern.compile("a+b"),
                        UUID.fromString("123e4567-e89b-12d3-a456-426614174000"),
                        Instant.parse("2026-11-21T09:30:00Z"),
                        LocalDate.of(2026, 11, 21),
                        LocalTime.of(9, 30),
                        Locale.forLanguageTag("de-CH"),
                        StandardCharsets.UTF_8));
    }

    @Test
    void singleValuesComeFromEverySource() {
        var file = new StringBuilder("s:\n");
        var variables = world();
        var arguments = world();
        TEXTS.forEach((name, text) -> {
            file.append("  ").append(name).append(": ").append(text).append('\n');
            variables.variable("PLINTH_S_" + name.toUpperCase(Locale.ROOT), text);
            arguments.set("s." + name + "=" + text);
        });
        judge(singles(variables));
        judge(singles(arguments));
        judge(singles(world().file("service.yaml", file.toString())));
    }

    @Test
    void severalValues() {
        var got = world().file(
                        "service.yaml",
                        """
                        s:
                          list: [1, 2, 2]
                          set: [1s, 2s]
                          array: [3, 4]
                          some: http://a
                          shares: { days: 1%, HOURS: 2% }
                          lists: { a: [1], b: [] }
                          nested: { a: 1, deeper: { b: c } }
                          nesteds: [{ a: 2 }, { a: 3 }]
                        """)
                .load(new Layout().section("s", Several.class))
                .get("s", Several.class);
        assertThat(got.list()).containsExactly(1, 2, 2);
        assertThat(got.set()).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(got.array()).containsExactly(3, 4);
        assertThat(got.some()).contains(URI.create("http://a"));
        assertThat(got.none()).isEmpty();
        assertThat(got.shares())
                .isEqualTo(Map.of(TimeUnit.DAYS, Percent.parse("1%"), TimeUnit.HOURS, Percent.parse("2%")));
        assertThat(got.lists()).isEqualTo(Map.of("a", List.of(1), "b", List.of()));
        assertThat(got.nested()).isEqualTo(new Nested(1, new Nested2(Optional.of("c"))));
        assertThat(got.nesteds()).extracting(Nested::a).containsExactly(2, 3);
    }

    private static Free free(World world) {
        return world.load(new Layout().section("f", Free.class)).get("f", Free.class);
    }

    @Test
    void aTreeIsTakenAsItIsWritten() {
        var got = free(
                world().variable("PORT", "8080")
                        .file(
                                "service.yaml",
                                """
                        f:
                          tree:
                            whole: 12
                            large: 12345678901
                            huge: 123456789012345678901
                            part: 1.10
                            quoted: "12"
                            truth: true
                            norway: no
                            zero: 007
                            text: a b
                            nothing: ~
                            x-kept: 1
                            port: ${PORT}
                            deep: { list: [1, two, { three: 3 }] }
                          any: [1]
                          list: [a, { b: c }]
                        """));
        assertThat(got.tree())
                .containsEntry("whole", 12)
                .containsEntry("large", 12345678901L)
                .containsEntry("huge", new BigInteger("123456789012345678901"))
                .containsEntry("part", new BigDecimal("1.10"))
                .containsEntry("quoted", "12")
                .containsEntry("truth", true)
                .containsEntry("norway", "no")
                .containsEntry("zero", "007")
                .containsEntry("text", "a b")
                .containsEntry("nothing", null)
                .containsEntry("x-kept", 1)
                .containsEntry("deep", Map.of("list", List.of(1, "two", Map.of("three", 3))))
                .containsEntry("port", 8080)
                .hasSize(13);
        assertThat(got.any()).isEqualTo(List.of(1));
        assertThat(got.list()).isEqualTo(List.of("a", Map.of("b", "c")));
    }

    @Test
    void aTreeMayComeFromVariablesAndArguments() {
        var got = free(world().file("service.yaml", "f: { tree: { a: { b: 1, c: 2 } } }")
                .variable("PLINTH_F_TREE", "{d: [3]}")
                .variable("PLINTH_F_ANY", "{a: 1}")
                .set("f.tree.a.b=7"));
        assertThat(got.tree()).isEqualTo(Map.of("a", Map.of("b", 7, "c", 2), "d", List.of(3)));
        assertThat(got.any()).isEqualTo(Map.of("a", 1));
        var config = world().file("service.yaml", "f: { tree: { a: { b: 1 } } }")
                .load(new Layout().section("f", Free.class));
        assertThat(config.explain("f.tree.a")).hasSize(1);
        assertThat(config.explain("f").toString()).contains("f.tree.a = {b: 1}");
    }

    @Test
    void bytesAreBase64() {
        assertThat(free(world().file("service.yaml", "f: { key: aGVsbG8= }")).key())
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo("hello".getBytes(StandardCharsets.US_ASCII)));
        assertThat(world().file("service.yaml", "f: { key: hunter2! }").failure(new Layout().section("f", Free.class)))
                .isEqualTo(
                        """
                        service.yaml has a problem:
                          f.key: this is no Base64 (expected: a text in Base64) [service.yaml:1:11]""");
    }

    @Test
    void everyTypeOfTheTableIsAComponent() {
        assertThat(Arrays.stream(Singles.class.getRecordComponents()).map(component -> component.getName()))
                .containsExactlyInAnyOrderElementsOf(TEXTS.keySet());
    }
}
