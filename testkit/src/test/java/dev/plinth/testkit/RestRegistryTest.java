package dev.plinth.testkit;

import dev.plinth.Service;
import dev.plinth.discovery.MemoryRegistry;
import dev.plinth.discovery.Registry;
import dev.plinth.discovery.RegistryRoutes;
import dev.plinth.discovery.RestRegistry;
import dev.plinth.time.Time;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RestRegistryTest extends RegistryConformance {
    private static TestService server;

    private static void main(String[] args) {
        Service.run("registry", args, service -> service.http()
                .group("/registry", new RegistryRoutes(new MemoryRegistry(service.time()), Optional.empty())::addTo));
    }

    @BeforeAll
    static void serve() {
        server = TestService.start(RestRegistryTest::main);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    protected Registry open() {
        return new RestRegistry(List.of(server.uri("/registry")), Duration.ofSeconds(5), Time.system());
    }

    @Override
    protected Registry openAt(URI endpoint) {
        return new RestRegistry(List.of(endpoint.resolve("/registry")), Duration.ofSeconds(1), Time.system());
    }

    @Override
    protected URI server() {
        return server.uri("/");
    }

    @Override
    protected Duration leaseSlack() {
        return Duration.ofMillis(700);
    }
}
