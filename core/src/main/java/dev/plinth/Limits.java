package dev.plinth;

import dev.plinth.config.Config;
import dev.plinth.schema.ByteSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What bounds a service, for {@code check}: every time-out with those that it contains, and every limit. A time-out that
 * never ends first is marked with {@code !}.
 */
final class Limits {
    private static final Duration GRANTED = Duration.ofSeconds(30);

    private final Map<String, Object> values;
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final List<Line> lines = new ArrayList<>();

    /** A line of the table; {@code remark} begins with {@code !} where something is amiss. */
    private record Line(int depth, String key, String value, String remark) {
        String name() {
            return "  ".repeat(depth) + key;
        }
    }

    private Limits(Config config) {
        values = config.values();
        for (var each : config.explain()) {
            texts.put(each.key(), each.value());
        }
    }

    /** The whole text, with its last line end missing. */
    static String of(Config config) {
        var limits = new Limits(config);
        return "Time-outs, each with those that it contains\n" + limits.timeouts() + "\nLimits\n" + limits.limits();
    }

    private String timeouts() {
        var request = duration("http.request-timeout");
        add(0, "http.request-timeout", "a request, with all that it waits for");
        for (var key : keys("clients.")) {
            var whole = key.endsWith(".timeout") ? null : duration(client(key) + ".timeout");
            if (key.endsWith(".timeout")) {
                add(1, key, longer(key, "http.request-timeout", request));
            } else if (waits(key) && whole != null) {
                add(2, key, longer(key, client(key) + ".timeout", whole));
            }
        }
        var sum = Duration.ZERO;
        for (var key : keys("stop.")) {
            sum = sum.plus(duration(key));
        }
        var late = sum.compareTo(GRANTED) > 0;
        lines.add(new Line(
                0,
                "stop",
                seconds(sum),
                late
                        ? "! Kubernetes grants 30s unless terminationGracePeriodSeconds is raised"
                        : "the sum of its steps"));
        for (var key : keys("stop.")) {
            var cuts = key.equals("stop.in-flight-timeout") && duration(key).compareTo(request) < 0;
            add(1, key, cuts ? "shorter than http.request-timeout: a stop cuts off what takes longer" : "");
        }
        for (var value : values.entrySet()) {
            var key = value.getKey();
            if (value.getValue() instanceof Duration && !isListed(key)) {
                add(0, key, waits(key) ? longer(key, "http.request-timeout", request) : "");
            }
        }
        return table();
    }

    private boolean isListed(String key) {
        for (var line : lines) {
            if (line.key.equals(key)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a request may wait for it: not what a connection may idle, nor what the chassis waits for by itself. */
    private static boolean waits(String key) {
        var section = key.substring(0, key.indexOf('.'));
        return key.endsWith("timeout")
                && !key.endsWith("idle-timeout")
                && !List.of("http", "listeners", "admin", "log", "trace", "metrics", "health", "boot")
                        .contains(section);
    }

    private static String client(String key) {
        int name = key.indexOf('.') + 1;
        int end = key.indexOf('.', name);
        return key.substring(0, end < 0 ? key.length() : end);
    }

    private List<String> keys(String prefix) {
        var keys = new ArrayList<String>();
        for (var value : values.entrySet()) {
            if (value.getValue() instanceof Duration && value.getKey().startsWith(prefix)) {
                keys.add(value.getKey());
            }
        }
        return keys;
    }

    private Duration duration(String key) {
        return values.get(key) instanceof Duration duration ? duration : Duration.ZERO;
    }

    private String longer(String key, String other, Duration limit) {
        return duration(key).compareTo(limit) > 0 ? "! longer than " + other + ", which ends it first" : "";
    }

    private String limits() {
        for (var value : values.entrySet()) {
            var name = value.getKey().substring(value.getKey().lastIndexOf('.') + 1);
            if (value.getValue() instanceof ByteSize
                    || (value.getValue() instanceof Number && name.startsWith("max-"))) {
                add(0, value.getKey(), "");
            }
        }
        return table();
    }

    private void add(int depth, String key, String remark) {
        lines.add(new Line(depth, key, texts.getOrDefault(key, String.valueOf(values.get(key))), remark));
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    /** The lines so far, in columns. */
    private String table() {
        int keys = 0;
        int texts = 0;
        for (var line : lines) {
            keys = Math.max(keys, line.name().length());
            texts = Math.max(texts, line.value.length());
        }
        var table = new StringBuilder();
        for (var line : lines) {
            boolean amiss = line.remark.startsWith("! ");
            var row = new StringBuilder(amiss ? "! " : "  ").append(line.name());
            row.repeat(' ', keys - line.name().length() + 2).append(line.value);
            if (!line.remark.isEmpty()) {
                row.repeat(' ', texts - line.value.length() + 2)
                        .append(line.remark, amiss ? 2 : 0, line.remark.length());
            }
            table.append(row).append('\n');
        }
        lines.clear();
        return table.toString();
    }
}
