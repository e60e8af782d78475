package dev.plinth.swaggerui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.Service;
import dev.plinth.testkit.Answer;
import dev.plinth.testkit.TestService;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SwaggerUiTest {
    private static void one(String[] args) {
        Service.run("desk", args, service -> service.http().get("/hello", _ -> "hello"));
    }

    private static void twoVersions(String[] args) {
        Service.run("desk", args, service -> service.http()
                .version("1", first -> first.get("/hello", _ -> "hello"))
                .version("2", second -> second.get("/hello", _ -> "hello!")));
    }

    private static TestService start(Service.Main main, String... settings) {
        return TestService.start(main, settings);
    }

    @Test
    void isOffUnlessAskedFor() {
        try (var desk = start(SwaggerUiTest::one)) {
            assertThat(desk.get("/ui/").status()).isEqualTo(404);
            assertThat(desk.get("/ui/swagger-ui.css").status()).isEqualTo(404);
        }
    }

    @Test
    void thePageTakesEverythingFromTheServiceItself() {
        try (var desk = start(SwaggerUiTest::one, "http.openapi.ui=true")) {
            var page = desk.get("/ui/");
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
            assertThat(page.header("Content-Security-Policy"))
                    .isEqualTo("default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
                            + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
                            + " frame-ancestors 'none'");
            assertThat(page.body()).contains("<title>desk</title>").doesNotContain("http:", "https:", "=\"/");

            var start = desk.get("/ui/start.js");
            assertThat(start.header("Content-Type")).isEqualTo("text/javascript; charset=utf-8");
            assertThat(start.body())
                    .isEqualTo(
                            """
                    const options = {"dom_id":"#swagger-ui","deepLinking":true,"validatorUrl":"none",\
                    "url":"../openapi.json"};
                    window.ui = SwaggerUIBundle(options);
                    """);
        }
    }

    @Test
    void filesAreSentOnceAndThenAskedFor() {
        try (var desk = start(SwaggerUiTest::one, "http.openapi.ui=true")) {
            for (var name : new String[] {"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"}) {
                var file = desk.get("/ui/" + name);
                assertThat(file.status()).as(name).isEqualTo(200);
                assertThat(file.body()).as(name).hasSizeGreaterThan(500);
                assertThat(file.header("Cache-Control")).as(name).isEqualTo("no-cache");
                Answer again = desk.send("GET", desk.uri("/ui/" + name), null, "If-None-Match", file.header("ETag"));
                assertThat(again.status()).as(name).isEqualTo(304);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ui/index.html",
                "/ui/..%2F..%2F..%2F..%2Fmaven%2Forg.webjars%2Fswagger-ui%2Fpom.xml",
                "/ui/%2e%2e/5.0.0/swagger-ui.css",
                "/ui/swagger-ui.css%00",
                "/ui/swagger-ui.js",
                "/ui/a/swagger-ui.css",
                "/ui/..%5Cswagger-ui.css"
            })
    void nothingElseIsGivenOut(String path) throws Exception {
        try (var desk = start(SwaggerUiTest::one, "http.openapi.ui=true")) {
            assertThat(desk.get(path).status()).isIn(400, 404);
        }
    }

    @Test
    void withoutTheSlashItLeadsToTheFolderWhateverIsBeforeIt() throws Exception {
        try (var desk = start(SwaggerUiTest::one, "http.openapi.ui=true", "http.openapi.ui-path=/docs/api");
                var client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create(
                                    "http://127.0.0.1:" + desk.service().port() + "/docs/api"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(308);
            assertThat(answer.headers().firstValue("Location")).contains("api/");
            assertThat(desk.get("/docs/api/start.js").body()).contains("\"url\":\"../../openapi.json\"");
        }
    }

    @Test
    void versionsOfTheApiAreChosenFrom() {
        try (var desk = start(SwaggerUiTest::twoVersions, "http.openapi.ui=true")) {
            assertThat(desk.get("/ui/").body()).contains("swagger-ui-standalone-preset.js");
            assertThat(desk.get("/ui/start.js").body())
                    .contains("../openapi.json?version=2", "StandaloneLayout", "SwaggerUIStandalonePreset");
            assertThat(desk.get("/openapi.json?version=2").body()).contains("\"enum\":[\"2\"]");
        }
    }
}
