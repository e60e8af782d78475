package dev.plinth.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.config.Sample.Http;
import dev.plinth.config.Sample.Settings;
import dev.plinth.config.Sample.World;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterpolationTest {
    @TempDir
    Path directory;

    private World world() {
        return new World(directory);
    }

    private String address(String written) {
        return world().file("service.yaml", "x-name: Ada\nhttp:\n  port: 99\n  address: '" + written + "'\n")
                .variable("HOST", "example.org")
                .variable("EMPTY", "")
                .variable("EVIL", "${HOST} $${HOST} }: [a]\n# '")
                .load()
                .get("http", Http.class)
                .address();
    }

    @Test
    void variablesDefaultsAndKeysAreFilledIn() {
        assertThat(address("${HOST}")).isEqualTo("example.org");
        assertThat(address("a ${HOST}:${PORT:80}/b")).isEqualTo("a example.org:80/b");
        assertThat(address("${NO:a:b/c}")).isEqualTo("a:b/c");
        assertThat(address("<${NO:}>")).isEqualTo("<>");
        assertThat(address("<${EMPTY:x}>")).isEqualTo("<>");
        assertThat(address("${NO:${HOST}}")).isEqualTo("example.org");
        assertThat(address("${NO:${NEITHER:c}}")).isEqualTo("c");
        assertThat(address("${key:http.port}")).isEqualTo("99");
        assertThat(address("${key:x-name}")).isEqualTo("Ada");
        assertThat(address("${key:admin.port}")).isEqualTo("8081");
        assertThat(address("${NO:${key:http.port}}")).isEqualTo("99");
    }

    @Test
    void dollarsAreTheirOwnEscape() {
        assertThat(address("$${HOST}")).isEqualTo("${HOST}");
        assertThat(address("$${HOST} ${HOST}")).isEqualTo("${HOST} example.org");
        assertThat(address("$ {HOST} $HOST $$ }")).isEqualTo("$ {HOST} $HOST $$ }");
        assertThat(address("${NO:$${a}}")).isEqualTo("${a}");
    }

    @Test
    void aValueThatIsFilledInIsNotLookedAtAgain() {
        assertThat(address("${EVIL}")).isEqualTo("${HOST} $${HOST} }: [a]\n# '");
    }

    @Test
    void typesAreThoseOfTheResult() {
        var config = world().file(
                        "service.yaml",
                        """
                        http: { port: "${PORT}${PORT}", read-timeout: "${N:3}m", tls: { enabled: "${key:x-on}" } }
                        settings: { words: ["${A:x}", "${key:settings.shops.0.name}"], shops: [{ name: n, floor: 1 }] }
                        x-on: true
                        """)
                .variable("PORT", "10")
                .load();
        assertThat(config.get("http", Http.class).port()).isEqualTo(1010);
        assertThat(config.get("http", Http.class).readTimeout()).isEqualTo(Duration.ofMinutes(3));
        assertThat(config.get("http", Http.class).tls().enabled()).isTrue();
        assertThat(config.get("settings", Settings.class).words()).containsExactly("x", "n");
    }

    @Test
    void whatAStrongerSourceReplacesIsNotFilledIn() {
        var world =
                world().file("service.yaml", "http: { address: \"${HOST}\" }").arguments("--set", "http.address=a");
        assertThat(world.load().get("http", Http.class).address()).isEqualTo("a");
    }

    @Test
    void aReferenceSeesTheStrongestSource() {
        var world = world().file("service.yaml", "http: { address: \"${key:http.port}\", port: 1 }")
                .variable("PLINTH_HTTP_PORT", "2");
        assertThat(world.load().get("http", Http.class).address()).isEqualTo("2");
    }

    @Test
    void everyMissingVariableOfAValueIsNamed() {
        assertThat(world().file("service.yaml", "http: { address: \"${A}${B}${C:${D}}\" }")
                        .failure())
                .contains("the variable A is", "the variable B is", "the variable D is")
                .doesNotContain("variable C");
    }

    @Test
    void growthIsBounded() {
        var text = new StringBuilder("x-0: 0123456789\n");
        for (int i = 1; i <= 40; i++) {
            text.append("x-%d: ${key:x-%d}${key:x-%d}\n".formatted(i, i - 1, i - 1));
        }
        assertThat(world().file("service.yaml", text + "http: { address: \"${key:x-40}\" }")
                        .failure())
                .startsWith(
                        "service.yaml has a problem:\n  x-17: longer than 1048576 characters when ${...} is filled in");
        assertThat(world().file("service.yaml", "http: { address: '" + "${A:".repeat(1000) + "}".repeat(1000) + "' }")
                        .failure())
                .contains("http.address: defaults inside of defaults more than 10 deep [service.yaml:1:18]");
        text.setLength(0);
        for (int i = 1; i <= 5000; i++) {
            text.append("x-%d: ${key:x-%d}\n".formatted(i, i + 1));
        }
        assertThat(world().file("service.yaml", text + "http: { address: \"${key:x-1}\" }")
                        .failure())
                .contains("references to references more than 100 deep");
    }
}
