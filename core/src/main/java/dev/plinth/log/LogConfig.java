package dev.plinth.log;

import dev.plinth.schema.ByteSize;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.schema.Live;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The section {@code log}. SLF4J, its levels and its sinks exist once in a process, so they are those of the first
 * service that is attached; see {@link Logs#attach}.
 *
 * @param format the shape of a line on standard output
 * @param level from which level on lines are written
 * @param levels the same for single loggers and all below them, by name: {@code com.acme.billing: debug}
 * @param caller which lines carry {@code file}, {@code line} and {@code function}
 * @param console whether lines go to standard output
 * @param file a file that they go to
 * @param queue about how much memory lines may hold until they are written; 64KiB at least. What finds no room is
 *     dropped, the least important first, and counted
 * @param flushTimeout how long a stop or the end of the process waits for what is not written yet
 * @param gcpProject for the format {@code gcp}: the project in which the traces are
 */
@Doc("What the service says about itself: one for the process.")
public record LogConfig(
        @Default("auto") @Doc("The shape of a line; auto is text on a terminal and json otherwise.") LogFormat format,
        @Default("info") @Doc("From which level on lines are written.") Live<LogLevel> level,
        @Default("") @Doc("Levels of single loggers and all below them, by name.") Live<Map<String, LogLevel>> levels,
        @Default("warnings") @Doc("Which lines carry file, line and function; each costs some microseconds.")
                LogCaller caller,
        @Default("true") @Doc("Whether lines go to standard output.") boolean console,
        @Doc("A file of lines.") Optional<LogFile> file,
        @Default("8MiB")
                @Doc("About how much memory lines may hold until they are written; beyond it they are dropped.")
                ByteSize queue,
        @Default("2s") @Positive @Doc("How long a stop waits for what is not written yet.") Duration flushTimeout,
        @Default("") @Doc("For gcp: the project that the traces are in.") String gcpProject) {
    private static final long SMALLEST = 64 * 1024;

    public LogConfig {
        for (var name : levels.get().keySet()) {
            if (name.equalsIgnoreCase("root") || name.isBlank()) {
                throw new IllegalArgumentException(
                        "levels: '" + name + "' names no single logger (expected: one such as com.acme.billing; for all"
                                + " of them set log.level)");
            }
        }
        if (queue.bytes() < SMALLEST) {
            throw new IllegalArgumentException("queue: " + queue + " (expected: 64KiB or more)");
        }
    }

    /** What holds where nothing is configured. */
    public static LogConfig defaults() {
        return new LogConfig(
                LogFormat.AUTO,
                Live.of(LogLevel.INFO),
                Live.of(Map.of()),
                LogCaller.WARNINGS,
                true,
                Optional.empty(),
                new ByteSize(8 << 20),
                Duration.ofSeconds(2),
                "");
    }
}
