package dev.plinth.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.Await;
import dev.plinth.schema.Live;
import dev.plinth.secret.Secret;
import dev.plinth.time.ManualTime;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names and passwords, and what a flood of them costs. */
@Timeout(300)
class PasswordsTest {
    private static final StoredHash ANN = StoredHash.ofPassword("pässword: with colon", 100_000);
    private static final StoredHash BOB = StoredHash.ofPassword("bob", 100_000);

    private final ManualTime time = new ManualTime();
    private final Live.Source<Map<String, Passwords.User>> users =
            new Live.Source<>(Map.of("ann", user(ANN, "clerk"), "bob", user(BOB)));
    private final Passwords passwords = new Passwords("people", new Passwords.Settings(users.live()), time);

    private static Passwords.User user(StoredHash hash, String... roles) {
        return new Passwords.User(Secret.of(hash.text()), Set.of(roles));
    }

    private static Evidence bearing(String... authorization) {
        return new Evidence() {
            @Override
            public List<String> headers(String lowerCaseName) {
                return List.of(authorization);
            }

            @Override
            public List<X509Certificate> certificates() {
                return List.of();
            }
        };
    }

    private Verdict judge(String pair) throws InterruptedException {
        return passwords.authenticate(
                bearing("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void knowsWhoSaysThePassword() throws Exception {
        assertThat(judge("ann:pässword: with colon"))
                .isInstanceOfSatisfying(Verdict.Accepted.class, accepted -> assertThat(accepted.principal())
                        .hasToString("ann by people [clerk]"));
        assertThat(judge("ann:bob")).isEqualTo(new Verdict.Refused("wrong password"));
        assertThat(judge("ann:bob")).isEqualTo(new Verdict.Refused("wrong password, again"));
        assertThat(judge("eve:bob")).isEqualTo(new Verdict.Refused("no such user"));
        assertThat(judge("Ann:pässword: with colon")).isEqualTo(new Verdict.Refused("no such user"));
        assertThat(passwords.roles()).hasValue(Set.of("clerk"));
    }

    @Test
    void malformedOnes() throws Exception {
        var malformed = new Verdict.Refused("no Base64 of a name, a colon and a password in UTF-8");
        for (var text :
                List.of("", "%%%", "YQ", "YQ==", "YTo=", "OmE=", "YTpi YTpi", "YTpi,Basic YTpi", "w6Q=", "_w==")) {
            assertThat(passwords.authenticate(bearing("Basic " + text)))
                    .as(text)
                    .isEqualTo(malformed);
        }
        var latin = Base64.getEncoder().encodeToString("ann:pässword".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(passwords.authenticate(bearing("Basic " + latin))).isEqualTo(malformed);
        assertThat(judge("ann:a\u0000b")).isEqualTo(malformed);
        assertThat(judge("ann\r\n:b")).isEqualTo(malformed);
        assertThat(judge("ann:" + "a".repeat(1025)))
                .isEqualTo(new Verdict.Refused("a password of more than 1024 characters"));
        assertThat(passwords.authenticate(bearing("Basic"))).isEqualTo(malformed);
        assertThat(passwords.authenticate(bearing("Basics YTpi"))).isEqualTo(Verdict.ABSENT);
        assertThat(passwords.authenticate(bearing())).isEqualTo(Verdict.ABSENT);
    }

    @Test
    void aPasswordThatWasChangedServesNoMore_thoughItIsRemembered() throws Exception {
        assertThat(judge("bob:bob")).isInstanceOf(Verdict.Accepted.class);
        users.set(Map.of("bob", user(ANN)));
        assertThat(judge("bob:bob")).isInstanceOf(Verdict.Refused.class);
        users.set(Map.of("ann", user(ANN)));
        assertThat(judge("bob:bob")).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void whatWasJudgedIsRememberedForAWhile() {
        var recent = new Recent(time, Duration.ofSeconds(10));
        var key = recent.key("a", "b");
        assertThat(key)
                .isEqualTo(recent.key("a", "b"))
                .isNotEqualTo(recent.key("ab", ""))
                .isNotEqualTo(recent.key("b", "a"));
        recent.add(key);
        assertThat(recent.contains(key)).isTrue();
        assertThat(recent.contains(recent.key("a", "c"))).isFalse();
        time.advance(Duration.ofSeconds(10));
        assertThat(recent.contains(key)).isFalse();
        recent.add(key);
        for (int i = 0; i < 1_000; i++) {
            recent.add(recent.key("flood", Integer.toString(i)));
        }
        assertThat(recent.contains(key)).isFalse();
    }

    /** A flood takes one processor, a queue of eight, and nobody else's time. */
    @Test
    void onlySoManyAreJudgedAtOneTime() throws Exception {
        var slow = new SlowHashes(1);
        var held = new CountDownLatch(1);
        var at = new AtomicInteger();
        var most = new AtomicInteger();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<@Nullable Boolean>>();
            for (int i = 0; i < 9; i++) {
                int before = i;
                all.add(callers.submit(() -> slow.judge(() -> {
                    most.accumulateAndGet(at.incrementAndGet(), Math::max);
                    try {
                        assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException stopped) {
                        throw new AssertionError(stopped);
                    }
                    at.decrementAndGet();
                    return true;
                })));
                Await.until("it is judged or waits", () -> before == 0 ? at.get() == 1 : slow.waiting() == before);
            }
            assertThat(slow.judge(() -> true)).isNull();
            held.countDown();
            for (var each : all) {
                assertThat(each.get()).isTrue();
            }
        }
        assertThat(most).hasValue(1);
        assertThat(slow.judge(() -> false)).isFalse();
    }

    @Test
    void whoGivesUpHoldsNoPlace() throws Exception {
        var slow = new SlowHashes(1);
        var held = new CountDownLatch(1);
        var caller = Thread.ofVirtual().start(() -> {
            try {
                slow.judge(() -> {
                    try {
                        return held.await(60, TimeUnit.SECONDS);
                    } catch (InterruptedException never) {
                        throw new AssertionError(never);
                    }
                });
            } catch (InterruptedException asIsAsked) {
                Thread.currentThread().interrupt();
            }
        });
        caller.interrupt();
        caller.join();
        held.countDown();
        assertThat(slow.judge(() -> true)).isTrue();
    }

    @Test
    void hashesAreReadStrictly() {
        assertThat(StoredHash.parse(ANN.text()).matches("pässword: with colon")).isTrue();
        assertThat(ANN).hasToString("pbkdf2-sha256:***");
        var key = StoredHash.newKey();
        assertThat(StoredHash.ofKey(key)).hasToString("sha256:***");
        assertThat(StoredHash.ofKey(key).matches(key)).isTrue();
        assertThat(StoredHash.ofKey(key).matches(key + " ")).isFalse();
        for (var text : List.of("", "hunter2", "sha256:", "md5:abc", "sha256:" + "a".repeat(44), ANN.text() + "=")) {
            assertThatThrownBy(() -> StoredHash.parse(text))
                    .hasMessage(
                            "no hash (expected: sha256:… as plinth key api prints it, or pbkdf2-sha256:… as plinth hash"
                                    + " does)");
        }
        assertThatThrownBy(() -> StoredHash.parse(ANN.text().replace(":100000:", ":1000:")))
                .hasMessage("a hash of 1000 rounds (expected: 100000..10000000)");
        assertThatThrownBy(() -> new Passwords.Settings(Live.of(Map.of("ann", user(StoredHash.ofKey(key))))))
                .hasMessage(
                        "users.ann has the hash of a key, too fast for a password (expected: pbkdf2-sha256:…, as plinth"
                                + " hash prints it)");
        assertThatThrownBy(() -> new Passwords.Settings(Live.of(Map.of("a:b", user(ANN)))))
                .hasMessage("users: 'a:b' (expected: a name without a colon)");
    }
}
