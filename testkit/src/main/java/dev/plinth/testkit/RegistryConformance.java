package dev.plinth.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plinth.discovery.Discovery;
import dev.plinth.discovery.DiscoveryConfig;
import dev.plinth.discovery.Instance;
import dev.plinth.discovery.Node;
import dev.plinth.discovery.Registry;
import dev.plinth.discovery.Snapshot;
import dev.plinth.health.Check;
import dev.plinth.metrics.Metrics;
import dev.plinth.metrics.MetricsConfig;
import dev.plinth.remote.RemoteException;
import dev.plinth.schema.Schema;
import dev.plinth.time.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every {@link Registry} does, whoever wrote it. Extend it, open yours, and run it.
 *
 * <p>Time is the registry's own, so leases are of seconds and tests wait on conditions. A registry that takes no
 * announcements says by {@link #place} and {@link #remove} how instances get into it.
 */
@Timeout(120)
public abstract class RegistryConformance {
    private static final long BOUND_NANOS = 30_000_000_000L;

    private final List<Registry> opened = new ArrayList<>();
    private String service = "";

    /** For those who extend it. */
    protected RegistryConformance() {}

    /** A handle of the registry under test; each call gives another one of the same registry. */
    protected abstract Registry open() throws Exception;

    /**
     * A handle that looks for its server at {@code endpoint}, with a time-out of a second at most; null where there is no
     * server, and the tests of faults are left out.
     */
    protected @Nullable Registry openAt(URI endpoint) {
        return null;
    }

    /**
     * Where the server under test is, to be reached through {@link #openAt} as well; null where there is none that a proxy of
     * TCP can stand before, and the tests of bad networks are left out.
     */
    protected @Nullable URI server() {
        return null;
    }

    /** Puts an instance into the registry. */
    protected void place(Registry registry, Instance instance) throws Exception {
        registry.announce(instance, lease());
    }

    /** Takes an instance out. */
    protected void remove(Registry registry, Instance instance) throws Exception {
        registry.withdraw(instance);
    }

    /** What of an instance the registry can keep; all of it unless told otherwise. */
    protected Instance kept(Instance instance) {
        return instance;
    }

    /** The shortest lease that the registry does. */
    protected Duration lease() {
        return Duration.ofSeconds(2);
    }

    /** How much later than its end a lease may show: the granularity of the registry's own clock. */
    protected Duration leaseSlack() {
        return Duration.ofSeconds(3);
    }

    /** Whether a thread of that name is the server's, where that runs in this process. */
    protected boolean isForeign(String thread) {
        return false;
    }

    @BeforeEach
    final void nameTheService(TestInfo test) {
        var name = test.getTestMethod().orElseThrow().getName();
        service = "t" + Long.toString(System.nanoTime(), 36) + "-"
                + Integer.toHexString(name.hashCode() ^ test.getDisplayName().hashCode());
    }

    @AfterEach
    final void closeAll() {
        opened.forEach(Registry::close);
    }

    private Registry opened() throws Exception {
        return opened(open());
    }

    private Registry opened(Registry registry) {
        opened.add(registry);
        return registry;
    }

    private Instance instance(int number) {
        return kept(new Instance(
                service,
                "instance-" + number,
                "http",
                "127.0.0." + number,
                8000 + number,
                "eu-1a",
                1 + number,
                "1.2." + number,
                Optional.of(Instant.parse("2026-11-21T08:00:00Z")),
                Map.of("admin", 8081),
                Map.of("team", "désk", "note", "a: b, \"c\"")));
    }

    private static void until(String what, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > BOUND_NANOS) {
                throw new AssertionError("not within 30 s: " + what);
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    private void untilKnown(Registry registry, Instance... expected) {
        until(
                "known are " + List.of(expected),
                () -> registry.look(service).instances().equals(List.of(expected)));
    }

    private void requireAnnouncements(Registry registry) {
        assumeTrue(registry.takesAnnouncements(), "this registry takes no announcements");
    }

    // ---- knowing ---------------------------------------------------------------------------------------------------

    @Test
    final void aServiceThatNobodyAnnouncedHasNoInstances() throws Exception {
        var registry = opened();
        assertThat(registry.look(service).instances()).isEmpty();
        assertThat(registry.nodes(service)).isEmpty();
        assertThat(registry.services()).doesNotContain(service);
    }

    @Test
    final void anInstanceIsFoundAsItDescribedItself() throws Exception {
        var registry = opened();
        place(registry, instance(1));
        untilKnown(registry, instance(1));
    }

    @Test
    final void instancesAreToldInTheOrderOfTheirIds() throws Exception {
        var registry = opened();
        for (int number : new int[] {3, 1, 2}) {
            place(registry, instance(number));
        }
        untilKnown(registry, instance(1), instance(2), instance(3));
    }

    @Test
    final void aNameThatBeginsWithAnotherIsAnother() throws Exception {
        var registry = opened();
        place(registry, instance(1));
        untilKnown(registry, instance(1));
        assertThat(registry.look(service + "-desk").instances()).isEmpty();
        assertThat(registry.look(service.substring(0, service.length() - 1)).instances())
                .isEmpty();
    }

    @Test
    final void anotherHandleKnowsTheSame() throws Exception {
        place(opened(), instance(1));
        untilKnown(opened(), instance(1));
    }

    @Test
    final void aNewDescriptionTakesThePlaceOfTheOld() throws Exception {
        var registry = opened();
        var changed = kept(instance(1).withWeight(7));
        place(registry, instance(1));
        untilKnown(registry, instance(1));
        place(registry, changed);
        untilKnown(registry, changed);
    }

    @Test
    final void whatIsTakenOutIsGoneAtOnceAndMayBeTakenOutAgain() throws Exception {
        var registry = opened();
        place(registry, instance(1));
        place(registry, instance(2));
        untilKnown(registry, instance(1), instance(2));
        remove(registry, instance(1));
        untilKnown(registry, instance(2));
        remove(registry, instance(1));
        remove(registry, instance(2));
        untilKnown(registry);
    }

    @Test
    final void namesOfServicesAreListed() throws Exception {
        var registry = opened();
        place(registry, instance(1));
        untilKnown(registry, instance(1));
        var services = registry.services();
        assumeTrue(!services.isEmpty(), "this registry can't list services");
        assertThat(services).contains(service);
        remove(registry, instance(1));
        until("the name is gone", () -> !registry.services().contains(service));
    }

    @Test
    final void nodesAreTheInstancesWithTheirLastSignOfLife() throws Exception {
        var registry = opened();
        place(registry, instance(1));
        untilKnown(registry, instance(1));
        var nodes = registry.nodes(service);
        assertThat(nodes).extracting(Node::instance).containsExactly(instance(1));
        nodes.getFirst().heartbeat().ifPresent(beat -> assertThat(beat)
                .isBetween(
                        Instant.now().minus(lease()).minus(leaseSlack()),
                        Instant.now().plusSeconds(2)));
    }

    @Test
    final void manyAnnounceThemselvesAtOnce() throws Exception {
        var registry = opened();
        requireAnnouncements(registry);
        var threads = new ArrayList<Thread>();
        var ids = new TreeSet<String>();
        for (int i = 0; i < 40; i++) {
            var each = Instance.of(service, "many-" + i, "127.0.0.1", 9000 + i);
            ids.add(each.id());
            threads.add(Thread.ofVirtual().start(() -> registry.announce(each, Duration.ofSeconds(20))));
        }
        for (var thread : threads) {
            thread.join();
        }
        until("all are known", () -> {
            var known = new TreeSet<String>();
            registry.look(service).instances().forEach(instance -> known.add(instance.id()));
            return known.equals(ids);
        });
    }

    // ---- leases ----------------------------------------------------------------------------------------------------

    @Test
    final void anInstanceThatIsNotAnnouncedAgainIsGoneWhenItsLeaseIsOver() throws Exception {
        var registry = opened();
        requireAnnouncements(registry);
        long begin = System.nanoTime();
        registry.announce(instance(1), lease());
        assertThat(registry.look(service).instances()).containsExactly(instance(1));
        until("it is gone", () -> registry.look(service).instances().isEmpty());
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(lease().minusMillis(100), lease().plus(leaseSlack()));
    }

    @Test
    final void anInstanceThatIsAnnouncedAgainStaysAndTheOneBesideItGoes() throws Exception {
        var registry = opened();
        requireAnnouncements(registry);
        registry.announce(instance(1), lease());
        registry.announce(instance(2), lease());
        long end =
                System.nanoTime() + lease().multipliedBy(2).plus(leaseSlack()).toNanos();
        while (System.nanoTime() < end) {
            registry.announce(instance(1), lease());
            assertThat(registry.look(service).instances()).contains(instance(1));
            LockSupport.parkNanos(lease().toNanos() / 5);
        }
        assertThat(registry.look(service).instances()).containsExactly(instance(1));
    }

    @Test
    final void anInstanceThatWasLostIsLearntAnew() throws Exception {
        var registry = opened();
        requireAnnouncements(registry);
        registry.announce(instance(1), lease());
        until("it is gone", () -> registry.look(service).instances().isEmpty());
        registry.announce(instance(1), lease());
        assertThat(registry.look(service).instances()).containsExactly(instance(1));
        opened().withdraw(instance(1)); // by somebody else, behind the back of the one that renews
        until("it is gone", () -> registry.look(service).instances().isEmpty());
        until("it is learnt anew", () -> {
            registry.announce(instance(1), lease());
            return registry.look(service).instances().equals(List.of(instance(1)));
        });
    }

    // ---- waiting ---------------------------------------------------------------------------------------------------

    private Snapshot changed(Registry registry, Snapshot known) throws InterruptedException {
        long end = System.nanoTime() + BOUND_NANOS;
        var now = known;
        while (now.instances().equals(known.instances())) {
            if (System.nanoTime() > end) {
                throw new AssertionError("no change within 30 s of " + known);
            }
            now = registry.await(service, now, Duration.ofSeconds(10)).orElse(now);
        }
        return now;
    }

    @Test
    final void waitingEndsWhenAnInstanceComesOrGoes() throws Exception {
        var registry = opened();
        var other = opened();
        var known = registry.look(service);
        var failure = new AtomicReference<Exception>();
        var placing = Thread.ofVirtual().start(() -> {
            try {
                LockSupport.parkNanos(300_000_000);
                place(other, instance(1));
            } catch (Exception failed) {
                failure.set(failed);
            }
        });
        known = changed(registry, known);
        placing.join();
        assertThat(failure.get()).isNull();
        assertThat(known.instances()).containsExactly(instance(1));
        var before = known;
        var removing = Thread.ofVirtual().start(() -> {
            try {
                LockSupport.parkNanos(300_000_000);
                remove(other, instance(1));
            } catch (Exception failed) {
                failure.set(failed);
            }
        });
        known = changed(registry, before);
        removing.join();
        assertThat(failure.get()).isNull();
        assertThat(known.instances()).isEmpty();
    }

    @Test
    final void aChangeBetweenTwoWaitsIsNotMissed() throws Exception {
        var registry = opened();
        var known = registry.look(service);
        place(registry, instance(1));
        assertThat(changed(registry, known).instances()).containsExactly(instance(1));
    }

    @Test
    final void waitingEndsWhenALeaseIsOver() throws Exception {
        var registry = opened();
        requireAnnouncements(registry);
        registry.announce(instance(1), lease());
        assertThat(changed(registry, registry.look(service)).instances()).isEmpty();
    }

    @Test
    final void waitingForNothingEndsInTime() throws Exception {
        var registry = opened();
        place(registry, instance(1));
        untilKnown(registry, instance(1));
        var known = registry.look(service);
        long begin = System.nanoTime();
        var now = registry.await(service, known, Duration.ofSeconds(1));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(now.orElse(known).instances()).isEqualTo(known.instances());
    }

    @Test
    final void waitingCanBeInterrupted() throws Exception {
        var registry = opened();
        var known = registry.look(service);
        var begun = new CountDownLatch(1);
        var ended = new AtomicReference<Throwable>();
        var waiting = Thread.ofVirtual().start(() -> {
            begun.countDown();
            try {
                var now = known;
                while (true) {
                    now = registry.await(service, now, Duration.ofSeconds(60)).orElse(now);
                }
            } catch (Throwable thrown) {
                ended.set(thrown);
            }
        });
        begun.await();
        LockSupport.parkNanos(300_000_000);
        waiting.interrupt();
        assertThat(waiting.join(Duration.ofSeconds(10))).isTrue();
        assertThat(ended.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    final void nothingIsLeftAfterClosing() throws Exception {
        var first = opened(); // what the other side starts for its first caller is not the registry's
        first.look(service);
        first.await(service, first.look(service), Duration.ofMillis(100));
        first.close();
        LockSupport.parkNanos(500_000_000);
        var before = threads();
        var registry = opened();
        registry.look(service);
        registry.await(service, registry.look(service), Duration.ofMillis(100));
        registry.close();
        untilNoOther(before);
    }

    private void untilNoOther(Set<String> before) {
        var left = new TreeSet<String>();
        try {
            until("its threads have ended", () -> {
                left.clear();
                left.addAll(threads());
                left.removeAll(before);
                return left.isEmpty();
            });
        } catch (AssertionError late) {
            throw new AssertionError(late.getMessage() + ": " + left, late);
        }
    }

    /** Those of the platform that a registry could have started, by their names; the chassis' timer ends by itself. */
    private Set<String> threads() {
        var names = new TreeSet<String>();
        for (var thread : Thread.getAllStackTraces().keySet()) {
            if (!thread.getName().startsWith("plinth-timer")
                    && !thread.getName().startsWith("ForkJoinPool")
                    && !thread.getName().contains("Cleaner")
                    && !thread.getName().startsWith("VirtualThread")
                    && !thread.getName().startsWith("Read-")
                    && !thread.getName().startsWith("MasterPoller")
                    && !isForeign(thread.getName())) {
                names.add(thread.getName() + " " + thread.threadId());
            }
        }
        return names;
    }

    // ---- bad networks ----------------------------------------------------------------------------------------------

    /**
     * A row of the table.
     *
     * @param surely whether no answer gets through within the time-out of a second
     * @param atOnce whether a watch learns of it at once, and not by the end of its wait
     */
    record Network(FaultProxy.Fault fault, boolean surely, boolean atOnce) {}

    static Stream<Network> networks() {
        return Stream.of(
                new Network(new FaultProxy.Refuse(), true, true),
                new Network(new FaultProxy.Stall(), true, false),
                new Network(new FaultProxy.Cut(0), true, false),
                new Network(new FaultProxy.Cut(150), false, false),
                new Network(new FaultProxy.Reset(0), true, false),
                new Network(new FaultProxy.Reset(150), false, false),
                new Network(new FaultProxy.Drip(5), true, false),
                new Network(new FaultProxy.Corrupt(0), true, false),
                new Network(new FaultProxy.Corrupt(150), false, false),
                new Network(new FaultProxy.Delay(Duration.ofSeconds(3)), true, false));
    }

    /** The last known instances stay, calls of the registry end in time, the watch goes on afterwards, and nothing is left. */
    @ParameterizedTest
    @MethodSource("networks")
    final void aBadNetworkLeavesTheKnownInstancesAndNothingElse(Network network) throws Exception {
        var server = server();
        assumeTrue(server != null, "this registry has no server behind TCP");
        var place = opened();
        placeForLong(place, instance(1));
        untilKnown(place, instance(1));
        try (var proxy = FaultProxy.to(Objects.requireNonNull(server).getHost(), server.getPort())) {
            var before = threads();
            var registry = opened(Objects.requireNonNull(openAt(proxy.uri())));
            var discovery = discovery(registry);
            var balancer = discovery.balancer(service);
            discovery.follow();
            until("the instance is known", () -> balancer.status().size() == 1);

            proxy.fault(network.fault);
            proxy.closeAll();
            judge(registry, network);
            if (network.atOnce) {
                until("the failure is told", () -> discovery.check() instanceof Check.Result.Degraded);
            }
            placeForLong(place, instance(2));
            try (var pick = balancer.pick()) {
                assertThat(pick.instance()).isEqualTo(instance(1));
            }

            proxy.fault(FaultProxy.NONE);
            if (!(network.fault instanceof FaultProxy.Stall)) {
                proxy.closeAll(); // else what was garbled is waited for to the end of a wait, which is 20 s
            }
            until("what changed meanwhile is known", () -> balancer.status().size() == 2);
            until("the failure is over", () -> discovery.check() instanceof Check.Result.Up);
            discovery.close();
            until("no connection is left", () -> proxy.open() == 0);
            untilNoOther(before);
        }
        remove(place, instance(1));
        remove(place, instance(2));
    }

    private void placeForLong(Registry registry, Instance instance) throws Exception {
        if (registry.takesAnnouncements()) {
            registry.announce(instance, Duration.ofMinutes(2));
        } else {
            place(registry, instance);
        }
    }

    private static Discovery discovery(Registry registry) {
        return new Discovery(
                "caller",
                registry,
                Schema.of(DiscoveryConfig.class).defaults(),
                Time.system(),
                new Metrics("caller", Schema.of(MetricsConfig.class).defaults(), Time.system()));
    }

    private void judge(Registry registry, Network network) {
        long begin = System.nanoTime();
        try {
            registry.look(service);
            assertThat(network.surely).as("an answer came through %s", network).isFalse();
        } catch (RemoteException failed) {
            assertThat(failed).hasMessageNotContaining("null");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    }

    // ---- faults ----------------------------------------------------------------------------------------------------

    /** What a server may do in the place of an answer. */
    protected enum Fault {
        /** Nobody listens. */
        REFUSED,
        /** It takes the connection and says nothing. */
        SILENT,
        /** It takes the connection and closes it. */
        CLOSED,
        /** 200 with a page of HTML. */
        HTML,
        /** 200 with JSON that is something else. */
        OTHER_JSON,
        /** 200 with half of the body that it promised. */
        CUT,
        /** 500. */
        SERVER_ERROR,
        /** What is no HTTP at all. */
        NOISE;

        private String answer() {
            return switch (this) {
                case HTML -> ok("<html>Bad gateway</html>", 24);
                case OTHER_JSON -> ok("[{\"a\": [1, 2]}]", 15);
                case CUT -> ok("{\"result\": [", 4000);
                case SERVER_ERROR -> "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n";
                case NOISE -> "\0\1\2 noise \r\n\r\n";
                case REFUSED, SILENT, CLOSED -> "";
            };
        }

        private static String ok(String body, int length) {
            return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n" + body;
        }
    }

    @ParameterizedTest
    @EnumSource
    final void aBrokenServerIsATypedFailureInTime(Fault fault) throws Exception {
        var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        int port = server.getLocalPort();
        try {
            var registry = openAt(URI.create("http://127.0.0.1:" + port));
            assumeTrue(registry != null, "this registry has no server");
            if (fault == Fault.REFUSED) {
                server.close();
            } else {
                Thread.ofVirtual().start(() -> serve(server, fault));
            }
            judge(opened(Objects.requireNonNull(registry)), fault, "127.0.0.1:" + port);
        } finally {
            server.close();
        }
    }

    private void judge(Registry registry, Fault fault, String address) {
        long begin = System.nanoTime();
        assertThatThrownBy(() -> registry.look(service))
                .isInstanceOf(RemoteException.class)
                .hasMessageContaining(address);
        assertThatThrownBy(registry::services).isInstanceOf(RemoteException.class);
        if (registry.takesAnnouncements() && fault != Fault.HTML && fault != Fault.OTHER_JSON) {
            assertThatThrownBy(() -> registry.announce(instance(1), lease())).isInstanceOf(RemoteException.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    }

    private static void serve(ServerSocket server, Fault fault) {
        var taken = new ArrayList<Socket>();
        try {
            while (true) {
                var socket = server.accept();
                taken.add(socket);
                if (fault == Fault.CLOSED) {
                    socket.close();
                } else if (fault != Fault.SILENT) {
                    Thread.ofVirtual().start(() -> answer(socket, fault));
                }
            }
        } catch (IOException closed) {
            taken.forEach(RegistryConformance::close);
        }
    }

    private static void answer(Socket socket, Fault fault) {
        try (socket) {
            var buffer = new byte[65536];
            if (socket.getInputStream().read(buffer) > 0) {
                socket.getOutputStream().write(fault.answer().getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
                socket.shutdownOutput();
                while (socket.getInputStream().read(buffer) >= 0) {
                    // so that no reset overtakes the answer
                }
            }
        } catch (IOException gone) {
            // The other side has seen enough.
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException closedAlready) {
            // That is all there was to do.
        }
    }
}
