package dev.plinth.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What a command could not do, in a text for the person at the keyboard, and the exit code that tells it to scripts. */
final class Failure extends RuntimeException {
    static final int FAILED = 1;
    static final int USAGE = 64;

    private static final long serialVersionUID = 1L;
    private final int exitCode;

    private Failure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    static Failure failed(String message) {
        return new Failure(FAILED, message);
    }

    static Failure usage(String message) {
        return new Failure(USAGE, message);
    }

    /** What the file system says, without the path that the message names already. */
    static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        var reason = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
        return reason == null ? e.toString() : reason;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    int exitCode() {
        return exitCode;
    }
}
