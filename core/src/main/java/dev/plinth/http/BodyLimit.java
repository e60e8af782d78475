package dev.plinth.http;

import dev.plinth.error.Problem;

/**
 * How large a body may be.
 *
 * @param setting the key that says so
 */
record BodyLimit(long bytes, String setting) {
    Problem exceeded() {
        return Problem.badRequest("BODY_TOO_LARGE", "the body is larger than " + bytes + " bytes (" + setting + ")")
                .withStatus(413);
    }
}
