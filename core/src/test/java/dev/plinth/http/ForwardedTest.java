package dev.plinth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.Service;
import dev.plinth.config.ConfigException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What proxies in front say of a request, and who of them is believed. */
class ForwardedTest {
    private static void compose(Service service) {
        service.http()
                .get(
                        "/seen",
                        request -> request.peer().getAddress().getHostAddress() + ":"
                                + request.peer().getPort() + " " + request.uri("/a?b=c") + " " + request.secure())
                .get("/redirect", _ -> Response.redirect("/orders"))
                .get("/elsewhere", _ -> Response.redirect(URI.create("https://example.org/x")))
                .post("/orders", _ -> Response.created("/orders/7", "made"));
    }

    private static TestDoor door(String... proxies) {
        var settings = new ArrayList<String>();
        for (var proxy : proxies) {
            settings.add("http.proxies." + proxy);
        }
        return TestDoor.open(ForwardedTest::compose, settings.toArray(String[]::new));
    }

    private static String seen(TestDoor door, String... headers) throws Exception {
        var seen = door.get("/seen", headers).body();
        return seen.replace("127.0.0.1:" + door.service.port(), "HERE").replaceAll("^127.0.0.1:[1-9][0-9]+ ", "PEER ");
    }

    @Test
    void believesNobodyUnlessTold() throws Exception {
        try (var door = door("headers=[x-forwarded-for, x-forwarded-proto, x-forwarded-host, x-forwarded-prefix]")) {
            assertThat(seen(
                            door,
                            "X-Forwarded-For",
                            "192.0.2.1",
                            "X-Forwarded-Proto",
                            "https",
                            "X-Forwarded-Host",
                            "evil.example",
                            "X-Forwarded-Prefix",
                            "/x",
                            "Forwarded",
                            "for=192.0.2.1;proto=https"))
                    .isEqualTo("PEER http://HERE/a?b=c false");
        }
        try (var door = door("trusted=[10.0.0.0/8]")) {
            assertThat(seen(door, "X-Forwarded-For", "192.0.2.1", "X-Forwarded-Proto", "https"))
                    .isEqualTo("PEER http://HERE/a?b=c false");
        }
    }

    @Test
    void takesTheLastAddressThatIsNoProxy() throws Exception {
        try (var door = door("trusted=[127.0.0.1, 10.0.0.0/8, fd00::/8]")) {
            assertThat(client(door, "192.0.2.1")).isEqualTo("192.0.2.1:0");
            assertThat(client(door, "192.0.2.1:1234")).isEqualTo("192.0.2.1:1234");
            assertThat(client(door, "6.6.6.6, 192.0.2.1, 10.1.2.3")).isEqualTo("192.0.2.1:0");
            assertThat(client(door, "6.6.6.6,192.0.2.1,fd00::1 , 10.0.0.1")).isEqualTo("192.0.2.1:0");
            assertThat(client(door, "10.0.0.2, 10.0.0.1")).isEqualTo("10.0.0.2:0");
            assertThat(client(door, "2001:db8::7")).isEqualTo("2001:db8:0:0:0:0:0:7:0");
            assertThat(client(door, "[2001:db8::7]:99")).isEqualTo("2001:db8:0:0:0:0:0:7:99");
            // What can't be read ends the chain: nobody knows who stood there.
            assertThat(client(door, "6.6.6.6, unknown, 10.0.0.1")).isEqualTo("10.0.0.1:0");
            for (var bad :
                    List.of("unknown", "", "1", "10.1", "localhost", "192.0.2.256", "_hidden", "::1%lo", "[::1")) {
                assertThat(client(door, bad)).as(bad).startsWith("127.0.0.1:");
            }
        }
    }

    private static String client(TestDoor door, String forwardedFor) throws Exception {
        return door.get("/seen", "X-Forwarded-For", forwardedFor).body().split(" ", 2)[0];
    }

