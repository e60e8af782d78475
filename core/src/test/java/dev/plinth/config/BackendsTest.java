package dev.plinth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.config.Sample.World;
import dev.plinth.schema.Default;
import dev.plinth.schema.Refers;
import dev.plinth.secret.Secret;
import jakarta.validation.constraints.NotBlank;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Components whose backend is chosen by the configuration. */
class BackendsTest {
    public interface Shelf extends Backend {
        Backends<Shelf> KIND = Backends.of(Shelf.class, new Floor(), new Box())
                .published("garage", "com.acme:shelf-garage")
                .published("shed", "com.acme:shelf-shed");

        /** Says what it was opened with. */
        String open(Record settings);
    }

    /** Built in, without settings. */
    static final class Floor implements Shelf {
        record Bare() {}

        @Override
        public String name() {
            return "floor";
        }

        @Override
        public Class<? extends Record> settings() {
            return Bare.class;
        }

        @Override
        public String open(Record settings) {
            return "on the floor";
        }
    }

    /** Built in, with settings. */
    static final class Box implements Shelf {
        record Boxed(@Default("1") int lids, Optional<String> label) {}

        @Override
        public String name() {
            return "box";
        }

        @Override
        public Class<? extends Record> settings() {
            return Boxed.class;
        }

        @Override
        public String open(Record settings) {
            return "in a box with " + ((Boxed) settings).lids();
        }
    }

    /** Found by the service loader. */
    public static final class Cellar implements Shelf {
        record Deep(
                @NotBlank String door,
                List<String> steps,
                Optional<Secret> pin,
                @Default("main") @Refers("houses") String house) {}

        @Override
        public String name() {
            return "cellar";
        }

        @Override
        public Class<? extends Record> settings() {
            return Deep.class;
        }

        @Override
        public String open(Record settings) {
            return "behind the " + ((Deep) settings).door();
        }
    }

    /** Found by the service loader; its key clashes with those that all have. */
    public static final class Attic implements Shelf {
        record High(@Default("") String height) {}

        @Override
        public String name() {
            return "attic";
        }

        @Override
        public Class<? extends Record> settings() {
            return High.class;
        }

        @Override
        public String open(Record settings) {
            return "under the roof";
        }
    }

    public interface Twin extends Backend {
        Backends<Twin> KIND = Backends.of(Twin.class);
    }

    public static final class Left implements Twin {
        @Override
        public String name() {
            return "same";
        }

        @Override
        public Class<? extends Record> settings() {
            return Floor.Bare.class;
        }
    }

    public static final class Right implements Twin {
        @Override
        public String name() {
            return "same";
        }

        @Override
        public Class<? extends Record> settings() {
            return Floor.Bare.class;
        }
    }

    record Common(@Default("2") int height) {}

    record House(@Default("1") int rooms) {}

    record Visitor(
            List<@NotBlank String> names, @Refers("houses") List<String> visits, @Refers("houses") String home) {}

    /** Notes what is looked for on the class path. */
    private static final class Watched extends ClassLoader {
        private final List<String> lookedFor = new ArrayList<>();

        Watched() {
            super(BackendsTest.class.getClassLoader());
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            lookedFor.add(name);
            return super.getResources(name);
        }
    }

    @TempDir
    Path directory;

    private final Watched loader = new Watched();

    private World world() {
        return new World(directory).loader(loader);
    }

    private static Layout layout() {
        return new Layout()
                .choice("shelf", Shelf.KIND, Common.class)
                .choices("shelves", Shelf.KIND)
                .sections("houses", House.class)
                .section("visitor", Visitor.class);
    }

    private static String shelf(World world) {
        var chosen = world.load(layout()).chosen("shelf", Shelf.class);
        return chosen.backend().open(chosen.settings());
    }

    private static String failure(World world) {
        return world.failure(layout());
    }

    private static Cellar.Deep cellar(World world) {
        return (Cellar.Deep) world.load(layout()).chosen("shelf", Shelf.class).settings();
    }

    @Test
    void theFirstBuiltInIsTakenWhereNoneIsNamed() {
        assertThat(shelf(world())).isEqualTo("on the floor");
        assertThat(world().load(layout()).get("shelf", Common.class)).isEqualTo(new Common(2));
        assertThat(world().load(layout()).allChosen("shelves", Shelf.class)).isEmpty();
        assertThat(world().load(layout())
                        .chosen("shelves", "any", Shelf.class)
                        .backend()
                        .name())
                .isEqualTo("floor");
    }

