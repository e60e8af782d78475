package dev.plinth.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Reads and writes the values of one type. Immutable once it is linked; thread-safe. */
interface Codec {
    /**
     * Reads the value whose first token, which is never {@code null}, is the current one, and leaves its last token the
     * current one, also where it reports a violation and returns {@link Mark#FAILED}.
     */
    Object read(Reading in);

    /** Writes the value. */
    void write(Object value, JsonGenerator out);

    /** What a JSON null, or nothing, is read as. */
    default @Nullable Object nothing() {
        return null;
    }
}
