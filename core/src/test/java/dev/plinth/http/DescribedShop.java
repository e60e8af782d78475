package dev.plinth.http;

import dev.plinth.Service;
import dev.plinth.schema.ChosenBy;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.schema.Obsolete;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A service with one of everything that a document can tell; also the one that linters look at. */
public final class DescribedShop {
    enum State {
        OPEN,
        PAID,
        SENT_BACK
    }

    @Doc("An order.")
    record Order(
            @Doc("Who it is known by.") @NotNull UUID id,
            @NotNull State state,
            @NotEmpty @Size(max = 50) List<@NotNull Line> lines,
            @NotNull Payment payment,
            @PastOrPresent Instant placed,
            Optional<Address> deliverTo,
            Map<String, @Size(max = 20) String> labels,
            @Default("5d") Duration patience,
            Set<@Email String> informed) {
        @AssertTrue(message = "must be paid before it is sent back")
        boolean isSound() {
            return true;
        }
    }

    record Line(
            @NotBlank @Pattern(regexp = "[a-z0-9-]+") String item,
            @Positive @Max(1000) int quantity,
            @DecimalMin("0.01") @Digits(integer = 6, fraction = 2) BigDecimal price,
            Line partOf) {}

    record Address(@NotBlank String street, @NotBlank String town, @Obsolete("Use town.") String zip) {}

    @ChosenBy("by")
    sealed interface Payment {}

    record Card(@NotBlank String holder) implements Payment {}

    record Transfer(@NotBlank @Size(min = 15, max = 34) String iban) implements Payment {}

    record Page<T>(List<T> items, Optional<String> next) {}

    record Search(
            @Doc("What must stand in it.") Optional<@Size(min = 2) String> text,
            Optional<State> state,
            List<String> tag,
            @Default("20") @Positive @Max(100) @Doc("How many at most.") int limit,
            Range placed) {}

    record Range(Optional<LocalDate> from, Optional<LocalDate> to) {}

    record Who(@Doc("On whose behalf.") @NotBlank String xTenantId) {}

    record Crumbs(Optional<String> session) {}

    record Import(@NotBlank String title, @NotNull Upload file) {}

    private DescribedShop() {}

    /** Its routes; none of them does anything. */
    public static void compose(Service service) {
        service.http()
                .about(it -> it.title("Shop")
                        .version("1.2.3")
                        .description("Orders of a shop.")
                        .contact("Shop desk", "https://shop.example/desk")
                        .license("Apache 2.0", "Apache-2.0"))
                .group("/orders", orders -> orders.tag("orders", "What was ordered.")
                        .describeSecurity(SecurityScheme.bearer("token"), SecurityScheme.basic("basic"))
                        .get("", _ -> null)
                        .describe(it -> it.id("findOrders")
                                .summary("Find orders")
                                .description("The newest come first.")
                                .query(Search.class)
                                .headers(Who.class)
                                .cookies(Crumbs.class)
                                .returns(PageOfOrders.class))
                        .post("", Order.class, _ -> null)
                        .describe(it -> it.id("placeOrder")
                                .summary("Place an order")
                                .returns(201, Order.class)
                                .problem(409, "ORDER_EXISTS", "There is an order with that id.")
                                .problem(409, "SOLD_OUT", "Nothing is left of an item.")
                                .problem(400, "TOO_MUCH", "It asks for more than there can be."))
                        .get("/{id}", _ -> null)
                        .describe(it -> it.id("getOrder")
                                .path("id", UUID.class, "Of the order.")
                                .returns(Order.class)
                                .returnsAs("text/csv")
                                .problem(404, "ORDER_NOT_FOUND", "There is no such order."))
                        .delete("/{number}", _ -> null)
                        .describe(it -> it.deprecated().returns(204))
                        .patch("/{id}/address", Address.class, (_, _) -> null)
                        .describe(it -> it.bodyExample(new Address("Long Lane 1", "Hull", "HU1"))
                                .returns(Address.class)
                                .answerExample(200, new Address("Long Lane 1", "Hull", "HU1"))))
                .get("/events", _ -> null)
                .describe(it -> it.returnsAs("text/event-stream"))
                .post("/imports", _ -> null)
                .describe(it -> it.tags("imports").form(Import.class).returns(202))
                .put("/imports/{name...}", _ -> null)
                .describe(it -> it.tags("imports").bodyAs("text/csv").returns(204))
                .get("/secret", _ -> null)
                .describe(Operation::hidden)
                .group("/inner", inner -> inner.undocumented().get("/state", _ -> null))
                .get("/plain/{id}/parts", _ -> List.of())
                .version("1", first -> first.get("/prices", _ -> 1))
                .version("2", second -> second.get("/prices", _ -> 2)
                        .describe(it -> it.summary("Prices, newer").returnsList(Line.class))
                        .get("/rebates", _ -> 3));
    }

    record PageOfOrders(Page<Order> page, Page<Line> lines) {}
}
