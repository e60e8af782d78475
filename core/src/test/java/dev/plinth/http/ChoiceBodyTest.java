package dev.plinth.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.schema.ChosenBy;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies that are one of several records, told apart by a name in them. */
@Timeout(60)
class ChoiceBodyTest {
    @ChosenBy("kind")
    sealed interface Payment permits Card, BankTransfer {}

    record Card(@NotBlank String number) implements Payment {}

    record BankTransfer(@NotBlank String iban, @Positive int days) implements Payment {}

    record Order(String id, List<Payment> payments, Map<String, Payment> refunds) {}

    private static TestDoor open() {
        return TestDoor.open(service -> service.http()
                .post("/payments", Payment.class, payment -> payment)
                .post("/orders", Order.class, order -> order)
                .get("/payments", _ -> List.of(new Card("7"), new BankTransfer("X", 1))));
    }

    @Test
    void aBodyIsTheRecordThatItNames_andGoesBackAsItCame() throws Exception {
        try (var door = open()) {
            var transfer = "{\"kind\":\"bank-transfer\",\"iban\":\"X\",\"days\":2}";
            assertThat(door.send("POST", "/payments", transfer).body()).isEqualTo(transfer);
            assertThat(door.send("POST", "/payments", "{\"number\":\"7\",\"kind\":\"card\"}")
                            .body())
                    .isEqualTo("{\"kind\":\"card\",\"number\":\"7\"}");
            var order = "{\"id\":\"1\",\"payments\":[" + transfer
                    + "],\"refunds\":{\"a\":{\"kind\":\"card\",\"number\":\"7\"}}}";
            assertThat(door.send("POST", "/orders", order).body()).isEqualTo(order);
            assertThat(door.get("/payments").body())
                    .isEqualTo(
                            "[{\"kind\":\"card\",\"number\":\"7\"},{\"kind\":\"bank-transfer\",\"iban\":\"X\",\"days\":1}]");
        }
    }

    @Test
    void allThatIsWrongIsToldWithItsPlace() throws Exception {
        try (var door = open()) {
            assertThat(door.send("POST", "/payments", "{\"kind\":\"cash\"}").body())
                    .contains("\"pointer\":\"/kind\"")
                    .contains("one of card, bank-transfer");
            assertThat(door.send("POST", "/payments", "{\"iban\":\"X\"}").body())
                    .contains("\"pointer\":\"/kind\",\"code\":\"REQUIRED\"");
            assertThat(door.send(
                                    "POST",
                                    "/orders",
                                    "{\"id\":\"1\",\"payments\":[{\"iban\":\" \",\"days\":0,\"kind\":\"bank-transfer\"}],"
                                            + "\"refunds\":{\"a\":{\"kind\":\"card\",\"number\":\"\"}}}")
                            .body())
                    .contains("\"pointer\":\"/payments/0/iban\",\"code\":\"NOT_BLANK\"")
                    .contains("\"pointer\":\"/payments/0/days\",\"code\":\"POSITIVE\"")
                    .contains("\"pointer\":\"/refunds/a/number\",\"code\":\"NOT_BLANK\"");
        }
    }
}
