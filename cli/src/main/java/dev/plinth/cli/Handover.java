package dev.plinth.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Gives this process to another command. Java can't, so the {@code plinth} script does: it names a file in the property
 * {@code plinth.next}, and becomes what stands there, a folder and a command line, each word ended by a NUL. Without the
 * script the command runs as a child, that gets SIGTERM when this one stops.
 */
final class Handover {
    private Handover() {}

    /** Returns the exit code for this process. */
    static int to(Path folder, List<String> command) {
        try {
            var next = System.getProperty("plinth.next");
            if (next != null) {
                Files.writeString(
                        Path.of(next), folder + "\0" + String.join("\0", command) + "\0", StandardCharsets.UTF_8);
                return 0;
            }
            var child = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .inheritIO()
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                child.destroy();
                child.onExit().join();
            }));
            return child.waitFor();
        } catch (IOException e) {
            throw Failure.failed("could not start " + command + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.failed("interrupted while waiting for " + command);
        }
    }
}
