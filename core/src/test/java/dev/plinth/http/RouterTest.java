package dev.plinth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
    private final Router router = new Router();

    @BeforeEach
    void routes() {
        for (var pattern : new String[] {
            "/",
            "/orders",
            "/orders/",
            "/orders/{id}",
            "/orders/new",
            "/orders/{order}/items/{item}",
            "/orders/new/items",
            "/files/{path...}",
            "/files/readme",
            "/{any}/edge"
        }) {
            add("GET", pattern);
        }
        add("POST", "/orders");
        add("DELETE", "/orders/{id}");
        add("HEAD", "/orders/new");
    }

    private void add(String method, String pattern) {
        router.add(method, pattern, _ -> Response.noContent(), Router.Origin.here());
    }

    private String find(String method, String path) {
        return switch (router.find(method, path)) {
            case Router.Match.Found(var route, var values) ->
                route.method() + " " + route.pattern()
                        + values.stream().map(value -> " " + value).collect(Collectors.joining());
            case Router.Match.WrongMethod(var pattern, var allowed) -> "405 " + pattern + " " + allowed;
            case Router.Match.Nothing _ -> "404";
        };
    }

    @ParameterizedTest
    @CsvSource({
        "/, GET /",
        "/orders, GET /orders",
        "/orders/, GET /orders/",
        "/orders/17, GET /orders/{id} 17",
        "/orders/new, GET /orders/new",
        "/orders/new/items, GET /orders/new/items",
        "/orders/new/items/3, GET /orders/{order}/items/{item} new 3",
        "/orders/17/items/3, GET /orders/{order}/items/{item} 17 3",
        "/files/a/b/c.txt, GET /files/{path...} a/b/c.txt",
        "/files/readme, GET /files/readme",
        "/files/readme/x, GET /files/{path...} readme/x",
        "/orders/edge, GET /orders/{id} edge",
        "/x/edge, GET /{any}/edge x",
        "/orders/a%20b, GET /orders/{id} a b",
        "/orders/a%2Fb, GET /orders/{id} a/b",
        "/orders/%E2%82%AC, GET /orders/{id} €",
        "/orders/a+b, GET /orders/{id} a+b",
        "/nothing, 404",
        "/orders/17/items, 404",
        "/orders//items/3, 404",
    })
    void literalWinsOverParameterWinsOverRest(String path, String expected) {
        assertThat(find("GET", path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/orders/%",
                "/orders/%2",
                "/orders/%zz",
                "/orders/%00",
                "/orders/%C3",
                "/orders/%C0%AF",
                "/orders/%ED%A0%80"
            })
    void malformedEncodingIsFoundNowhere(String path) {
        assertThat(find("GET", path)).isEqualTo("404");
    }

    @Test
    void headTakesTheGetRoute_unlessItHasItsOwn() {
        assertThat(find("HEAD", "/orders/17")).isEqualTo("GET /orders/{id} 17");
        assertThat(find("HEAD", "/orders/new")).isEqualTo("HEAD /orders/new");
    }

    @Test
    void wrongMethodTellsTheRightOnes() {
        assertThat(find("PUT", "/orders")).isEqualTo("405 /orders [GET, HEAD, POST]");
        assertThat(find("PUT", "/orders/17")).isEqualTo("405 /orders/{id} [DELETE, GET, HEAD]");
        assertThat(find("DELETE", "/orders/new")).isEqualTo("DELETE /orders/{id} new");
    }

    @Test
    void refusesWhatClashesOrIsMalformed() {
        assertThatThrownBy(() -> add("GET", "/orders/{number}"))
                .hasMessageMatching(
                        "route GET /orders/\\{number} \\[RouterTest.java:\\d+] clashes with GET /orders/\\{id}"
                                + " \\[RouterTest.java:\\d+]: both take the same paths. Remove one of them.");
        assertThatThrownBy(() -> add("GET", "orders"))
                .hasMessageMatching(
                        "route 'orders' \\[RouterTest.java:\\d+] \\(expected: a path that begins with /\\)");
        assertThatThrownBy(() -> add("GET", "/a/{b}c"))
                .hasMessageMatching("route /a/\\{b}c \\[RouterTest.java:\\d+]: segment '\\{b}c'"
                        + " \\(expected: text, \\{name}, or at the end \\{name...} for the rest of the path\\)");
        assertThatThrownBy(() -> add("GET", "/a/{rest...}/b")).hasMessageContaining("segment '{rest...}'");
        assertThatThrownBy(() -> add("GET", "/a/{}")).hasMessageContaining("segment '{}'");
        assertThatThrownBy(() -> add("GET", "/a/{x}/{x}")).hasMessageContaining("the name 'x' stands there twice");
    }

    @Test
    void allFaultsAreToldAtOnce_withTheLinesOfBoth() {
        var http = new Http()
                .get("/a/{id}", _ -> "1")
                .get("/b", _ -> "1")
                .group("/a", group -> group.get("/{other}", _ -> "2"))
                .version("1", v1 -> v1.get("/b", _ -> "2").get("/c", _ -> "1"))
                .version("2", v2 -> v2.get("/c", _ -> "2"))
                .version("2", v2 -> v2.get("/c", _ -> "3"))
                .get("no-slash", _ -> "1");
        assertThatThrownBy(http::router)
                .hasMessageMatching("(?s)route GET /a/\\{other} \\[RouterTest.java:\\d+] clashes with GET /a/\\{id}"
                        + " \\[RouterTest.java:\\d+].*route GET /b .*route GET /c .*route 'no-slash' .*")
                .satisfies(thrown -> assertThat(thrown.getMessage().lines()).hasSize(4));
    }

    @Test
    void aVersionHasANameOfDigitsAndStandsAlone() {
        assertThatThrownBy(() -> new Http().version("v2", _ -> {}))
                .hasMessage(
                        "version 'v2' (expected: digits and hyphens or dots between them, such as 2 or 2026-11-21)");
        assertThatThrownBy(() -> new Http().version("1", v1 -> v1.version("2", _ -> {})))
                .hasMessage("version '2' inside version '1'. Put it beside it.");
    }

    /** The tree is as deep as the path: the count of steps, and so the time, doesn't grow with the number of routes. */
    @Test
    void aLookUpDoesNotCareHowManyRoutesThereAre() {
        var many = new Router();
        for (int i = 0; i < 10_000; i++) {
            many.add("GET", "/r" + i + "/{id}", _ -> Response.noContent(), Router.Origin.here());
        }
        long begin = System.nanoTime();
        for (int i = 0; i < 10_000; i++) {
            assertThat(many.find("GET", "/r" + i + "/7")).isInstanceOf(Router.Match.Found.class);
            assertThat(many.find("GET", "/x" + i + "/7")).isInstanceOf(Router.Match.Nothing.class);
        }
        // A search through the list would compare two hundred million times.
        assertThat(System.nanoTime() - begin).isLessThan(5_000_000_000L);
    }
}
