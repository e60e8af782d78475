package dev.plinth.benchmarks;

import dev.plinth.Service;
import dev.plinth.client.Client;
import dev.plinth.client.engine.Outbound;
import dev.plinth.client.engine.Target;
import dev.plinth.client.engine.Transport;
import dev.plinth.client.engine.TransportSettings;
import dev.plinth.context.Deadline;
import dev.plinth.error.Problem;
import dev.plinth.http.Request;
import dev.plinth.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

/**
 * A chain of services in one process, each calling the next over a socket, and callers at its front that come at a steady
 * rate whatever happens: what does a leaf that fails get to see of it, and what do the callers?
 */
final class Storm implements AutoCloseable {
    /** How the leaf behaves. */
    enum Leaf {
        /** It answers. */
        WELL,
        /** Every call fails with 500. */
        FAILS,
        /** Every second call fails with 500, by chance. */
        HALF_FAILS,
        /** It answers later than anybody waits. */
        SLOW
    }

    /** What the services of the chain do about failures. */
    enum Calls {
        /** What a client does that nobody configures. */
        DEFAULT,
        /** The same without breakers. */
        WITHOUT_BREAKERS,
        /** Three repetitions at each hop, at once, for whatever failed; no budget, no breaker. */
        NAIVE
    }

    /** How long a caller waits. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    /** A call that was sent in time may take so long to arrive on a busy machine. */
    private static final Duration ON_THE_WAY = Duration.ofMillis(100);

    private static final Duration SLOWNESS = Duration.ofSeconds(3);
    private static final String BEGIN = "X-Storm-Begin";

    /** What is handed from hop to hop. */
    record Work(String state) {}

    /**
     * What happened in a stretch of time.
     *
     * @param asked calls at the front
     * @param good those of them that were answered in time
     * @param reached calls that reached the leaf
     * @param late calls that reached any service after their caller had gone
     * @param ignored calls between services that went on after the interrupt at their time-out, and came back with a result
     */
    record Seen(long asked, long good, long reached, long late, long ignored) {
        double amplification() {
            return (double) reached / asked;
        }

        double goodput() {
            return (double) good / asked;
        }
    }

    private final List<Service> services = new ArrayList<>();
    private final Transport transport =
            Transport.http1(new TransportSettings(PATIENCE, PATIENCE, 10_000, Duration.ofSeconds(30), 32 * 1024, null));
    private final Target front;
    private final LongAdder asked = new LongAdder();
    private final LongAdder good = new LongAdder();
    private final LongAdder reached = new LongAdder();
    private final LongAdder late = new LongAdder();
    private volatile Leaf leaf = Leaf.WELL;

    /** Starts {@code length} services. */
    Storm(int length, Calls calls) {
        var next = start("leaf", service -> service.http().get("/work", this::leaf));
        for (int hop = length - 1; hop >= 1; hop--) {
            var url = "clients.next.url=http://127.0.0.1:" + next.port();
            var propagate = "clients.next.propagate=[" + BEGIN + "]";
            var breaker = "clients.next.breaker.enabled=" + (calls == Calls.DEFAULT);
            var name = hop == 1 ? "front" : "hop-" + hop;
            next = start(name, service -> hop(service, calls), url, propagate, breaker);
        }
        front = Target.of(false, "127.0.0.1", next.port());
    }

    private Service start(String name, Service.Compose compose, String... settings) {
        var launch = Service.of(args -> Service.run(name, args, compose))
                .environment(Map.of())
                .set("http.host=127.0.0.1")
                .set("http.port=0")
                .set("admin.port=0")
                .set("log.level=error")
                .set("log.levels={dev.plinth: off}")
                .set("stop.in-flight-timeout=3s")
                .set("stop.drain-delay=0s");
        for (var setting : settings) {
            launch.set(setting);
        }
        var service = launch.start();
        services.add(service);
        return service;
    }

