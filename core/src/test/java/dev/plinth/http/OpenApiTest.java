package dev.plinth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.Service;
import dev.plinth.auth.StoredHash;
import dev.plinth.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

class OpenApiTest {
    private static final Path SHOP = Path.of("src/test/resources/openapi/shop.yaml");

    private static String yaml(Service.Compose compose) {
        return TestDoor.launch(compose).openApi();
    }

    private static Map<?, ?> parsed(String yaml) {
        var settings = LoadSettings.builder().setSchema(new CoreSchema()).build();
        return (Map<?, ?>) new Load(settings).loadFromString(yaml);
    }

    /** What stands at the end of these names and indexes. */
    private static Object at(Object tree, Object... path) {
        for (var step : path) {
            tree = step instanceof Integer index ? ((List<?>) tree).get(index) : ((Map<?, ?>) tree).get(step);
        }
        return tree;
    }

    /** After a change that is meant: {@code mvn -pl core test -Dtest=OpenApiTest -Dreference.write=true}. */
    @Test
    void theWholeDocumentOfAShop() throws Exception {
        var yaml = yaml(DescribedShop::compose);
        if (Boolean.getBoolean("reference.write")) {
            Files.createDirectories(SHOP.getParent());
            Files.writeString(SHOP, yaml);
        }
        assertThat(yaml).isEqualTo(Files.readString(SHOP));
    }

    @Test
    void whatGuardsARouteStandsThere() throws Exception {
        try (var door = TestDoor.open(
                service -> service.http()
                        .get("/known", _ -> "a")
                        .access(Access.anybody(), open -> open.get("/open", _ -> "b"))
                        .access(Access.roles("clerk"), clerk -> clerk.get("/desk", _ -> "c")),
                "auth.machines.keys.clerk.hash=" + StoredHash.ofKey("a-key").text(),
                "auth.machines.keys.clerk.roles=[clerk]")) {
            assertThat(door.get("/openapi.json").statusCode()).isEqualTo(401);
            var document = TestDoor.json(door.get("/openapi.json", "X-API-Key", "a-key"));
            assertThat(at(document, "components", "securitySchemes", "machines"))
                    .isEqualTo(Map.of("type", "apiKey", "in", "header", "name", "X-API-Key"));
            assertThat(at(document, "paths", "/known", "get", "security"))
                    .isEqualTo(List.of(Map.of("machines", List.of())));
            assertThat(at(document, "paths", "/open", "get", "security")).isEqualTo(List.of());
            assertThat(at(document, "paths", "/desk", "get", "responses"))
                    .asString()
                    .contains("401", "403");
        }
    }

