package dev.plinth.http;

import dev.plinth.Launch;
import dev.plinth.Service;
import dev.plinth.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** A service on a free port, and somebody who calls it. */
final class TestDoor implements AutoCloseable {
    final Service service;
    private final HttpClient client = HttpClient.newHttpClient();

    private TestDoor(Service service) {
        this.service = service;
    }

    static TestDoor open(Service.Compose compose, String... settings) {
        var launch = launch(compose);
        for (var setting : settings) {
            launch.set(setting);
        }
        return new TestDoor(launch.start());
    }

    /** Of a service that runs already, and is stopped with this. */
    static TestDoor of(Service service) {
        return new TestDoor(service);
    }

    static Launch launch(Service.Compose compose) {
        return Service.of(args -> Service.run("door", args, compose))
                .environment(Map.of())
                .set("http.host=127.0.0.1")
                .set("http.port=0")
                .set("admin.port=0")
                .set("stop.drain-delay=0s");
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + service.port() + path);
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, "", headers);
    }

    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        return text(send(method, path, body.getBytes(StandardCharsets.UTF_8), headers));
    }

    HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(30))
                .method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpResponse<String> text(HttpResponse<byte[]> response) {
        return new TextResponse(response);
    }

    @SuppressWarnings("unchecked") // a JSON object is a map
    static Map<String, Object> json(HttpResponse<String> response) {
        return Json.standard().read(response.body().getBytes(StandardCharsets.UTF_8), Map.class);
    }

    /** Sends it as it is, and takes all that comes until the other side closes or cuts. */
    String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            var all = new ByteArrayOutputStream();
            try {
                for (int octet = socket.getInputStream().read();
                        octet >= 0;
                        octet = socket.getInputStream().read()) {
                    all.write(octet);
                }
            } catch (SocketException cut) {
                // What came before is what there is.
            }
            return all.toString(StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        client.close();
        service.stop();
    }

    /** A response with its bytes as text. */
    private record TextResponse(HttpResponse<byte[]> of) implements HttpResponse<String> {
        @Override
        public int statusCode() {
            return of.statusCode();
        }

        @Override
        public HttpRequest request() {
            return of.request();
        }

        @Override
        public java.util.Optional<HttpResponse<String>> previousResponse() {
            return java.util.Optional.empty();
        }

        @Override
        public java.net.http.HttpHeaders headers() {
            return of.headers();
        }

        @Override
        public String body() {
            return new String(of.body(), StandardCharsets.UTF_8);
        }

        @Override
        public java.util.Optional<javax.net.ssl.SSLSession> sslSession() {
            return of.sslSession();
        }

        @Override
        public URI uri() {
            return of.uri();
        }

        @Override
        public HttpClient.Version version() {
            return of.version();
        }
    }
}
