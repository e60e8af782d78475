package dev.plinth.etcd;

import dev.plinth.remote.RemoteTls;
import dev.plinth.secret.Secret;
import dev.plinth.time.Time;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The server at {@code TEST_ETCD_SECURE}: it asks for certificates, and has the users that this makes. */
record SecureEtcd(URI uri, RemoteTls tls, Etcd root) implements AutoCloseable {
    static final EtcdUser DESK = new EtcdUser("desk", Secret.of("d3sk"));
    private static final EtcdUser ROOT = new EtcdUser("root", Secret.of("r00t"));

    static SecureEtcd open() throws IOException {
        var folder = Path.of(System.getenv("TEST_ETCD_SECURE"));
        var uri = URI.create(Files.readString(folder.resolve("url")).strip());
        var tls = new RemoteTls(
                Optional.of(folder.resolve("ca.crt")),
                Optional.of(folder.resolve("client.crt")),
                Optional.of(folder.resolve("client.key")));
        try (var nobody = etcd(uri, Optional.empty(), tls)) {
            if (!nobody.answer("/v3/auth/authenticate", login(ROOT)).ok()) {
                makeUsers(nobody);
            }
        }
        return new SecureEtcd(uri, tls, etcd(uri, Optional.of(ROOT), tls));
    }

    private static Etcd etcd(URI uri, Optional<EtcdUser> user, RemoteTls tls) {
        var access = new EtcdAccess(List.of(uri), user, Optional.of(tls));
        return new Etcd(access, "test", Duration.ofSeconds(20), Time.system());
    }

    private static Map<String, String> login(EtcdUser user) {
        return Map.of("name", user.name(), "password", user.password().reveal());
    }

    private static void makeUsers(Etcd etcd) {
        etcd.call("/v3/auth/user/add", login(ROOT));
        etcd.call("/v3/auth/user/grant", Map.of("user", "root", "role", "root"));
        etcd.call("/v3/auth/role/add", Map.of("name", "plinth"));
        grant(etcd, "plinth/", "plinth0");
        grant(etcd, "config/", "config0");
        etcd.call("/v3/auth/user/add", login(DESK));
        etcd.call("/v3/auth/user/grant", Map.of("user", DESK.name(), "role", "plinth"));
        etcd.call("/v3/auth/enable", Map.of());
    }

    private static void grant(Etcd etcd, String from, String to) {
        var permission = Map.of("permType", "READWRITE", "key", Etcd.base64(from), "range_end", Etcd.base64(to));
        etcd.call("/v3/auth/role/grant", Map.of("name", "plinth", "perm", permission));
    }

    /** Makes all tokens of the user worth nothing, by giving it its own password again. */
    void forgetTokens() {
        root.call("/v3/auth/user/changepw", login(DESK));
    }

    EtcdAccess access(Optional<EtcdUser> user, Optional<RemoteTls> shown) {
        return new EtcdAccess(List.of(uri), user, shown);
    }

    EtcdSettings settings(URI endpoint) {
        return new EtcdSettings(List.of(endpoint), "plinth/test", Optional.of(DESK), Optional.of(tls));
    }

    @Override
    public void close() {
        root.close();
    }
}
