package dev.plinth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.config.Sample.World;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainTest {
    @TempDir
    Path directory;

    private Config config() {
        return new World(directory)
                .file("cp/service.yaml", "http: { port: 1 }")
                .classPath(Path.of("cp/"))
                .file(
                        "service.yaml",
                        """
                        http: { port: 2, address: "${HOST}" }
                        admin: { token: hunter2 }
                        clients:
                          x-a: { url: http://x }
                          pricing: { url: "http://ada:hunter2@pricing/?password=hunter2&x=1", retry-on: [1, 2] }
                        settings: { modes: { a.b: fast }, words: ["${HOST}", b], shops: [{ name: n, floor: 1 }] }
                        """)
                .file("service-p.yaml", "http: { port: 3 }")
                .variable("PLINTH_PROFILE", "p")
                .variable("PLINTH_HTTP_PORT", "4")
                .variable("HOST", "example.org")
                .arguments("--set", "http.port=5", "--set", "admin.token=hunter2")
                .load();
    }

    private static String text(List<Explanation> explanations) {
        var text = new StringBuilder();
        for (var explanation : explanations) {
            text.append(explanation).append('\n');
        }
        return text.toString();
    }

    @Test
    void everyCandidateIsListedAndTheWinnerSaysWhy() {
        assertThat(text(config().explain("http.port")))
                .isEqualTo(
                        """
                        http.port = 5
                          default                      8080
                          classpath:service.yaml:1:15  1
                          service.yaml:1:15            2
                          service-p.yaml:1:15          3
                          PLINTH_HTTP_PORT             4
                        > --set http.port              5  (--set is stronger than a variable)
                        """);
    }

    @Test
    void aSectionExplainsAllOfItsKeys() {
        assertThat(text(config().explain("http")))
                .contains("http.port = 5\n", "http.address = example.org\n", "http.tls.protocols is not set\n");
        assertThat(text(config().explain("settings")))
                .contains(
                        "settings.modes.a.b = fast\n> service.yaml:6:27  fast  (nothing else has it)\n",
                        "settings.words = [example.org, b]\n",
                        "settings.shops = [{name: n, floor: 1}]\n",
                        "settings.max-lines = 50\n> default  50  (no source has another)\n");
        assertThat(text(config().explain("settings.modes.a.b"))).startsWith("settings.modes.a.b = fast\n");
        assertThat(text(config().explain("settings.shops.0.name"))).startsWith("settings.shops.0.name = n\n");
    }

    @Test
    void everythingIsExplainedOnce() {
        var all = config().explain();
        assertThat(all).extracting(Explanation::key).doesNotHaveDuplicates();
        assertThat(all)
                .extracting(Explanation::key)
                .contains("optional-keys", "http.max-body", "clients.pricing.retry.budget", "settings.min")
                .doesNotContain("clients.x-a.url");
    }

    @Test
    void secretsAndPasswordsInAddressesAreMasked() {
        assertThat(text(config().explain("admin.token")))
                .isEqualTo(
                        """
                        admin.token = ***
                          service.yaml:2:17  ***
                        > --set admin.token  ***  (--set is stronger than a file)
                        """);
        assertThat(text(config().explain()))
                .contains("http://ada:***@pricing/?password=***&x=1")
                .doesNotContain("hunter2");
    }

    @Test
    void anUnknownKeyIsAnsweredWithTheNearest() {
        assertThatThrownBy(() -> config().explain("http.prot"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("The configuration has a problem:\n  http.prot: unknown key (did you mean http.port?)");
        assertThatThrownBy(() -> config().explain("http.port.x"))
                .hasMessageEndingWith("http.port.x: unknown key (http.port holds one value)");
        assertThatThrownBy(() -> config().explain("")).hasMessageContaining("unknown key");
    }
}
