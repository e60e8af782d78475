package dev.plinth.etcd;

import dev.plinth.discovery.Registry;
import dev.plinth.testkit.RegistryConformance;
import dev.plinth.time.Time;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Against the server at {@code TEST_ETCD}. */
@EnabledIfEnvironmentVariable(named = "TEST_ETCD", matches = "http.+", disabledReason = "TEST_ETCD names no server")
class EtcdRegistryTest extends RegistryConformance {
    @Override
    protected Registry open() {
        return new EtcdRegistry(
                new EtcdSettings(
                        List.of(URI.create(System.getenv("TEST_ETCD"))),
                        "plinth/test",
                        Optional.empty(),
                        Optional.empty()),
                Duration.ofSeconds(5),
                Time.system());
    }

    @Override
    protected URI server() {
        return URI.create(System.getenv("TEST_ETCD"));
    }

    @Override
    protected Registry openAt(URI endpoint) {
        return new EtcdRegistry(
                new EtcdSettings(List.of(endpoint), "plinth/test", Optional.empty(), Optional.empty()),
                Duration.ofSeconds(1),
                Time.system());
    }
}
