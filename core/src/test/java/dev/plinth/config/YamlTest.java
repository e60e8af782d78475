package dev.plinth.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.config.Node.Mapping;
import dev.plinth.config.Node.Scalar;
import dev.plinth.config.Node.Sequence;
import java.util.List;
import org.junit.jupiter.api.Test;

class YamlTest {
    private static final Origin FILE = Origin.file("f");

    private static Node read(String text) {
        var problems = new Problems();
        var node = Yaml.value(text, "", FILE, problems);
        problems.check(List.of());
        assertThat(node).isNotNull();
        return node;
    }

    /** The tree in one line: texts as they are, with marks around those that were quoted. */
    private static String shown(Node node) {
        var text = new StringBuilder();
        switch (node) {
            case Scalar scalar -> {
                var escaped = scalar.text().replace("\n", "\\n").replace("\t", "\\t");
                text.append(scalar.plain() ? escaped : "<" + escaped + ">");
            }
            case Sequence sequence -> {
                for (var item : sequence.items()) {
                    text.append(text.isEmpty() ? "[" : ", ").append(shown(item));
                }
                text.append(text.isEmpty() ? "[]" : "]");
            }
            case Mapping mapping -> {
                mapping.members().forEach((name, member) -> text.append(text.isEmpty() ? "{" : ", ")
                        .append(name)
                        .append(": ")
                        .append(shown(member.value())));
                text.append(text.isEmpty() ? "{}" : "}");
            }
        }
        return text.toString();
    }

    private static void reads(String text, String expected) {
        assertThat(shown(read(text))).isEqualTo(expected);
    }

    private static void refuses(String text, String message) {
        var problems = new Problems();
        assertThat(Yaml.value(text, "", FILE, problems)).isNull();
        try {
            problems.check(List.of());
        } catch (ConfigException e) {
            assertThat(e.problems().getFirst().message()).isEqualTo(message);
            return;
        }
        throw new AssertionError("it was read");
    }

    @Test
    void theFormsThatConfigurationHasNoUseForAreRefused() {
        refuses(
                "a: !!java.lang.Runtime []\n",
                "the tag !!java.lang.Runtime is not known here (values get their type from the service; leave it out)");
        refuses("? {a: b}\n: c\n", "a list or a mapping can't be a key (a text that begins with [ or { needs quotes)");
        refuses("a: b\n? *a\n", "an alias can't be a key");
        refuses("%YAML 3.0\n---\na: 1\n", "this version of YAML is not known (expected: %YAML 1.2)");
    }

    @Test
    void jsonIsReadByTheSameParser() {
        reads(
                "{\"a\":1,\"b\":[true,null,\"\\u00e9\\/\\ud83d\\ude00\"],\n\t\"c\":{},\"d\":[]}",
                "{a: 1, b: [true, null, <\u00e9/\ud83d\ude00>], c: {}, d: []}");
        reads("[]", "[]");
        reads("{\"a\":{\"b\":[{\"c\":\"d\"}]}}", "{a: {b: [{c: <d>}]}}");
        reads("{\n  \"a\" : \"x: y # z\" ,\n  \"b\":-1.5e3\n}\n", "{a: <x: y # z>, b: -1.5e3}");
    }

    @Test
    void coreTagsSayNoMoreThanTheRecord() {
        reads(
                "{a: !!str 1, b: !!int 1, c: ! x, d: !!map {}, e: !!seq [], f: !!null ~, g: !!bool true}",
                "{a: <1>, b: 1, c: <x>, d: {}, e: [], f: ~, g: true}");
    }

    @Test
    void onlyPlainTextMeansNothing() {
        for (var text : List.of("", "~", "null", "Null", "NULL")) {
            assertThat(read("a: " + text)).isInstanceOfSatisfying(Mapping.class, m -> assertThat(m.get("a"))
                    .isInstanceOfSatisfying(
                            Scalar.class, s -> assertThat(s.isNull()).isTrue()));
            assertThat(read("a: '" + text + "'")).isInstanceOfSatisfying(Mapping.class, m -> assertThat(m.get("a"))
                    .isInstanceOfSatisfying(
                            Scalar.class, s -> assertThat(s.isNull()).isFalse()));
        }
    }

    @Test
    void everyNodeHasItsPlace() {
        var problems = new Problems();
        var tree = Yaml.read(
                "a:\n  - b\n  - 'é': { c: d }\n".getBytes(java.nio.charset.StandardCharsets.UTF_8), FILE, problems);
        assertThat(tree).isNotNull();
        assertThat(tree.members().get("a").key()).hasToString("f:1:1");
        assertThat(Interpolation.find(tree, "a").origin()).hasToString("f:2:3");
        assertThat(Interpolation.find(tree, "a.0").origin()).hasToString("f:2:5");
        assertThat(Interpolation.find(tree, "a.1.é").origin()).hasToString("f:3:10");
        assertThat(Interpolation.find(tree, "a.1.é.c").origin()).hasToString("f:3:15");
    }

    @Test
    void aLastAnchorOfANameHolds() {
        reads("[&a 1, *a, &a 2, *a]", "[1, 1, 2, 2]");
    }

    @Test
    void aliasesAreCountedByWhatTheyStandFor() {
        assertThat(read("[&a [1, 2], " + "*a, ".repeat(3000) + "1]")).isInstanceOf(Sequence.class);
        refuses("[&a [1, 2], " + "*a, ".repeat(4000) + "1]", "the aliases stand for more than 10000 values");
    }
}
