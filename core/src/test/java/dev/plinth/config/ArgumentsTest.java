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
                        "f.yaml",
                        List.of("p", "q", "r"),
                        List.of("a=b", "c=-d", "e=", "-x=1"),
                        false));
    }

    @Test
    void helpIsGivenWhateverElseIsThere() {
        assertThat(Arguments.parse("--wrong", "--help").help()).isTrue();
        assertThat(Arguments.parse("-h").help()).isTrue();
        assertThat(Arguments.usage("java -jar orders.jar"))
                .startsWith("Usage: java -jar orders.jar [run | check | explain [KEY]] [OPTION]...\n");
    }

    @Test
    void everyMistakeIsToldWithTheUsage() {
        assertThatThrownBy(() -> Arguments.parse(
                        "chek", "run", "twice", "--confg", "x", "--set", "--config=", "--config", "a", "--config", "b"))
                .isInstanceOfSatisfying(
                        UsageException.class, e -> assertThat(e.exitCode()).isEqualTo(64))
                .hasMessage(
                        """
                        unknown command 'chek' (expected: one of run, check, explain)
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
