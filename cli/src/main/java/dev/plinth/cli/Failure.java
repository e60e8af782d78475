package dev.plinth.cli;

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

    String text() {
        return String.valueOf(getMessage());
    }

    int exitCode() {
        return exitCode;
    }
}
