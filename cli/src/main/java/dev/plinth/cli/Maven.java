package dev.plinth.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The user's Maven, run on the JDK that runs this, its words going to a file. Immutable. */
record Maven(Path command) {
    private static final int SHOWN_LINES = 20;

    /**
     * Runs goals in a folder.
     *
     * @throws Failure with Maven's own errors, and where the rest of its words are, if it fails
     */
    void run(Path folder, Path log, String... arguments) {
        var line = new ArrayList<>(List.of(command.toString(), "-B", "-ntp"));
        line.addAll(List.of(arguments));
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            var builder = new ProcessBuilder(line)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            var process = builder.start();
            var stopper = new Thread(process::destroy);
            Runtime.getRuntime().addShutdownHook(stopper);
            var code = process.waitFor();
            Runtime.getRuntime().removeShutdownHook(stopper);
            if (code != 0) {
                throw Failure.failed(
                        "Maven failed in " + folder + ":\n" + errors(log) + "All that it said is in " + log + ".");
            }
        } catch (IOException e) {
            throw Failure.failed("could not run " + command + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.failed("interrupted while Maven was at work in " + folder);
        }
    }

    private static String errors(Path log) throws IOException {
        var text = new StringBuilder();
        var shown = 0;
        for (var line : Files.readAllLines(log, StandardCharsets.UTF_8)) {
            if (line.startsWith("[ERROR]") && shown++ < SHOWN_LINES) {
                text.append("  ").append(line).append('\n');
            }
        }
        return text.toString();
    }
}
