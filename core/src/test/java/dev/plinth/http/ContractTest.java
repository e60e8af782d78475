package dev.plinth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.LogCapture;
import dev.plinth.config.ConfigException;
import dev.plinth.error.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractTest {
    record Order(String item, int quantity) {}

    record Window(String from, String to) {}

    record Search(List<String> tags, int limit, Window between) {}

    @TempDir
    private Path folder;

    /** A contract that the tests of this class share, on the class path. */
    private static final String ORDERS = "contracts/orders.yaml";

    private static void bound(Contract contract) {
        contract.bind("getOrder", request -> Map.of("id", request.path("id", Integer.class), "item", "lamp"))
                .bind(
                        "createOrder",
                        Order.class,
                        (order, request) -> Response.created("/v1/orders/7", Map.of("id", 7, "item", order.item())))
                .bind("orders.search", request -> {
                    var search = request.query(Search.class);
                    return List.of(
                            search.tags(), search.limit(), search.between().from());
                })
                .bind("Desk.cancelOrder", request -> null)
                .bind("upload", request -> request.form().text("title").orElse(""))
                .guardedElsewhere();
    }

    private static TestDoor door(String... settings) {
        return TestDoor.open(service -> service.http().contract(ORDERS, ContractTest::bound), settings);
    }

    private static String broken(java.net.http.HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        var violations = (List<?>) TestDoor.json(answer).get("violations");
        return violations.stream()
                .map(each -> (Map<?, ?>) each)
                .map(each -> each.get("pointer") + " " + each.get("code"))
                .sorted()
                .collect(Collectors.joining("; "));
    }

    @Test
    void operationsAreServedBehindTheServersPath() throws Exception {
        try (var door = door()) {
            assertThat(door.get("/v1/orders/7").body()).contains("\"id\":7");
            var made = door.send(
                    "POST", "/v1/orders", "{\"item\":\"lamp\",\"quantity\":2}", "Content-Type", "application/json");
            assertThat(made.statusCode()).isEqualTo(201);
            assertThat(made.headers().firstValue("Location")).contains("/v1/orders/7");
            assertThat(door.send("DELETE", "/v1/orders/7", "").statusCode()).isEqualTo(204);
            assertThat(door.get("/orders/7").statusCode()).isEqualTo(404);
            assertThat(door.send("PATCH", "/v1/orders/7", "").statusCode()).isEqualTo(405);
        }
    }

    @Test
    void parametersAreReadInTheirStyle() throws Exception {
        try (var door = door()) {
            assertThat(door.get("/v1/orders?tags=a,b%2Cc&between%5Bfrom%5D=2024-01-01")
                            .body())
                    .isEqualTo("[[\"a\",\"b,c\"],20,\"2024-01-01\"]");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "/v1/orders/x | - | path:id WRONG_TYPE",
                "/v1/orders/0 | - | path:id MIN",
                "/v1/orders?limit=1.5&between[from]=x&tags=a,A | - | query:between/from WRONG_FORMAT; query:limit WRONG_TYPE; query:tags/1 PATTERN",
                "/v1/orders?limit=101 | - | query:limit MAX",
                "/v1/orders | x | header:X-Tenant PATTERN",
                "/v1/orders?where=%7B%22a%22%3A1 | - | query:where MALFORMED_JSON",
                "/v1/orders?where=%7B%22a%22%3A1%7D | - | query:where/a WRONG_TYPE"
            })
    void whatIsWrongWithParametersComesBackAtOnce(String path, String tenant, String expected) throws Exception {
        try (var door = door()) {
            var encoded = path.replace("[", "%5B").replace("]", "%5D");
            assertThat(broken(tenant == null ? door.get(encoded) : door.get(encoded, "X-Tenant", tenant)))
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"item\":\"\",\"quantity\":0,\"id\":1,\"more\":2} | /id READ_ONLY; /item SIZE; /more UNKNOWN_KEY; /quantity MIN",
                "{\"item\":\"lamp\"} | /quantity REQUIRED",
                "{\"item\":\"lamp\",\"quantity\":1e400} | /quantity MAX",
                "{\"item\":\"lamp\",\"quantity\":1e9999} | /quantity OUT_OF_RANGE",
                "{\"item\":\"a\",\"item\":\"b\",\"quantity\":1} | /item DUPLICATE_KEY",
                "[] |  WRONG_TYPE",
                "null |  WRONG_TYPE",
                "{ |  MALFORMED_JSON",
                "`` |  REQUIRED"
            })
    void bodiesAreJudgedBeforeAHandlerSeesThem(String body, String expected) throws Exception {
        try (var door = door()) {
            var answer = body == null || body.isEmpty()
                    ? door.send("POST", "/v1/orders", "")
                    : door.send("POST", "/v1/orders", body, "Content-Type", "application/json");
            assertThat(broken(answer).strip()).isEqualTo(expected.strip());
        }
    }

    @Test
    void hostileBodiesAreRefused() throws Exception {
        try (var door = door()) {
            var deep = door.send("POST", "/v1/orders", "[".repeat(1000), "Content-Type", "application/json");
            assertThat(broken(deep)).isEqualTo(" LIMIT_EXCEEDED");
            var keys = new StringBuilder("{\"item\":\"lamp\",\"quantity\":1");
            for (int i = 0; i < 50_000; i++) {
                keys.append(",\"k").append(i).append("\":0");
            }
            var many = door.send("POST", "/v1/orders", keys.append('}').toString(), "Content-Type", "application/json");
            assertThat(many.statusCode()).isEqualTo(400);
            assertThat((List<?>) TestDoor.json(many).get("violations")).hasSize(100);
            assertThat(door.get("/v1/orders/7").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void typesOfBodiesAndAnswersAreNegotiated() throws Exception {
        try (var door = door()) {
            var text = door.send("POST", "/v1/orders", "x", "Content-Type", "text/plain");
            assertThat(text.statusCode()).isEqualTo(415);
            assertThat(text.body()).contains("expected: application/json");
            assertThat(door.get("/v1/orders/7", "Accept", "image/png").statusCode())
                    .isEqualTo(406);
            assertThat(door.get("/v1/orders/7", "Accept", "application/*").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void formsAreJudged() throws Exception {
        try (var door = door()) {
            var type = "application/x-www-form-urlencoded";
            assertThat(door.send("POST", "/v1/photos", "title=lamp&width=10", "Content-Type", type)
                            .body())
                    .isEqualTo("lamp");
            assertThat(broken(door.send("POST", "/v1/photos", "width=x", "Content-Type", type)))
                    .isEqualTo("form:/title REQUIRED; form:/width WRONG_TYPE");
        }
    }

    private static final String SMALL =
            """
            openapi: 3.1.0
            info: { title: Small, version: "1" }
            paths:
              /a:
                get:
                  operationId: a
                  responses: { "200": { description: it, content: { application/json: { schema: { type: object, required: [id] } } } } }
              /b/{x}: { get: { operationId: beta, parameters: [ { name: x, in: path, required: true } ], responses: {} } }
              /c: { get: { responses: {} } }
            """;

    private String refused(String text, Consumer<Contract> handlers) throws IOException {
        var file = Files.writeString(folder.resolve("openapi.yaml"), text);
        try {
            new Http().contract(file, handlers);
            throw new AssertionError("it was taken");
        } catch (ConfigException refused) {
            return String.valueOf(refused.getMessage()).replace(folder + "/", "");
        }
    }

    @Test
    void whatIsNotBoundAndWhatIsNotThereIsToldTogether() throws IOException {
        assertThat(refused(SMALL, contract -> contract.bind("a", _ -> "")
                        .bind("beat", _ -> "")
                        .bind("a", _ -> "")))
                .isEqualTo(
                        """
                        openapi.yaml has 4 problems:
                          beat: the contract has no such operation (did you mean beta?) [openapi.yaml]
                          a: has two handlers (expected: one) [openapi.yaml:5:5]
                          beta: no handler is bound for GET /b/{x} [openapi.yaml:8:13]
                          c.search: no handler is bound for GET /c [openapi.yaml:9:9]""");
        assertThat(refused(SMALL.replace("{x}", "{x}.json"), contract -> contract.bind("a", _ -> "")
                        .bind("beta", _ -> "")
                        .bind("c.search", _ -> "")))
                .isEqualTo(
                        """
                        openapi.yaml has a problem:
                          beta: '{x}.json' of /b/{x}.json is not routed (expected: a segment that is text, or one {name} and nothing else) [openapi.yaml:8:18]""");
    }

    @Test
    void anAnswerThatBreaksTheContractIsA500WhereThatIsAskedFor() throws Exception {
        var file = Files.writeString(folder.resolve("openapi.yaml"), SMALL);
        var body = new Object[] {Map.of("name", "x")};
        Consumer<Contract> handlers = contract ->
                contract.bind("a", _ -> body[0]).bind("beta", _ -> "").bind("c.search", _ -> "");
        try (var log = new LogCapture(ContractRoute.class);
                var lenient = TestDoor.open(service -> service.http().contract(file, handlers));
                var strict = TestDoor.open(
                        service -> service.http().contract(file, handlers), "http.contract.validate-responses=true")) {
            assertThat(lenient.get("/a").statusCode()).isEqualTo(200);
            assertThat(log.lines()).isEmpty();
            var broken = strict.get("/a");
            // The caller is not told what broke; the log is, before the answer goes out.
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("ERROR GET /a answered 200 and broke the contract: ")
                    .contains("'/id'");
            assertThat(broken.statusCode()).isEqualTo(500);
            assertThat(TestDoor.json(broken)).containsEntry("code", "CONTRACT_BROKEN");
            assertThat(broken.body()).doesNotContain("/id");
            body[0] = Map.of("id", 1);
            assertThat(strict.get("/a").body()).isEqualTo("{\"id\":1}");
            body[0] = Response.accepted();
            assertThat(strict.get("/a").statusCode()).isEqualTo(500);
            body[0] = "text";
            assertThat(strict.get("/a").statusCode()).isEqualTo(500);
        }
    }

    private static final String GUARDED =
            """
            openapi: 3.1.0
            info: { title: Guarded, version: "1" }
            security: [ { bearer: [ read ] }, { key: [] } ]
            components:
              securitySchemes: { bearer: { type: http, scheme: bearer }, key: { type: apiKey, in: header, name: X-Key } }
            paths:
              /a: { get: { operationId: a, responses: {} } }
              /b: { get: { operationId: b, security: [], responses: {} } }
            """;

    @Test
    void whatIsNotWrittenAsItShouldBeIsNotTakenForOpen() throws Exception {
        for (var wrong : List.of("security: [bearer]", "security: { bearer: [] }", "security:")) {
            var document =
                    """
                    openapi: 3.1.0
                    info: { title: t, version: "1" }
                    %s
                    components: { securitySchemes: { bearer: { type: http, scheme: bearer } } }
                    paths: { /a: { get: { operationId: a, responses: { "200": { description: d } } } } }
                    """
                            .formatted(wrong);
            assertThat(refused(document, contract -> contract.bind("a", _ -> "")))
                    .as(wrong)
                    .startsWith("openapi.yaml has a problem:\n  security: ")
                    .endsWith("[openapi.yaml:3:"
                            + (wrong.equals("security: [bearer]") ? 12 : wrong.endsWith(":") ? 10 : 11) + "]");
        }
    }

    @Test
    void whatAContractAsksOfCallersIsGuardedOrRefusedAtTheStart() throws Exception {
        assertThat(refused(GUARDED, contract -> contract.bind("a", _ -> "").bind("b", _ -> "")))
                .isEqualTo(
                        """
                        openapi.yaml has a problem:
                          security: a asks for bearer or key, and nobody looks at that (expected: contract.guard(...), or contract.guardedElsewhere() where a gateway does) [openapi.yaml:7:9]""");
        var file = folder.resolve("openapi.yaml");
        try (var door = TestDoor.open(service -> service.http().contract(file, contract -> contract.bind("a", _ -> "a")
                .bind("b", _ -> "b")
                .guard(security -> {
                    assertThat(security.alternatives())
                            .containsExactly(Map.of("bearer", List.of("read")), Map.of("key", List.of()));
                    assertThat(security.schemes().get("key")).containsEntry("in", "header");
                    return (request, next) -> {
                        if (request.header("X-Key").isEmpty()) {
                            throw Problem.unauthorized("UNKNOWN_CALLER", "who is it?");
                        }
                        return next.proceed(request);
                    };
                })))) {
            assertThat(door.get("/a").statusCode()).isEqualTo(401);
            assertThat(door.get("/a", "X-Key", "k").body()).isEqualTo("a");
            assertThat(door.get("/b").body()).isEqualTo("b");
        }
    }

    @Test
    void aBasePathOfOnesOwnReplacesTheServers() throws Exception {
        var file = Files.writeString(folder.resolve("openapi.yaml"), SMALL);
        try (var door = TestDoor.open(service -> service.http().contract(file, contract -> {
            contract.basePath("/x").unbound().forEach(id -> contract.bind(id, _ -> id));
        }))) {
            assertThat(door.get("/x/b/1").body()).isEqualTo("beta");
            assertThat(door.get("/x/c").body()).isEqualTo("c.search");
        }
        assertThatThrownBy(() -> refused(SMALL, contract -> contract.basePath("x/")))
                .hasMessage("base path 'x/' (expected: nothing, or a path that begins with / and doesn't end with it)");
    }
}
