package dev.plinth.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.config.Sample.World;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is written, the answer is a configuration or a {@link ConfigException} in plain words, in time, and nothing stays
 * in memory. The same seed gives the same inputs; for a longer run by hand: {@code -Dfuzz.iterations=200000
 * -Dfuzz.seed=7}, for each of the tests.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConfigFuzzTest {
    private static final int ITERATIONS = Integer.getInteger("fuzz.iterations", 2000);
    private static final long SEED = Long.getLong("fuzz.seed", 42);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private static final List<String> PIECES = List.of(
            ": ",
            ":",
            "- ",
            "-",
            "\n",
            "\n  ",
            "\t",
            "\r",
            "[",
            "]",
            "{",
            "}",
            ",",
            "&a ",
            "*a",
            "<<: ",
            "!!str ",
            "!x ",
            "'",
            "\"",
            "|",
            ">",
            "|2-",
            "#",
            " #",
            "---",
            "...",
            "%YAML 1.2",
            "%",
            "@",
            "`",
            "?",
            "? ",
            "~",
            "null",
            "${",
            "$${",
            "}",
            "${A}",
            "${A:b}",
            "${key:http.port}",
            "${key:",
            "\\",
            "\\x",
            "\\u12",
            "\uFEFF",
            "\u0000",
            "\u0085",
            "\u2028",
            "\ud83d\ude00",
            "http",
            "port",
            "settings",
            "clients",
            "x-",
            "optional-keys",
            "enc_",
            "file:",
            "file:///",
            "/dev/null",
            "secrets",
            "from",
            "gAAAAA",
            "0",
            "-1",
            "1e9",
            "true",
            "=",
            "_",
            ".",
            "é");
    private static final List<String> KEYS = List.of(
            "http",
            "port",
            "read-timeout",
            "tls",
            "enabled",
            "key",
            "protocols",
            "admin",
            "token",
            "clients",
            "enc_token",
            "secrets",
            "from",
            "enc-password",
            "pricing",
            "url",
            "retry",
            "retry-on",
            "headers",
            "settings",
            "words",
            "shops",
            "0",
            "1",
            "00",
            "name",
            "modes",
            "a",
            "",
            "x-a",
            "service",
            "host",
            "80",
            "tcp",
            "optional-keys");

    @TempDir
    Path directory;

    private void judge(World world, Object input) {
        var begun = System.nanoTime();
        answer(world, input);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).as("%s", input).isLessThan(LONGEST);
    }

    private static String answer(World world, Object input) {
        try {
            world.load().explain();
            return "";
        } catch (ConfigException e) {
            assertThat(e.getMessage())
                    .as("%s", input)
                    .doesNotContain("dev.plinth", "snakeyaml", "java.lang", "Exception:");
            assertThat(e.getMessage().lines())
                    .as("%s", input)
                    .hasSize(e.problems().size() + 1);
            assertThat(e.getSuppressed()).as("%s", input).isEmpty();
            return e.getMessage();
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("for: " + input, e);
        }
    }

    @Test
    void brokenFilesAreToldInPlainWords() throws IOException {
        var seeds = seeds();
        var random = new Random(SEED);
        for (int i = 0; i < ITERATIONS; i++) {
            var bytes = seeds.get(i % 3 == 0 ? seeds.size() - 1 : random.nextInt(seeds.size()));
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                bytes = mutate(bytes, random);
            }
            judge(new World(directory).file("service.yaml", bytes), new String(bytes, StandardCharsets.ISO_8859_1));
        }
    }

    /** The broken files, and last one that is right. */
    private static List<byte[]> seeds() throws IOException {
        var seeds = new ArrayList<byte[]>();
        for (var name : BrokenFilesTest.names()) {
            seeds.add(Files.readAllBytes(Path.of("src/test/resources/config/broken", name + ".yaml")));
        }
        seeds.add(
                """
                x-base: &base { url: "http://${HOST:a}/", timeout: 5s }
                http: { port: 0, tls: { enabled: true, key: a.pem, protocols: [h2, "h3"] } }
                clients: { pricing: { <<: *base, retry-on: [502], headers: { a: b } }, other: *base }
                settings:
                  mode: very-safe
                  words: [one, "two", 'three']
                  shops:
                    - name: >
                        folded
                        text
                      floor: 1
                  modes: { day: fast }
                  data: ${key:http.address}
                """
                        .getBytes(StandardCharsets.UTF_8));
        return seeds;
    }

    private static byte[] mutate(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, at + random.nextInt(12));
        return switch (random.nextInt(5)) {
            case 0 -> join(bytes, at, PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8), at);
            case 1 -> join(bytes, at, new byte[0], to);
            case 2 -> join(bytes, at, Arrays.copyOfRange(bytes, at, to), at);
            case 3 -> join(bytes, at, PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8), to);
            default -> join(bytes, at, new byte[] {(byte) random.nextInt(256)}, Math.min(bytes.length, at + 1));
        };
    }

    private static byte[] join(byte[] bytes, int end, byte[] middle, int begin) {
        var joined = Arrays.copyOf(bytes, end + middle.length + bytes.length - begin);
        System.arraycopy(middle, 0, joined, end, middle.length);
        System.arraycopy(bytes, begin, joined, end + middle.length, bytes.length - begin);
        return joined;
    }

    @Test
    void brokenVariablesAndArgumentsAreToldInPlainWords() {
        var random = new Random(SEED + 1);
        for (int i = 0; i < ITERATIONS; i++) {
            var world = new World(directory);
            for (int n = random.nextInt(5); n > 0; n--) {
                world.variable(
                        "PLINTH_"
                                + name(random, "_")
                                        .toUpperCase(java.util.Locale.ROOT)
                                        .replace('-', '_'),
                        value(random));
                world.set(name(random, ".") + (random.nextInt(9) == 0 ? "" : "=" + value(random)));
            }
            judge(world, world);
        }
    }

    private static String name(Random random, String separator) {
        var name = new StringBuilder(KEYS.get(random.nextInt(KEYS.size())));
        for (int n = random.nextInt(5); n > 0; n--) {
            name.append(separator).append(KEYS.get(random.nextInt(KEYS.size())));
        }
        return name.toString();
    }

    private static String value(Random random) {
        var value = new StringBuilder();
        for (int n = random.nextInt(6); n > 0; n--) {
            value.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return value.toString();
    }

    /** By the grammar: files that are mostly right in form, with keys and values that often fit, and variables beside them. */
    @Test
    void filesThatAreNearlyRightAreToldInPlainWords() {
        for (int i = 0; i < ITERATIONS; i++) {
            var seed = SEED * 1_000_003 + i;
            var said = answer(grown(seed), seed);
            if (i % 10 == 0) {
                assertThat(answer(grown(seed), seed)).as("%s, again", seed).isEqualTo(said);
            }
        }
    }

    private World grown(long seed) {
        var random = new Random(seed);
        var world = new World(directory);
        var grower = new GrownText(random);
        boolean json = random.nextBoolean();
        var bytes = grower.sections(json).getBytes(StandardCharsets.UTF_8);
        for (int n = random.nextInt(3); n > 0; n--) {
            bytes = mutate(bytes, random);
        }
        world.file("service.yaml", bytes);
        if (random.nextInt(4) == 0) {
            world.file("service-p.yaml", grower.sections(!json)).variable("PLINTH_PROFILE", "p");
        }
        for (int n = random.nextInt(3); n > 0; n--) {
            var name = name(random, "_").toUpperCase(java.util.Locale.ROOT).replace('-', '_');
            world.variable("PLINTH_" + name, random.nextBoolean() ? grower.value(2, true) : value(random));
            world.set(name(random, ".") + "=" + grower.value(2, random.nextBoolean()));
        }
        world.variable("A", random.nextBoolean() ? "1" : "${A}: [\n").variable("HOST", "h");
        return world;
    }

    /** What a tree is written as, in blocks, in one line or as JSON, is read as that tree. */
    @Test
    void aTreeIsReadAsItWasWritten() {
        for (int i = 0; i < ITERATIONS; i++) {
            var seed = SEED * 1_000_033 + i;
            var random = new Random(seed);
            var tree = GrownText.tree(random, 4);
            for (var text : List.of(
                    GrownText.block(tree, random), GrownText.flow(tree, random), GrownText.json(tree, random))) {
                var problems = new Problems();
                var root = Yaml.document(text, Origin.file("f"), problems);
                assertThat(root).as("%s: %s", seed, text).isNotNull();
                assertThat(GrownText.plain(root)).as("%s: %s", seed, text).isEqualTo(tree);
            }
        }
    }

    /** The heap after a full collection, before and after: whatever is kept for an input would show. */
    @Test
    void nothingStaysInMemory() throws IOException {
        var seeds = seeds();
        var random = new Random(SEED + 2);
        feed(seeds, random, 500);
        var before = used();
        feed(seeds, random, Math.max(2500, ITERATIONS));
        var after = used();
        assertThat(after - before).as("bytes kept, of %s", before).isLessThan(4L << 20);
    }

    private void feed(List<byte[]> seeds, Random random, int inputs) {
        for (int i = 0; i < inputs; i++) {
            var bytes = mutate(seeds.get(random.nextInt(seeds.size())), random);
            var world = new World(directory)
                    .file("service.yaml", bytes)
                    .variable("PLINTH_CLIENTS_N" + i + "_URL", "http://n" + i)
                    .set("settings.modes.m" + i + "=fast");
            answer(world, i);
        }
    }

    private static long used() {
        var least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            least = Math.min(least, heap);
        }
        return least;
    }

    @Test
    void largeFilesOfAnyKindAreJudgedInTime() {
        var mebibyte = Yaml.MAX_BYTES;
        for (var piece : List.of(
                "[", "{", "- ", "-\n", "a: ", "a:\n ", "? ", "\"", "'", "&a ", "a ", "a\n", "[a, ", "{a: ", "!a ",
                "|\n", "\n", " ", "#", "}", "*a ", "0", "-", "é")) {
            var begun = System.nanoTime();
            answer(
                    new World(directory)
                            .file(
                                    "service.yaml",
                                    piece.repeat(mebibyte / piece.getBytes(StandardCharsets.UTF_8).length)),
                    piece);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).as(piece).isLessThan(Duration.ofSeconds(20));
        }
    }
}
