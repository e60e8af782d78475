package dev.plinth.examples.neighbours;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.testkit.FaultProxy;
import dev.plinth.testkit.TestService;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DyingNeighbourTest {
    @Test
    void customersHardlyNoticeThatPricesAreGone() {
        try (var pricing = TestService.start(Pricing::main);
                var network = FaultProxy.to("127.0.0.1", pricing.service().port());
                var shop = TestService.start(
                        Shop::main,
                        "clients.pricing.url=" + network.uri(),
                        "clients.pricing.timeout=1s",
                        "clients.pricing.breaker.open-time=1s")) {
            assertThat(shop.get("/offers/tea").body()).isEqualTo("""
                    {"item":"tea","cents":250,"current":true}""");
            assertThat(shop.get("/offers/gold").status()).isEqualTo(404);

            network.fault(new FaultProxy.Refuse());
            assertThat(shop.get("/offers/tea").body()).isEqualTo("""
                    {"item":"tea","cents":250,"current":false}""");
            assertThat(shop.get("/offers/milk").status()).isEqualTo(502);

            for (int customer = 0; customer < 30; customer++) {
                assertThat(shop.get("/offers/tea").status()).isEqualTo(200);
            }
            assertThat(shop.get("/offers/milk").body()).contains("CIRCUIT_OPEN");
            assertThat(shop.admin("/resilience").body()).contains("OPEN");

            network.fault(FaultProxy.NONE);
            long begin = System.nanoTime();
            while (!shop.get("/offers/milk").body().contains("\"current\":true")) {
                assertThat(System.nanoTime() - begin).isLessThan(20_000_000_000L);
                LockSupport.parkNanos(50_000_000);
            }
        }
    }

    @Test
    void neighbourThatSaysNothingCostsASecondAtMost() {
        try (var pricing = TestService.start(Pricing::main);
                var network = FaultProxy.to("127.0.0.1", pricing.service().port());
                var shop = TestService.start(
                        Shop::main, "clients.pricing.url=" + network.uri(), "clients.pricing.timeout=1s")) {
            shop.get("/offers/tea");
            network.fault(new FaultProxy.Stall());

            assertThat(shop.get("/offers/tea").body()).contains("\"current\":false");
            assertThat(shop.get("/offers/milk").body()).contains("UPSTREAM_TIMEOUT", "client 'pricing' GET /prices/{item}");
        }
    }
}
