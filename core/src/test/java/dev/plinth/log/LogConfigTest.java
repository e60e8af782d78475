package dev.plinth.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.schema.ByteSize;
import dev.plinth.schema.Live;
import dev.plinth.schema.Schema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogConfigTest {
    @Test
    void defaultsAreThoseOfTheSchema() {
        var schema = Schema.of(LogConfig.class);
        var values =
                schema.properties().stream().map(property -> property.absent()).toArray();

        assertThat(schema.create(values)).isEqualTo(LogConfig.defaults());
    }

    @Test
    void everyKeyIsDocumented() {
        for (var type : new Class<?>[] {LogConfig.class, LogFile.class}) {
            assertThat(Schema.of(type.asSubclass(Record.class)).properties())
                    .allSatisfy(property -> assertThat(property.doc()).endsWith("."));
        }
    }

    @Test
    void refusesWhatCanNotWork() {
        assertThatThrownBy(() -> with(Map.of("root", LogLevel.DEBUG), new ByteSize(1 << 20)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("levels: 'root' names no single logger (expected: one such as com.acme.billing; for all of"
                        + " them set log.level)");
        assertThatThrownBy(() -> with(Map.of(), new ByteSize(1000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("queue: 1KB (expected: 64KiB or more)");
        assertThatThrownBy(() -> new LogFile(Path.of("a.log"), LogFormat.AUTO, new ByteSize(100), false, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("max-size: 100B (expected: 64KiB or more)");
    }

    private static LogConfig with(Map<String, LogLevel> levels, ByteSize queue) {
        return new LogConfig(
                LogFormat.JSON,
                Live.of(LogLevel.INFO),
                Live.of(levels),
                LogCaller.NEVER,
                true,
                Optional.empty(),
                queue,
                Duration.ofSeconds(1),
                "");
    }

    @Test
    void levelsAreReadFromText() {
        assertThat(LogLevel.parse("debug")).isEqualTo(LogLevel.DEBUG);
        assertThat(LogLevel.parse("Warn")).isEqualTo(LogLevel.WARN);
        assertThatThrownBy(() -> LogLevel.parse("warning"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'warning' is unknown (expected: one of trace, debug, info, warn, error, off)");
        assertThatThrownBy(() -> LogLevel.parse("deubg"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'deubg' is unknown (expected: one of trace, debug, info, warn, error, off; did you mean"
                        + " debug?)");
    }
}
