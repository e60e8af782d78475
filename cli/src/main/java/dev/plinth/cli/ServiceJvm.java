package dev.plinth.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How a service's JVM is started, the one place that knows its flags; and its ahead-of-time cache, which a training run
 * leaves beside the jar, and which is used only with the very jars, flags and JDK that it was made with. Immutable.
 */
record ServiceJvm(Path jar) {
    /** What the JVM itself has to warn of goes where ours goes: standard output is the service's. */
    private static final List<String> FLAGS = List.of("-Xlog:disable", "-Xlog:all=warning:stderr");

    private static final int TRAINING_SECONDS = 60;

    /** The command line that runs the jar, with the cache where there is one that fits. */
    List<String> command(List<String> arguments) {
        return fits() ? line("-XX:AOTCache=" + cache(), arguments) : line("-Xshare:auto", arguments);
    }

    /**
     * Makes the cache unless the one there fits. A service runs without it too, so failing is told and no more.
     *
     * @param folder where the service is at home
     * @param arguments the service's own, that say where its configuration is
     */
    void train(Path folder, List<String> arguments, Steps steps) {
        if (fits()) {
            return;
        }
        try {
            steps.step("training " + jar.getFileName() + " to start fast", () -> makeCache(folder, arguments));
        } catch (Failure e) {
            steps.note(e.text());
        }
    }

    private void makeCache(Path folder, List<String> arguments) {
        var log = beside(".aot.log");
        var draft = beside(".aot.draft");
        var training = new ArrayList<>(List.of("train"));
        training.addAll(arguments);
        try {
            Files.deleteIfExists(key());
            var fingerprint = fingerprint();
            var trainee = new ProcessBuilder(line("-XX:AOTCacheOutput=" + draft, training))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            var stopper = new Thread(trainee::destroyForcibly);
            Runtime.getRuntime().addShutdownHook(stopper);
            var ended = trainee.waitFor(TRAINING_SECONDS, TimeUnit.SECONDS);
            Runtime.getRuntime().removeShutdownHook(stopper);
            trainee.destroyForcibly();
            if (!ended || trainee.exitValue() != 0 || !Files.exists(draft)) {
                throw Failure.failed("the training run "
                        + (ended
                                ? "ended with exit code " + trainee.exitValue()
                                : "took more than " + TRAINING_SECONDS + " s")
                        + ", so the service starts without an ahead-of-time cache. What it said is in " + log + ".");
            }
            Files.move(draft, cache(), StandardCopyOption.ATOMIC_MOVE);
            Files.writeString(key(), fingerprint);
        } catch (IOException e) {
            throw Failure.failed("no ahead-of-time cache could be made: " + e + ". The service starts without one.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.failed("interrupted while the service was training");
        }
    }

    private boolean fits() {
        try {
            return Files.exists(cache())
                    && Files.exists(key())
                    && Files.readString(key()).equals(fingerprint());
        } catch (IOException e) {
            return false;
        }
    }

    /** All that a cache depends on, as text: the JVM, its flags, and each jar with its size and time. */
    private String fingerprint() throws IOException {
        var text = new StringBuilder()
                .append(System.getProperty("java.home"))
                .append(' ')
                .append(System.getProperty("java.vm.version"))
                .append('\n')
                .append(String.join(" ", FLAGS))
                .append('\n');
        var jars = new ArrayList<>(List.of(jar));
        var lib = jar.resolveSibling("lib");
        if (Files.isDirectory(lib)) {
            try (var found = Files.newDirectoryStream(lib, "*.jar")) {
                found.forEach(jars::add);
            }
        }
        jars.sort(null);
        for (var each : jars) {
            text.append(each)
                    .append(' ')
                    .append(Files.size(each))
                    .append(' ')
                    .append(Files.getLastModifiedTime(each))
                    .append('\n');
        }
        return text.toString();
    }

    private List<String> line(String cacheFlag, List<String> arguments) {
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(FLAGS);
        line.add(cacheFlag);
        line.add("-jar");
        line.add(jar.toString());
        line.addAll(arguments);
        return line;
    }

    private Path cache() {
        return beside(".aot");
    }

    private Path key() {
        return beside(".aot.key");
    }

    private Path beside(String suffix) {
        return jar.resolveSibling(jar.getFileName().toString().replaceFirst("\\.jar$", suffix));
    }
}
