package dev.plinth.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives this process to another command. Java can't, so the {@code plinth} script does: it names a file, and becomes what
 * stands there, a folder and the words of a command line, each ended by a NUL. Without the script the command runs as a
 * child, that gets SIGTERM when this one is stopped.
 *
 * @param file the script's, null without one
 */
record Handover(@Nullable Path file) {
    /** The one that the script asked for. */
    static Handover asAsked() {
        var file = System.getProperty("plinth.next");
        return new Handover(file == null ? null : Path.of(file));
    }

    /** Returns the exit code for this process. */
    int to(Path folder, List<String> command) {
        try {
            if (file != null) {
                Files.writeString(file, folder + "\0" + String.join("\0", command) + "\0", StandardCharsets.UTF_8);
                return 0;
            }
            var child = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .inheritIO()
                    .start();
            var stopper = new Thread(() -> {
                child.destroy();
                child.onExit().join();
            });
            Runtime.getRuntime().addShutdownHook(stopper);
            var exitCode = child.waitFor();
            Runtime.getRuntime().removeShutdownHook(stopper);
            return exitCode;
        } catch (IOException e) {
            throw Failure.failed("could not start " + String.join(" ", command) + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.failed("interrupted while " + String.join(" ", command) + " ran");
        }
    }
}
