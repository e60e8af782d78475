package dev.plinth.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.plinth.config.Origin;
import dev.plinth.config.YamlText;
import dev.plinth.error.Violation;
import dev.plinth.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle is networknt's json-schema-validator. */
class JudgeTest {
    private static final SchemaRegistry ORACLE = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private static Value value(String schema) {
        var node = YamlText.read(schema.getBytes(StandardCharsets.UTF_8), Origin.file("schema.json"));
        return new Value(node, new Judges(node));
    }

    private static List<Violation> judged(String schema, String json) {
        return value(schema).sent(tree(json), "");
    }

    private static Object tree(String json) {
        return json.equals("null") ? null : Json.standard().read(json.getBytes(StandardCharsets.UTF_8), Object.class);
    }

    private static boolean oracle(String schema, String json) {
        return ORACLE.getSchema(schema).validate(json, InputFormat.JSON).isEmpty();
    }

    /** In the style of the official suite: a schema, what is right, what is wrong. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"integer\"} | 1; 1.0; -7; 1e2; 123456789012345678901234567890 | 1.5; \"1\"; true; null; []",
                "{\"type\":[\"string\",\"null\"]} | null; \"\" | 1; {}",
                "{\"const\":{\"a\":1,\"b\":[1.0]}} | {\"b\":[1],\"a\":1.0} | {\"a\":1}; {\"a\":1,\"b\":[2]}",
                "{\"enum\":[1,\"a\",null,false,[]]} | 1.0; \"a\"; null; false; [] | 0; \"b\"; true; {}; [1]; \"1\"",
                "{\"minLength\":2,\"maxLength\":3} | \"ab\"; \"😀😀\"; 1 | \"a\"; \"😀\"; \"abcd\"",
                "{\"minimum\":1,\"exclusiveMaximum\":3} | 1; 2.999; \"x\" | 0.99; 3; 3.0",
                "{\"multipleOf\":0.01} | 4.02; 0; 1e300 | 4.021; 1e-300",
                "{\"items\":{\"type\":\"integer\"},\"prefixItems\":[{\"type\":\"string\"}]} | []; [\"a\"]; [\"a\",1] | [1]; [\"a\",\"b\"]",
                "{\"items\":false,\"prefixItems\":[true]} | []; [1] | [1,2]",
                "{\"contains\":{\"const\":5},\"minContains\":2,\"maxContains\":3} | [5,5]; [5,1,5,5] | []; [5]; [5,5,5,5]",
                "{\"contains\":{\"const\":5},\"minContains\":0} | []; [1] | ",
                "{\"uniqueItems\":true} | [1,2]; [1,\"1\"]; [[],{}]; [1,true] | [1,1.0]; [{\"a\":1,\"b\":2},{\"b\":2,\"a\":1}]; [\"a\",\"a\"]",
                "{\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"string\"}},\"additionalProperties\":false} | {\"a\":\"\"} | {}; {\"a\":1}; {\"a\":\"\",\"b\":1}",
                "{\"patternProperties\":{\"^x\":{\"type\":\"integer\"}},\"additionalProperties\":{\"type\":\"string\"}} | {\"x1\":1,\"y\":\"\"} | {\"x1\":\"\"}; {\"y\":1}",
                "{\"propertyNames\":{\"maxLength\":1}} | {\"a\":1}; {} | {\"ab\":1}",
                "{\"minProperties\":1,\"maxProperties\":1} | {\"a\":1}; [] | {}; {\"a\":1,\"b\":1}",
                "{\"dependentRequired\":{\"a\":[\"b\"]}} | {}; {\"b\":1}; {\"a\":1,\"b\":1} | {\"a\":1}",
                "{\"dependentSchemas\":{\"a\":{\"required\":[\"b\"]}}} | {}; {\"a\":1,\"b\":1} | {\"a\":1}",
                "{\"allOf\":[{\"minimum\":1},{\"maximum\":2}]} | 1; 2 | 0; 3",
                "{\"anyOf\":[{\"type\":\"string\"},{\"minimum\":2}]} | \"a\"; 2; true | 1",
                "{\"oneOf\":[{\"multipleOf\":2},{\"multipleOf\":3}]} | 2; 3 | 6; 5",
                "{\"not\":{\"type\":\"string\"}} | 1; null | \"a\"",
                "{\"if\":{\"type\":\"string\"},\"then\":{\"minLength\":2},\"else\":{\"minimum\":2}} | \"ab\"; 2; true | \"a\"; 1",
                "{\"properties\":{\"a\":true},\"unevaluatedProperties\":false} | {\"a\":1} | {\"b\":1}",
                "{\"allOf\":[{\"properties\":{\"a\":true}}],\"unevaluatedProperties\":false} | {\"a\":1} | {\"b\":1}",
                "{\"anyOf\":[{\"properties\":{\"a\":{\"const\":1}},\"required\":[\"a\"]},{\"properties\":{\"b\":true}}],\"unevaluatedProperties\":false} | {\"a\":1,\"b\":2} | {\"a\":2}; {\"c\":1}",
                "{\"if\":{\"required\":[\"a\"]},\"then\":{\"properties\":{\"a\":true}},\"unevaluatedProperties\":{\"type\":\"string\"}} | {\"a\":1}; {\"b\":\"\"} | {\"b\":1}",
                "{\"prefixItems\":[true],\"unevaluatedItems\":false} | [1] | [1,2]",
                "{\"contains\":{\"type\":\"string\"},\"unevaluatedItems\":{\"type\":\"integer\"}} | [\"a\",1] | [\"a\",true]",
                "{\"$defs\":{\"n\":{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#/$defs/n\"}},\"additionalProperties\":false}},\"$ref\":\"#/$defs/n\"} | {}; {\"next\":{\"next\":{}}} | {\"next\":{\"last\":1}}; 1",
                "{\"$defs\":{\"a/b\":{\"type\":\"integer\"},\"c%d\":{\"type\":\"string\"}},\"properties\":{\"x\":{\"$ref\":\"#/$defs/a~1b\"},\"y\":{\"$ref\":\"#/$defs/c%25d\"}}} | {\"x\":1,\"y\":\"\"} | {\"x\":\"\"}; {\"y\":1}",
                "{\"$ref\":\"#/$defs/a\",\"maximum\":5,\"$defs\":{\"a\":{\"minimum\":1}}} | 3 | 0; 6",
                "{\"pattern\":\"^a*$\"} | \"\"; \"aaa\"; 1 | \"aab\"; \"aa\\n\"",
                "true | 1; null | ",
                "false | | 1; {}"
            })
    void judgesAsTheOracleDoes(String schema, String right, String wrong) {
        for (var json : values(right)) {
            assertThat(judged(schema, json)).as("%s of %s", json, schema).isEmpty();
            assertThat(oracle(schema, json))
                    .as("the oracle: %s of %s", json, schema)
                    .isTrue();
        }
        for (var json : values(wrong)) {
            assertThat(judged(schema, json)).as("%s of %s", json, schema).isNotEmpty();
            if (!json.contains("\\n")) { // Java's $ stands before a last line break, that of ECMA-262 doesn't
                assertThat(oracle(schema, json))
                        .as("the oracle: %s of %s", json, schema)
                        .isFalse();
            }
        }
    }

    private static List<String> values(String text) {
        return text == null ? List.of() : List.of(text.split("; "));
    }

    /** Seeded, so that a difference can be had again. */
    @Test
    void judgesGrownSchemasAsTheOracleDoes() {
        int right = 0;
        for (int seed = 0; seed < 3000; seed++) {
            var grown = new GrownSchema(new Random(seed));
            var schema = grown.schema(3);
            var value = value(schema);
            var oracle = ORACLE.getSchema(schema);
            for (int i = 0; i < 4; i++) {
                var json = grown.value(3);
                boolean expected = oracle.validate(json, InputFormat.JSON).isEmpty();
                right += expected ? 1 : 0;
                assertThat(value.sent(tree(json), "").isEmpty())
                        .as("seed %s: %s of %s", seed, json, schema)
                        .isEqualTo(expected);
            }
        }
        assertThat(right).as("values that are right, of 12000").isBetween(1500, 10500);
    }

