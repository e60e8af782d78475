package dev.plinth.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.error.Violation;
import dev.plinth.json.Json;
import dev.plinth.secret.Secret;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LiveTest {
    record Window(int from, int to) {}

    record Settings(
            @Default("2s") @Positive Live<Duration> patience,
            @Default("5") Live<@Max(9) Integer> lines,
            Live<Optional<Secret>> token,
            Live<List<@NotBlank String>> words,
            @Default("") Live<Map<String, Integer>> limits,
            Live<Window> window,
            Live<String> name) {}

    record Nested(Optional<Live<Integer>> wrong) {}

    record Raw(@SuppressWarnings("rawtypes") Live wrong) {}

    private final List<String> told = new ArrayList<>();

    private void tell(Object old, Object now) {
        told.add(old + " -> " + now);
    }

    @Test
    void watchersGetOldAndNewWhenTheValueIsThereAlready() {
        var source = new Live.Source<>(1);
        var live = source.live();
        live.watch(this::tell);
        var second = live.watch((_, now) -> told.add("is " + live.get().equals(now)));

        source.set(2);
        second.close();
        second.close();
        source.set(3);

        assertThat(live.get()).isEqualTo(3);
        assertThat(told).containsExactly("1 -> 2", "is true", "2 -> 3");
    }

    @Test
    void whatChangesTogetherIsToldWhenAllHasChanged() {
        var one = new Live.Source<>("a");
        var other = new Live.Source<>("a");
        one.live().watch((_, _) -> told.add(one.live() + " " + other.live()));

        var first = one.change("b");
        var second = other.change("b");
        first.run();
        second.run();

        assertThat(told).containsExactly("b b");
    }

    @Test
    void aWatcherThatThrowsKeepsNoOtherFromBeingTold() {
        var source = new Live.Source<>(1);
        source.live().watch((_, _) -> {
            throw new IllegalStateException("no room");
        });
        source.live().watch((_, _) -> {
            throw new IllegalArgumentException("no time");
        });
        source.live().watch(this::tell);

        assertThatThrownBy(() -> source.set(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no room")
                .hasSuppressedException(new IllegalArgumentException("no time"));
        assertThat(told).containsExactly("1 -> 2");
        assertThat(source.live().get()).isEqualTo(2);
    }

    @Test
    void itIsEqualByItsValueAndPrintsIt() {
        assertThat(Live.of(1))
                .isEqualTo(Live.of(1))
                .hasSameHashCodeAs(Live.of(1))
                .isNotEqualTo(Live.of(2));
        assertThat(Live.of(Duration.ofSeconds(2))).hasToString("PT2S");
        assertThat(Live.of(Secret.of("hunter2"))).hasToString("***");
    }

    @Test
    void aSchemaSeesTheValueBehindIt() {
        var schema = Schema.of(Settings.class);

        assertThat(schema.properties()).allMatch(Property::isLive);
        assertThat(schema.properties().get(0).rules()).extracting(Rule::code).containsExactly("POSITIVE");
        assertThat(schema.properties().get(0).held().rawType()).isEqualTo(Duration.class);
        assertThat(schema.properties().get(1).rules()).extracting(Rule::code).containsExactly("MAX");
        assertThat(schema.properties()).filteredOn(Property::required).hasToString("[name]");
        assertThat(schema.properties().get(0).absent()).isEqualTo(Live.of(Duration.ofSeconds(2)));
        assertThat(schema.properties().get(2).absent()).isEqualTo(Live.of(Optional.empty()));
    }

    @Test
    void theRulesAreThoseOfTheValue() {
        var broken = new ArrayList<Violation>();
        Schema.of(Settings.class)
                .check(
                        new Settings(
                                Live.of(Duration.ZERO),
                                Live.of(10),
                                Live.of(Optional.empty()),
                                Live.of(List.of("a", " ")),
                                Live.of(Map.of()),
                                Live.of(new Window(1, 2)),
                                Live.of("n")),
                        "",
                        broken::add);

        assertThat(broken).extracting(Violation::pointer).containsExactly("/patience", "/lines", "/words/1");
    }

    @Test
    void insideOfSomethingElseOrWithoutATypeItIsRefused() {
        assertThatThrownBy(() -> Schema.of(Nested.class))
                .hasMessageContaining("Nested.wrong<0>: Live inside of something else (expected: it holds the whole"
                        + " component, such as Live<Optional<…>>)");
        assertThatThrownBy(() -> Schema.of(Raw.class))
                .hasMessageContaining("Raw.wrong: Live does not say of what (expected: Live<…>)");
    }

    @Test
    void jsonHoldsTheValueAlone() {
        record Answer(Live<Integer> lines, Live<Optional<String>> name) {}
        var json = Json.standard();

        var text = json.write(new Answer(Live.of(3), Live.of(Optional.empty())));
        assertThat(new String(text, StandardCharsets.UTF_8)).isEqualTo("{\"lines\":3,\"name\":null}");
        assertThat(json.read("{\"lines\":3}".getBytes(StandardCharsets.UTF_8), Answer.class))
                .isEqualTo(new Answer(Live.of(3), Live.of(Optional.empty())));
        assertThatThrownBy(() -> json.read("{}".getBytes(StandardCharsets.UTF_8), Answer.class))
                .hasMessageContaining("/lines");
    }
}
