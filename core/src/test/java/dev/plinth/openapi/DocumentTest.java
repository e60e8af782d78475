package dev.plinth.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentTest {
    @TempDir
    private Path folder;

    private Path write(String name, String text) throws IOException {
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private String refused(String text) throws IOException {
        var file = write("openapi.yaml", text);
        try {
            Document.file(file);
            throw new AssertionError("it was read");
        } catch (ConfigException refused) {
            return String.valueOf(refused.getMessage()).replace(folder + "/", "");
        }
    }

    @Test
    void whatOtherFilesHoldBecomesComponents() throws IOException {
        write(
                "common/pet.yaml",
                """
                type: object
                properties:
                  name: { type: string }
                  friends: { type: array, items: { $ref: "#" } }
                  owner: { $ref: "../people.yaml#/Owner%20of%20a~1pet" }
                """);
        write(
                "people.yaml",
                """
                Owner of a/pet: { type: object, properties: { pets: { $ref: "common/pet.yaml" } } }
                limit: { name: limit, in: query, schema: { type: integer } }
                """);
        write(
                "paths/pets.yaml",
                """
                get:
                  operationId: listPets
                  parameters: [ { $ref: "../people.yaml#/limit" } ]
                  responses:
                    "200":
                      description: all
                      content: { application/json: { schema: { type: array, items: { $ref: "../common/pet.yaml" } } } }
                """);
        var document = Document.file(
                write(
                        "openapi.yaml",
                        """
                openapi: 3.0.3
                info: { title: Pets, version: "1" }
                paths: { /pets: { $ref: paths/pets.yaml } }
                components: { schemas: { pet: { type: string } } }
                """));

        var text = JsonText.of(document.joined());
        assertThat(text).doesNotContain(".yaml");
        assertThat(document.component("schemas")).containsOnlyKeys("pet", "pet2", "Owner_of_a_pet");
        assertThat(document.component("parameters")).containsOnlyKeys("limit");
        var pets = document.endpoints().getFirst();
        assertThat(pets.id()).isEqualTo("listPets");
        assertThat(pets.parameters().getFirst().name()).isEqualTo("limit");
        assertThat(pets.answers().get("200").content().get("application/json").answered(List.of(Map.of("name", 1)), ""))
                .extracting(each -> each.pointer() + " " + each.message())
                .containsExactly("/0/name must be a string");
    }

    @Test
    void aDocumentOf20IsRead() throws IOException {
        var document = Document.file(
                write(
                        "swagger.json",
                        """
                { "swagger": "2.0", "info": { "title": "Pets", "version": "1" }, "host": "pets.example", "basePath": "/v1",
                  "schemes": ["https"], "consumes": ["application/json"], "produces": ["application/json"],
                  "securityDefinitions": { "key": { "type": "apiKey", "in": "header", "name": "X-Key" }, "basic": { "type": "basic" } },
                  "parameters": { "body": { "in": "body", "name": "pet", "required": true, "schema": { "$ref": "#/definitions/Pet" } },
                                  "page": { "in": "query", "name": "page", "type": "integer", "minimum": 0, "exclusiveMinimum": true } },
                  "paths": {
                    "/pets": {
                      "parameters": [ { "$ref": "#/parameters/page" } ],
                      "post": { "operationId": "addPet", "security": [ { "key": [] } ],
                        "parameters": [ { "$ref": "#/parameters/body" },
                          { "in": "query", "name": "tags", "type": "array", "items": { "type": "string" }, "collectionFormat": "pipes" } ],
                        "responses": { "201": { "description": "made", "schema": { "$ref": "#/definitions/Pet" } } } } },
                    "/pets/{id}/photo": {
                      "put": { "consumes": ["multipart/form-data"],
                        "parameters": [ { "in": "path", "name": "id", "required": true, "type": "string", "format": "uuid" },
                          { "in": "formData", "name": "photo", "type": "file", "required": true },
                          { "in": "formData", "name": "title", "type": "string", "maxLength": 3 } ],
                        "responses": { "204": { "description": "done" } } } } },
                  "definitions": { "Pet": { "type": "object", "required": ["kind"], "discriminator": "kind",
                    "properties": { "kind": { "type": "string" }, "age": { "type": "integer", "x-nullable": true } } } } }
                """));

        assertThat(document.version()).isEqualTo("2.0");
        var add = document.endpoints().getFirst();
        assertThat(add.basePath()).isEqualTo("/v1");
        assertThat(add.security()).containsExactly(Map.of("key", List.of()));
        assertThat(add.parameters())
                .extracting(each -> each.name() + " " + each.style() + " " + each.explode())
                .containsExactly("page form true", "tags pipeDelimited false");
        assertThat(add.parameters().getFirst().value().sent(0, "")).hasSize(1);
        var body = add.body();
        assertThat(body).isNotNull();
        assertThat(body.required()).isTrue();
        var pet = body.content().get("application/json");
        assertThat(pet.sent(Map.of("kind", "cat"), "")).isEmpty();
        var withNull = new java.util.HashMap<String, Object>(Map.of("kind", "cat"));
        withNull.put("age", null);
        assertThat(pet.sent(withNull, "")).isEmpty();
        assertThat(pet.sent(Map.of(), "")).extracting(each -> each.pointer()).containsExactly("/kind");
        var photo = document.endpoints().get(1);
        assertThat(photo.aliases()).containsExactly("pets.photo.put");
        assertThat(photo.body()).isNotNull();
        assertThat(photo.body().content()).containsOnlyKeys("multipart/form-data");
        assertThat(document.component("securitySchemes"))
                .containsEntry("basic", Map.of("type", "http", "scheme", "basic"));
    }

    @Test
    void everythingThatIsWrongIsToldWithItsPlace() throws IOException {
        assertThat(
                        refused(
                                """
                openapi: 3.1.0
                info: { title: Pets, version: "1" }
                paths:
                  /pets/{id}:
                    get:
                      operationId: one
                      parameters:
                        - { name: limit, in: querry, schema: { type: integer } }
                        - { $ref: "#/components/parameters/Pag" }
                      responses:
                        "200": { $ref: "https://example.org/answers.yaml#/Ok" }
                    delete:
                      operationId: one
                      responses: { "204": { $ref: "../../elsewhere.yaml" } }
                components:
                  parameters: { Page: { name: page, in: query, schema: { type: int } } }
                  schemas:
                    Loop: { allOf: [ { $ref: "#/components/schemas/Loop" } ] }
                    Text: { type: string, pattern: "(?i)a" }
                """))
                .isEqualTo(
                        """
                        openapi.yaml has 3 problems:
                          $ref: #/components/parameters/Pag: there is no such place, as there is no 'Pag' (did you mean 'Page'?) [openapi.yaml:9:19]
                          $ref: https://example.org/answers.yaml#/Ok: what is elsewhere is not fetched (expected: a file beside this one; put a copy there) [openapi.yaml:11:24]
                          $ref: ../../elsewhere.yaml: this leads out of the folder of the document (expected: a file in it, or below) [openapi.yaml:14:35]""");
        assertThat(
                        refused(
                                """
                openapi: 3.1.0
                info: { title: Pets, version: "1" }
                paths: { /pets: { get: { responses: {} } } }
                components:
                  parameters: { Page: { name: page, in: query, schema: { type: int } } }
                  schemas:
                    Loop: { allOf: [ { $ref: "#/components/schemas/Loop" } ] }
                    Text: { type: string, pattern: "(?i)a" }
                    Dynamic: { $dynamicRef: "#node" }
                """))
                .isEqualTo(
                        """
                        openapi.yaml has 4 problems:
                          /components/parameters/Page/schema: type int is not known (expected: one of array, boolean, integer, null, number, object, string) [openapi.yaml:5:64]
                          /components/schemas/Loop: this schema refers to itself for the same value, so judging would not end [openapi.yaml:7:11]
                          /components/schemas/Text/pattern: (?i)a: '(?i)' is not of ECMA-262 (expected: (, (?:, (?=, (?!, (?<=, (?<! or (?<name>) [openapi.yaml:8:36]
                          /components/schemas/Dynamic: $dynamicRef is not read (expected: $ref: with a JSON Pointer) [openapi.yaml:9:29]""");
        assertThat(
                        refused(
                                """
                openapi: 3.1.0
                info: { title: Pets, version: "1" }
                paths:
                  /pets/{id}: { get: { operationId: one, responses: {} }, put: { operationId: one, responses: {} } }
                  /pets/{name}:
                    get:
                      parameters: [ { name: nam, in: path, required: true, schema: {} }, { name: a, in: body } ]
                """))
                .isEqualTo(
                        """
                        openapi.yaml has 8 problems:
                          parameters: {id} of the path /pets/{id} is not described [openapi.yaml:4:17]
                          operationId: one stands at two operations (the first at openapi.yaml:4:17) [openapi.yaml:4:59]
                          parameters: {id} of the path /pets/{id} is not described [openapi.yaml:4:59]
                          paths: get of /pets/{name} takes the same paths as /pets/{id} [openapi.yaml:5:3]
                          parameters: {name} of the path /pets/{name} is not described [openapi.yaml:6:5]
                          parameters: nam is not in the path /pets/{name} [openapi.yaml:7:21]
                          parameters: a is in body (expected: path, query, header or cookie) [openapi.yaml:7:74]"""
                                .replace("8 problems", "7 problems"));
    }

    @Test
    void whatIsNoDocumentIsTold() throws IOException {
        assertThat(refused("swagger: 1.2\n"))
                .isEqualTo("openapi.yaml has a problem:\n  swagger: version 1.2 is not read (expected: openapi: 3.1.x,"
                        + " openapi: 3.0.x or swagger: \"2.0\") [openapi.yaml:1:10]");
        assertThat(refused("a: 1\n")).contains("this is no OpenAPI document");
        assertThat(refused("openapi: [")).contains("[openapi.yaml:1:");
        assertThatThrownBy(() -> Document.file(folder.resolve("missing.yaml")))
                .hasMessageContaining("there is no such file");
        assertThatThrownBy(() -> Document.resource(DocumentTest.class.getClassLoader(), "missing.yaml"))
                .hasMessageContaining("there is no such resource on the class path")
                .hasMessageContaining("[classpath:missing.yaml]");
    }

    @Test
    void hostileDocumentsAreRefused() throws IOException {
        assertThat(refused("openapi: 3.1.0\nx: " + "[".repeat(200) + "]".repeat(200)))
                .contains("deeper than 100 levels");
        var bomb = new StringBuilder("openapi: 3.1.0\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 8; i++) {
            bomb.append("a")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [")
                    .append(("*a" + (i - 1) + ", ").repeat(9))
                    .append("*a")
                    .append(i - 1)
                    .append("]\n");
        }
        assertThat(refused(bomb.toString())).contains("the aliases stand for more than 100000 values");
        assertThat(
                        refused(
                                """
                openapi: 3.1.0
                paths: {}
                components: { schemas: { A: { $ref: "#/components/schemas/B" }, B: { $ref: "#/components/schemas/A" } } }
                """))
                .contains("#/components/schemas/B leads back to itself");
        write("a.yaml", "$ref: b.yaml\n");
        write("b.yaml", "$ref: a.yaml\n");
        assertThat(refused("openapi: 3.1.0\npaths: { /a: { $ref: a.yaml } }\n")).contains("this refers to itself");
        Files.write(folder.resolve("large.yaml"), new byte[(32 << 20) + 1]);
        assertThat(refused("openapi: 3.1.0\npaths: { /a: { $ref: large.yaml } }\n"))
                .contains("this is larger than 32 MiB");
        Files.createSymbolicLink(folder.resolve("link.yaml"), Path.of("/etc/hostname"));
        assertThat(refused("openapi: 3.1.0\npaths: { /a: { $ref: link.yaml } }\n"))
                .contains("it leads out of the folder of the document");
    }

    @Test
    void cyclesThatEndAreFine() throws IOException {
        var document = Document.file(
                write(
                        "openapi.yaml",
                        """
                openapi: 3.1.0
                info: { title: Trees, version: "1" }
                paths:
                  /trees:
                    post:
                      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Tree" } } } }
                      responses: {}
                components:
                  schemas:
                    Tree: { type: object, additionalProperties: { $ref: "#/components/schemas/Tree" } }
                """));
        var body = document.endpoints().getFirst().body();
        assertThat(body).isNotNull();
        assertThat(body.content().get("application/json").sent(Map.of("a", Map.of("b", Map.of("c", 1))), ""))
                .extracting(each -> each.pointer())
                .containsExactly("/a/b/c");
    }
}
