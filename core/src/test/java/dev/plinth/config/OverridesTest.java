package dev.plinth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.config.Sample.Client;
import dev.plinth.config.Sample.Http;
import dev.plinth.config.Sample.Mode;
import dev.plinth.config.Sample.Settings;
import dev.plinth.config.Sample.Shop;
import dev.plinth.config.Sample.World;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Variables of the environment and {@code --set}. */
class OverridesTest {
    @TempDir
    Path directory;

    private World world() {
        return new World(directory);
    }

    private static Settings settings(World world) {
        return world.load().get("settings", Settings.class);
    }

    @Test
    void underscoreStandsForDotAndHyphen() {
        var http = world().variable("PLINTH_HTTP_READ_TIMEOUT", "5s")
                .variable("PLINTH_HTTP_TLS_ENABLED", "true")
                .load()
                .get("http", Http.class);
        assertThat(http.readTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(http.tls().enabled()).isTrue();
    }

    @Test
    void singleValuesAreTakenAsTheyAre() {
        for (var text : List.of("a: b # c", "${HOME}", "'", "~", "null", "[", " x ", "a\nb")) {
            var http = world().variable("PLINTH_HTTP_ADDRESS", text).load().get("http", Http.class);
            assertThat(http.address()).isEqualTo(text);
            http = world().arguments("--set", "http.address=" + text).load().get("http", Http.class);
            assertThat(http.address()).isEqualTo(text);
        }
    }

    @Test
    void listsAreYamlOrIndexes() {
        assertThat(settings(world().variable("PLINTH_SETTINGS_WORDS", "[a, 'b c', \"d\"]"))
                        .words())
                .containsExactly("a", "b c", "d");
        assertThat(settings(world().variable("PLINTH_SETTINGS_WORDS", "- a\n- b\n"))
                        .words())
                .containsExactly("a", "b");
        var world = world().file("service.yaml", "settings: { words: [x, y, z] }")
                .variable("PLINTH_SETTINGS_WORDS_1", "b")
                .variable("PLINTH_SETTINGS_WORDS_0", "a")
                .variable("PLINTH_SETTINGS_SHOPS_0_NAME", "north")
                .variable("PLINTH_SETTINGS_SHOPS_0_FLOOR", "3");
        assertThat(settings(world).words()).containsExactly("a", "b");
        assertThat(settings(world).shops()).containsExactly(new Shop("north", 3));
        world.arguments("--set", "settings.words.0=c", "--set", "settings.shops=[{name: south, floor: 1}]");
        assertThat(settings(world).words()).containsExactly("c");
        assertThat(settings(world).shops()).containsExactly(new Shop("south", 1));
    }

    @Test
    void recordsAndMapsAreYaml() {
        var config = world().file("service.yaml", "http: { port: 1, address: one }")
                .variable("PLINTH_HTTP", "{port: 2}")
                .variable("PLINTH_CLIENTS", "{pricing: {url: http://a}}")
                .arguments("--set", "settings.modes={a.b: fast}")
                .load();
        assertThat(config.get("http", Http.class).port()).isEqualTo(2);
        assertThat(config.get("http", Http.class).address()).isEqualTo("one");
        assertThat(config.get("clients", "pricing", Client.class).url()).isEqualTo(URI.create("http://a"));
        assertThat(config.get("settings", Settings.class).modes()).isEqualTo(Map.of("a.b", Mode.FAST));
    }

    @Test
    void namesOfUsersAreMatchedAgainstThoseOfTheFiles() {
        var world = world().file(
                        "service.yaml",
                        """
                        clients:
                          order_desk: { url: http://a }
                          order.desk.old: { url: http://b }
                        settings: { modes: { dev.plinth: fast } }
                        """)
                .variable("PLINTH_CLIENTS_ORDER_DESK_TIMEOUT", "2s")
                .variable("PLINTH_CLIENTS_ORDER_DESK_OLD_RETRY_ATTEMPTS", "2")
                .variable("PLINTH_SETTINGS_MODES_DEV_PLINTH", "very-safe")
                .arguments("--set", "clients.order.desk.old.timeout=3s");
        var clients = world.load().all("clients", Client.class);
        assertThat(clients.get("order_desk").timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(clients.get("order.desk.old").retry().attempts()).isEqualTo(2);
        assertThat(clients.get("order.desk.old").timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings(world).modes()).isEqualTo(Map.of("dev.plinth", Mode.VERY_SAFE));
    }

    @Test
    void newNamesAreInKebabCase() {
        var config = world().variable("PLINTH_CLIENTS_ORDER_DESK_URL", "http://a")
                .variable("PLINTH_SETTINGS_MODES_NIGHT", "fast")
                .arguments("--set", "settings.modes.dev.plinth=very-safe")
                .load();
        assertThat(config.all("clients", Client.class)).containsOnlyKeys("order-desk");
        assertThat(config.get("settings", Settings.class).modes())
                .isEqualTo(Map.of("night", Mode.FAST, "dev.plinth", Mode.VERY_SAFE));
    }

    @Test
    void whatCouldMeanTwoKeysIsRefused() {
        record Inner(int b) {}
        record Both(int aB, Inner a) {}
        var layout = new Layout().section("both", Both.class);
        var world =
                world().file("service.yaml", "both: { a-b: 1, a: { b: 2 } }").variable("PLINTH_BOTH_A_B", "1");
        assertThatThrownBy(() -> world.load(layout))
                .hasMessage(
                        """
                        The configuration has a problem:
                          PLINTH_BOTH_A_B: it could mean both.a-b or both.a.b (use --set or the file, or the variable of \
                        what holds it, with YAML as its value)""");
        assertThat(world().variable("PLINTH_SETTINGS_MODES_DEV_PLINTH", "fast").failure())
                .contains("PLINTH_SETTINGS_MODES_DEV_PLINTH: it could mean settings.modes.dev-plinth or"
                        + " settings.modes.dev.plinth (");
    }

    @Test
    void whatIsSetTwiceIsRefused() {
        assertThat(world().variable("PLINTH_HTTP", "{port: 1}")
                        .variable("PLINTH_HTTP_PORT", "2")
                        .variable("PLINTH_SETTINGS_WORDS", "[a]")
                        .variable("PLINTH_SETTINGS_WORDS_0", "b")
                        .arguments("--set", "http.tls.enabled=true", "--set", "http.tls={}")
                        .failure())
                .isEqualTo(
                        """
                        The configuration has 3 problems:
                          http: set twice, also by PLINTH_HTTP (expected: one of them) [PLINTH_HTTP_PORT]
                          settings.words: set twice, also by PLINTH_SETTINGS_WORDS (expected: one of them) \
                        [PLINTH_SETTINGS_WORDS_0]
                          http.tls: set twice, also by --set http.tls.enabled (expected: one of them) [--set http.tls]\
                        """);
    }

    @Test
    void whatIsWrongInAValueIsToldWithItsSource() {
        assertThat(world().variable("PLINTH_SETTINGS_WORDS", "[a")
                        .variable("PLINTH_SETTINGS_SHOPS_1_NAME", "b")
                        .variable("PLINTH_HTTP", "{prot: 1}")
                        .variable("PLINTH_ADMIN", "8080")
                        .variable("PLINTH_SETTINGS_MODES", "{a: fast, a: fast}")
                        .arguments("--set", "settings.modes={a: slow}", "--set", "http.port.x=1")
                        .arguments("--set", "settings.words.a=1", "--set", "clients.a.b=1", "--set", ".=1")
                        .failure())
                .isEqualTo(
                        """
                        The configuration has 10 problems:
                          admin: one value (expected: keys and values) [PLINTH_ADMIN]
                          http.prot: unknown key (did you mean http.port?) [PLINTH_HTTP]
                          settings.modes.a: written twice [PLINTH_SETTINGS_MODES]
                          settings.shops: item 0 is missing (a list is given as a whole, from 0) \
                        [PLINTH_SETTINGS_SHOPS_1_NAME]
                          settings.words: no ',' or ']' for the list that begins here [PLINTH_SETTINGS_WORDS]
                          .: unknown key (known: admin, archive, clients, http, optional-keys, secrets, settings) [--set .]
                          clients.a.b: unknown key (known: headers, retry, retry-on, timeout, url) [--set clients.a.b]
                          http.port.x: unknown key (http.port holds one value) [--set http.port.x]
                          settings.modes.a: 'slow' is unknown (expected: one of fast, very-safe) [--set settings.modes]
                          settings.words.a: unknown key (settings.words is a list: its keys are 0, 1, ...) \
                        [--set settings.words.a]\
                        """);
    }

    @Test
    void unknownVariablesAreRefusedWithTheNearest() {
        assertThat(world().file("service.yaml", "clients: { pricing: { url: http://a } }")
                        .variable("PLINTH_CLIENTS_PRICING_TIMOUT", "1s")
                        .variable("PLINTH_CONFG", "x")
                        .variable("PLINTH_http_port", "1")
                        .variable("PLINTH_", "1")
                        .variable("PLINTHHTTP_PORT", "1")
                        .failure())
                .isEqualTo(
                        """
                        The configuration has 4 problems:
                          PLINTH_: unknown variable (no key is named so)
                          PLINTH_CLIENTS_PRICING_TIMOUT: unknown variable (did you mean PLINTH_CLIENTS_PRICING_TIMEOUT?)
                          PLINTH_CONFG: unknown variable (did you mean PLINTH_CONFIG?)
                          PLINTH_http_port: unknown variable (did you mean PLINTH_HTTP_PORT?)\
                        """);
    }

    @Test
    void reservedVariablesAndThoseOfKubernetesAreLeftAlone() {
        var http = world().variable("PLINTH_KEY_FILE", "key.key")
                .variable("PLINTH_PROFILE", "")
                .variable("PLINTH_CONFIG", "")
                // What a Service named plinth-orders gives to every pod of its namespace.
                .variable("PLINTH_ORDERS_SERVICE_HOST", "10.0.0.1")
                .variable("PLINTH_ORDERS_SERVICE_PORT", "80")
                .variable("PLINTH_ORDERS_SERVICE_PORT_HTTP", "80")
                .variable("PLINTH_ORDERS_PORT", "tcp://10.0.0.1:80")
                .variable("PLINTH_ORDERS_PORT_80_TCP", "tcp://10.0.0.1:80")
                .variable("PLINTH_ORDERS_PORT_80_TCP_PROTO", "tcp")
                .variable("PLINTH_ORDERS_PORT_80_TCP_PORT", "80")
                .variable("PLINTH_ORDERS_PORT_80_TCP_ADDR", "10.0.0.1")
                .variable("PLINTH_ORDERS_PORT_53_UDP_ADDR", "10.0.0.1")
                .variable("PLINTH_ORDERS_PORT_53_SCTP_ADDR", "10.0.0.1")
                // One named plinth-http, and one named plinth.
                .variable("PLINTH_HTTP_SERVICE_HOST", "10.0.0.2")
                .variable("PLINTH_HTTP_PORT", "tcp://10.0.0.2:80")
                .variable("PLINTH_SERVICE_HOST", "10.0.0.3")
                .variable("PLINTH_PORT", "tcp://10.0.0.3:80")
                .variable("PLINTH_PORT_80_TCP", "tcp://10.0.0.3:80")
                .load()
                .get("http", Http.class);
        assertThat(http.port()).isEqualTo(8080);
    }

    @Test
    void variablesThatOnlyResembleThoseOfKubernetesAreNot() {
        assertThat(world().variable("PLINTH_ORDERS_PORT", "tcp://10.0.0.1:80")
                        .variable("PLINTH_HTTP_PORT", "tcp://10.0.0.2:80")
                        .variable("PLINTH_ORDERS_PORT_80_TLS", "x")
                        .failure())
                .contains(
                        "PLINTH_ORDERS_PORT: unknown variable",
                        "http.port: 'tcp://10.0.0.2:80' is not a whole number (expected: 0..65535) [PLINTH_HTTP_PORT]",
                        "PLINTH_ORDERS_PORT_80_TLS: unknown variable");
    }
}
