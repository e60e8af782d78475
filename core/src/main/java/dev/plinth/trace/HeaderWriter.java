package dev.plinth.trace;

/** Takes the headers of an outgoing request or message. */
@FunctionalInterface
public interface HeaderWriter {
    /** Sets the header, replacing what it had. {@code name} is in lower case. */
    void set(String name, String value);
}
