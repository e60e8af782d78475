package dev.plinth.metrics;

/**
 * All meters in one of Prometheus' formats.
 *
 * @param contentType for the header
 * @param body UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // written to a socket once, never compared
public record Exposition(String contentType, byte[] body) {}
