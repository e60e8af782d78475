package dev.plinth.swaggerui;

import dev.plinth.error.Problem;
import dev.plinth.http.CacheControl;
import dev.plinth.http.Http;
import dev.plinth.http.OpenApiUi;
import dev.plinth.http.Request;
import dev.plinth.http.Response;
import dev.plinth.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Swagger UI, from its webjar: nothing is loaded from elsewhere, and all addresses are relative, so that it works offline and
 * behind a prefix. Thread-safe.
 */
public final class SwaggerUi implements OpenApiUi {
    private static final String WEBJAR = "META-INF/maven/org.webjars/swagger-ui/pom.properties";
    private static final String START = "start.js";
    private static final String PRESET = "swagger-ui-standalone-preset.js";

    /** All that is given out; no other name is looked for. */
    private static final Map<String, String> FILES = Map.of(
            "swagger-ui.css",
            "text/css; charset=utf-8",
            "swagger-ui-bundle.js",
            "text/javascript; charset=utf-8",
            PRESET,
            "text/javascript; charset=utf-8",
            "favicon-32x32.png",
            "image/png");

    /** Its styles stand in its elements; all else comes from the service itself and goes nowhere else. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final ClassLoader loader =
            Objects.requireNonNullElse(SwaggerUi.class.getClassLoader(), ClassLoader.getSystemClassLoader());

    /** Opens nothing. */
    public SwaggerUi() {}

    @Override
    public void addTo(Http pages, Map<String, String> documents) {
        var version = version();
        boolean several = documents.size() > 1;
        var page = page(documents.keySet().iterator().next(), several);
        var start = start(documents, several);
        pages.get("", SwaggerUi::toFolder)
                .get("/", _ -> Response.bytes("text/html; charset=utf-8", page)
                        .withHeader("Content-Security-Policy", POLICY)
                        .withCache(CacheControl.revalidated()))
                .get("/" + START, _ -> Response.bytes("text/javascript; charset=utf-8", start)
                        .withCache(CacheControl.revalidated()))
                .get("/{file}", request -> file(request.path("file"), version));
    }

    private String version() {
        try (var stream = open(WEBJAR)) {
            var properties = new Properties();
            properties.load(stream);
            return properties.getProperty("version");
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the webjar of Swagger UI can't be read", unreadable);
        }
    }

    private InputStream open(String resource) throws IOException {
        var stream = loader.getResourceAsStream(resource);
        if (stream == null) {
            throw new IOException(resource + " is not on the class path. Add the artifact org.webjars:swagger-ui.");
        }
        return stream;
    }

    /** Relative, since only the browser knows which prefix there is before it. */
    private static Response toFolder(Request request) {
        var folder = request.path().substring(request.path().lastIndexOf('/') + 1);
        return Response.of(308).withHeader("Location", folder + "/");
    }

    private Response file(String name, String version) {
        var type = FILES.get(name);
        if (type == null) {
            throw Problem.notFound("NOT_FOUND", "there is nothing at this path");
        }
        var resource = "META-INF/resources/webjars/swagger-ui/" + version + "/" + name;
        return Response.stream(type, out -> {
                    try (var stream = open(resource)) {
                        stream.transferTo(out);
                    }
                })
                .withETag(version)
                .withCache(CacheControl.revalidated());
    }

    private static byte[] page(String title, boolean several) {
        var preset = several ? "<script src=\"" + PRESET + "\"></script>\n" : "";
        return """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><title>%s</title>
                <link rel="stylesheet" href="swagger-ui.css">
                <link rel="icon" type="image/png" href="favicon-32x32.png">
                </head><body><div id="swagger-ui"></div>
                <script src="swagger-ui-bundle.js"></script>
                %s<script src="start.js"></script>
                </body></html>
                """
                .formatted(title, preset)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Without a validator, which would send the document to a stranger. */
    private static byte[] start(Map<String, String> documents, boolean several) {
        var options = new LinkedHashMap<String, Object>();
        options.put("dom_id", "#swagger-ui");
        options.put("deepLinking", true);
        options.put("validatorUrl", "none");
        if (several) {
            var urls = new ArrayList<Map<String, String>>();
            documents.forEach((name, url) -> urls.add(new TreeMap<>(Map.of("name", name, "url", url))));
            options.put("urls", urls);
            options.put("layout", "StandaloneLayout");
        } else {
            options.put("url", documents.values().iterator().next());
        }
        var json = new String(Json.standard().write(options), StandardCharsets.UTF_8);
        var presets = several ? "options.presets = [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset];\n" : "";
        return ("const options = " + json + ";\n" + presets + "window.ui = SwaggerUIBundle(options);\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
