package dev.plinth.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.Service;
import dev.plinth.config.BootException;
import dev.plinth.schema.Default;
import dev.plinth.schema.Live;
import dev.plinth.testkit.TestService;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Configuration in a double of Consul: there is no server to be had here. */
@Timeout(60)
class ConsulBootTest {
    record Settings(@Default("a") Live<String> word) {}

    private ConsulDouble consul;
    private final AtomicReference<Settings> settings = new AtomicReference<>();

    @BeforeEach
    void serve() throws IOException {
        consul = new ConsulDouble("t0ken");
    }

    @AfterEach
    void stop() {
        consul.close();
    }

    private TestService desk(String token) {
        return TestService.start(
                args -> Service.run("desk", args, Settings.class, (_, bound) -> settings.set(bound)),
                "boot.backend=consul",
                "boot.agent=" + consul.uri(),
                "boot.key=config/desk",
                "boot.token=" + token);
    }

    @Test
    void aBlockingQuerySeesAChange() {
        consul.put("config/desk", "settings:\n  word: b\n");
        try (var desk = desk("t0ken")) {
            assertThat(settings.get().word().get()).isEqualTo("b");
            assertThat(desk.service()
                            .config()
                            .explain("settings.word")
                            .getFirst()
                            .origin())
                    .isEqualTo("consul:config/desk:2:9");
            consul.put("config/desk", "settings: { word: c }");
            long begin = System.nanoTime();
            while (!settings.get().word().get().equals("c")) {
                assertThat(System.nanoTime() - begin).isLessThan(20_000_000_000L);
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    @Test
    void aKeyThatIsNotThereAndATokenThatIsWrongStopTheStart() {
        assertThatThrownBy(() -> desk("t0ken"))
                .isInstanceOf(BootException.class)
                .hasMessageContaining("boot: consul at " + consul.uri()
                        + ": there is no key 'config/desk' (write it by consul kv put config/desk @FILE)");
        assertThatThrownBy(() -> desk("wr0ng"))
                .isInstanceOf(BootException.class)
                .hasMessageContaining("consul at " + consul.uri() + ": GET /v1/kv/config/desk: answered 403")
                .hasMessageNotContaining("wr0ng");
    }
}
