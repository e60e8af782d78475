package dev.plinth.benchmarks;

import dev.plinth.Service;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/** A service as one writes it, with everything on, for the HTTP comparison. {@code -Droutes=N} adds as many routes. */
public final class HttpService {
    record Hello(String message) {}

    record Line(@NotBlank @Size(max = 40) String item, @Positive int quantity, @Positive long cents) {}

    record Order(
            @NotBlank @Size(max = 36) String id,
            @NotBlank @Email String customer,
            @Size(min = 1, max = 100) List<Line> lines) {}

    /** Eight at one time, 10 ms each: what stands for a database. It can do 800 a second. */
    private static final Semaphore POOL = new Semaphore(8, true);

    private static final Order LARGE = large();

    private HttpService() {}

    /** As {@code Service.run}. */
    public static void main(String[] arguments) {
        Service.run("http-service", arguments, HttpService::compose);
    }

    static Order large() {
        var lines = new ArrayList<Line>();
        for (var i = 0; i < 38; i++) {
            lines.add(new Line("item number " + (1000 + i), i + 1, 1999));
        }
        return new Order("4711", "somebody@example.com", lines);
    }

    private static void compose(Service service) {
        var http = service.http()
                .get("/hello", _ -> new Hello("hello"))
                .post("/orders", Order.class, order -> new Hello(order.id()))
                .get("/record", _ -> LARGE)
                .get("/pool", _ -> pool())
                .get("/cpu", _ -> compute());
        for (var i = 0; i < Integer.getInteger("routes", 0); i++) {
            http.get("/area" + i / 10 + "/thing" + i + "/{id}", request -> new Hello(request.path("id")));
        }
    }

    static String pool() throws InterruptedException {
        POOL.acquire();
        try {
            Thread.sleep(10);
            return "done";
        } finally {
            POOL.release();
        }
    }

    /** About a millisecond of a processor. */
    static String compute() {
        var begin = System.nanoTime();
        var value = 1L;
        while (System.nanoTime() - begin < 1_000_000) {
            for (var i = 0; i < 1000; i++) {
                value = value * 6364136223846793005L + 1442695040888963407L;
            }
        }
        return value == 0 ? "none" : "done";
    }
}
