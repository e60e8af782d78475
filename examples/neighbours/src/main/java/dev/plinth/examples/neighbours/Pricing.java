package dev.plinth.examples.neighbours;

import dev.plinth.Service;
import dev.plinth.error.Problem;
import java.util.Map;

/** Knows what things cost; the neighbour that will die. */
public final class Pricing {
    private static final Map<String, Integer> CENTS = Map.of("tea", 250, "milk", 90);

    private Pricing() {}

    public static void main(String[] args) {
        Service.run("pricing", args, Pricing::compose);
    }

    static void compose(Service service) {
        service.http().get("/prices/{item}", request -> {
            var cents = CENTS.get(request.path("item"));
            if (cents == null) {
                throw Problem.notFound("NO_PRICE", "there is no price for '" + request.path("item") + "'");
            }
            return new Price(request.path("item"), cents);
        });
    }
}
