package dev.plinth.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.Service;
import dev.plinth.config.ConfigException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong in a section of a client is told at the start, with its place. */
class ClientConfigTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "url=pricing:8080             | url: 'pricing:8080' (expected: http://host:port or https://host:port)",
                "url=ftp://pricing            | url: 'ftp://pricing' (expected: http://host:port or https://host:port)",
                "url=http://pricing:99999     | url: 'http://pricing:99999' (expected: http://host:port",
                "url=http://me:secret@pricing | url: 'http://***@pricing' (expected: scheme, host, port and path alone",
                "url=http://pricing/?a=b      | (expected: scheme, host, port and path alone; no user, query or fragment)",
                "timeout=0s                   | clients.pricing.timeout: ",
                "timeout=-1s                  | clients.pricing.timeout: ",
                "connect-timeout=0s           | clients.pricing.connect-timeout: ",
                "pool-timeout=0s              | clients.pricing.pool-timeout: ",
                "max-connections=0            | clients.pricing.max-connections: ",
                "idle-timeout=0s              | clients.pricing.idle-timeout: ",
                "max-response=0B              | clients.pricing.max-response: ",
                "max-response=4GiB            | max-response: 4GiB, max-headers: 32KiB (expected: below 2GiB, 1MiB)",
                "redirects=-1                 | clients.pricing.redirects: ",
                "propagate=[Cookie]           | propagate: 'Cookie' is no header that may travel on",
                "propagate=[a b]              | propagate: 'a b' is no header that may travel on",
                "timout=1s                    | clients.pricing.timout: unknown key (did you mean clients.pricing.timeout?)",
            })
    void isRefusedWithItsPlace(String setting, String message) {
        assertThatThrownBy(() -> Service.of(args -> Service.run("desk", args, composed -> composed.client("pricing")))
                        .environment(Map.of())
                        .set("clients.pricing.url=http://pricing:8080")
                        .set("clients.pricing." + setting)
                        .start())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("[--set clients.pricing");
    }
}
