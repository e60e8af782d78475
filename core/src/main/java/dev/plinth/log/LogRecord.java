package dev.plinth.log;

import dev.plinth.context.Job;
import dev.plinth.context.TraceIds;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line before it has a format: all that was known on the thread that logged it, captured at that moment. Immutable.
 *
 * <p>Sizes are bounded: the message by 32,768 characters, the fields together and their keys by the same, the exception
 * by 1,000 lines and 65,536 characters. What is longer is cut, and ends by saying so.
 *
 * @param timestamp when it was logged, by the machine's clock
 * @param level how much it matters; never {@link LogLevel#OFF}
 * @param service whose line it is: that of the context, else the only one attached to the process, else empty
 * @param logger the logger's name
 * @param message the text, its arguments filled in
 * @param trace the ids of the trace, empty outside of one
 * @param job the job, {@link Job#UNKNOWN} outside of one
 * @param thread the thread's name, or {@code virtual-<id>} for a nameless virtual one
 * @param caller where it was logged, if {@code log.caller} asks for that
 * @param fields markers (as {@code tags}), the entries of the MDC, and the key-values of the call, in this order
 * @param thrown what was thrown, if anything
 */
public record LogRecord(
        Instant timestamp,
        LogLevel level,
        String service,
        String logger,
        String message,
        TraceIds trace,
        Job job,
        String thread,
        @Nullable StackTraceElement caller,
        List<Field> fields,
        @Nullable Thrown thrown) {

    /**
     * A key with its value.
     *
     * @param key the name, as the caller gave it; a format gives it another one where it clashes with a field of its own
     * @param value a {@link String}, {@link Boolean}, finite {@link Number} of the JDK, null, or a {@link List} or
     *     {@link java.util.Map} of such; anything else is kept as its {@code toString()}
     */
    public record Field(String key, @Nullable Object value) {}

    /** About how many bytes of memory it holds. */
    int weight() {
        var weight = 256 + message.length();
        for (var i = 0; i < fields.size(); i++) {
            weight += Values.weight(fields.get(i).value());
        }
        return thrown == null ? weight : weight + thrown.weight();
    }
}
