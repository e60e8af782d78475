package dev.plinth.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.client.Client;
import dev.plinth.error.Problem;
import dev.plinth.http.Response;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A client of a real service, and between them a network that fails in every way the proxy knows. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientFaultsTest {
    record Quote(String item, int cents) {}

    private BehindFaults network;
    private FaultProxy proxy;
    private Client client;

    @BeforeAll
    void start() {
        network = new BehindFaults(
                false, routes -> routes.get("/quotes/{item}", request -> new Quote(request.path("item"), 250))
                        .get("/long", _ -> Response.text("x".repeat(2000))));
        proxy = network.proxy;
        client = network.client;
    }

    @AfterAll
    void stop() {
        network.close();
    }

    @AfterEach
    void works() {
        proxy.fault(FaultProxy.NONE);
        proxy.closeAll();
        assertThat(client.get("/quotes/tea").as(Quote.class)).isEqualTo(new Quote("tea", 250));
    }

    Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(new FaultProxy.Refuse(), "UPSTREAM_UNREACHABLE", 502, "can't connect: Connection refused"),
                Arguments.of(
                        new FaultProxy.Stall(),
                        "UPSTREAM_TIMEOUT",
                        504,
                        "the deadline passed while it waited for an answer"),
                Arguments.of(
                        new FaultProxy.Cut(0), "UPSTREAM_ERROR", 502, "the connection ended before an answer came"),
                Arguments.of(new FaultProxy.Cut(20), "UPSTREAM_ERROR", 502, "the connection ended inside the headers"),
                Arguments.of(new FaultProxy.Cut(500), "UPSTREAM_ERROR", 502, "the connection ended inside the body"),
                Arguments.of(new FaultProxy.Reset(500), "UPSTREAM_ERROR", 502, "the connection broke inside the body"),
                Arguments.of(
                        new FaultProxy.Drip(10),
                        "UPSTREAM_TIMEOUT",
                        504,
                        "the deadline passed while it waited for an answer"),
                Arguments.of(
                        new FaultProxy.Corrupt(0),
                        "UPSTREAM_GARBAGE",
                        502,
                        "the answer can't be read: it is no HTTP/1"),
                Arguments.of(
                        new FaultProxy.Delay(Duration.ofSeconds(6)),
                        "UPSTREAM_TIMEOUT",
                        504,
                        "the deadline passed while it waited for an answer"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void isATypedFailureWithinTheDeadline(FaultProxy.Fault fault, String code, int status, String what) {
        proxy.closeAll();
        proxy.fault(fault);
        long begin = System.nanoTime();

        var problem =
                catchThrowableOfType(Problem.class, () -> client.get("/long").send());

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.detail()).startsWith("client 'pricing' GET /long, attempt 1: " + what);
        assertThat(problem.getCause()).hasMessageStartingWith(proxy.uri() + ": ");
    }

    @Test
    void corruptBodyIsGarbage() {
        proxy.fault(new FaultProxy.Corrupt(300));
        assertThatThrownBy(() -> client.get("/quotes/{item}")
                        .path("item", "x".repeat(400))
                        .as(Quote.class))
                .hasMessageStartingWith(
                        "UPSTREAM_GARBAGE: client 'pricing' GET /quotes/{item}, attempt 1: answered what is no Quote: ");
    }

    @Test
    void delayWithinTheTimeIsNoFault() {
        proxy.fault(new FaultProxy.Delay(Duration.ofMillis(20)));
        assertThat(client.get("/quotes/tea").as(Quote.class)).isEqualTo(new Quote("tea", 250));
    }

    @Test
    void keptConnectionThatEndedMeanwhileIsNoticed() {
        client.get("/quotes/tea").send();
        int before = proxy.accepted();
        proxy.closeAll();

        client.get("/quotes/tea").send();

        assertThat(proxy.accepted()).isEqualTo(before + 1);
    }

    /** Ten thousand failures of the fast kinds, and nothing of them is left. */
    @Test
    void leavesNothingBehind() {
        client.get("/quotes/tea").send();
        int filesBefore = BehindFaults.openFiles();
        int threadsBefore = BehindFaults.platformThreads();
        var kinds = new FaultProxy.Fault[] {
            new FaultProxy.Refuse(),
            new FaultProxy.Cut(0),
            new FaultProxy.Cut(500),
            new FaultProxy.Reset(20),
            new FaultProxy.Reset(500),
            new FaultProxy.Corrupt(0)
        };
        long memoryAfterFirst = 0;
        for (int round = 0; round < 20; round++) {
            for (var kind : kinds) {
                proxy.fault(kind);
                proxy.closeAll();
                for (int i = 0; i < 84; i++) {
                    assertThatThrownBy(() -> client.get("/long").send()).isInstanceOf(Problem.class);
                }
            }
            if (round == 0) {
                memoryAfterFirst = BehindFaults.usedMemory();
            }
        }
        proxy.fault(FaultProxy.NONE);
        client.get("/quotes/tea").send();

        assertThat(proxy.open()).isLessThanOrEqualTo(2);
        long begin = System.nanoTime();
        while (BehindFaults.openFiles() > filesBefore + 10 && System.nanoTime() - begin < 10_000_000_000L) {
            Thread.onSpinWait();
        }
        assertThat(BehindFaults.openFiles()).isLessThanOrEqualTo(filesBefore + 10);
        assertThat(BehindFaults.platformThreads()).isLessThanOrEqualTo(threadsBefore + 4);
        assertThat(BehindFaults.usedMemory()).isLessThan(memoryAfterFirst + (8 << 20));
    }
}
