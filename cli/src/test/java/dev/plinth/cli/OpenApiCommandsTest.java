package dev.plinth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class OpenApiCommandsTest {
    private record Said(int exitCode, String out, String err) {}

    @TempDir
    private Path folder;

    private Said plinth(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var exitCode = Plinth.run(
                new Whisper(InputStream.nullInputStream(), null, false),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
        return new Said(exitCode, text(out), text(err));
    }

    private String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8).replace(folder + "/", "");
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static final String PETS =
            """
            openapi: 3.1.0
            info: { title: Pets, version: "1" }
            security: [ { key: [] } ]
            paths:
              /pets:
                get: { operationId: listPets, tags: [ pets ], summary: "All */ pets", responses: { "200": { description: all } } }
                post:
                  operationId: "add\\"pet"
                  tags: [ pets ]
                  requestBody: { required: true, content: { application/json: { schema: { $ref: "pet.yaml#/Pet" } } } }
                  responses: { "201": { description: made } }
              /pets/{pet-id}:
                get:
                  parameters: [ { name: pet-id, in: path, required: true, schema: { type: integer } } ]
                  responses: { "200": { description: it } }
            components:
              securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
            """;

    private static final String PET =
            """
            Pet:
              oneOf: [ { $ref: "#/Cat" }, { $ref: "#/Dog" } ]
              discriminator: { propertyName: kind, mapping: { cat: "#/Cat", good-dog: "#/Dog" } }
            Cat:
              type: object
              description: "Has lives. */ class Evil {} \\\\u002a/"
              required: [ kind, lives, toys ]
              properties:
                kind: { type: string }
                lives: { type: integer, format: int32, minimum: 1, maximum: 9 }
                toys: { type: array, minItems: 1, items: { type: string, minLength: 1, pattern: "^[a-z\\\\d]+$" } }
                born: { type: string, format: date }
                mood: { type: string, enum: [ calm, wild ] }
                home: { type: object, required: [ street ], properties: { street: { type: string, maxLength: 50 } } }
            Dog:
              allOf:
                - { type: object, required: [ kind, weight ], properties: { kind: { type: string }, weight: { type: number, exclusiveMinimum: 0 } } }
                - { type: object, properties: { friends: { type: object, additionalProperties: { $ref: "#/Cat" } }, odd: { $ref: "#/Odd" } } }
            Odd: { type: object, properties: { "a b": { type: string }, class: { type: string } } }
            """;

    @Test
    void mergeMakesOneFile_andOverwritesNothing() throws IOException {
        write("pet.yaml", PET);
        var file = write("openapi.yaml", PETS);
        var out = folder.resolve("one.json").toString();

        var printed = plinth("openapi", "merge", file);
        assertThat(printed.exitCode()).as(printed.err()).isZero();
        assertThat(printed.out())
                .startsWith("openapi: \"3.1.0\"\n")
                .doesNotContain("pet.yaml")
                .contains("\n    Dog:\n");
        assertThat(plinth("openapi", "merge", file, "-o", out)).isEqualTo(new Said(0, "Wrote one.json.\n", ""));
        assertThat(Path.of(out)).content().startsWith("{\n  \"openapi\": \"3.1.0\",\n");
        assertThat(plinth("openapi", "merge", file, "-o", out))
                .isEqualTo(
                        new Said(
                                1,
                                "",
                                "plinth openapi merge: one.json is already there. Choose another with -o, or overwrite it with --force.\n"));
        assertThat(plinth("openapi", "merge", file, "-o", out, "--force").exitCode())
                .isZero();
        assertThat(plinth("openapi", "merge", out).out()).isEqualTo(Files.readString(Path.of(out)));
    }

    @Test
    void lintAndDiffTellByExitCodeToo() throws IOException {
        write("pet.yaml", PET);
        var file = write("openapi.yaml", PETS);
        var other = write("next.yaml", PETS.replace("/pets/{pet-id}", "/animals/{pet-id}"));

        var warned = plinth("openapi", "lint", file);
        assertThat(warned.exitCode()).isZero();
        assertThat(warned.out()).endsWith("0 errors, 4 warnings\n");
        assertThat(plinth("openapi", "lint", file, "--strict").exitCode()).isEqualTo(1);
        assertThat(plinth("openapi", "lint", file, "--json").out())
                .startsWith("[{\"severity\":\"warning\",\"rule\":")
                .contains("\"line\":");
        var broken = plinth("openapi", "lint", write("broken.yaml", "openapi: 3.1.0\npaths: { a: {} }\n"));
        assertThat(broken)
                .isEqualTo(new Said(
                        1,
                        "broken.yaml:2:10: error: paths: 'a' (expected: a path that begins with /) [valid]\n1 error, 0 warnings\n",
                        ""));
        assertThat(plinth("openapi", "diff", file, file)).isEqualTo(new Said(0, "0 breaking, 0 other\n", ""));
        assertThat(plinth("openapi", "diff", file, other))
                .isEqualTo(new Said(
                        1,
                        """
                        breaking: GET /pets/{pet-id}: is gone [openapi.yaml:13:5]
                        other: GET /animals/{pet-id}: is new [next.yaml:13:5]
                        1 breaking, 1 other
                        """,
                        ""));
        assertThat(plinth("openapi", "diff", file, other, "--json").out()).startsWith("[{\"breaking\":true,\"where\":");
        assertThat(plinth("openapi", "diff", file, folder.resolve("none.yaml").toString())
                        .err())
                .contains("there is no such file");
    }

    @Test
    void generateWritesAServiceThatCompiles_andOverwritesNothing() throws IOException {
        write("pet.yaml", PET);
        var file = write("openapi.yaml", PETS);
        var project = folder.resolve("pets");

        var wrote = plinth("openapi", "generate", file, project.toString(), "--package", "com.example.pets");
        assertThat(wrote.exitCode()).as(wrote.err()).isZero();
        var java = project.resolve("src/main/java/com/example/pets");
        assertThat(java.resolve("Pet.java"))
                .hasContent(
                        """
                package com.example.pets;

                import dev.plinth.schema.ChosenBy;

                @ChosenBy("kind")
                public sealed interface Pet permits Cat, Dog {}
                """);
        assertThat(java.resolve("Cat.java"))
                .hasContent(
                        """
                package com.example.pets;

                import dev.plinth.schema.ChosenAs;
                import jakarta.validation.constraints.Max;
                import jakarta.validation.constraints.Min;
                import jakarta.validation.constraints.NotNull;
                import jakarta.validation.constraints.Pattern;
                import jakarta.validation.constraints.Size;
                import java.time.LocalDate;
                import java.util.List;
                import java.util.Optional;

                /** Has lives. ?/ class Evil {} ?u002a/ */
                @ChosenAs("cat")
                public record Cat(
                        @Min(1L) @Max(9L) int lives,
                        @NotNull @Size(min = 1) List<@Size(min = 1) @Pattern(regexp = "^[a-z\\\\d]+$") String> toys,
                        Optional<LocalDate> born,
                        Optional<CatMood> mood,
                        Optional<CatHome> home) implements Pet {}
                """);
        assertThat(java.resolve("Dog.java"))
                .content()
                .contains(
                        "@ChosenAs(\"good-dog\")",
                        "@NotNull @DecimalMin(value = \"0\", inclusive = false) BigDecimal weight")
                .contains("Optional<Map<String, Cat>> friends", "Optional<Map<String, Object>> odd");
        assertThat(java.resolve("PetsApi.java"))
                .content()
                .contains("contract.bind(\"pets.get\", PetsApi::petsGet);")
                .contains(
                        "contract.bind(\"add\\\"pet\", Pet.class, PetsApi::addPet);", "/** GET /pets: All ?/ pets */");
        compiles(java);

        var again = plinth("openapi", "generate", file, project.toString());
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("already. Choose another folder, or overwrite them with --force.");
        assertThat(plinth("openapi", "generate", file, project.toString(), "--package", "com.example.pets", "--force")
                        .exitCode())
                .isZero();
        assertThat(plinth(
                                "openapi",
                                "generate",
                                file,
                                folder.resolve("Bad_Name").toString())
                        .exitCode())
                .isEqualTo(64);
    }

    private void compiles(Path java) throws IOException {
        var words = new ArrayList<>(List.of(
                "-d",
                folder.resolve("classes").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Xlint:all,-processing",
                "-Werror",
                "-proc:none"));
        try (var files = Files.list(java)) {
            files.map(Path::toString).sorted().forEach(words::add);
        }
        var said = new ByteArrayOutputStream();
        int code = ToolProvider.getSystemJavaCompiler().run(null, said, said, words.toArray(String[]::new));
        assertThat(code)
                .as(said.toString(StandardCharsets.UTF_8) + File.pathSeparator)
                .isZero();
    }
}
