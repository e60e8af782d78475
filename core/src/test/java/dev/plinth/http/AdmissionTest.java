package dev.plinth.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.Await;
import dev.plinth.resilience.Priority;
import dev.plinth.time.ManualTime;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is let in: whose handler waits holds a place, until the test lets it go on. */
@Timeout(60)
class AdmissionTest {
    private final Semaphore inside = new Semaphore(0);
    private final CountDownLatch goOn = new CountDownLatch(1);

    private TestDoor open(String... settings) {
        return TestDoor.open(
                service -> service.http()
                        .get("/normal", _ -> waits())
                        .group("/low", low -> low.priority(Priority.LOW).get("/a", _ -> waits()))
                        .group("/high", high -> high.priority(Priority.HIGH).get("/a", _ -> waits()))
                        .get(
                                "/events",
                                _ -> Response.stream("text/plain", to -> {
                                    to.write('x');
                                    to.flush();
                                    waits();
                                })),
                settings);
    }

    private String waits() {
        inside.release();
        try {
            goOn.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        return "done";
    }

    private List<CompletableFuture<HttpResponse<String>>> hold(TestDoor door, HttpClient client, String path, int count)
            throws InterruptedException {
        var all = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < count; i++) {
            all.add(client.sendAsync(
                    HttpRequest.newBuilder(door.uri(path)).build(), HttpResponse.BodyHandlers.ofString()));
        }
        inside.acquire(count);
        return all;
    }

    @Test
    void eachPriorityHasItsShareOfThePlaces() throws Exception {
        try (var client = HttpClient.newHttpClient();
                var door = open("http.max-in-flight=10", "http.overload.adaptive=true")) {
            var held = hold(door, client, "/low/a", 5);
            var low = door.get("/low/a");
            assertThat(low.statusCode()).isEqualTo(503);
            assertThat(low.headers().firstValue("retry-after")).contains("1");
            assertThat(TestDoor.json(low))
                    .containsEntry("code", "OVERLOADED")
                    .containsEntry("detail", "more than 5 requests at one time (http.max-in-flight)");

            held.addAll(hold(door, client, "/normal", 4));
            assertThat(door.get("/normal").statusCode()).isEqualTo(503);
            held.addAll(hold(door, client, "/high/a", 1));
            assertThat(door.get("/high/a").statusCode()).isEqualTo(503);

            assertThat(door.get("/health/live").statusCode()).as("a probe").isEqualTo(200);
            var shown = admin(client, door, "/resilience?name=http");
            assertThat(shown)
                    .contains("\"policy\":\"admission\"")
                    .contains("\"state\":\"FULL\"")
                    .contains("\"running\":10")
                    .contains("\"refused_low\":1")
                    .contains("\"refused_normal\":1")
                    .contains("\"refused_high\":1");
            assertThat(admin(client, door, "/metrics"))
                    .contains("http_server_refused_total{priority=\"LOW\",service=\"door\"} 1.0")
                    .contains("http_server_route_limit{method=\"GET\",service=\"door\",uri=\"/normal\"} 10.0")
                    .contains("http_server_route_running{method=\"GET\",service=\"door\",uri=\"/low/a\"} 5.0");
            goOn.countDown();
            for (var answer : held) {
                assertThat(answer.get().body()).isEqualTo("done");
            }
        }
    }

    private static String admin(HttpClient client, TestDoor door, String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + door.service.adminPort() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void lowGivesWayForASecondAfterWhatIsMoreUrgentWasRefused() throws Exception {
        try (var client = HttpClient.newHttpClient();
                var door = open("http.max-in-flight=10")) {
            hold(door, client, "/normal", 9);
            assertThat(door.get("/normal").statusCode()).isEqualTo(503);

            // Whether the second is over here is the machine's affair; that it was refused for it is what counts.
            goOn.countDown();
            var low = door.get("/low/a");
            if (low.statusCode() == 503) {
                assertThat(TestDoor.json(low))
                        .containsEntry("detail", "what is more urgent had to be refused just now (http.overload)");
            }
            while (door.get("/low/a").statusCode() == 503) {
                Thread.onSpinWait();
            }
        }
    }

    /** What sends on takes no place, however long its client listens. */
    @Test
    void streamsTakeNoPlace() throws Exception {
        try (var client = HttpClient.newHttpClient();
                var door = open("http.max-in-flight=2")) {
            var held = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            for (int i = 0; i < 8; i++) {
                held.addAll(hold(door, client, "/events", 1));
            }
            held.addAll(hold(door, client, "/normal", 2));
            assertThat(door.get("/normal").statusCode()).isEqualTo(503);
            goOn.countDown();
            for (var answer : held) {
                assertThat(answer.get().statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void aRouteThatIsRefusedIsMeasuredByItsName() throws Exception {
        try (var client = HttpClient.newHttpClient();
                var door = open("http.max-in-flight=1")) {
            hold(door, client, "/normal", 1);
            door.get("/normal");
            goOn.countDown();
            assertThat(admin(client, door, "/metrics"))
                    .contains(
                            "http_server_requests_seconds_count{listener=\"http\",method=\"GET\",service=\"door\",status=\"503\",uri=\"/normal\"}");
        }
    }

    /** Only the hands of the clock that the handlers move say how long requests take, so no machine is too slow for it. */
    @Test
    void aRouteWhosePoolIsShortIsHeldBackAndNoneBesideIt() throws Exception {
        var time = new ManualTime();
        var takes = new AtomicReference<>(Duration.ofMillis(10));
        var pool = new Semaphore(1);
        var launch = TestDoor.launch(service -> service.http()
                .get("/pooled", _ -> {
                    pool.acquire();
                    try {
                        time.advance(takes.get());
                        return "pooled";
                    } finally {
                        pool.release();
                    }
                })
                .get("/fast", _ -> "fast"));
        launch.time(time)
                .set("http.overload.warm-up=0s")
                .set("http.overload.delay=20ms")
                .set("http.overload.min=1")
                .set("http.overload.max-queued=0");
        try (var client = HttpClient.newHttpClient();
                var door = TestDoor.of(launch.start())) {
            for (int i = 0; i < 100; i++) {
                assertThat(door.get("/pooled").statusCode()).as("as usual").isEqualTo(200);
            }
            takes.set(Duration.ofMillis(500));
            var limit = "uri=\"/pooled\"} 1.0";
            for (int i = 0; i < 100 && !limits(client, door).contains(limit); i++) {
                assertThat(door.get("/pooled").statusCode()).as("one at a time").isEqualTo(200);
                assertThat(door.get("/fast").statusCode()).as("beside it").isEqualTo(200);
            }
            assertThat(limits(client, door)).contains(limit);

            pool.acquire();
            var inThePool = client.sendAsync(
                    HttpRequest.newBuilder(door.uri("/pooled")).build(), HttpResponse.BodyHandlers.ofString());
            Await.until("it waits for the pool", pool::hasQueuedThreads);
            for (int i = 0; i < 10; i++) {
                var refused = door.get("/pooled");
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(TestDoor.json(refused))
                        .containsEntry("code", "OVERLOADED")
                        .containsEntry(
                                "detail",
                                "requests take longer than usual, and more would take longer still (http.overload)");
                assertThat(door.get("/fast").statusCode()).as("beside it").isEqualTo(200);
            }
            pool.release();
            assertThat(inThePool.get().body()).isEqualTo("pooled");
        }
    }

    private static String limits(HttpClient client, TestDoor door) throws Exception {
        return admin(client, door, "/metrics")
                .lines()
                .filter(line -> line.startsWith("http_server_route_limit"))
                .collect(Collectors.joining("\n"));
    }
}