    @Test
    void nothingIsLookedForWhileTheBuiltInOnesDo() {
        shelf(world().file("service.yaml", "shelf: { backend: box, lids: 3 }")
                .variable("PLINTH_SHELVES_A_BACKEND", "box"));
        assertThat(loader.lookedFor).containsExactly("service.yaml");
        shelf(world().file("service.yaml", "shelf: { backend: cellar, door: blue }"));
        assertThat(loader.lookedFor).contains("META-INF/services/" + Shelf.class.getName());
    }

    @Test
    void theOtherKeysBelongToTheChosenOne() {
        assertThat(shelf(world().file("service.yaml", "shelf: { backend: box, lids: 3, height: 4 }")))
                .isEqualTo("in a box with 3");
        assertThat(shelf(world().file("service.yaml", "shelf: { backend: cellar, door: blue }")))
                .isEqualTo("behind the blue");
        assertThat(failure(world().file("service.yaml", "shelf: { backend: cellar, lids: 3, dor: blue, height: x }")))
                .isEqualTo(
                        """
                        service.yaml has 4 problems:
                          shelf.door: missing (expected: a text). Set it in service.yaml or as PLINTH_SHELF_DOOR. [service.yaml:1:1]
                          shelf.lids: unknown key (known: backend, door, height, house, pin, steps) [service.yaml:1:27]
                          shelf.dor: unknown key (did you mean shelf.door?) [service.yaml:1:36]
                          shelf.height: 'x' is not a whole number (expected: -2147483648..2147483647) [service.yaml:1:55]""");
    }

    @Test
    void anUnknownNameSaysWhatIsThereAndWhatToAdd() {
        assertThat(failure(world().file("service.yaml", "shelf: { backend: garage, gate: 1 }")))
                .isEqualTo(
                        """
                        service.yaml has a problem:
                          shelf.backend: 'garage' is not on the class path (here: floor, box, attic, cellar). Add the artifact com.acme:shelf-garage. [service.yaml:1:19]""");
        assertThat(failure(world().file("service.yaml", "shelf: { backend: celar }")))
                .contains("'celar' is unknown (here: floor, box, attic, cellar; did you mean cellar?)");
        assertThat(failure(world().file("service.yaml", "shelf: { backend: shet }")))
                .contains("'shet' is unknown (here: floor, box, attic, cellar; did you mean shed of the artifact"
                        + " com.acme:shelf-shed?)");
        assertThat(failure(world().file("service.yaml", "shelf: { backend: elsewhere }")))
                .contains("'elsewhere' is unknown (here: floor, box, attic, cellar; to be added: garage, shed)");
        assertThat(failure(world().file("service.yaml", "shelf: { backend: [box] }")))
                .contains("shelf.backend: a list (expected: one of floor, box, attic, cellar) [service.yaml:1:19]");
    }

    @Test
    void nothingIsSaidOfKeysBesideANameThatIsUnknown() {
        assertThat(failure(world().file("service.yaml", "shelf: { backend: garage, gate: 1 }")
                        .variable("PLINTH_SHELF_GATE", "2")
                        .variable("PLINTH_SHELF_DOOR_WIDTH", "2")
                        .set("shelf.gate=3")))
                .isEqualTo(
                        """
                        service.yaml has a problem:
                          shelf.backend: 'garage' is not on the class path (here: floor, box, attic, cellar). Add the artifact com.acme:shelf-garage. [service.yaml:1:19]""");
        assertThat(failure(world().file("service.yaml", "")
                        .variable("PLINTH_SHELVES_A_BACKEND", "garage")
                        .variable("PLINTH_SHELVES_A_GATE", "2")
                        .variable("PLINTH_SHELVS", "2")))
                .isEqualTo(
                        """
                        The configuration has 2 problems:
                          shelves.a.backend: 'garage' is not on the class path (here: floor, box, attic, cellar). Add the artifact com.acme:shelf-garage. [PLINTH_SHELVES_A_BACKEND]
                          PLINTH_SHELVS: unknown variable (did you mean PLINTH_SHELVES?)""");
    }

