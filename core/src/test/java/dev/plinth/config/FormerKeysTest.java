package dev.plinth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.config.Sample.Archive;
import dev.plinth.config.Sample.World;
import dev.plinth.schema.Default;
import dev.plinth.schema.Removed;
import dev.plinth.schema.RenamedFrom;
import dev.plinth.schema.Schema;
import dev.plinth.schema.SchemaException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that were renamed, that are obsolete, and that were removed. */
class FormerKeysTest {
    @TempDir
    Path directory;

    private World world() {
        return new World(directory);
    }

    private static Archive archive(Config config) {
        return config.get("archive", Archive.class);
    }

    private static String text(Config config) {
        return String.join(
                "\n", config.warnings().stream().map(Object::toString).toList());
    }

    @Test
    void aFormerKeyIsTakenWithAWarning() {
        var config = world().file("service.yaml", "archive:\n  wait: 2s\n  children: [{ patience: 3s }]\n")
                .load();
        assertThat(archive(config).timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(archive(config).parts()).extracting(Archive::timeout).containsExactly(Duration.ofSeconds(3));
        assertThat(text(config))
                .isEqualTo(
                        """
                        archive.wait: renamed to archive.timeout in 1.4. The old name will go. [service.yaml:2:3]
                        archive.children: renamed to archive.parts. The old name will go. [service.yaml:3:3]
                        archive.parts.0.patience: renamed to archive.parts.0.timeout in 1.4. The old name will go. [service.yaml:3:16]""");
    }

    @Test
    void itIsTheSameKeyForEverySource() {
        var world = world().file("service.yaml", "archive: { wait: 2s }").variable("PLINTH_ARCHIVE_PATIENCE", "3s");
        assertThat(archive(world.load()).timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(text(world.load()))
                .isEqualTo(
                        """
                        archive.wait: renamed to archive.timeout in 1.4. The old name will go. [service.yaml:1:12]
                        archive.patience: renamed to archive.timeout in 1.4. The old name will go. [PLINTH_ARCHIVE_PATIENCE]""");
        world.set("archive.wait=4s");
        assertThat(archive(world.load()).timeout()).isEqualTo(Duration.ofSeconds(4));
        world.set("archive.timeout=5s");
        assertThat(world.failure())
                .contains("archive.wait: renamed to archive.timeout in 1.4, which is given too. Take this one out."
                        + " [--set archive.wait]");
    }

    @Test
    void explainAndPlaceholdersFollow() {
        var config = world().file("service.yaml", "archive: { wait: 2s, more: { a: \"${key:archive.wait}\" } }")
                .load();
        assertThat(archive(config).more()).containsEntry("a", "2s");
        assertThat(config.explain("archive.wait"))
                .extracting(Explanation::key, Explanation::value)
                .containsExactly(org.assertj.core.api.Assertions.tuple("archive.timeout", "2s"));
        assertThat(config.explain("archive").toString()).doesNotContain("archive.wait", "archive.threads");
    }

    @Test
    void anObsoleteKeyIsTakenWithItsHint() {
        var config = world().file("service.yaml", "archive: { folder: a }").load();
        assertThat(archive(config).folder()).contains(directory.resolve("a"));
        assertThat(text(config)).isEqualTo("archive.folder: obsolete since 1.5. Use disk. [service.yaml:1:12]");
        assertThat(world().set("archive.folder=b").load().warnings()).hasSize(2);
    }

    @Test
    void aRemovedKeyIsRefusedWithItsReason() {
        assertThat(world().variable("PLINTH_ARCHIVE_THREADS", "4")
                        .set("archive.pool=3")
                        .failure())
                .isEqualTo(
                        """
                        The configuration has 2 problems:
                          archive.threads: removed in 2.0. Every request has a thread of its own. Leave it out. [PLINTH_ARCHIVE_THREADS]
                          archive.pool: removed. Use limit. [--set archive.pool]""");
    }

    @Test
    void aTypoIsNotTakenForAFormerKey() {
        assertThat(world().set("archive.wiat=1s").failure())
                .isEqualTo(
                        """
                        The configuration has a problem:
                          archive.wiat: unknown key (known: client, disk, folder, key, more, parts, timeout) [--set archive.wiat]""");
    }

    @Test
    void schemasKnowThem() {
        var schema = Schema.of(Archive.class);
        assertThat(schema.formerKeys().keySet()).containsExactly("wait", "patience", "children", "threads", "pool");
        assertThat(schema.formerKeys().get("pool").reason()).isEqualTo("Use limit.");
        var timeout = schema.formerKeys().get("wait").now();
        assertThat(timeout).isNotNull();
        assertThat(timeout.key()).isEqualTo("timeout");
        assertThat(timeout.since()).isEqualTo("1.4");
    }

    @Test
    void mistakesInDeclarationsAreTold() {
        @Removed(key = "b", reason = "")
        record Wrong(@RenamedFrom({"b", "oldKey", "c"}) @Default("") String a, @Default("") String c) {}
        assertThatThrownBy(() -> Schema.of(Wrong.class))
                .isInstanceOf(SchemaException.class)
                .hasMessageContainingAll(
                        "the former key 'c' is that of a component, or given twice",
                        "the former key 'b' is that of a component, or given twice",
                        "the former key 'oldKey' (expected: kebab-case, as it was written in files)");
    }

    @Test
    void withoutFormerKeysThereIsNothingToSay() {
        assertThat(world().file("service.yaml", "archive: { timeout: 1s }")
                        .load()
                        .warnings())
                .isEqualTo(List.of());
    }
}
