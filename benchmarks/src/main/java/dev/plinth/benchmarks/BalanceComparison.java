package dev.plinth.benchmarks;

import dev.plinth.Service;
import dev.plinth.discovery.Balancer;
import dev.plinth.discovery.DiscoveryConfig;
import dev.plinth.discovery.Instance;
import dev.plinth.schema.Schema;
import dev.plinth.time.Time;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Four instances of a service on this machine, called by eight callers in closed loops; one of them becomes ten times slower. What
 * the callers see of it: with our balancer, and with round robin.
 */
final class BalanceComparison implements Comparison {
    private static final int INSTANCES = 4;
    private static final int CALLERS = 8;
    private static final long FAST_MILLIS = 4;
    private static final long SLOW_MILLIS = 40;
    private static final byte[] REQUEST =
            "GET /work HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** The time that the first instance takes. */
    private final AtomicLong firstMillis = new AtomicLong(FAST_MILLIS);

    /** Says where a call goes. */
    private interface Way {
        Done next();
    }

    /** Where a call goes, and what is to be done when it has ended. */
    private record Done(int port, Runnable end) {}

    @Override
    public String name() {
        return "balance";
    }

    @Override
    public String description() {
        return "99th percentile with one of four instances ten times slower, against none and against round robin";
    }

    @Override
    public List<Figure> run(Path folder, boolean quick) throws Exception {
        var instances = new ArrayList<Service>();
        try {
            for (int i = 0; i < INSTANCES; i++) {
                instances.add(instance(i, folder));
            }
            return measure(instances, quick);
        } finally {
            instances.forEach(Service::close);
        }
    }

    private Service instance(int number, Path folder) {
        return Service.of(args ->
                        Service.run("instance", args, service -> service.http().get("/work", _ -> {
                            Thread.sleep(number == 0 ? firstMillis.get() : FAST_MILLIS);
                            return "done";
                        })))
                .environment(Map.of())
                .directory(folder)
                .set("http.host=127.0.0.1")
                .set("http.port=0")
                .set("admin.port=0")
                .set("log.level=ERROR")
                .set("stop.drain-delay=0s")
                .start();
    }

    private List<Figure> measure(List<Service> instances, boolean quick) throws Exception {
        var seconds = quick ? 1 : 8;
        var without = new ArrayList<Double>();
        var with = new ArrayList<Double>();
        var robin = new ArrayList<Double>();
        p99(balanced(instances), quick ? 1 : 5); // warms up
        for (int round = 0; round < (quick ? 1 : 5); round++) {
            firstMillis.set(FAST_MILLIS);
            without.add(p99(balanced(instances), seconds));
            firstMillis.set(SLOW_MILLIS);
            with.add(p99(balanced(instances), seconds));
            robin.add(p99(roundRobin(instances), seconds));
        }
        return List.of(
                new Figure("BALANCE_P99_MS", with, without, "the same without a slow instance", 1.5, false),
                new Figure("BALANCE_P99_MS_ROBIN", with, robin, "round robin", 0.5, false));
    }

    private static Way balanced(List<Service> services) {
        var list = new ArrayList<Instance>();
        for (var service : services) {
            list.add(Instance.of("work", "at-" + service.port(), "127.0.0.1", service.port()));
        }
        var balancer =
                Balancer.of("work", list, Schema.of(DiscoveryConfig.class).defaults(), Time.system());
        return () -> {
            var pick = balancer.pick();
            return new Done(pick.instance().port(), pick::succeeded);
        };
    }

    private static Way roundRobin(List<Service> services) {
        var next = new AtomicInteger();
        return () -> {
            var service = services.get(Math.floorMod(next.getAndIncrement(), services.size()));
            return new Done(service.port(), () -> {});
        };
    }

    private static double p99(Way way, double seconds) throws Exception {
        long end =
                System.nanoTime() + Duration.ofMillis((long) (seconds * 1000)).toNanos();
        var latencies = new ArrayList<Long>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var callers = new ArrayList<Future<List<Long>>>();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(threads.submit(() -> call(way, end)));
            }
            for (var caller : callers) {
                latencies.addAll(caller.get());
            }
        }
        var sorted = latencies.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return sorted[(int) (sorted.length * 0.99)] / 1e6;
    }

    private static List<Long> call(Way way, long end) throws IOException {
        var latencies = new ArrayList<Long>();
        var connections = new HashMap<Integer, Connection>();
        try {
            while (System.nanoTime() < end) {
                long begin = System.nanoTime();
                var done = way.next();
                var connection = connections.get(done.port);
                if (connection == null) {
                    connection = new Connection(done.port);
                    connections.put(done.port, connection);
                }
                connection.call();
                done.end.run();
                latencies.add(System.nanoTime() - begin);
            }
            return latencies;
        } finally {
            for (var connection : connections.values()) {
                connection.socket.close();
            }
        }
    }

    /** A kept connection; the answers are all as long as the first. */
    private static final class Connection {
        private final Socket socket;
        private byte[] answer = {};

        Connection(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
        }

        private void call() throws IOException {
            socket.getOutputStream().write(REQUEST);
            if (answer.length > 0) {
                new DataInputStream(socket.getInputStream()).readFully(answer);
            } else {
                answer = first();
            }
            if (answer[9] != '2') {
                throw new IOException("not answered with 2xx: " + new String(answer, StandardCharsets.US_ASCII));
            }
        }

        private byte[] first() throws IOException {
            var text = new StringBuilder();
            while (text.indexOf("done") < 0) {
                int b = socket.getInputStream().read();
                if (b < 0) {
                    throw new IOException("the answer ended early: " + text);
                }
                text.append((char) b);
            }
            return text.toString().getBytes(StandardCharsets.US_ASCII);
        }
    }
}
