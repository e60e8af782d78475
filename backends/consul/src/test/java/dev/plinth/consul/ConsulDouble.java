package dev.plinth.consul;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.plinth.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A TEST DOUBLE of a Consul agent, written from Consul's published HTTP interface: register and deregister a service with a TTL
 * check, pass it, list names, the health endpoint and raw values of the KV store with blocking queries. It is not Consul: one agent, no ACL but one token,
 * no gossip.
 */
final class ConsulDouble implements AutoCloseable {
    private record Entry(Map<?, ?> service, long ttlMillis, long endNanos) {
        private boolean passing() {
            return endNanos - System.nanoTime() > 0;
        }
    }

    private final HttpServer server;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("consul-double").factory());
    private final String token;
    private final Map<String, Entry> entries = new TreeMap<>();
    private final Map<String, String> values = new TreeMap<>();
    private long index = 10;

    ConsulDouble(String token) throws IOException {
        this.token = token;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** As an agent that is restarted without its data. */
    synchronized void forget() {
        entries.clear();
        changed();
    }

    /** Sets a value of the KV store. */
    synchronized void put(String key, String value) {
        values.put(key, value);
        changed();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getRawPath();
            var last = URLDecoder.decode(path.substring(path.lastIndexOf('/') + 1), StandardCharsets.UTF_8);
            var request = exchange.getRequestMethod() + " " + path.substring(0, path.lastIndexOf('/') + 1);
            var body = exchange.getRequestBody().readAllBytes();
            if (!token.isEmpty() && !token.equals(exchange.getRequestHeaders().getFirst("X-Consul-Token"))) {
                answer(exchange, 403, "Permission denied");
                return;
            }
            if (path.startsWith("/v1/kv/")) {
                value(exchange, URLDecoder.decode(path.substring("/v1/kv/".length()), StandardCharsets.UTF_8));
                return;
            }
            switch (request) {
                case "PUT /v1/agent/service/" -> register(exchange, body);
                case "PUT /v1/agent/service/deregister/" -> deregister(exchange, last);
                case "PUT /v1/agent/check/pass/" -> pass(exchange, last);
                case "GET /v1/catalog/" -> services(exchange);
                case "GET /v1/health/service/" -> health(exchange, last);
                default -> answer(exchange, 404, "no such path");
            }
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    private synchronized void register(HttpExchange exchange, byte[] body) throws IOException {
        var service = Json.standard().read(body, Map.class);
        var check = (Map<?, ?>) service.get("Check");
        var id = (String) service.get("ID");
        if (!check.get("CheckID").equals("service:" + id)
                || !exchange.getRequestURI().getRawQuery().contains("replace-existing-checks=true")) {
            answer(exchange, 400, "this double wants the check to be named after the service");
            return;
        }
        var ttl = (String) check.get("TTL");
        long millis = Long.parseLong(ttl.substring(0, ttl.length() - 1)) * 1000;
        boolean passing = "passing".equals(check.get("Status"));
        put(id, new Entry(service, millis, System.nanoTime() + (passing ? millis * 1_000_000 : 0)));
        answer(exchange, 200, "");
    }

    private void put(String id, Entry entry) {
        var old = entries.put(id, entry);
        var _ = timer.schedule(this::expired, entry.ttlMillis + 5, TimeUnit.MILLISECONDS);
        if (old == null || !old.passing() || !old.service.equals(entry.service)) {
            changed();
        }
    }

    private synchronized void expired() {
        changed(); // sooner or later, as Consul may: an index may rise without a change
    }

    private void changed() {
        index++;
        notifyAll();
    }

    private synchronized void deregister(HttpExchange exchange, String id) throws IOException {
        if (entries.remove(id) == null) {
            answer(exchange, 404, "Unknown service ID \"" + id + "\"");
            return;
        }
        changed();
        answer(exchange, 200, "");
    }

    private synchronized void pass(HttpExchange exchange, String checkId) throws IOException {
        var id = checkId.substring("service:".length());
        var old = entries.get(id);
        if (old == null) {
            answer(exchange, 404, "Unknown check ID \"" + checkId + "\"");
            return;
        }
        put(id, new Entry(old.service, old.ttlMillis, System.nanoTime() + old.ttlMillis * 1_000_000));
        answer(exchange, 200, "");
    }

    private synchronized void services(HttpExchange exchange) throws IOException {
        var names = new TreeMap<String, Object>();
        names.put("consul", List.of());
        entries.values().forEach(entry -> names.put((String) entry.service.get("Name"), List.of()));
        answer(exchange, 200, names);
    }

    /** Blocks as the query wants it. */
    private synchronized void block(HttpExchange exchange) throws InterruptedException {
        var query = new HashMap<String, String>();
        for (var pair : exchange.getRequestURI().getRawQuery().split("&", -1)) {
            query.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        if (query.containsKey("index")) {
            long known = Long.parseLong(query.get("index"));
            var wait = query.get("wait");
            long end = System.nanoTime() + Long.parseLong(wait.substring(0, wait.length() - 2)) * 1_000_000;
            for (long left = end - System.nanoTime(); index == known && left > 0; left = end - System.nanoTime()) {
                wait(Math.max(1, left / 1_000_000));
            }
        }
        exchange.getResponseHeaders().set("X-Consul-Index", Long.toString(index));
    }

    private void value(HttpExchange exchange, String key) throws IOException, InterruptedException {
        String value;
        synchronized (this) {
            block(exchange);
            value = values.get(key);
        }
        answer(exchange, value == null ? 404 : 200, value == null ? "" : value);
    }

    private void health(HttpExchange exchange, String name) throws IOException, InterruptedException {
        Object answer;
        synchronized (this) {
            block(exchange);
            var found = new ArrayList<Object>();
            entries.forEach((id, entry) -> {
                if (entry.service.get("Name").equals(name) && entry.passing()) {
                    var service = new HashMap<Object, Object>(entry.service);
                    service.remove("Check");
                    service.put("Service", service.remove("Name"));
                    found.add(Map.of("Node", Map.of("Node", "one", "Address", "127.0.0.1"), "Service", service));
                }
            });
            answer = found;
        }
        answer(exchange, 200, answer);
    }

    private static void answer(HttpExchange exchange, int status, Object body) throws IOException {
        var bytes = body instanceof String text
                ? text.getBytes(StandardCharsets.UTF_8)
                : Json.standard().write(body);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        timer.shutdownNow();
    }
}
