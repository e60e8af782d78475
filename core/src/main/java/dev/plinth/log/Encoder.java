package dev.plinth.log;

/** Writes records as lines of one {@link LogFormat}, line end included. For one thread at a time. */
interface Encoder {
    void encode(LogRecord record, Lines out);
}