    @Test
    void jsonAndYamlAreTheSameAndAreSentOnce() throws Exception {
        try (var door = TestDoor.open(DescribedShop::compose)) {
            var json = door.get("/openapi.json");
            assertThat(json.statusCode()).isEqualTo(200);
            assertThat(json.headers().firstValue("Content-Type")).contains("application/json");
            var yaml = door.get("/openapi.yaml");
            assertThat(yaml.headers().firstValue("Content-Type")).contains("application/yaml");
            assertThat(yaml.body()).isEqualTo(yaml(DescribedShop::compose));
            assertThat(TestDoor.json(json).toString())
                    .isEqualTo(Json.standard()
                            .read(Json.standard().write(parsed(yaml.body())), Map.class)
                            .toString());

            var tag = json.headers().firstValue("ETag").orElseThrow();
            assertThat(tag).isNotEqualTo(yaml.headers().firstValue("ETag").orElseThrow());
            assertThat(door.get("/openapi.json", "If-None-Match", tag).statusCode())
                    .isEqualTo(304);
            assertThat(door.send("HEAD", "/openapi.json", "").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void nothingIsLookedAtBeforeSomebodyAsks() throws Exception {
        var looks = new AtomicInteger();
        try (var door = TestDoor.open(service ->
                service.http().get("/a", _ -> 1).describe(it -> it.summary("Look " + looks.incrementAndGet())))) {
            assertThat(door.get("/a").statusCode()).isEqualTo(200);
            assertThat(looks).hasValue(0);
            door.get("/openapi.json");
            assertThat(door.get("/openapi.yaml").body()).contains("summary: Look 1");
            assertThat(looks).hasValue(1);
        }
    }

    @Test
    void withNothingDescribedThereIsStillSomethingToRead() {
        record Note(String text) {}
        var document = parsed(yaml(service -> service.http()
                .post("/v1/notes", Note.class, note -> note)
                .get("/v1/notes/{id}", _ -> null)
                .get("/v1/notes/by-id", _ -> null)
                .get("/", _ -> null)));

        assertThat(at(document, "info")).hasToString("{title=door, version=unknown, description=The API of door.}");
        assertThat(at(document, "paths", "/v1/notes", "post", "operationId")).isEqualTo("postV1Notes");
        assertThat(at(document, "paths", "/v1/notes", "post", "summary")).isEqualTo("Post v1 notes");
        assertThat(at(document, "paths", "/v1/notes", "post", "tags")).isEqualTo(List.of("notes"));
        assertThat(at(document, "paths", "/v1/notes", "post", "responses").toString())
                .isEqualTo("{2XX={description=It is done. What comes back is not described.},"
                        + " 400={$ref=#/components/responses/Invalid},"
                        + " default={$ref=#/components/responses/Problem}}");
        assertThat(at(document, "paths", "/v1/notes/{id}", "get", "operationId"))
                .isEqualTo("getV1NotesById");
        assertThat(at(document, "paths", "/v1/notes/by-id", "get", "operationId"))
                .isEqualTo("getV1NotesById2");
        assertThat(at(document, "paths", "/", "get", "tags")).isEqualTo(List.of("door"));
    }

    @Test
    void probesPagesAndWhatIsHiddenAreNotInIt() throws Exception {
        try (var door = TestDoor.open(
                service -> {
                    service.http()
                            .get("/seen", _ -> 1)
                            .get("/unseen", _ -> 1)
                            .describe(Operation::hidden)
                            .group("/inner", inner -> inner.undocumented().get("/a", _ -> 1));
                    service.serveRegistry("/registry", java.util.Optional.empty());
                },
                "metrics.on-public-listener=true")) {
            assertThat(((Map<?, ?>) TestDoor.json(door.get("/openapi.json")).get("paths"))
                            .keySet()
                            .toString())
                    .isEqualTo("[/seen]");
        }
    }

    @Test
    void eachVersionOfTheApiHasADocument() throws Exception {
        try (var door = TestDoor.open(DescribedShop::compose)) {
            var first = TestDoor.json(door.get("/openapi.json"));
            assertThat(at(first, "paths", "/prices", "get", "operationId")).isEqualTo("getPrices");
            assertThat(at(first, "paths", "/prices", "get", "parameters", 0, "schema"))
                    .hasToString("{type=string, enum=[1, 2], default=1}");
            var second = TestDoor.json(door.get("/openapi.json?version=2"));
            assertThat(at(second, "paths", "/prices", "get", "summary")).isEqualTo("Prices, newer");
            assertThat(at(second, "paths", "/prices", "get", "parameters", 0).toString())
                    .isEqualTo("{name=API-Version, in=header, description=The version of the API., required=true,"
                            + " schema={type=string, enum=[2]}}");
            assertThat(((Map<?, ?>) at(TestDoor.json(door.get("/openapi.json?version=1")), "paths"))
                            .containsKey("/rebates"))
                    .isFalse();
            var unknown = door.get("/openapi.yaml?version=7");
            assertThat(unknown.statusCode()).isEqualTo(400);
            assertThat(unknown.body())
                    .contains("UNKNOWN_VERSION", "there is no such version of the API (expected: one of 1, 2)");
        }
    }

    @Test
    void itIsWhereItIsToldToBe() throws Exception {
        try (var door = TestDoor.open(service -> service.http().get("/a", _ -> 1), "http.openapi.path=/docs/v1/api")) {
            assertThat(door.get("/openapi.json").statusCode()).isEqualTo(404);
            assertThat(at(TestDoor.json(door.get("/docs/v1/api.json")), "servers", 0, "url"))
                    .isEqualTo("../..");
        }
        try (var door = TestDoor.open(service -> service.http().get("/a", _ -> 1), "http.openapi.enabled=false")) {
            assertThat(door.get("/openapi.json").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void allMistakesInWhatIsSaidAreToldAtOnce() {
        assertThatThrownBy(() -> yaml(service -> service.http()
                        .get("/a/{id}", _ -> 1)
                        .describe(it -> it.id("same").path("number", int.class))
                        .get("/b", _ -> 1)
                        .describe(it -> it.id("same"))
                        .get("/c", _ -> 1)
                        .describe(it -> it.id("get it"))
                        .get("/d", _ -> 1)
                        .describe(it -> it.problem(404, "not found", "It isn't there."))
                        .get("/e", _ -> 1)
                        .describe(it -> it.returnsAs("csv"))))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(
                        failed -> assertThat(failed.getMessage().replaceAll("java:[0-9]+", "java"))
                                .isEqualTo(
                                        """
                                GET /c [OpenApiTest.java]: operation id 'get it' (expected: a letter, then letters, digits and _.-, such as getOrder)
                                GET /d [OpenApiTest.java]: problem code 'not found' (expected: UPPER_SNAKE, such as ORDER_NOT_FOUND)
                                GET /e [OpenApiTest.java]: media type 'csv' (expected: type/subtype in lower case, such as text/csv)
                                operation id 'same' is given to GET /a/{id} [OpenApiTest.java] and to GET /b [OpenApiTest.java]. Give one of them another.
                                GET /a/{id} [OpenApiTest.java]: the path has no parameter 'number', which is described for it"""));
    }

    @Test
    void describeComesAfterItsRoute() {
        assertThatThrownBy(() -> new Http().describe(Operation::hidden))
                .isInstanceOf(IllegalStateException.class)
                .satisfies(failed -> assertThat(failed.getMessage().replaceAll("java:[0-9]+", "java"))
                        .isEqualTo("describe at OpenApiTest.java comes before any route (expected: right after the"
                                + " route that it is about)"));
        assertThatThrownBy(
                        () -> new Http().group("/a", a -> a.get("/b", _ -> 1)).describe(Operation::hidden))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRouteInItsPlaceIsAMistake() {
        assertThatThrownBy(() -> TestDoor.open(service -> service.http().get("/openapi.json", _ -> 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(failed -> assertThat(failed.getMessage().replaceAll("java:[0-9]+", "java"))
                        .isEqualTo("route GET /openapi.json [OpenApiTest.java] is in the place of OpenAPI. Give it"
                                + " another path, or set http.openapi.path to another, or http.openapi.enabled to"
                                + " false."));
    }

    @Test
    void pagesThatNobodyBringsAreToldOf() {
        assertThatThrownBy(() -> TestDoor.open(service -> service.http().get("/a", _ -> 1), "http.openapi.ui=true"))
                .hasMessage("The configuration has a problem:\n  http.openapi.ui: there are no pages on the class path."
                        + " Add the artifact dev.plinth:plinth-swagger-ui. [--set http.openapi.ui]");
    }

    @Test
    void theDocumentIsTheSameEachTime() {
        assertThat(yaml(DescribedShop::compose)).isEqualTo(yaml(DescribedShop::compose));
        assertThat(yaml(DescribedShop::compose).getBytes(StandardCharsets.UTF_8).length)
                .isLessThan(40_000);
    }
}
