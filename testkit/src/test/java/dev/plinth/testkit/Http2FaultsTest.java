package dev.plinth.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.client.Client;
import dev.plinth.error.Problem;
import dev.plinth.http.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
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

/** As {@link ClientFaultsTest}, over HTTP/2: on a connection that is made during the fault, and on one that is there. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2FaultsTest {
    private BehindFaults network;
    private FaultProxy proxy;
    private Client client;

    @BeforeAll
    void start() {
        network = new BehindFaults(true, routes -> routes.get("/short", _ -> Response.text("ok"))
                .get("/long", _ -> Response.text("x".repeat(20_000))));
        proxy = network.proxy;
        client = network.client;
    }

    @AfterAll
    void stop() {
        network.close();
    }

    /** Also that what failed has given back its place among those that may be on their way. */
    @AfterEach
    void works() {
        proxy.fault(FaultProxy.NONE);
        proxy.closeAll();
        until("a call goes through", this::goesThrough);
    }

    private boolean goesThrough() {
        try {
            client.get("/short").send();
            return true;
        } catch (Problem notYet) {
            return false;
        }
    }

    private static void until(String what, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > 120_000_000_000L) {
                throw new AssertionError("not within 120 s: " + what);
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(new FaultProxy.Refuse(), "UPSTREAM_UNREACHABLE"),
                Arguments.of(new FaultProxy.Stall(), "UPSTREAM_TIMEOUT"),
                Arguments.of(new FaultProxy.Cut(0), "UPSTREAM_ERROR"),
                Arguments.of(new FaultProxy.Cut(200), "UPSTREAM_ERROR"),
                Arguments.of(new FaultProxy.Cut(5000), "UPSTREAM_ERROR"),
                Arguments.of(new FaultProxy.Reset(0), "UPSTREAM_ERROR"),
                Arguments.of(new FaultProxy.Reset(5000), "UPSTREAM_ERROR"),
                Arguments.of(new FaultProxy.Drip(10), "UPSTREAM_TIMEOUT"),
                Arguments.of(new FaultProxy.Corrupt(0), "UPSTREAM_TIMEOUT"),
                Arguments.of(new FaultProxy.Delay(Duration.ofSeconds(6)), "UPSTREAM_TIMEOUT"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void isATypedFailureWithinTheDeadline(FaultProxy.Fault fault, String code) {
        proxy.closeAll();
        proxy.fault(fault);
        judge(fault, code);

        proxy.fault(FaultProxy.NONE);
        proxy.closeAll();
        until("a call goes through", this::goesThrough);
        proxy.fault(fault);
        judge(fault, code);
    }

    /**
     * It may be {@code UPSTREAM_ERROR} in any row: the JDK's client sends on a connection whose end it has not seen yet. What
     * is garbled fails at once or is waited for, as its bytes happen to be read.
     */
    private void judge(FaultProxy.Fault fault, String code) {
        long begin = System.nanoTime();
        var problem =
                catchThrowableOfType(Problem.class, () -> client.get("/long").send());
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        assertThat(problem.code()).as("%s", fault).isIn(code, "UPSTREAM_ERROR");
        assertThat(problem.detail()).startsWith("client 'pricing' GET /long, attempt 1: ");
        assertThat(problem.getCause()).hasMessageStartingWith(proxy.uri() + ": ");
    }

    /** Else all of this would judge HTTP/1.1, which the JDK's client falls back to. */
    @Test
    void callsShareAConnectionSoItIsHttp2() throws InterruptedException {
        until("a call goes through", this::goesThrough);
        int before = proxy.accepted();
        var threads = new ArrayList<Thread>();
        proxy.fault(new FaultProxy.Delay(Duration.ofMillis(50)));
        for (int i = 0; i < 20; i++) {
            threads.add(Thread.ofVirtual().start(this::goesThrough));
        }
        for (var thread : threads) {
            thread.join();
        }
        assertThat(proxy.accepted()).isEqualTo(before);
    }

    @Test
    void delayWithinTheTimeIsNoFault() {
        proxy.fault(new FaultProxy.Delay(Duration.ofMillis(20)));
        client.get("/short").send();
    }

    /** Two thousand failures of the fast kinds, and nothing of them is left. */
    @Test
    void leavesNothingBehind() {
        until("a call goes through", this::goesThrough);
        int filesBefore = BehindFaults.openFiles();
        int threadsBefore = BehindFaults.platformThreads();
        var kinds = new FaultProxy.Fault[] {
            new FaultProxy.Refuse(),
            new FaultProxy.Cut(0),
            new FaultProxy.Cut(5000),
            new FaultProxy.Reset(200),
            new FaultProxy.Reset(5000),
        };
        long memoryAfterFirst = 0;
        for (int round = 0; round < 10; round++) {
            for (var kind : kinds) {
                proxy.fault(kind);
                proxy.closeAll();
                for (int i = 0; i < 40; i++) {
                    assertThatThrownBy(() -> client.get("/long").send()).isInstanceOf(Problem.class);
                }
            }
            if (round == 0) {
                memoryAfterFirst = BehindFaults.usedMemory();
            }
        }
        proxy.fault(FaultProxy.NONE);
        until("a call goes through", this::goesThrough);
        until("connections have ended", () -> proxy.open() <= 2);
        until("files are closed", () -> BehindFaults.openFiles() <= filesBefore + 10);
        assertThat(BehindFaults.platformThreads()).isLessThanOrEqualTo(threadsBefore + 4);
        long most = memoryAfterFirst + (8 << 20);
        until("memory is free", () -> BehindFaults.usedMemory() < most); // half a minute, as the JDK's client keeps it
    }
}
