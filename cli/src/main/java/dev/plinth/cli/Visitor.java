package dev.plinth.cli;

import dev.plinth.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Makes the requests of a tour, each shown as the {@code curl} that does the same, with what came back. */
final class Visitor {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Tour tour;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    Visitor(Tour tour) {
        this.tour = tour;
    }

    /** What came back. */
    record Answer(int status, String type, String location, String body) {
        /** The body as a JSON object; empty where it is none. */
        Map<?, ?> json() {
            return type.contains("json") && value(body) instanceof Map<?, ?> map ? map : Map.of();
        }

        @Override
        public String toString() {
            return status + " " + type + " " + body;
        }
    }

    /** Makes a request and shows both sides of it. */
    Answer ask(String method, int port, String path, String json, String... headers) throws InterruptedException {
        var curl = new StringBuilder("curl -i ").append(method.equals("GET") ? "" : "-X " + method + " ");
        curl.append("http://localhost:").append(port).append(path);
        for (var i = 0; i < headers.length; i += 2) {
            curl.append(" -H '")
                    .append(headers[i])
                    .append(": ")
                    .append(headers[i + 1])
                    .append('\'');
        }
        tour.command(curl + (json.isEmpty() ? "" : " --json '" + json + "'"));
        var answer = send(method, port, path, json, headers);
        tour.answer(answer.status()
                + (answer.location().isEmpty() ? "" : ", Location: " + answer.location())
                + (answer.body().isEmpty() ? "" : "\n" + answer.body()));
        return answer;
    }

    /** Makes a request and shows nothing. */
    Answer send(String method, int port, String path, String json, String... headers) throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE);
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (json.isEmpty()) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(json));
        }
        HttpResponse<String> response;
        try {
            response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw Failure.failed("no answer to " + method + " http://localhost:" + port + path + ": " + e);
        }
        return new Answer(
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                response.headers().firstValue("Location").orElse(""),
                response.body());
    }

    /** The JSON value that the text is, or the text itself where it is none. */
    static Object value(String text) {
        try {
            var value = Json.standard().read(text.getBytes(StandardCharsets.UTF_8), Object.class);
            return value == null ? "null" : value;
        } catch (RuntimeException e) {
            return text;
        }
    }
}
