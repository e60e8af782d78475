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
        router.add(method, pattern, _ -> Response.noContent());
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
                .hasMessage("route GET /orders/{number} clashes with GET /orders/{id}: both take the same paths."
                        + " Remove one of them.");
        assertThatThrownBy(() -> add("GET", "orders"))
                .hasMessage("route 'orders' (expected: a path that begins with /)");
        assertThatThrownBy(() -> add("GET", "/a/{b}c"))
                .hasMessage("route /a/{b}c: segment '{b}c'"
                        + " (expected: text, {name}, or at the end {name...} for the rest of the path)");
        assertThatThrownBy(() -> add("GET", "/a/{rest...}/b")).hasMessageContaining("segment '{rest...}'");
        assertThatThrownBy(() -> add("GET", "/a/{}")).hasMessageContaining("segment '{}'");
        assertThatThrownBy(() -> add("GET", "/a/{x}/{x}"))
                .hasMessage("route /a/{x}/{x}: the name 'x' stands there twice");
    }
}
