package dev.plinth;

import dev.plinth.error.Problem;
import dev.plinth.http.Access;
import dev.plinth.http.BearerToken;
import dev.plinth.http.Http;
import dev.plinth.http.Request;
import dev.plinth.http.Response;
import dev.plinth.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Serves the documents of a folder to services whose {@code boot.backend} is {@code rest}: {@code orders/prod} is the file
 * {@code orders/prod.yaml} or {@code orders/prod.json}, with an ETag. Thread-safe.
 */
record ConfigRoutes(Path folder, Optional<Secret> token) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*");

    void addTo(Http http) {
        token.ifPresent(secret -> http.access(Access.anybody()) // the token decides
                .filter(new BearerToken(secret, "the configuration wants Authorization: Bearer with its token")));
        http.get("/{document...}", this::document);
    }

    private Response document(Request request) throws IOException {
        var name = request.path("document");
        if (!NAME.matcher(name).matches()) {
            throw missing(name);
        }
        var yaml = folder.resolve(name + ".yaml");
        var json = folder.resolve(name + ".json");
        boolean isYaml = isDocument(yaml);
        if (!isYaml && !isDocument(json)) {
            throw missing(name);
        }
        if (isYaml && isDocument(json)) {
            throw new IllegalStateException("there are " + yaml + " and " + json + " (expected: one of them)");
        }
        return Response.file(isYaml ? yaml : json);
    }

    /** Links may lead to other places of the folder, as Kubernetes makes them, and no further. */
    private boolean isDocument(Path file) throws IOException {
        return Files.isRegularFile(file) && file.toRealPath().startsWith(folder.toRealPath());
    }

    private static Problem missing(String name) {
        return Problem.notFound("NO_DOCUMENT", "there is no document '" + name + "'");
    }
}
