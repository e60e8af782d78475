package dev.plinth.http;

import java.util.List;

/**
 * The answer to a request that came from within the process.
 *
 * @param headers names in lower case and values, in turn
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares answers.
public record DirectAnswer(int status, List<String> headers, byte[] body) {}
