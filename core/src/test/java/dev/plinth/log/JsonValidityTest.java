package dev.plinth.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.context.Job;
import dev.plinth.context.TraceIds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Whatever is logged, a line is one JSON object without a name twice, and gives back what went in. */
class JsonValidityTest {
    private static final int ROUNDS = 3000;

    private final JsonFactory json = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private final Random random = new Random(20261121);

    static List<Encoder> formats() {
        return List.of(new JsonFormat(), new GcpFormat("acme"), new EcsFormat(), new LogstashFormat());
    }

    @ParameterizedTest
    @MethodSource("formats")
    void anyRecordIsOneValidLine(Encoder format) {
        for (var round = 0; round < ROUNDS; round++) {
            var record = garbage();

            var line = Records.line(format, record);

            assertThat(line.indexOf('\n')).as(line).isEqualTo(line.length() - 1);
            var object = parse(line);
            assertThat(object.get("message")).as(line).isEqualTo(withoutLoneSurrogates(record.message()));
            for (var field : record.fields()) {
                if (field.value() instanceof String text) {
                    assertThat(object).as(line).containsValue(withoutLoneSurrogates(text));
                }
            }
        }
    }

    private LogRecord garbage() {
        var fields = new ArrayList<LogRecord.Field>();
        var values = new Values();
        for (var i = random.nextInt(4); i > 0; i--) {
            fields.add(values.field(name(), value(0)));
        }
        var thrown = new Exception(text(), random.nextBoolean() ? new Error(text()) : null);
        thrown.addSuppressed(new IllegalStateException(text()));
        return new LogRecord(
                Instant.ofEpochSecond(random.nextInt(Integer.MAX_VALUE), random.nextInt(1_000_000_000)),
                List.of(LogLevel.TRACE, LogLevel.INFO, LogLevel.WARN, LogLevel.ERROR)
                        .get(random.nextInt(4)),
                text(),
                text(),
                text(),
                new TraceIds(text(), text(), text(), random.nextBoolean()),
                new Job(text(), text()),
                text(),
                random.nextBoolean()
                        ? null
                        : new StackTraceElement(
                                text(), text(), random.nextBoolean() ? null : text(), random.nextInt(100) - 3),
                fields,
                random.nextInt(5) > 0 ? null : Records.with(thrown).thrown());
    }

    /** A name that somebody could think of: the formats' own among them, and one after the other. */
    private String name() {
        var names =
                List.of("message", "service", "timestamp", "@timestamp", "log.level", "error", "severity", "a", "a_");
        return random.nextBoolean() ? names.get(random.nextInt(names.size())) : text();
    }

    private String text() {
        var text = new StringBuilder();
        for (var i = random.nextInt(12); i > 0; i--) {
            switch (random.nextInt(6)) {
                case 0 -> text.append((char) random.nextInt(0x20));
                case 1 -> text.append((char) random.nextInt(0x10000));
                case 2 -> text.append((char) (0xd800 + random.nextInt(0x800)));
                case 3 -> text.appendCodePoint(0x10000 + random.nextInt(0x1000));
                case 4 -> text.append("\"\\/\u007f\u2028,{}[]".charAt(random.nextInt(10)));
                default -> text.append((char) (0x20 + random.nextInt(0x5f)));
            }
        }
        return text.toString();
    }

    private Object value(int depth) {
        return switch (random.nextInt(depth > 3 ? 9 : 12)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt();
            case 3 -> random.nextLong();
            case 4 -> Double.longBitsToDouble(random.nextLong());
            case 5 -> Float.intBitsToFloat(random.nextInt());
            case 6 ->
                new java.math.BigDecimal(java.math.BigInteger.valueOf(random.nextLong()), random.nextInt(60) - 30);
            case 7 -> Thread.State.BLOCKED;
            case 8 -> text();
            case 9 -> Arrays.asList(value(depth + 1), value(depth + 1));
            case 10 -> new Object[] {value(depth + 1), new int[] {1, 2}};
            default -> {
                var map = new HashMap<Object, Object>();
                map.put(text(), value(depth + 1));
                map.put(random.nextInt(), value(depth + 1));
                yield map;
            }
        };
    }

    private Map<String, Object> parse(String line) {
        var object = new LinkedHashMap<String, Object>();
        try (var parser = json.createParser(tools.jackson.core.ObjectReadContext.empty(), line)) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                var name = parser.currentName();
                parser.nextToken();
                object.put(name, parser.currentToken().isStructStart() ? "" : parser.getString());
                parser.skipChildren();
            }
            assertThat(parser.nextToken()).isNull();
        } catch (RuntimeException broken) {
            throw new AssertionError("not JSON: " + line, broken);
        }
        return object;
    }

    private static String withoutLoneSurrogates(String text) {
        return new String(
                text.codePoints()
                        .map(c -> c >= 0xd800 && c < 0xe000 ? 0xfffd : c)
                        .toArray(),
                0,
                (int) text.codePoints().count());
    }
}
