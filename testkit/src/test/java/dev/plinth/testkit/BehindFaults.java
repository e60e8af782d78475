package dev.plinth.testkit;

import dev.plinth.Service;
import dev.plinth.client.Client;
import dev.plinth.http.Http;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** A service, a client of another one that calls it without repeating, and between them a bad network. */
final class BehindFaults implements AutoCloseable {
    private static final List<String> CLIENT = List.of(
            "clients.pricing.retry.attempts=1",
            "clients.pricing.breaker.enabled=false",
            "clients.pricing.timeout=1s",
            "clients.pricing.connect-timeout=1s",
            "clients.pricing.pool-timeout=1s");

    final FaultProxy proxy;
    final Client client;
    private final TestService pricing;
    private final TestService desk;

    BehindFaults(boolean http2, Consumer<Http> routes) {
        pricing = TestService.start(
                args -> Service.run("pricing", args, service -> routes.accept(service.http())),
                "http.http2-upgrade=" + http2);
        proxy = FaultProxy.to("127.0.0.1", pricing.service().port());
        var settings = new ArrayList<>(CLIENT);
        settings.add("clients.pricing.url=" + proxy.uri());
        settings.add("clients.pricing.http2=" + http2);
        var asked = new AtomicReference<Client>();
        desk = TestService.start(
                args -> Service.run("desk", args, service -> asked.set(service.client("pricing"))),
                settings.toArray(String[]::new));
        client = asked.get();
    }

    @Override
    public void close() {
        desk.close();
        proxy.close();
        pricing.close();
    }

    static long usedMemory() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    static int platformThreads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    static int openFiles() {
        return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
    }
}
