package dev.plinth.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.config.Node;
import dev.plinth.config.Origin;
import dev.plinth.config.YamlText;
import dev.plinth.json.YamlWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LintDiffTest {
    @TempDir
    private Path folder;

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void lintTellsErrorsAndWhatIsProbablyNotMeant() throws IOException {
        var file = write(
                "openapi.yaml",
                """
                openapi: 3.1.0
                info: { title: Pets }
                tags: [ { name: pets } ]
                security: [ { bearre: [] } ]
                paths:
                  /pets/{id}.json/:
                    get:
                      operationId: get-pet!
                      tags: [ pet ]
                      parameters: [ { name: id, in: path, required: true, schema: { type: string, minLenght: 1 } } ]
                      responses: { "404": { description: none } }
                components:
                  securitySchemes: { bearer: { type: http, scheme: bearer } }
                  schemas:
                    Pet: { type: object, required: [ nam ], properties: { name: { type: string, default: 1 } } }
                    Pets: { type: array, example: 7 }
                    Size: { enum: [ 1, 1.0 ] }
                """);

        assertThat(Lint.of(file))
                .extracting(each -> each.toString().replace(folder + "/", ""))
                .containsExactly(
                        "openapi.yaml:2:7: error: /info: version is missing [info]",
                        "openapi.yaml:7:5: error: get-pet!: asks for bearre, and there is no such security scheme (did you mean bearer?) [security]",
                        "openapi.yaml:7:5: warning: get-pet!: is no name for code (expected: a letter, then letters, digits and _.-) [operation-id]",
                        "openapi.yaml:7:5: warning: get-pet!: has neither summary nor description [described]",
                        "openapi.yaml:7:5: warning: get-pet!: has no answer for success (2xx, 3xx or default) [success]",
                        "openapi.yaml:7:5: warning: get-pet!: /pets/{id}.json/ can't be routed here (expected: segments that are text, or one {name} and nothing else) [segments]",
                        "openapi.yaml:7:5: warning: get-pet!: /pets/{id}.json/ ends with a slash, which callers forget [slash]",
                        "openapi.yaml:9:15: warning: get-pet!: the tag pet is not among the document's [tags]",
                        "openapi.yaml:10:83: warning: /paths/~1pets~1{id}.json~1/get/parameters/0/schema: the key minLenght is not known there (did you mean minLength?) [known-keys]",
                        "openapi.yaml:13:22: warning: /components/securitySchemes/bearer: nothing refers to it [unused]",
                        "openapi.yaml:15:5: warning: /components/schemas/Pet: nothing refers to it [unused]",
                        "openapi.yaml:15:38: warning: /components/schemas/Pet: nam is required and not among the properties (did you mean name?) [required]",
                        "openapi.yaml:15:90: warning: /components/schemas/Pet/properties/name/default: breaks its schema: must be a string [examples]",
                        "openapi.yaml:16:5: warning: /components/schemas/Pets: nothing refers to it [unused]",
                        "openapi.yaml:16:11: warning: /components/schemas/Pets: a list without items may hold anything [items]",
                        "openapi.yaml:16:35: warning: /components/schemas/Pets/example: breaks its schema: must be a list [examples]",
                        "openapi.yaml:17:5: warning: /components/schemas/Size: nothing refers to it [unused]",
                        "openapi.yaml:17:24: warning: /components/schemas/Size: a value stands there twice [enum]");
        assertThat(Lint.of(write("broken.yaml", "openapi: 4.0.0\n")))
                .extracting(Finding::error)
                .containsExactly(true);
    }

    private static final String PETS =
            """
            openapi: 3.1.0
            info: { title: Pets, version: "1" }
            paths:
              /pets/{id}:
                parameters: [ { name: id, in: path, required: true, schema: { type: string } } ]
                get:
                  operationId: getPet
                  parameters:
                    - { name: fields, in: query, schema: { type: array, items: { enum: [ a, b ] } } }
                  responses:
                    "200": { description: it, content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } }
                put:
                  requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } }
                  responses: { "204": { description: done } }
            components:
              schemas:
                Pet:
                  type: object
                  required: [ name ]
                  properties:
                    name: { type: string, maxLength: 10 }
                    kind: { enum: [ cat, dog ] }
                    parent: { $ref: "#/components/schemas/Pet" }
            """;

    /** What is written otherwise, what then breaks, and what else is told. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/pets/{id}: | /pets/{name}: | ",
                "operationId: getPet | operationId: onePet | other: GET /pets/{id}: operationId was getPet, is onePet",
                "required: [ name ] | required: [ name, kind ] | breaking: PUT /pets/{id} body/kind: is required now;other: GET /pets/{id} 200/kind: is required now",
                "required: [ name ] | required: [] | breaking: GET /pets/{id} 200/name: may be missing now;other: PUT /pets/{id} body/name: may be missing now",
                "[ cat, dog ] | [ cat ] | breaking: PUT /pets/{id} body/kind: \"dog\" is gone;other: GET /pets/{id} 200/kind: \"dog\" is gone",
                "[ cat, dog ] | [ cat, dog, cow ] | breaking: GET /pets/{id} 200/kind: \"cow\" is new;other: PUT /pets/{id} body/kind: \"cow\" is new",
                "maxLength: 10 | maxLength: 9 | breaking: PUT /pets/{id} body/name: maxLength was 10, is 9;other: GET /pets/{id} 200/name: maxLength was 10, is 9",
                "name: { type: string, maxLength: 10 } | name: { type: [ string, \"null\" ], maxLength: 10 } | breaking: GET /pets/{id} 200/name: was string, is null or string;other: PUT /pets/{id} body/name: was string, is null or string",
                "parent: { $ref: \"#/components/schemas/Pet\" } | | breaking: GET /pets/{id} 200/parent: is gone;other: PUT /pets/{id} body/parent: is gone",
                "requestBody: { content | requestBody: { required: true, content | breaking: PUT /pets/{id} body: is required now",
                "{ name: fields, in: query, | { name: fields, in: query, explode: false, | breaking: GET /pets/{id} query:fields: was written as form exploded, is written as form",
                "{ name: fields, in: query, | { name: field, in: query, required: true, | breaking: GET /pets/{id} query:field: is new and required;other: GET /pets/{id} query:fields: is gone: who sends it is not heard",
                "\"204\": { description: done } | \"200\": { description: done } | breaking: PUT /pets/{id} 204: is gone;other: PUT /pets/{id} 200: is new",
                "paths: | security: [ { key: [] } ]¶paths: | breaking: GET /pets/{id}: nobody gets in without credentials any more;breaking: PUT /pets/{id}: nobody gets in without credentials any more",
                "paths: | servers: [ { url: /v2 } ]¶paths: | breaking: GET /pets/{id}: is gone;breaking: PUT /pets/{id}: is gone;other: GET /v2/pets/{id}: is new;other: PUT /v2/pets/{id}: is new"
            })
    void diffTellsWhatBreaksCallers(String text, String other, String expected) throws IOException {
        var before = Document.file(write("old.yaml", PETS));
        assertThat(PETS).contains(text);
        var changed = PETS.replace(text, other == null ? "" : other.replace("¶", "\n"));
        if (text.startsWith("/pets/{id}")) {
            changed = changed.replace("name: id", "name: name");
        }
        var after = Document.file(write("new.yaml", changed));

        assertThat(Diff.of(before, before)).isEmpty();
        assertThat(Diff.of(before, after).stream()
                        .map(each -> each.toString().replaceFirst(" \\[.*", ""))
                        .toList())
                .containsExactlyElementsOf(
                        expected == null ? java.util.List.of() : java.util.List.of(expected.split(";")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "a: b",
                "#x",
                "",
                " x",
                "x ",
                "yes",
                "No",
                "null",
                "~",
                "1",
                "1.0",
                "0x1",
                "1e3",
                "- a",
                "[",
                "{a",
                "*a",
                "&a",
                "!a",
                "a #b",
                "two\nlines",
                "two\nlines\n",
                "two\n\nlines",
                "\nx",
                "x\n\n",
                " x\ny",
                "tab\tx",
                "a\r\nb",
                "quote\"s'",
                "\u2028",
                "ü😀",
                "=",
                "---",
                "a\u0085b",
                "%a",
                "@a",
                "`a",
                "\\"
            })
    void whatIsWrittenIsReadAsTheSame(String text) {
        var origin = Origin.file("f");
        var tree = new Trees.Draft(origin)
                .text("a", text)
                .put(
                        text,
                        new Trees.Draft(origin)
                                .put(
                                        "list",
                                        new Node.Sequence(
                                                java.util.List.of(
                                                        Trees.text(text, origin),
                                                        new Node.Sequence(
                                                                java.util.List.of(Trees.text(text, origin)), origin),
                                                        new Trees.Draft(origin)
                                                                .text("b", text)
                                                                .text("c", text)
                                                                .done()),
                                                origin))
                                .put("empty", new Node.Mapping(java.util.Map.of(), origin))
                                .put("n", Trees.plain("1.50", origin))
                                .done())
                .done();

        var map = (java.util.Map<?, ?>) java.util.Objects.requireNonNull(Trees.value(tree));
        @SuppressWarnings("unchecked") // a mapping is a map by name
        var yaml = YamlWriter.of((java.util.Map<String, Object>) map);
        for (var written : java.util.List.of(yaml, JsonText.of(tree))) {
            var read = YamlText.read(written.getBytes(StandardCharsets.UTF_8), origin);
            assertThat(Trees.value(read)).as(written).isEqualTo(Trees.value(tree));
        }
    }
}
