package dev.plinth.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.plinth.error.Violation;
import dev.plinth.schema.SchemaException;
import jakarta.validation.constraints.Positive;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JsonTypesTest {
    record Item(String name, @Positive int quantity) {}

    record Page<T>(List<T> items, T first, Map<String, Page<T>> more) {}

    record Pages(Page<Item> items, Page<String> texts, List<Item> list) {}

    record Tree(String name, List<Tree> children) {}

    /** No record, so it is databind's. */
    public static final class Bean {
        private int size;

        public int getSize() {
            return size;
        }

        public void setSize(int size) {
            this.size = size;
        }
    }

    record Mixed(Bean bean, TreeMap<String, Integer> sorted) {}

    @Test
    void readsRecordsWithTypeParameters() {
        var page = "{\"items\":[{\"name\":\"pen\",\"quantity\":1}],\"first\":{\"name\":\"ink\",\"quantity\":2},"
                + "\"more\":{\"next\":{\"items\":[],\"first\":null,\"more\":null}}}";
        var expected = new Page<>(
                List.of(new Item("pen", 1)), new Item("ink", 2), Map.of("next", new Page<Item>(List.of(), null, null)));

        assertThat(Json.standard().read(bytes(page), component(Pages.class, 0))).isEqualTo(expected);
        assertThat(new String(Json.standard().write(expected), UTF_8)).isEqualTo(page);
    }

    @Test
    void judgesWhatATypeParameterStandsFor() {
        var document = bytes("{\"items\":[{\"name\":\"pen\",\"quantity\":0}],\"first\":7}");
        var failure = catchThrowableOfType(
                JsonException.class, () -> Json.standard().read(document, component(Pages.class, 0)));

        assertThat(failure.violations())
                .extracting(Violation::pointer, Violation::code)
                .containsExactly(tuple("/items/0/quantity", "POSITIVE"), tuple("/first", "WRONG_TYPE"));
    }

    @Test
    void readsListsOfRecords() {
        assertThat(Json.standard().read(bytes("[{\"name\":\"pen\",\"quantity\":1}]"), component(Pages.class, 2)))
                .isEqualTo(List.of(new Item("pen", 1)));
    }

    @Test
    void readsRawContainersAsTrees() {
        assertThat((Object) Json.standard().read(bytes("{\"a\":[1]}"), Map.class))
                .isEqualTo(Map.of("a", List.of(1)));
    }

    @Test
    void readsRecordsThatHoldThemselves() {
        var tree = new Tree("a", List.of(new Tree("b", List.of()), new Tree("c", List.of())));

        assertThat(Json.standard().read(Json.standard().write(tree), Tree.class))
                .isEqualTo(tree);
    }

    @Test
    void leavesOtherClassesToDatabind() {
        var mixed = Json.standard().read(bytes("{\"bean\":{\"size\":3},\"sorted\":{\"b\":2,\"a\":1}}"), Mixed.class);

        assertThat(mixed.bean().getSize()).isEqualTo(3);
        assertThat(mixed.sorted()).containsExactly(Map.entry("a", 1), Map.entry("b", 2));
        assertThat(new String(Json.standard().write(mixed), UTF_8))
                .isEqualTo("{\"bean\":{\"size\":3},\"sorted\":{\"a\":1,\"b\":2}}");
    }

    @Test
    void pointsIntoOtherClasses() {
        var document = bytes("{\"bean\":{\"size\":\"large\"},\"sorted\":{\"a/b\":\"x\"}}");
        var failure =
                catchThrowableOfType(JsonException.class, () -> Json.standard().read(document, Mixed.class));

        assertThat(failure.violations())
                .containsExactly(
                        Violation.of("/bean/size", "WRONG_TYPE", "must be part of a Bean"),
                        Violation.of(
                                "/sorted/a~1b",
                                "WRONG_TYPE",
                                "must be part of a java.util.TreeMap<java.lang.String, java.lang.Integer>"));
    }

    @Test
    void tellsFaultsOfTheTypeWhenItIsPrepared() {
        record Faulty(@Positive String name) {}

        assertThatThrownBy(() -> Json.standard().prepare(Faulty.class))
                .isInstanceOf(SchemaException.class)
                .hasMessageEndingWith(
                        """
                        Faulty has a fault in its declaration:
                          dev.plinth.json.JsonTypesTest$1Faulty.name: @Positive does not apply to String (expected: a \
                        number, Duration, ByteSize or Percent)""");
    }

    private static Type component(Class<?> record, int index) {
        return record.getRecordComponents()[index].getGenericType();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