    @Test
    void tellsSchemeHostPortAndPrefixAsTheClientSeesThem() throws Exception {
        try (var door = door(
                "trusted=[127.0.0.1]",
                "headers=[x-forwarded-proto, x-forwarded-host, x-forwarded-port, x-forwarded-prefix]")) {
            assertThat(seen(door, "X-Forwarded-Proto", "https", "X-Forwarded-Host", "shop.example"))
                    .isEqualTo("PEER https://shop.example/a?b=c true");
            assertThat(seen(
                            door,
                            "X-Forwarded-Proto",
                            "https",
                            "X-Forwarded-Host",
                            "a, b.example:8443",
                            "X-Forwarded-Port",
                            "9"))
                    .isEqualTo("PEER https://b.example:8443/a?b=c true");
            assertThat(seen(door, "X-Forwarded-Host", "shop.example", "X-Forwarded-Port", "8080"))
                    .isEqualTo("PEER http://shop.example:8080/a?b=c false");
            assertThat(seen(door, "X-Forwarded-Host", "shop.example", "X-Forwarded-Port", "80"))
                    .isEqualTo("PEER http://shop.example/a?b=c false");
            assertThat(seen(door, "X-Forwarded-Host", "[2001:db8::7]", "X-Forwarded-Prefix", "/shop/"))
                    .isEqualTo("PEER http://[2001:db8::7]/shop/a?b=c false");
            for (var bad : List.of("a b", "a/b", "a@b", "[x]", "a:b", "a\"b")) {
                assertThat(seen(door, "X-Forwarded-Host", bad)).as(bad).isEqualTo("PEER http://HERE/a?b=c false");
            }
            for (var bad : List.of("a shop", "//evil.example", "/", "/a//b", "/a/../b", "/..", "/.", "/a?b", "/a b")) {
                assertThat(seen(door, "X-Forwarded-Prefix", bad)).as(bad).isEqualTo("PEER http://HERE/a?b=c false");
            }
            for (var bad : List.of("0", "70000x", "-1")) {
                assertThat(seen(door, "X-Forwarded-Host", "a", "X-Forwarded-Port", bad))
                        .as(bad)
                        .isEqualTo("PEER http://a/a?b=c false");
            }
            // Not named in headers, so a client may send it as it likes.
            assertThat(seen(door, "X-Forwarded-For", "192.0.2.1")).startsWith("PEER ");
        }
    }

    @Test
    void readsTheStandardHeader() throws Exception {
        try (var door = door("trusted=[127.0.0.1, 10.0.0.0/8]", "headers=[forwarded, x-forwarded-prefix]")) {
            assertThat(
                            seen(
                                    door,
                                    "Forwarded",
                                    "for=6.6.6.6;host=evil.example, for=192.0.2.1;proto=https;host=shop.example,for=10.0.0.1;proto=http;host=inner"))
                    .isEqualTo("192.0.2.1:0 https://shop.example/a?b=c true");
            assertThat(seen(door, "Forwarded", "For=\"[2001:db8::7]:4711\"; Proto=https ; by=_me"))
                    .isEqualTo("2001:db8:0:0:0:0:0:7:4711 https://HERE/a?b=c true");
            assertThat(seen(door, "Forwarded", "for=192.0.2.1;host=\"a.example:8443\"", "X-Forwarded-Prefix", "/p"))
                    .isEqualTo("192.0.2.1:0 http://a.example:8443/p/a?b=c false");
            for (var bad : List.of(
                    "for=_hidden;proto=https", "for", "for=a b", "for=192.0.2.1;for=6.6.6.6", "for=\"192.0.2.1", "=")) {
                assertThat(seen(door, "Forwarded", bad)).as(bad).isEqualTo("PEER http://HERE/a?b=c false");
            }
            assertThat(seen(door, "X-Forwarded-For", "192.0.2.1", "X-Forwarded-Proto", "https"))
                    .isEqualTo("PEER http://HERE/a?b=c false");
        }
    }

