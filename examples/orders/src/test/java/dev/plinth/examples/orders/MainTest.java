package dev.plinth.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.Service;
import dev.plinth.testkit.TestService;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void anOrderCanBeReadAfterItWasMade() {
        try (var service = TestService.start(Main::main)) {
            var made = service.post("/orders", """
                    {"id": "a1", "item": "lamp", "quantity": 2}""");

            assertThat(made.status()).isEqualTo(201);
            assertThat(made.header("Location")).isEqualTo("/orders/a1");
            assertThat(service.get("/orders/a1").body()).isEqualTo(made.body());
        }
    }

    @Test
    void allMistakesOfAnOrderAreToldAtOnce() {
        try (var service = TestService.start(Main::main)) {
            var refused = service.post("/orders", """
                    {"id": "a1", "item": "", "quantity": 0}""");

            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body()).contains("/item", "/quantity");
        }
    }

    @Test
    void theSchemaForEditorsIsUpToDate() {
        assertThat(Path.of("service.schema.json"))
                .as("keys have changed. Write it anew: plinth schema > service.schema.json")
                .hasContent(Service.of(Main::main).schema());
    }

    @Test
    void theLargestOrderIsASetting() {
        try (var service = TestService.start(Main::main, "settings.max-quantity=10")) {
            var refused = service.post("/orders", """
                    {"id": "a1", "item": "lamp", "quantity": 11}""");

            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body()).contains("ORDER_TOO_LARGE");
        }
    }
}
