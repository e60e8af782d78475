package dev.plinth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.config.Arguments.Command;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    @Test
    void runsUnlessToldOtherwise() {
        assertThat(Arguments.parse()).isEqualTo(Arguments.none());
        assertThat(Arguments.parse("run")).isEqualTo(Arguments.none());
        assertThat(Arguments.parse("check").command()).isEqualTo(Command.CHECK);
        assertThat(Arguments.parse("explain").key()).isEmpty();
        assertThat(Arguments.parse("explain", "http.port").key()).isEqualTo("http.port");
    }

    @Test
    void optionsTakeTheirValueFromTheNextWordOrAfterEquals() {
        assertThat(Arguments.parse(
                        "--set",
                        "a=b",
                        "explain",
                        "--config",
                        "f.yaml",
                        "--set=c=-d",
                        "key",
                        "--profile",
                        "p, q",
                        "--profile=r",
                        "--set",
                        "e=",
                        "--set",
                        "-x=1"))
                .isEqualTo(new Arguments(
                        Command.EXPLAIN,
                        "key",
                        List.of(),
                        "f.yaml",
                        List.of("p", "q", "r"),
                        List.of("a=b", "c=-d", "e=", "-x=1"),
                        false));
    }

    @Test
    void checkTakesFilesAndExplainTakesAll() {
        assertThat(Arguments.parse("check", "a.yaml", "--profile", "p", "b.yaml")
                        .files())
                .containsExactly("a.yaml", "b.yaml");
        assertThat(Arguments.parse("check", "a.yaml", "b.yaml").withConfig("b.yaml"))
                .isEqualTo(Arguments.parse("check", "--config", "b.yaml"));
        assertThat(Arguments.parse("explain", "--all")).isEqualTo(Arguments.parse("explain"));
        assertThat(Arguments.parse("schema").command()).isEqualTo(Command.SCHEMA);
        assertThat(Arguments.parse("reference").command()).isEqualTo(Command.REFERENCE);
        assertThatThrownBy(() -> Arguments.parse("explain", "http.port", "--all"))
                .hasMessageStartingWith("--all is too much (expected: explain --all, without a key)\n");
        assertThatThrownBy(() -> Arguments.parse("run", "--all")).hasMessageStartingWith("--all is too much");
        assertThatThrownBy(() -> Arguments.parse("check", "a.yaml", "--config=b.yaml"))
                .hasMessageStartingWith("--config is too much beside a.yaml (expected: one of them)\n");
    }

    @Test
    void helpIsGivenWhateverElseIsThere() {
        assertThat(Arguments.parse("--wrong", "--help").help()).isTrue();
        assertThat(Arguments.parse("-h").help()).isTrue();
        assertThat(Arguments.usage("java -jar orders.jar"))
                .startsWith(
                        "Usage: java -jar orders.jar [run | check [FILE]... | explain [KEY] | reference | schema | openapi]"
                                + " [OPTION]...\n");
    }

    @Test
    void everyMistakeIsToldWithTheUsage() {
        assertThatThrownBy(() -> Arguments.parse(
                        "chek", "run", "twice", "--confg", "x", "--set", "--config=", "--config", "a", "--config", "b"))
                .isInstanceOfSatisfying(
                        UsageException.class, e -> assertThat(e.exitCode()).isEqualTo(64))
                .hasMessage(
                        """
                        unknown command 'chek' (expected: one of run, check, explain, reference, schema, openapi)
                        'twice' is too much (expected: an option, or nothing)
                        unknown option --confg (did you mean --config?)
                        'x' is too much (expected: an option, or nothing)
                        --set needs a value (expected: --set KEY=VALUE)
                        --config needs a value (expected: --config FILE)
                        --config is given twice: a and b (expected: one)
                        """
                                + Arguments.usage("java -jar NAME.jar"));
    }
}
