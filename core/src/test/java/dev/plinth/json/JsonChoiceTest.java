package dev.plinth.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.error.Violation;
import dev.plinth.schema.ChosenAs;
import dev.plinth.schema.ChosenBy;
import jakarta.validation.constraints.Positive;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Sealed interfaces of records. */
class JsonChoiceTest {
    @ChosenBy("kind")
    sealed interface Figure permits Circle, Square, Group, Exact {}

    record Circle(@Positive int radius, Optional<String> name) implements Figure {}

    record Exact(BigDecimal part, BigInteger whole, double twice, Object any) implements Figure {}

    @ChosenAs("box")
    record Square(int side) implements Figure {}

    record Group(List<Figure> figures) implements Figure {}

    sealed interface Plain permits Sole {}

    record Sole(int a) implements Plain {}

    record Drawing(Figure first, Plain plain) {}

    private static <T> T read(String text, Class<T> type) {
        return Json.standard().strict().read(text.getBytes(StandardCharsets.UTF_8), type);
    }

    private static String write(Object value) {
        return new String(Json.standard().write(value), StandardCharsets.UTF_8);
    }

    private static List<Violation> violations(String text) {
        try {
            read(text, Figure.class);
        } catch (JsonException e) {
            return e.violations();
        }
        throw new AssertionError("it is right");
    }

    @Test
    void theKeyMayStandAnywhere() {
        var circle = new Circle(3, Optional.of("c"));
        assertThat(read("{\"kind\":\"circle\",\"radius\":3,\"name\":\"c\"}", Figure.class))
                .isEqualTo(circle);
        assertThat(read("{\"radius\":3,\"kind\":\"circle\",\"name\":\"c\"}", Figure.class))
                .isEqualTo(circle);
        assertThat(read("{\"radius\":3,\"name\":\"c\",\"kind\":\"circle\"}", Figure.class))
                .isEqualTo(circle);
    }

    @Test
    void nothingOfANumberIsLostOnTheWay() {
        assertThat(read(
                        "{\"part\":1.10,\"whole\":123456789012345678901234567890,\"twice\":1e3,\"any\":2.50,\"kind\":\"exact\"}",
                        Figure.class))
                .isEqualTo(new Exact(
                        new BigDecimal("1.10"),
                        new BigInteger("123456789012345678901234567890"),
                        1000,
                        new BigDecimal("2.50")));
    }

    @Test
    void choicesNest() {
        var group = new Group(List.of(new Square(1), new Group(List.of(new Circle(2, Optional.empty())))));
        assertThat(read(
                        "{\"figures\":[{\"side\":1,\"kind\":\"box\"},{\"kind\":\"group\",\"figures\":[{\"radius\":2,"
                                + "\"kind\":\"circle\"}]}],\"kind\":\"group\"}",
                        Figure.class))
                .isEqualTo(group);
        assertThat(read(write(group), Figure.class)).isEqualTo(group);
    }

    @Test
    void writesTheKeyWhereTheTypeIsDeclaredOrAnnotated() {
        assertThat(write(new Drawing(new Square(1), new Sole(2))))
                .isEqualTo("{\"first\":{\"kind\":\"box\",\"side\":1},\"plain\":{\"backend\":\"sole\",\"a\":2}}");
        assertThat(write(new Square(1))).isEqualTo("{\"kind\":\"box\",\"side\":1}");
        assertThat(write(new Sole(2))).isEqualTo("{\"a\":2}");
        assertThat(write(List.of(new Square(1)))).isEqualTo("[{\"kind\":\"box\",\"side\":1}]");
    }

    @Test
    void tellsWhatIsWrongAndWhere() {
        assertThat(violations("{\"kind\":\"circel\",\"radius\":3}"))
                .containsExactly(new Violation(
                        "/kind",
                        "UNKNOWN_VALUE",
                        "must be one of circle, box, group, exact",
                        "one of circle, box, group, exact",
                        "\"circel\""));
        assertThat(violations("{\"radius\":[3],\"kind\":7}"))
                .containsExactly(new Violation(
                        "/kind",
                        "WRONG_TYPE",
                        "must be one of circle, box, group, exact",
                        "one of circle, box, group, exact",
                        "7"));
        for (var text : List.of("{}", "{\"radius\":3}")) {
            assertThat(violations(text))
                    .containsExactly(new Violation(
                            "/kind",
                            "REQUIRED",
                            "must be one of circle, box, group, exact",
                            "one of circle, box, group, exact",
                            ""));
        }
        assertThat(violations("[]")).extracting(Violation::message).containsExactly("must be an object");
        for (var text : List.of(
                "{\"kind\":\"group\",\"figures\":[{\"kind\":\"circle\",\"radius\":0,\"x\":1}]}",
                "{\"figures\":[{\"radius\":0,\"x\":1,\"kind\":\"circle\"}],\"kind\":\"group\"}")) {
            assertThat(violations(text))
                    .extracting(violation -> violation.pointer() + " " + violation.code())
                    .containsExactly("/figures/0/radius POSITIVE", "/figures/0/x UNKNOWN_KEY");
        }
        assertThat(
                        violations(
                                "{\"kind\":\"group\",\"figures\":[{\"kind\":\"none\",\"a\":{\"b\":1}},{\"side\":\"x\",\"kind\":\"box\"}]}"))
                .extracting(Violation::pointer)
                .containsExactly("/figures/0/kind", "/figures/1/side");
    }

    @Test
    void anObjectThatIsCutShortIsNotJson() {
        assertThatThrownBy(() -> read("{\"radius\":3,\"kind\":\"circle\"", Figure.class))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("ends too early");
    }
}
