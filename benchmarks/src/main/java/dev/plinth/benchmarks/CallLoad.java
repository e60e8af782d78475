package dev.plinth.benchmarks;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.sun.management.OperatingSystemMXBean;
import dev.plinth.Service;
import dev.plinth.client.Client;
import dev.plinth.client.engine.Outbound;
import dev.plinth.client.engine.Target;
import dev.plinth.client.engine.Transport;
import dev.plinth.client.engine.TransportSettings;
import dev.plinth.context.Context;
import dev.plinth.context.Deadline;
import dev.plinth.context.TraceIds;
import dev.plinth.time.Time;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.slf4j.LoggerFactory;

/** One client in a process of its own, calling as fast as 32 virtual threads can: what {@link CallThroughput} starts. */
public final class CallLoad {
    private static final int THREADS = 32;

    private CallLoad() {}

    /** One call that brings back the bytes of the answer. */
    private interface One {
        int call() throws Exception;
    }

    /** {@code CLIENT PORT ROUNDS SECONDS}; prints calls a second and microseconds of processor time a call, each round. */
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        double seconds = Double.parseDouble(arguments[3]);
        var one =
                switch (arguments[0]) {
                    case "plinth" -> plinth(port);
                    case "engine" -> engine(port);
                    case "apache" -> apache(port);
                    case "jdk" -> jdk(port);
                    default -> throw new IllegalArgumentException("no client '" + arguments[0] + "'");
                };
        run(one, seconds);
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        for (int round = 0; round < rounds; round++) {
            long cpu = system.getProcessCpuTime();
            long begin = System.nanoTime();
            long calls = run(one, seconds);
            double took = (System.nanoTime() - begin) / 1e9;
            System.out.printf(
                    Locale.ROOT, "ROUND %.1f %.3f%n", calls / took, (system.getProcessCpuTime() - cpu) / 1e3 / calls);
        }
        System.exit(0);
    }

    private static long run(One one, double seconds) throws Exception {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        var calls = new LongAdder();
        var failure = new AtomicReference<Exception>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < THREADS; i++) {
                threads.execute(() -> {
                    try {
                        while (System.nanoTime() < end) {
                            if (one.call() < 30) {
                                throw new IllegalStateException("an answer is too short");
                            }
                            calls.increment();
                        }
                    } catch (Exception failed) {
                        failure.set(failed);
                    }
                });
            }
        }
        if (failure.get() != null) {
            throw failure.get();
        }
        return calls.sum();
    }

    /** The whole: a client of a service, with its default policies, in a trace and a deadline. */
    private static One plinth(int port) {
        var asked = new AtomicReference<Client>();
        var service = Service.of(args -> Service.run("caller", args, composed -> asked.set(composed.client("orders"))))
                .set("http.port=0")
                .set("admin.port=0")
                .set("clients.orders.url=http://127.0.0.1:" + port)
                .start();
        var client = asked.get();
        var context = Context.of(service.name())
                .withTrace(new TraceIds("a".repeat(32), "b".repeat(16), "", false), null)
                .withDeadline(Deadline.after(Time.system(), Duration.ofHours(1)));
        return () -> context.call(
                () -> client.get("/orders/{id}").path("id", 1).answer().bytes().length);
    }

    private static One engine(int port) {
        var transport = Transport.http1(new TransportSettings(
                Duration.ofSeconds(1), Duration.ofSeconds(1), 64, Duration.ofSeconds(30), 32 * 1024, null));
        var target = Target.of(false, "127.0.0.1", port);
        var request = new Outbound("GET", "/orders/1", List.of("Accept", "application/json"), null);
        return () -> {
            var deadline = Deadline.after(Time.system(), Duration.ofSeconds(5));
            try (var reply = transport.send(request, target, deadline)) {
                return reply.body().readNBytes((int) reply.length()).length;
            }
        };
    }

    private static One apache(int port) {
        // Nobody has set up the log of this process, and it would tell each byte.
        ((Logger) LoggerFactory.getLogger("org.apache.hc")).setLevel(Level.OFF);
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(64)
                .setMaxConnPerRoute(64)
                .build();
        var client = HttpClients.custom()
                .setConnectionManager(connections)
                .disableCookieManagement()
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .build();
        var config =
                RequestConfig.custom().setResponseTimeout(5, TimeUnit.SECONDS).build();
        return () -> {
            var request = new HttpGet("http://127.0.0.1:" + port + "/orders/1");
            request.setHeader("Accept", "application/json");
            request.setConfig(config);
            return client.execute(request, response -> EntityUtils.toByteArray(response.getEntity()).length);
        };
    }

    private static One jdk(int port) {
        var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
        var uri = URI.create("http://127.0.0.1:" + port + "/orders/1");
        return () -> client.send(
                        HttpRequest.newBuilder(uri)
                                .header("Accept", "application/json")
                                .timeout(Duration.ofSeconds(5))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .body()
                .length;
    }
}
