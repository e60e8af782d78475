package dev.plinth.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What can only be seen from outside: the end of the process, and what becomes of standard output. */
@Timeout(120)
class LogProcessTest {
    @TempDir
    Path folder;

    private Process start(String what, ProcessBuilder.Redirect output) throws IOException {
        // A Logback configuration on the class path must not matter.
        Files.writeString(folder.resolve("logback.xml"), "<configuration><root level=\"TRACE\"/></configuration>");
        var classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        folder + File.pathSeparator + classPath,
                        LogProcess.class.getName(),
                        what)
                .redirectOutput(output)
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    private List<String> run(String what, int exit) throws IOException, InterruptedException {
        var out = folder.resolve("out").toFile();
        var process = start(what, ProcessBuilder.Redirect.to(out));
        assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(errors()).isEqualTo(exit);
        return Files.readAllLines(out.toPath());
    }

    private String errors() throws IOException {
        return Files.readString(folder.resolve("err"));
    }

    private static String message(String line) {
        var found = Pattern.compile("\"message\":\"(.*?)\"").matcher(line);
        return found.find() ? found.group(1) : line;
    }

    @Test
    void allLinesComeOutBeforeAnExit() throws Exception {
        var lines = run("exit", 3);

        assertThat(lines).hasSize(500).allMatch(line -> line.contains("\"service\":\"orders\""));
        assertThat(message(lines.getLast())).isEqualTo("499");
        assertThat(errors()).isEmpty();
    }

    @Test
    void allLinesAndTheReasonComeOutBeforeAnUncaughtException() throws Exception {
        var lines = run("uncaught", 1);

        assertThat(lines).hasSize(501);
        assertThat(lines.getLast())
                .contains("\"severity\":\"ERROR\"")
                .contains("an exception that nobody caught ended this thread")
                .contains("java.lang.IllegalStateException: boom");
        assertThat(errors()).isEmpty();
    }

    @Test
    void linesOfOtherShutdownHooksComeOut() throws Exception {
        assertThat(run("hooks", 0)).hasSize(500);
    }

    @Test
    void linesWithoutAnyServiceComeOut() throws Exception {
        assertThat(run("unattached", 0))
                .singleElement()
                .asString()
                .contains(
                        "\"severity\":\"INFO\",\"service\":\"\",\"logger\":\"early\",\"message\":\"before any service\"");
        assertThat(errors()).isEmpty();
    }

    @Test
    void javaUtilLoggingIsOursFromItsFirstLine() throws Exception {
        assertThat(run("jul", 0).stream().map(LogProcessTest::message))
                .containsExactly("from jul", "fine too", "from a system logger");
        assertThat(errors()).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsToldOnce_andCounted() throws Exception {
        var process = start("failing", ProcessBuilder.Redirect.to(new File("/dev/full")));

        assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(errors())
                .isEqualTo("plinth log: standard output can't be written: java.io.IOException: No space left on device."
                        + " Messages are lost, and counted, until it can be.\nlost 3\n");
    }

    @Test
    void aClosedPipeIsToldOnce_andCounted() throws Exception {
        var process = start("failing", ProcessBuilder.Redirect.PIPE);
        process.getInputStream().close();

        assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(errors())
                .startsWith("plinth log: standard output can't be written: java.io.IOException: Broken pipe")
                .endsWith("until it can be.\nlost 3\n");
    }

    @Test
    void aPipeThatNobodyReadsBlocksNeitherCallersNorTheEnd() throws Exception {
        var process = start("stuck", ProcessBuilder.Redirect.PIPE);

        assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(errors()).isEqualTo("dropped true\n");
    }
}
