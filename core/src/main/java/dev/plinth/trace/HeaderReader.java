package dev.plinth.trace;

import org.jspecify.annotations.Nullable;

/** Gives the headers of a request or a message, by name. */
@FunctionalInterface
public interface HeaderReader {
    /**
     * The value of the header, or null where it is missing; several fields of one name are joined by a comma. {@code
     * name} is in lower case and one of {@link TraceHeaders#READ}.
     */
    @Nullable
    String get(String name);
}
