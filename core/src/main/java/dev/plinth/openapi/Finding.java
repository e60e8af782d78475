package dev.plinth.openapi;

import dev.plinth.config.Origin;

/**
 * One thing that lint has to say of a document.
 *
 * @param error whether the document can't be served as it is; else it is a warning
 * @param rule the name of what was broken, lower-case with hyphens
 * @param where the key or the JSON Pointer
 * @param message what is wrong and what would be right
 * @param origin where it was written
 */
public record Finding(boolean error, String rule, String where, String message, Origin origin) {
    @Override
    public String toString() {
        return origin + ": " + (error ? "error" : "warning") + ": " + (where.isEmpty() ? "" : where + ": ") + message
                + " [" + rule + "]";
    }
}
