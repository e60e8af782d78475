package dev.plinth.acceptance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** A program of the machine that a test runs; {@code verify} installs it and says where it is. */
final class Tool {
    private Tool() {}

    /** The program that {@code variable} names. Without it the test is not run, except in CI, where it fails. */
    static String named(String variable) {
        var path = System.getenv(variable);
        boolean there = path != null && Files.isExecutable(Path.of(path));
        if (!there && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(variable + " names no program, and CI=true. Run the tests by ./verify.");
        }
        assumeTrue(there, variable + " names no program");
        return String.valueOf(path);
    }
}