    @Test
    void severalAreChosenByName() {
        var config = world().file(
                        "service.yaml",
                        """
                        shelves:
                          x-base: &base { backend: box }
                          tools: { <<: *base, lids: 2 }
                          wine: { backend: cellar, door: red }
                        """)
                .load(layout());
        assertThat(config.allChosen("shelves", Shelf.class)).containsOnlyKeys("tools", "wine");
        assertThat(config.chosen("shelves", "tools", Shelf.class).settings())
                .isEqualTo(new Box.Boxed(2, Optional.empty()));
        assertThat(failure(world().file("service.yaml", "shelves: { tools: { backend: box, door: 1 } }")))
                .contains("shelves.tools.door: unknown key (known: backend, label, lids) [service.yaml:1:35]");
    }

    @Test
    void variablesAndArgumentsReachTheKeysOfWhatTheyChoose() {
        assertThat(cellar(world().variable("PLINTH_SHELF_BACKEND", "cellar")
                        .variable("PLINTH_SHELF_DOOR", "green")
                        .variable("PLINTH_SHELF_STEPS_0", "a")))
                .isEqualTo(new Cellar.Deep("green", List.of("a"), Optional.empty(), "main"));
        assertThat(cellar(world().variable("PLINTH_SHELF_DOOR", "green")
                                .set("shelf.backend=cellar")
                                .set("shelf.steps=[b]"))
                        .steps())
                .containsExactly("b");
        assertThat(cellar(world().variable("PLINTH_SHELF", "{backend: cellar, door: black}"))
                        .door())
                .isEqualTo("black");
        var wine = world().variable("PLINTH_SHELVES_MY_WINE_BACKEND", "cellar")
                .variable("PLINTH_SHELVES_MY_WINE_DOOR", "red")
                .load(layout())
                .chosen("shelves", "my-wine", Shelf.class);
        assertThat(wine.backend().open(wine.settings())).isEqualTo("behind the red");
        assertThat(failure(world().variable("PLINTH_SHELF_DOOR", "green").set("shelf.steps=[b]")))
                .isEqualTo(
                        """
                        The configuration has 2 problems:
                          PLINTH_SHELF_DOOR: unknown variable (no key is named so)
                          shelf.steps: unknown key (known: backend, height) [--set shelf.steps]""");
    }

    @Test
    void aPlaceholderMayChoose() {
        var file = "shelf: { backend: \"${SHELF:box}\", label: a }\n";
        assertThat(shelf(world().file("service.yaml", file))).isEqualTo("in a box with 1");
        assertThat(cellar(world().file("service.yaml", "shelf: { backend: \"${SHELF:box}\", door: a }\n")
                                .variable("SHELF", "cellar"))
                        .door())
                .isEqualTo("a");
        assertThat(failure(world().file("service.yaml", "shelf: { backend: \"${SHELF}\", door: a }\n")))
                .isEqualTo(
                        """
                        service.yaml has a problem:
                          shelf.backend: the variable SHELF is not set. Set it, or give it a default: ${SHELF:default} [service.yaml:1:19]""");
        assertThat(failure(world().file("service.yaml", "shelf: { backend: \"${key:x}\", door: a }\n")))
                .contains("what chooses can't be taken from another key (expected: a name or ${VAR})");
    }

    @Test
    void anotherChoiceStartsAnew() {
        var world = world().file("service.yaml", "shelf: { backend: cellar, door: blue, height: 3 }")
                .file("service-test.yaml", "shelf: { backend: box, lids: 5 }")
                .arguments("--profile", "test");
        var config = world.load(layout());
        assertThat(config.chosen("shelf", Shelf.class).settings()).isEqualTo(new Box.Boxed(5, Optional.empty()));
        assertThat(config.get("shelf", Common.class).height()).isEqualTo(2);
        assertThat(config.explain("shelf").toString())
                .contains("shelf.backend = box", "service.yaml:1:19", "shelf.lids = 5")
                .doesNotContain("blue", "service.yaml:1:47");
        assertThat(shelf(world().set("shelf.backend=floor"))).isEqualTo("on the floor");
    }

    @Test
    void keysOfWhatIsNoLongerChosenAreJudgedToo() {
        assertThat(failure(world().file("service.yaml", "shelf: { backend: cellar, dor: blue }")
                        .set("shelf.backend=floor")))
                .contains("shelf.dor: unknown key (did you mean shelf.door?) [service.yaml:1:27]");
    }

    @Test
    void aWeakerSourceMayHoldTheKeysAlone() {
        assertThat(cellar(world().file("service.yaml", "shelf: { door: blue }").set("shelf.backend=cellar"))
                        .door())
                .isEqualTo("blue");
        assertThat(failure(world().file("service.yaml", "shelf: { dor: blue }").set("shelf.backend=cellar")))
                .contains("shelf.dor: unknown key (did you mean shelf.door?)");
    }