    @Test
    void saysWhatIsWrongAndWhere() {
        assertThat(
                        judged(
                                """
                {"type": "object", "required": ["name"], "additionalProperties": false,
                 "properties": {"name": {"type": "string"}, "age": {"type": "integer", "minimum": 0},
                  "tags": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]+$"}}, "kind": {"enum": ["cat", "dog"]},
                  "mail": {"format": "email"}, "id": {"readOnly": true}}}
                """,
                                """
                {"age": -1, "tags": ["a", "B", 1], "kind": "cow", "mail": "a", "a/b": 1, "id": "7"}"""))
                .extracting(each ->
                        String.join(" | ", each.pointer(), each.code(), each.message(), each.expected(), each.actual()))
                .containsExactlyInAnyOrder(
                        "/name | REQUIRED | must be given |  | ",
                        "/age | MIN | must be at least 0 | at least 0 | -1",
                        "/tags/1 | PATTERN | must be a text that matches ^[a-z]+$ | a text that matches ^[a-z]+$ | B",
                        "/tags/2 | WRONG_TYPE | must be a string | a string | 1",
                        "/kind | UNKNOWN_VALUE | must be one of \"cat\", \"dog\" | one of \"cat\", \"dog\" | cow",
                        "/mail | WRONG_FORMAT | must be of the format email | of the format email | a",
                        "/a~1b | UNKNOWN_KEY | is not known here |  | ",
                        "/id | READ_ONLY | is for reading alone: must not be sent |  | ");
    }

