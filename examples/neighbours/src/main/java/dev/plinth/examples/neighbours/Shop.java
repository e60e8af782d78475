package dev.plinth.examples.neighbours;

import dev.plinth.Service;
import dev.plinth.client.Client;
import dev.plinth.error.Problem;
import java.util.concurrent.ConcurrentHashMap;

/** Makes offers from the prices of its neighbour, and lives on when that one dies. */
public final class Shop {
    /** What a customer sees; {@code current} says whether the price is of now or the last that was known. */
    record Offer(String item, int cents, boolean current) {}

    private final Client pricing;
    private final ConcurrentHashMap<String, Price> lastKnown = new ConcurrentHashMap<>();

    private Shop(Client pricing) {
        this.pricing = pricing;
    }

    public static void main(String[] args) {
        Service.run("shop", args, Shop::compose);
    }

    static void compose(Service service) {
        var shop = new Shop(service.client("pricing"));
        service.http().get("/offers/{item}", request -> shop.offer(request.path("item")));
    }

    private Offer offer(String item) {
        try {
            var price = pricing.get("/prices/{item}").path("item", item).as(Price.class);
            lastKnown.put(item, price);
            return new Offer(item, price.cents(), true);
        } catch (Problem problem) {
            var known = lastKnown.get(item);
            if (problem.status() < 500 || known == null) {
                throw problem;
            }
            return new Offer(item, known.cents(), false);
        }
    }
}
