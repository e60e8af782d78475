package dev.plinth.config;

import java.util.List;

/**
 * A command line that can't be understood: the message has a line for each mistake and ends with the usage, for standard
 * error.
 */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(List<String> mistakes) {
        super(String.join("\n", mistakes) + "\n" + Arguments.usage("java -jar NAME.jar"));
    }

    /** What the process exits with: 64, {@code EX_USAGE} of {@code sysexits.h}. */
    public int exitCode() {
        return 64;
    }
}
