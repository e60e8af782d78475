package dev.plinth.http.engine;

import java.io.IOException;

/** A request body with more bytes than its listener takes; to be answered with 413. */
public final class BodyTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    BodyTooLargeException(long most) {
        super("the body is larger than " + most + " bytes");
    }
}