    @Test
    void putsThePrefixBeforeItsOwnPlaces() throws Exception {
        try (var door = door("trusted=[127.0.0.1]", "headers=[x-forwarded-prefix]")) {
            assertThat(location(door, "GET", "/redirect")).isEqualTo("/shop/orders");
            assertThat(location(door, "POST", "/orders")).isEqualTo("/shop/orders/7");
            assertThat(location(door, "GET", "/elsewhere")).isEqualTo("https://example.org/x");
        }
    }

    @Test
    void takesThePrefixOffWhereTheProxyDoesNot() throws Exception {
        try (var door = door(
                "trusted=[127.0.0.1]", "headers=[x-script-name, x-forwarded-prefix, x-scheme]", "strip-prefix=true")) {
            for (var prefix : List.of("/p", "p", "/p/")) {
                assertThat(door.get("/p/seen", "X-Script-Name", prefix, "X-Forwarded-Prefix", "/q", "X-Scheme", "https")
                                .body())
                        .as(prefix)
                        .endsWith(" https://127.0.0.1:" + door.service.port() + "/p/a?b=c true");
            }
            assertThat(door.get("/p/redirect", "X-Forwarded-Prefix", "/p")
                            .headers()
                            .firstValue("Location"))
                    .hasValue("/p/orders");
            assertThat(door.get("/seen", "X-Forwarded-Prefix", "/p").statusCode())
                    .isEqualTo(200);
            assertThat(door.get("/pseen", "X-Forwarded-Prefix", "/p").statusCode())
                    .isEqualTo(404);
            assertThat(door.get("/p/p/seen", "X-Forwarded-Prefix", "/p").statusCode())
                    .isEqualTo(404);
        }
        try (var door = door("trusted=[127.0.0.1]", "headers=[x-forwarded-prefix]")) {
            assertThat(door.get("/p/seen", "X-Forwarded-Prefix", "/p").statusCode())
                    .isEqualTo(404);
        }
    }

    private static String location(TestDoor door, String method, String path) throws Exception {
        return door.send(method, path, "", "X-Forwarded-Prefix", "/shop")
                .headers()
                .firstValue("Location")
                .orElseThrow();
    }

    @Test
    void limitsTheClientAndNotTheProxy_andTellsBrowsersOfTlsInFront() throws Exception {
        try (var door = TestDoor.open(
                ForwardedTest::compose,
                "http.proxies.trusted=[127.0.0.1]",
                "http.rate-limit.requests=1",
                "http.rate-limit.per=1h",
                "http.hsts=1d")) {
            var first = door.get("/redirect", "X-Forwarded-For", "192.0.2.1", "X-Forwarded-Proto", "https");
            assertThat(first.statusCode()).isEqualTo(303);
            assertThat(first.headers().firstValue("Strict-Transport-Security")).isPresent();
            assertThat(door.get("/redirect", "X-Forwarded-For", "192.0.2.1").statusCode())
                    .isEqualTo(429);
            assertThat(door.get("/redirect", "X-Forwarded-For", "192.0.2.2").statusCode())
                    .isEqualTo(303);
        }
    }

    @Test
    void refusesWhatCouldBePassedBy() {
        assertThatThrownBy(
                        () -> door("trusted=[10.0.0.1/8]", "headers=[forwarded, x-forwarded-for]", "protocol=required"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'10.0.0.1/8' has bits behind its prefix (did you mean 10.0.0.0/8?)");
        assertThatThrownBy(() -> door("trusted=[127.0.0.1]", "headers=[forwarded, x-forwarded-for]"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "forwarded and x-forwarded-... say the same, and what one of them says a client could"
                                + " say by the other. Name those that the proxy writes.");
        assertThatThrownBy(() -> door("protocol=required"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "protocol: required needs the addresses of the proxies, since nobody else could connect (trusted)");
    }
}
