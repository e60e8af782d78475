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

    /** The forms that chapter 2 of the specification of YAML 1.2 shows, in its order, with words of our own. */
    @Test
    void theFormsOfTheSpecificationAreRead() {
        reads("- a b\n- c\n", "[a b, c]");
        reads("hr:  65    # runs\navg: 0.278\n", "{hr: 65, avg: 0.278}");
        reads("north:\n  - a\n  - b\nsouth:\n- c\n", "{north: [a, b], south: [c]}");
        reads("-\n  name: a\n  n: 1\n-\n  name: b\n  n: 2\n", "[{name: a, n: 1}, {name: b, n: 2}]");
        reads("- [name, hr]\n- [a b, 65]\n", "[[name, hr], [a b, 65]]");
        reads(
                "a b: {hr: 65, avg: 0.2}\nc: {\n    hr: 63,\n    avg: 0.3,\n }\n",
                "{a b: {hr: 65, avg: 0.2}, c: {hr: 63, avg: 0.3}}");
        reads("---\nhr: # comment\n- a\n# and another\n- b\n", "{hr: [a, b]}");
        reads("hr:\n  - a\n  # the anchor\n  - &S b c\nrbi:\n  - *S # used\n  - d\n", "{hr: [a, b c], rbi: [b c, d]}");
        reads(
                "---\n# products\n- item    : a\n  quantity: 1\n- item : b\n  quantity: 4\n",
                "[{item: a, quantity: 1}, {item: b, quantity: 4}]");
        reads("# art\n--- |\n  \\//||\\/||\n  // ||  ||__\n", "<\\//||\\/||\\n// ||  ||__\\n>");
        reads("--- >\n  a b\n  c d\n  e\n", "<a b c d e\\n>");
        reads("--- >\n a\n b\n\n   c\n\n d\n", "<a b\\n\\n  c\\n\\nd\\n>");
        reads("name: M\nok: >\n  a\n  b\nstats: |\n  1\n  2\n", "{name: M, ok: <a b\\n>, stats: <1\\n2\\n>}");
        reads(
                "unicode: \"S\\u263A\"\ncontrol: \"\\b1\\t2\"\nhex: \"\\x0d\\x0a\"\nsingle: '\"H!\" he'\nquoted: ' # not a ''c''.'\n",
                "{unicode: <S\u263A>, control: <\b1\\t2>, hex: <\r\\n>, single: <\"H!\" he>, quoted: < # not a 'c'.>}");
        reads(
                "plain:\n  This\n  spans lines.\n\nquoted: \"So does\n  this.\\n\"\n",
                "{plain: This spans lines., quoted: <So does this.\\n>}");
        reads(
                "canonical: 12345\ndecimal: +12,345\noctal: 0o14\nhex: 0xC\n",
                "{canonical: 12345, decimal: +12,345, octal: 0o14, hex: 0xC}");
        reads("a: 1.23015e+3\nb: -.inf\nc: .nan\n", "{a: 1.23015e+3, b: -.inf, c: .nan}");
        reads(
                "null:\nbooleans: [ true, false ]\nstring: '012345'\n",
                "{null: , booleans: [true, false], string: <012345>}");
        reads(
                "canonical: 2001-12-15T02:59:43.1Z\ndate: 2002-12-14\n",
                "{canonical: 2001-12-15T02:59:43.1Z, date: 2002-12-14}");
    }

    @Test
    void theFormsThatConfigurationHasNoUseForAreRefused() {
        refuses("a: 1\n---\nb: 2\n", "a second document begins here (expected: one)");
        refuses("? - a\n: - b\n", "a list or a mapping can't be a key (a text that begins with [ or { needs quotes)");
        refuses(
                "--- !!set\n? a\n? b\n",
                "the tag !!set is not known here (values get their type from the service; leave it out)");
        refuses(
                "--- !<tag:example.org,2002:invoice>\na: 1\n",
                "the tag tag:example.org,2002:invoice is not known here (values get their type from the service; leave it"
                        + " out)");
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
