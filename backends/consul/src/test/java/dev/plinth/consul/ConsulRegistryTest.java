package dev.plinth.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.discovery.Instance;
import dev.plinth.discovery.Registry;
import dev.plinth.remote.RemoteException;
import dev.plinth.secret.Secret;
import dev.plinth.testkit.RegistryConformance;
import dev.plinth.time.Time;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against a double: there is no Consul server to be had here. */
class ConsulRegistryTest extends RegistryConformance {
    private static ConsulDouble consul;

    @BeforeAll
    static void serve() throws IOException {
        consul = new ConsulDouble("");
    }

    @AfterAll
    static void stop() {
        consul.close();
    }

    private static Registry open(URI agent, Duration timeout, Optional<Secret> token) {
        return new ConsulRegistry(new ConsulSettings(agent, token, Optional.empty()), timeout, Time.system());
    }

    @Override
    protected Registry open() {
        return open(consul.uri(), Duration.ofSeconds(5), Optional.empty());
    }

    @Override
    protected Registry openAt(URI endpoint) {
        return open(endpoint, Duration.ofSeconds(1), Optional.empty());
    }

    @Override
    protected URI server() {
        return consul.uri();
    }

    @Override
    protected Duration leaseSlack() {
        return Duration.ofSeconds(1);
    }

    @Test
    void anAgentThatForgotLearnsAnew() throws IOException {
        try (var agent = new ConsulDouble("");
                var registry = open(agent.uri(), Duration.ofSeconds(5), Optional.empty())) {
            var instance = Instance.of("pricing", "p1", "10.0.0.7", 8080);
            registry.announce(instance, Duration.ofSeconds(10));
            agent.forget();
            assertThat(registry.look("pricing").instances()).isEmpty();
            registry.announce(instance, Duration.ofSeconds(10));
            assertThat(registry.look("pricing").instances()).containsExactly(instance);
        }
    }

    @Test
    void theTokenIsSentAndNeverTold() throws IOException {
        try (var agent = new ConsulDouble("s3cret");
                var with = open(agent.uri(), Duration.ofSeconds(5), Optional.of(Secret.of("s3cret")));
                var wrong = open(agent.uri(), Duration.ofSeconds(5), Optional.of(Secret.of("wr0ng")))) {
            assertThat(with.look("pricing").instances()).isEmpty();
            assertThatThrownBy(() -> wrong.look("pricing"))
                    .isInstanceOf(RemoteException.class)
                    .hasMessage("consul at " + agent.uri() + ": GET /v1/health/service/pricing: answered 403");
        }
    }
}
