package dev.plinth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.LogCapture;
import dev.plinth.config.Sample.World;
import dev.plinth.schema.Default;
import dev.plinth.schema.Live;
import dev.plinth.secret.Secret;
import jakarta.validation.constraints.Positive;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest {
    record Window(@Default("1") int from, @Default("9") int to) {
        Window {
            if (from > to) {
                throw new IllegalArgumentException("from " + from + " is above to " + to);
            }
        }
    }

    record Desk(
            @Default("2s") @Positive Live<Duration> patience,
            Live<Optional<Secret>> token,
            Live<Window> window,
            Live<List<String>> words,
            @Default("8080") int port,
            @Default("a.*") Pattern names,
            Optional<Path> folder,
            List<Shelf> shelves) {}

    record Shelf(@Default("3") Live<Integer> floor, @Default("oak") String wood) {}

    record Peer(@Default("1s") Live<Duration> timeout, @Default("5") int tries) {}

    @TempDir
    Path directory;

    private World world;

    @BeforeEach
    void makeWorld() {
        world = new World(directory);
    }

    private Config load() {
        return world.load(new Layout().section("desk", Desk.class).sections("peers", Peer.class));
    }

    private static Desk desk(Config config) {
        return config.get("desk", Desk.class);
    }

    @Test
    void whatIsLiveChangesAndWhatIsNotNeedsARestart() {
        world.file("service.yaml", "desk: { patience: 3s, port: 1, folder: a, shelves: [{ floor: 1 }] }\n");
        var config = load();
        var desk = desk(config);
        world.file(
                "service.yaml",
                "desk: { token: hunter2, window: { to: 5 }, words: [a], port: 2, folder: b, names: b, shelves: [{ floor:"
                        + " 2, wood: elm }] }\n");

        var reloaded = config.reload();

        assertThat(reloaded.changed())
                .containsExactly("desk.patience", "desk.token", "desk.window", "desk.words", "desk.shelves.0.floor");
        assertThat(reloaded.refused()).isEmpty();
        assertThat(reloaded.needsRestart())
                .containsExactly("desk.port", "desk.names", "desk.folder", "desk.shelves.0.wood");
        assertThat(reloaded)
                .hasToString("changed desk.patience, desk.token, desk.window, desk.words, desk.shelves.0.floor; needs a"
                        + " restart: desk.port, desk.names, desk.folder, desk.shelves.0.wood");
        assertThat(desk(config)).isSameAs(desk);
        assertThat(desk.patience().get()).isEqualTo(Duration.ofSeconds(2));
        assertThat(desk.token().get().orElseThrow().reveal()).isEqualTo("hunter2");
        assertThat(desk.window().get()).isEqualTo(new Window(1, 5));
        assertThat(desk.words().get()).containsExactly("a");
        assertThat(desk.shelves().getFirst().floor().get()).isEqualTo(2);
        assertThat(desk.port()).isEqualTo(1);
        assertThat(desk.shelves().getFirst().wood()).isEqualTo("oak");
    }

    @Test
    void whereNothingIsDifferentNothingHappens() {
        world.file("service.yaml", "desk: { patience: 3s, names: 'x+' }\npeers: { b: {}, a: {} }\n");
        var config = load();
        desk(config).patience().watch((_, _) -> {
            throw new AssertionError("told of nothing");
        });

        assertThat(config.reload().isNothing()).isTrue();
        world.file(
                "service.yaml",
                "# the same in other words\ndesk: { patience: 3000ms, names: x+ }\npeers: { a: {}, b: {} }");
        assertThat(config.reload()).hasToString("nothing is different");
    }

    @Test
    void aWrongFileChangesNothingAndIsToldAsAtTheStart() {
        world.file("service.yaml", "desk: { patience: 3s }\n");
        var config = load();
        var wrong = "desk:\n  patience: 4s\n  token: hunter2\n  prot: 1\n  window: { from: 9, to: 1 }\n  port: x\n";
        world.file("service.yaml", wrong);
        var atStart = "";
        try {
            load();
        } catch (ConfigException e) {
            atStart = e.getMessage();
        }

        assertThat(atStart).startsWith("service.yaml has 3 problems:").contains("desk.port: 'x' is not a whole number");
        assertThatThrownBy(config::reload).isInstanceOf(ConfigException.class).hasMessage(atStart);
        assertThat(desk(config).patience().get()).isEqualTo(Duration.ofSeconds(3));
        assertThat(desk(config).token().get()).isEmpty();
        assertThat(config.explain("desk.patience").getFirst().value()).isEqualTo("3s");
    }

    @Test
    void namesOfTheUsersComeAndGoWithARestart() {
        world.file("service.yaml", "peers: { ann: { timeout: 2s }, bob: { tries: 2 } }\n");
        var config = load();
        var ann = config.get("peers", "ann", Peer.class);
        var zoe = config.get("peers", "zoe", Peer.class);
        world.file(
                "service.yaml", "peers: { ann: { timeout: 4s, tries: 9 }, cid: {}, zoe: { timeout: 9s, tries: 1 } }\n");

        var reloaded = config.reload();

        assertThat(reloaded.changed()).containsExactly("peers.ann.timeout", "peers.zoe.timeout");
        assertThat(reloaded.needsRestart())
                .containsExactly("peers.ann.tries", "peers.bob", "peers.cid", "peers.zoe.tries");
        assertThat(ann.timeout().get()).isEqualTo(Duration.ofSeconds(4));
        assertThat(zoe.timeout().get()).isEqualTo(Duration.ofSeconds(9));
        assertThat(config.get("peers", "zoe", Peer.class)).isSameAs(zoe);
    }

    @Test
    void allValuesAreNewBeforeAnyWatcherIsTold_andOneThatThrowsIsTold() {
        world.file("service.yaml", "desk: { patience: 3s, window: { to: 3 } }\n");
        var config = load();
        var desk = desk(config);
        var seen = new ArrayList<String>();
        desk.patience().watch((old, now) -> {
            seen.add(old + " " + now + " " + desk.window());
            throw new IllegalStateException("too long");
        });
        desk.window().watch((old, now) -> seen.add(old + " " + now));
        world.file("service.yaml", "desk: { patience: 4s, window: { to: 4 } }\n");

        Reloaded reloaded;
        try (var log = new LogCapture(Config.class)) {
            reloaded = config.reload();
            assertThat(log.lines()).containsExactly("ERROR desk.patience has changed, and what watches it failed");
        }

        assertThat(reloaded.changed()).containsExactly("desk.patience", "desk.window");
        assertThat(reloaded.refused()).containsExactly("desk.patience");
        assertThat(seen).containsExactly("PT3S PT4S Window[from=1, to=4]", "Window[from=1, to=3] Window[from=1, to=4]");
    }

    @Test
    void explainTellsWhatIsReadNowAndWhatHoldsUntilARestart() {
        world.file("service.yaml", "desk: { port: 1, folder: a }\n");
        var config = load();
        world.file("service.yaml", "desk: { port: 2, patience: 9s }\n");
        config.reload();

        assertThat(config.explain("desk.patience").getFirst())
                .hasToString("desk.patience = 9s\n  default            2s\n> service.yaml:1:28  9s  (a file is stronger"
                        + " than the default)");
        assertThat(config.explain("desk.port").getFirst())
                .hasToString(
                        "desk.port = 2\n  default            8080\n> service.yaml:1:15  2  (a file is stronger than the"
                                + " default; after a restart: until then 1)");
        assertThat(config.explain("desk.folder").getFirst())
                .hasToString("desk.folder is not set; after a restart: until then a");

        world.file("service.yaml", "desk: { port: 1, folder: a }\n");
        assertThat(config.reload().needsRestart()).isEmpty();
        assertThat(config.explain("desk.port").getFirst().why()).isEqualTo("a file is stronger than the default");
    }

    @Test
    void profilesPlaceholdersAndArgumentsHoldAsAtTheStart() {
        world.file("service.yaml", "desk: { patience: \"${PATIENCE}\" }\n")
                .file("service-p.yaml", "desk: { words: [a] }\n")
                .variable("PATIENCE", "7s")
                .arguments("--profile", "p", "--set", "peers.ann.timeout=8s");
        var config = load();
        world.file("service-p.yaml", "desk: { words: [b], patience: 1s }\npeers: { ann: { timeout: 1s } }\n");

        assertThat(config.reload().changed()).containsExactly("desk.patience", "desk.words");
        assertThat(config.get("peers", "ann", Peer.class).timeout().get()).isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void reloadsGoOneAfterTheOther() throws InterruptedException {
        world.file("service.yaml", "desk: { patience: 1s }\n");
        var config = load();
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var order = new ArrayList<String>();
        desk(config).patience().watch((_, now) -> {
            inside.countDown();
            await(goOn);
            order.add(now.toString());
        });
        world.file("service.yaml", "desk: { patience: 2s }\n");
        var first = Thread.ofVirtual().start(config::reload);
        inside.await();
        world.file("service.yaml", "desk: { patience: 3s }\n");
        var second = Thread.ofVirtual().start(config::reload);
        goOn.countDown();
        first.join();
        second.join();

        assertThat(order).containsExactly("PT2S", "PT3S");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void readersNeverSeeHalfOfARecord() throws InterruptedException {
        world.file("service.yaml", "desk: { window: { from: 1, to: 1 } }\n");
        var config = load();
        var window = desk(config).window();
        var done = new CountDownLatch(1);
        var torn = new ArrayList<Window>();
        var reader = Thread.ofPlatform().start(() -> {
            while (done.getCount() > 0) {
                var now = window.get();
                if (now.from() != now.to()) {
                    torn.add(now);
                }
            }
        });
        for (int i = 2; i < 200; i++) {
            world.file("service.yaml", "desk: { window: { from: %s, to: %s } }\n".formatted(i, i));
            assertThat(config.reload().changed()).containsExactly("desk.window");
        }
        done.countDown();
        reader.join();

        assertThat(torn).isEmpty();
        assertThat(window.get()).isEqualTo(new Window(199, 199));
    }

    @Test
    void mapsAreComparedByTheirNames() {
        record Book(Map<String, Integer> pages, @Default("") Live<Map<String, Integer>> notes) {}
        world.file("service.yaml", "book: { pages: { a: 1, b: 2 }, notes: { a: 1 } }\n");
        var config = world.load(new Layout().section("book", Book.class));
        world.file("service.yaml", "book: { pages: { b: 3, c: 4 }, notes: { b: 1 } }\n");

        var reloaded = config.reload();

        assertThat(reloaded.changed()).containsExactly("book.notes");
        assertThat(reloaded.needsRestart()).containsExactly("book.pages.a", "book.pages.b", "book.pages.c");
        assertThat(config.get("book", Book.class).notes().get()).isEqualTo(Map.of("b", 1));
    }
}
