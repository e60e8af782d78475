package dev.plinth.examples.orders;

import dev.plinth.Service;
import dev.plinth.error.Problem;
import dev.plinth.http.Response;
import dev.plinth.schema.Default;
import jakarta.validation.constraints.Positive;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

public final class Main {
    record Settings(@Default("1000") @Positive int maxQuantity) {}

    private Main() {}

    public static void main(String[] args) {
        Service.run("orders", args, Settings.class, Main::compose);
    }

    static void compose(Service service, Settings settings) {
        var orders = new ConcurrentHashMap<String, Order>();

        service.http()
                .about(api -> api.description("Takes orders, and tells of them."))
                .post("/orders", Order.class, order -> {
                    if (order.quantity() > settings.maxQuantity()) {
                        throw Problem.badRequest(
                                "ORDER_TOO_LARGE", "at most " + settings.maxQuantity() + " of one item");
                    }
                    if (orders.putIfAbsent(order.id(), order) != null) {
                        throw Problem.conflict("ORDER_EXISTS", "there is an order '" + order.id() + "' already");
                    }
                    return Response.created("/orders/" + order.id(), order);
                })
                .describe(it -> it.id("placeOrder")
                        .returns(201, Order.class)
                        .problem(400, "ORDER_TOO_LARGE", "It asks for more of one item than there may be.")
                        .problem(409, "ORDER_EXISTS", "There is an order with that id already."))
                .get("/orders/{id}", request -> Optional.ofNullable(orders.get(request.path("id"))))
                .describe(it -> it.id("getOrder")
                        .returns(Order.class)
                        .problem(404, "NOT_FOUND", "There is no order with that id."));
    }
}