    @Test
    void aDiscriminatorChoosesTheKindThatIsJudged() {
        var schema =
                """
                {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
                 "discriminator": {"propertyName": "kind", "mapping": {"dog": "Dog"}},
                 "components": {"schemas": {
                   "Cat": {"type": "object", "required": ["kind", "lives"], "properties": {"lives": {"type": "integer"}}},
                   "Dog": {"type": "object", "required": ["kind", "tricks"]}}}}""";

        assertThat(judged(schema, "{\"kind\":\"Cat\",\"lives\":9}")).isEmpty();
        assertThat(judged(schema, "{\"kind\":\"Cat\",\"lives\":\"9\"}"))
                .extracting(Violation::pointer)
                .containsExactly("/lives");
        assertThat(judged(schema, "{\"kind\":\"dog\"}"))
                .extracting(Violation::pointer)
                .containsExactly("/tricks");
        assertThat(judged(schema, "{\"kind\":\"cow\"}"))
                .extracting(Violation::message)
                .containsExactly("must be one of Cat, dog");
        assertThat(judged(schema, "{}")).extracting(Violation::code).containsExactly("REQUIRED");
    }

    @Test
    void theNearestKindSaysWhatItLacks() {
        var schema = "{\"oneOf\":[{\"type\":\"string\"},{\"type\":\"object\",\"required\":[\"a\"]}]}";

        assertThat(judged(schema, "{}")).extracting(Violation::pointer).containsExactly("/a");
        assertThat(judged(schema, "1")).extracting(Violation::code).containsExactly("ONE_OF");
    }

    @Test
    void whatIsForOneWayAloneIsNotDemandedOnTheOther() {
        var value = value(
                """
                {"required": ["id", "secret"], "properties": {"id": {"readOnly": true}, "secret": {"writeOnly": true}}}""");

        assertThat(value.sent(tree("{\"secret\":1}"), "")).isEmpty();
        assertThat(value.answered(tree("{\"id\":1}"), "")).isEmpty();
        assertThat(value.answered(tree("{\"id\":1,\"secret\":1}"), ""))
                .extracting(Violation::code)
                .containsExactly("WRITE_ONLY");
    }