    private void hop(Service service, Calls calls) {
        var next = service.client("next");
        service.http().get("/work", request -> {
            arrived(request);
            return calls == Calls.NAIVE ? naive(next) : next.get("/work").as(Work.class);
        });
    }

    private static Work naive(Client next) {
        Problem last = null;
        for (int attempt = 0; attempt < 4; attempt++) {
            try {
                return next.get("/work").once().as(Work.class);
            } catch (Problem failed) {
                last = failed;
            }
        }
        throw last;
    }

    private Object leaf(Request request) throws InterruptedException {
        reached.increment();
        arrived(request);
        switch (leaf) {
            case WELL -> {}
            case FAILS -> throw new IllegalStateException("the leaf fails");
            case HALF_FAILS -> {
                if (RandomGenerator.getDefault().nextBoolean()) {
                    throw new IllegalStateException("the leaf fails");
                }
            }
            case SLOW -> Time.system().sleep(SLOWNESS);
        }
        return new Work("done");
    }

    private void arrived(Request request) {
        long begin = request.header(BEGIN).map(Long::parseLong).orElse(0L);
        if (begin != 0 && System.nanoTime() - begin > PATIENCE.plus(ON_THE_WAY).toNanos()) {
            late.increment();
        }
    }

    /** From now on the leaf does that. */
    void leaf(Leaf now) {
        leaf = now;
    }

    /** Has callers come at that rate for that long, and waits for the last. */
    Seen run(int callsPerSecond, Duration howLong) throws InterruptedException {
        long[] before = {asked.sum(), good.sum(), reached.sum(), late.sum(), ignored()};
        long gap = 1_000_000_000L / callsPerSecond;
        int count = (int) (howLong.toNanos() / gap);
        var over = new CountDownLatch(count);
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long wait = begin + i * gap - System.nanoTime();
            if (wait > 0) {
                Thread.sleep(Duration.ofNanos(wait));
            }
            Thread.ofVirtual().start(() -> {
                try {
                    asked.increment();
                    if (call()) {
                        good.increment();
                    }
                } finally {
                    over.countDown();
                }
            });
        }
        over.await();
        return new Seen(
                asked.sum() - before[0],
                good.sum() - before[1],
                reached.sum() - before[2],
                late.sum() - before[3],
                ignored() - before[4]);
    }

    /** Interrupts that were ignored since the start, at all hops, as far as those calls have ended. */
    private long ignored() {
        return services.stream()
                .flatMap(service -> service.policies().snapshots().stream())
                .filter(policy -> policy.policy().equals("timeout"))
                .mapToLong(policy -> (Long) policy.figures().get("ignored"))
                .sum();
    }

    private boolean call() {
        var request = new Outbound(
                "GET",
                "/work",
                List.of("X-Request-Timeout-Ms", "" + PATIENCE.toMillis(), BEGIN, "" + System.nanoTime()),
                null);
        try (var reply = transport.send(request, front, Deadline.after(Time.system(), PATIENCE))) {
            reply.body().readAllBytes();
            return reply.status() == 200;
        } catch (IOException gone) {
            return false;
        }
    }

    /** How long it takes, from now, until {@code run} of a tenth of a second sees no failure three times in a row. */
    Duration untilWell(int callsPerSecond, Duration most) throws InterruptedException {
        long begin = System.nanoTime();
        long clean = begin;
        int inARow = 0;
        while (inARow < 3 && System.nanoTime() - begin < most.toNanos()) {
            long at = System.nanoTime();
            var seen = run(callsPerSecond, Duration.ofMillis(100));
            clean = inARow == 0 ? at : clean;
            inARow = seen.good() == seen.asked() ? inARow + 1 : 0;
        }
        return inARow < 3 ? most : Duration.ofNanos(clean - begin);
    }

    @Override
    public void close() {
        transport.close();
        for (var service : services.reversed()) {
            service.stop();
        }
    }
}
