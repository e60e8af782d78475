package dev.plinth.log;

/** Which lines say where in the source they come from. Finding that out costs a walk up the stack: some microseconds. */
public enum LogCaller {
    NEVER,
    /** Warnings and errors. */
    WARNINGS,
    ALWAYS
}