    @Test
    void bombsEnd() {
        Assertions.assertTimeout(Duration.ofSeconds(60), () -> {
            var texts = "[" + ("\"" + "a".repeat(40) + "\",").repeat(2000) + "\"\"]";
            assertThat(judged("{\"items\":{\"pattern\":\"^(a+)+$b\"}}", texts)).isNotEmpty();
            var deep = "[".repeat(60) + "]".repeat(60);
            var twice = "{\"anyOf\":[{\"type\":\"array\",\"items\":{\"$ref\":\"#\"},\"minItems\":1},"
                    + "{\"type\":\"array\",\"items\":{\"$ref\":\"#\"},\"minItems\":1}]}";
            assertThat(judged(twice, deep)).isNotEmpty();
            assertThat(judged("{\"multipleOf\":0.3}", "1e1000")).isNotEmpty();
            assertThat(judged("{\"uniqueItems\":true}", "[" + "\"AaAa\",\"BBBB\",".repeat(20000) + "1]"))
                    .isNotEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "^\\d{2}$ | 12 | 123",
                "^[\\w.-]+@x$ | a.b-c@x | @x",
                "^\\s$ | `\u00a0` | a",
                "a{b | a{b | ab",
                "^{.*}$ | {x} | x",
                "^[[a]$ | [ | b",
                "^[a&&b]$ | & | c",
                "^a.b$ | a\u0085b | ab",
                "\\/x | /x | x",
                "^\\u{1F600}$ | 😀 | a",
                "^\\p{Lu}$ | Ä | ä",
                "^[^]$ | x | xy",
                "(?<y>[0-9]{4})-\\k<y> | 2020-2020 | 2020-2021",
                "^a+?$ | aa | b",
                "^(?=a)(?!ab). | ac | ab"
            })
    void expressionsMeanWhatEcmaScriptMeans(String ecma, String match, String other) {
        assertThat(EcmaPattern.of(ecma).matcher(match).find()).isTrue();
        assertThat(EcmaPattern.of(ecma).matcher(other).find()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(?i)a", "a++", "\\Aa", "a\\z", "[a", "(a", "a\\", "(?>a)", "x{2}+"})
    void whatJavaAloneKnowsIsRefused(String java) {
        assertThatThrownBy(() -> EcmaPattern.of(java)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "date | 2024-02-29; 0001-01-01 | 2023-02-29; 24-01-01; 2024-1-1; +12024-01-01",
                "date-time | 2024-02-29T23:59:60Z; 2024-01-01t00:00:00.123z; 2024-01-01T00:00:00+05:30 | 2024-01-01; 2024-01-01T25:00:00Z; 2024-01-01T00:00:00",
                "time | 12:00:00Z; 23:59:60+00:00 | 12:00:60Z; 12:00; 12:00:00",
                "duration | P1D; PT1H30M; P2W; P1Y2M3DT4H | P; PT; 1D; P1S",
                "uuid | 2EB8AA08-AA98-11EA-B4AA-73B441D16380 | 2eb8aa08aa9811eab4aa73b441d16380; x",
                "email | a@b.example; a+b@c | @b; a@; a; a@b..c",
                "hostname | a.example; 1a; a-b | -a; a_b; a..b",
                "ipv4 | 127.0.0.1; 0.0.0.0 | 256.1.1.1; 1.1.1; 01.1.1.1; 1.1.1.1.",
                "ipv6 | ::1; 1:2:3:4:5:6:7:8; ::ffff:1.2.3.4; 1:: | 1; :1; 1:2:3:4:5:6:7; 1::2::3; ::1.2.3.400; 12345::",
                "uri | https://a.example/x?y#z; urn:a:b | /a; a b; http://[; https://ä",
                "uri-reference | /a; ../b; #c | a b",
                "json-pointer | /a~0~1; /; /a/0 | a; /~2",
                "byte | YQ== | Y!",
                "int32 | 2147483647; -2147483648 | 2147483648; -2147483649",
                "int64 | 9223372036854775807 | 9223372036854775808",
                "made-up | x; 1 | "
            })
    void formats(String format, String right, String wrong) {
        var schema = "{\"format\":\"" + format + "\"}";
        for (var text : values(right)) {
            assertThat(judged(schema, json(format, text))).as(text).isEmpty();
        }
        for (var text : values(wrong)) {
            assertThat(judged(schema, json(format, text))).as(text).isNotEmpty();
        }
    }

    private static String json(String format, String text) {
        return format.startsWith("int") ? text : "\"" + text + "\"";
    }
}
