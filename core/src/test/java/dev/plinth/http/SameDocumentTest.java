package dev.plinth.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.Service;
import dev.plinth.error.Problem;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service written code first and one written contract first from its document tell the same. The code is like that
 * of examples/orders; scripts/check-contracts.sh proves the same of the example itself and of a generated service.
 */
class SameDocumentTest {
    record Order(@NotBlank String id, @NotBlank String item, @Positive int quantity) {}

    @TempDir
    private Path folder;

    private static void codeFirst(Service service) {
        var orders = new ConcurrentHashMap<String, Order>();
        service.http()
                .about(api -> api.description("Takes orders, and tells of them."))
                .post("/orders", Order.class, order -> {
                    if (orders.putIfAbsent(order.id(), order) != null) {
                        throw Problem.conflict("ORDER_EXISTS", "there is an order '" + order.id() + "' already");
                    }
                    return Response.created("/orders/" + order.id(), order);
                })
                .describe(it -> it.id("placeOrder")
                        .returns(201, Order.class)
                        .problem(409, "ORDER_EXISTS", "There is an order with that id already."))
                .get("/orders/{id}", request -> Optional.ofNullable(orders.get(request.path("id"))))
                .describe(it -> it.id("getOrder").returns(Order.class).problem(404, "NOT_FOUND", "There is none."));
    }

    private static void contractFirst(Service service, Path file) {
        var orders = new ConcurrentHashMap<String, Order>();
        service.http().contract(file, contract -> contract.bind("placeOrder", Order.class, order -> {
                    orders.put(order.id(), order);
                    return Response.created("/orders/" + order.id(), order);
                })
                .bind("getOrder", request -> Optional.ofNullable(orders.get(request.path("id")))));
    }

    @Test
    void theDocumentOfCodeIsThatOfTheContractWrittenFromIt() throws Exception {
        try (var code = TestDoor.open(SameDocumentTest::codeFirst)) {
            var json = code.get("/openapi.json").body();
            for (var form : Map.of(
                            "openapi.json",
                            json,
                            "openapi.yaml",
                            code.get("/openapi.yaml").body())
                    .entrySet()) {
                var file = Files.write(
                        folder.resolve(form.getKey()), form.getValue().getBytes(StandardCharsets.UTF_8));
                try (var contract = TestDoor.open(
                        service -> contractFirst(service, file), "http.contract.validate-responses=true")) {
                    assertThat(contract.get("/openapi.json").body()).isEqualTo(json);
                    assertThat(contract.get("/openapi.yaml").body())
                            .isEqualTo(code.get("/openapi.yaml").body());
                    answersAlike(code, contract);
                }
            }
        }
    }

    private static void answersAlike(TestDoor code, TestDoor contract) throws Exception {
        for (var body : new String[] {
            "{\"id\":\"a\",\"item\":\"lamp\",\"quantity\":1}",
            "{\"id\":\"\",\"item\":\"lamp\",\"quantity\":0}",
            "[]",
            "{"
        }) {
            var id = "a" + System.identityHashCode(contract);
            var sent = body.replace("\"a\"", "\"" + id + "\"");
            var one = code.send("POST", "/orders", sent, "Content-Type", "application/json");
            var other = contract.send("POST", "/orders", sent, "Content-Type", "application/json");
            assertThat(other.statusCode()).as(other.body()).isEqualTo(one.statusCode());
            assertThat(contract.get("/orders/" + id).body())
                    .isEqualTo(code.get("/orders/" + id).body());
        }
        assertThat(contract.get("/orders/none").statusCode()).isEqualTo(404);
    }
}
