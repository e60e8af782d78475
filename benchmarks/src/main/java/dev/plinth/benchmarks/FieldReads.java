package dev.plinth.benchmarks;

import dev.plinth.config.Arguments;
import dev.plinth.config.Config;
import dev.plinth.config.Layout;
import dev.plinth.config.Sources;
import java.nio.file.Path;

/**
 * Reads a bound value, and a field of a plain object, again and again, in turn: what each read takes, in nanoseconds, one
 * line a round. The sum goes into a volatile field, so that no compiler can do without a read.
 */
public final class FieldReads {
    private static final int READS = 100_000_000;
    private static final int WARM = 5;

    private static volatile long sink;

    private FieldReads() {}

    record Http(int port) {}

    private static final class Plain {
        private final int port;

        Plain(int port) {
            this.port = port;
        }
    }

    /** How many rounds. */
    public static void main(String[] arguments) {
        var config = Config.load(
                new Sources(
                        Arguments.parse("--set", "http.port=8080"),
                        System.getenv(),
                        Path.of(""),
                        FieldReads.class.getClassLoader()),
                new Layout().section("http", Http.class));
        var http = config.get("http", Http.class);
        var plain = new Plain(http.port());
        var rounds = Integer.parseInt(arguments[0]);
        for (var round = -WARM; round < rounds; round++) {
            var bound = bound(http);
            var field = field(plain);
            if (round >= 0) {
                System.out.println(bound + " " + field);
            }
        }
        if (sink != http.port()) {
            throw new IllegalStateException("nothing was read");
        }
    }

    private static double bound(Http http) {
        var begin = System.nanoTime();
        for (var i = 0; i < READS; i++) {
            sink = http.port();
        }
        return (System.nanoTime() - begin) / (double) READS;
    }

    private static double field(Plain plain) {
        var begin = System.nanoTime();
        for (var i = 0; i < READS; i++) {
            sink = plain.port;
        }
        return (System.nanoTime() - begin) / (double) READS;
    }
}