    @Test
    void explainKnowsTheKeysOfWhatIsChosen() {
        var config = world().file(
                        "service.yaml",
                        "shelf: { backend: cellar, door: blue, pin: hunter2, house: main }\nhouses: {main: {}}")
                .load(layout());
        var text = new StringBuilder();
        config.explain("shelf").forEach(explanation -> text.append(explanation).append('\n'));
        assertThat(text.toString())
                .isEqualTo(
                        """
                        shelf.backend = cellar
                          default            floor
                        > service.yaml:1:19  cellar  (a file is stronger than the default)
                        shelf.height = 2
                        > default  2  (no source has another)
                        shelf.door = blue
                        > service.yaml:1:33  blue  (nothing else has it)
                        shelf.steps is not set
                        shelf.pin = ***
                        > service.yaml:1:44  ***  (nothing else has it)
                        shelf.house = main
                          default            main
                        > service.yaml:1:60  main  (a file is stronger than the default)
                        """);
        assertThat(config.explain("shelf.door")).hasSize(1);
    }

    @Test
    void aNameOfAnotherSectionMustBeThere() {
        var houses = "houses: { main: {}, second: {} }\n";
        assertThat(cellar(world().file("service.yaml", houses + "shelf: { backend: cellar, door: a, house: second }"))
                        .house())
                .isEqualTo("second");
        assertThat(
                        failure(
                                world().file(
                                                "service.yaml",
                                                houses
                                                        + "shelf: { backend: cellar, door: a, house: secnd }\nvisitor: { visits: [main, mine] }")))
                .isEqualTo(
                        """
                        service.yaml has 2 problems:
                          shelf.house: there is no 'secnd' under houses (there: main, second; did you mean second?) [service.yaml:2:43]
                          visitor.visits.1: there is no 'mine' under houses (there: main, second). Add houses.mine. [service.yaml:3:27]""");
        assertThat(failure(world().file("service.yaml", "visitor: { home: mine, names: [any] }")))
                .contains("visitor.home: there is no 'mine' under houses (there is none). Add houses.mine."
                        + " [service.yaml:1:18]");
        assertThat(failure(world().variable("PLINTH_VISITOR_HOME", "mine")))
                .contains("visitor.home: there is no 'mine' under houses (there is none). Add houses.mine."
                        + " [PLINTH_VISITOR_HOME]");
        assertThat(world().set("visitor.home=a")
                        .set("houses.a.rooms=2")
                        .load(layout())
                        .get("visitor", Visitor.class)
                        .home())
                .isEqualTo("a");
        assertThatThrownBy(() -> world().set("visitor.home=a").load(new Layout().section("visitor", Visitor.class)))
                .hasMessage("visitor.home: @Refers(\"houses\"), but there is no such section of names");
    }

    @Test
    void mistakesOfThoseWhoWriteBackendsAreTold() {
        assertThatThrownBy(() -> world().set("shelf.backend=attic").load(layout()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(Attic.High.class.getTypeName() + ".height: the key 'height' is taken, by what chooses this"
                        + " record or by what all choices have");
        assertThatThrownBy(() -> world().set("twin.backend=same").load(new Layout().choice("twin", Twin.KIND)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("two backends are named 'same': " + Left.class.getTypeName() + " and "
                        + Right.class.getTypeName() + ". Leave one of them out of the class path");
        assertThatThrownBy(() -> world().load(layout()).chosen("shelf", Twin.class))
                .hasMessage("the layout declares no section 'shelf' of " + Twin.class.getTypeName());
        assertThatThrownBy(() -> world().load(layout()).allChosen("shelf", Shelf.class))
                .hasMessage("the layout declares no sections 'shelf' of " + Shelf.class.getTypeName());
    }

    @Test
    void whereNothingIsBuiltInOneMustBeNamed() {
        var kind = Backends.of(Shelf.class);
        assertThat(world().failure(new Layout().choice("shelf", kind)))
                .isEqualTo(
                        """
                        The configuration has a problem:
                          shelf.backend: missing (expected: one of attic, cellar). Set it in service.yaml or as PLINTH_SHELF_BACKEND.""");
        assertThat(Map.of("kind", kind)).hasToString("{kind=Backends of " + Shelf.class.getTypeName() + "}");
    }
}
