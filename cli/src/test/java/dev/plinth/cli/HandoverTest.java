package dev.plinth.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandoverTest {
    @TempDir
    private Path folder;

    @Test
    void theScriptFindsFolderAndWordsInItsFile() {
        var file = folder.resolve("next");

        assertThat(new Handover(file).to(Path.of("/a folder"), List.of("java", "-jar", "a b.jar", "")))
                .isZero();
        assertThat(file).hasContent("/a folder\0java\0-jar\0a b.jar\0\0");
    }

    @Test
    void withoutTheScriptTheCommandRunsInItsFolderAndItsExitCodeIsOurs() {
        assertThat(new Handover(null).to(folder, List.of("sh", "-c", "pwd > here; exit 7")))
                .isEqualTo(7);
        assertThat(folder.resolve("here")).exists();
    }

    @Test
    void whatCanNotBeStartedIsTold() {
        assertThatThrownBy(() -> new Handover(null).to(folder, List.of("./not-there", "run")))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("could not start ./not-there run: ");
    }
}
