package dev.plinth.kubernetes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.plinth.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * A TEST DOUBLE of the one thing that the mock of the API lacks: watches over plain HTTP, as the API server streams them. All else
 * goes through to the mock. Lists get a version of this front's own, and a watch from a version ends its silence when the list
 * is no longer that of the version.
 */
final class WatchFront implements AutoCloseable {
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI mock;
    private final Map<String, Object> lists = new HashMap<>();

    WatchFront(URI mock) throws IOException {
        this.mock = mock;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().toString();
            int watch = path.indexOf("&watch=true");
            if (watch > 0) {
                stream(exchange, path.substring(0, watch), path.substring(watch));
                return;
            }
            var body = exchange.getRequestBody().readAllBytes();
            var answer = ask(exchange.getRequestMethod(), path, body);
            var bytes = exchange.getRequestMethod().equals("GET") ? versioned(answer.body()) : answer.body();
            exchange.sendResponseHeaders(answer.statusCode(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    private HttpResponse<byte[]> ask(String method, String path, byte[] body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(mock.resolve(path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private static Object items(byte[] list) {
        return Json.standard().read(list, Map.class).get("items");
    }

    private synchronized byte[] versioned(byte[] list) {
        var version = Integer.toString(lists.size() + 1);
        lists.put(version, items(list));
        var tree = new LinkedHashMap<Object, Object>(Json.standard().read(list, Map.class));
        tree.put("metadata", Map.of("resourceVersion", version));
        return Json.standard().write(tree);
    }

    private synchronized Object list(String version) {
        return lists.get(version);
    }

    private void stream(HttpExchange exchange, String path, String parameters)
            throws IOException, InterruptedException {
        var known = list(parameters.replaceFirst(".*resourceVersion=([0-9]+).*", "$1"));
        var seconds = Integer.parseInt(parameters.replaceFirst(".*timeoutSeconds=([0-9]+).*", "$1"));
        exchange.sendResponseHeaders(200, 0);
        var out = exchange.getResponseBody();
        out.write("{\"type\":\"BOOKMARK\",\"object\":{}}\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() < end) {
            if (!items(ask("GET", path, new byte[0]).body()).equals(known)) {
                out.write("{\"type\":\"MODIFIED\",\"object\":{}}\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
                return;
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }
}
