package dev.plinth.auth;

import dev.plinth.context.Principal;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.schema.Live;
import dev.plinth.secret.Secret;
import dev.plinth.time.Time;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knows people by name and password ({@code Basic}, RFC 7617). A password that held is remembered for some minutes, one that
 * didn't for some seconds, and only so many are judged at one time: a flood of wrong ones doesn't take the machine.
 */
final class Passwords implements Authenticator {
    private static final int LONGEST = 1024;
    private static final Duration RIGHT = Duration.ofMinutes(5);
    private static final Duration WRONG = Duration.ofSeconds(10);

    /**
     * Who has a password.
     *
     * @param users by their names
     */
    record Settings(@NotEmpty @Doc("Who has a password, by name: `hash`, `roles`.") Live<Map<String, User>> users) {
        Settings {
            hashes(users.get());
        }
    }

    /**
     * One who has a password.
     *
     * @param hash of the password, as {@code plinth hash} prints it
     * @param roles that the caller has
     */
    record User(
            @NotNull @Doc("Hash of the password, as `plinth hash` prints it.") Secret hash,
            @Default("") @Doc("Roles that the caller has.") Set<String> roles) {
        StoredHash stored() {
            return StoredHash.parse(hash.reveal());
        }
    }

    private final String name;
    private final Settings settings;
    private final SlowHashes slow = new SlowHashes();
    private final Recent right;
    private final Recent wrong;

    Passwords(String name, Settings settings, Time time) {
        this.name = name;
        this.settings = settings;
        this.right = new Recent(time, RIGHT);
        this.wrong = new Recent(time, WRONG);
    }

    private static void hashes(Map<String, User> users) {
        users.forEach((who, user) -> {
            if (who.indexOf(':') >= 0) {
                throw new IllegalArgumentException("users: '" + who + "' (expected: a name without a colon)");
            }
            boolean isSlow;
            try {
                isSlow = user.stored().isSlow();
            } catch (IllegalArgumentException none) {
                throw new IllegalArgumentException("users." + who + " has " + none.getMessage(), none);
            }
            if (!isSlow) {
                throw new IllegalArgumentException("users." + who
                        + " has the hash of a key, too fast for a password (expected: pbkdf2-sha256:…, as plinth hash"
                        + " prints it)");
            }
        });
    }

    @Override
    public Verdict authenticate(Evidence evidence) throws InterruptedException {
        var sent = evidence.authorization("Basic");
        if (sent == null) {
            return Verdict.ABSENT;
        }
        var pair = decoded(sent);
        int colon = pair == null ? -1 : pair.indexOf(':');
        if (pair == null || colon <= 0 || colon == pair.length() - 1) {
            return new Verdict.Refused("no Base64 of a name, a colon and a password in UTF-8");
        }
        if (pair.length() - colon > LONGEST) {
            return new Verdict.Refused("a password of more than " + LONGEST + " characters");
        }
        return judge(pair.substring(0, colon), pair.substring(colon + 1));
    }

    private Verdict judge(String who, String password) throws InterruptedException {
        var users = settings.users().get();
        var user = users.get(who);
        // A user who isn't there takes as long as one who is, so that names can't be tried out.
        var hash = user == null ? slowest(users) : user.stored();
        var seen = right.key(who, password, hash.text());
        if (user != null && right.contains(seen)) {
            return accepted(who, user);
        }
        if (wrong.contains(seen)) {
            return new Verdict.Refused("wrong password, again");
        }
        var matches = slow.judge(() -> hash.matches(password));
        if (matches == null) {
            return new Verdict.Unavailable("more passwords than can be judged", Duration.ofSeconds(1));
        }
        if (user == null || !matches) {
            wrong.add(seen);
            return new Verdict.Refused(user == null ? "no such user" : "wrong password");
        }
        right.add(seen);
        return accepted(who, user);
    }

    private Verdict accepted(String who, User user) {
        return new Verdict.Accepted(new Principal(who, user.roles(), name, Map.of()));
    }

    private static StoredHash slowest(Map<String, User> users) {
        StoredHash slowest = null;
        for (var user : users.values()) {
            var hash = user.stored();
            slowest = slowest == null || hash.rounds() > slowest.rounds() ? hash : slowest;
        }
        return Objects.requireNonNull(slowest);
    }

    private static @Nullable String decoded(String base64) {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getDecoder().decode(base64)))
                    .toString();
            return text.chars().anyMatch(Character::isISOControl) ? null : text;
        } catch (IllegalArgumentException | CharacterCodingException malformed) {
            return null;
        }
    }

    @Override
    public String source() {
        return "Authorization: Basic";
    }

    @Override
    public String challenge(String realm, boolean refused) {
        return "Basic realm=\"" + realm + "\", charset=\"UTF-8\"";
    }

    @Override
    public Map<String, Object> scheme() {
        return Map.of("type", "http", "scheme", "basic");
    }

    @Override
    public Optional<Set<String>> roles() {
        var all = new HashSet<String>();
        settings.users().get().values().forEach(user -> all.addAll(user.roles()));
        return Optional.of(all);
    }
}
