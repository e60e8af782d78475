package dev.plinth.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.discovery.FileRegistry;
import dev.plinth.discovery.Instance;
import dev.plinth.time.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a registry knows of processes that come, stop, and are killed. */
@Timeout(120)
class KilledInstanceTest {
    private static final Duration LEASE = Duration.ofSeconds(3);

    @TempDir
    private Path folder;

    private DeskProcess start() throws Exception {
        return DeskProcess.start(
                DeskProcess.freePort(),
                DeskProcess.freePort(),
                "stop.drain-delay=0s",
                "discovery.backend=file",
                "discovery.folder=" + folder,
                "discovery.lease=" + LEASE.toSeconds() + "s",
                "discovery.renew=1s");
    }

    private List<Integer> known(FileRegistry registry) {
        return registry.look("desk").instances().stream().map(Instance::port).toList();
    }

    @Test
    void whoStopsIsGoneAtOnceAndWhoIsKilledWhenItsLeaseIsOver() throws Exception {
        try (var stays = start();
                var stops = start();
                var killed = start();
                var registry = new FileRegistry(folder, Time.system())) {
            long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (known(registry).size() < 3) {
                assertThat(System.nanoTime()).isLessThan(until);
                TimeUnit.MILLISECONDS.sleep(20);
            }
            stops.stop(Duration.ofSeconds(30));
            assertThat(known(registry)).containsExactlyInAnyOrder(stays.port, killed.port);

            killed.process.destroyForcibly().onExit().join();
            long dead = System.nanoTime();
            while (known(registry).contains(killed.port)) {
                assertThat(Duration.ofNanos(System.nanoTime() - dead)).isLessThan(LEASE.plusSeconds(2));
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertThat(known(registry)).containsExactly(stays.port);
        }
    }
}
