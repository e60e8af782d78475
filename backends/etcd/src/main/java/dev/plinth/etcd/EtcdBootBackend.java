package dev.plinth.etcd;

import dev.plinth.config.BootBackend;
import dev.plinth.config.BootConfig;
import dev.plinth.config.BootDocument;
import dev.plinth.config.BootSource;
import dev.plinth.remote.RemoteException;
import dev.plinth.time.Time;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** {@code boot: { backend: etcd, endpoints: ["http://127.0.0.1:2379"], key: config/orders }}. */
public final class EtcdBootBackend implements BootBackend {
    /** For the service loader. */
    public EtcdBootBackend() {}

    @Override
    public String name() {
        return "etcd";
    }

    @Override
    public Class<? extends Record> settings() {
        return EtcdBootSettings.class;
    }

    @Override
    public BootSource open(Record settings, BootConfig boot, Time time) {
        var given = (EtcdBootSettings) settings;
        return new Source(given.key(), new Etcd(given.access(), "boot", boot.timeout(), time));
    }

    /** The value of one key; a version is etcd's revision, from which a watch goes on. */
    private record Source(String key, Etcd etcd) implements BootSource {
        private Map<String, Object> keys() {
            return Map.of("key", Etcd.base64(key));
        }

        @Override
        public String describe() {
            return etcd.describe();
        }

        @Override
        public String name() {
            return "etcd:" + key;
        }

        @Override
        public BootDocument read() {
            var range = etcd.range(keys());
            if (range.kvs().isEmpty()) {
                throw new RemoteException(
                        describe() + ": there is no key '" + key + "' (write it by etcdctl put " + key + " <FILE)");
            }
            try {
                return new BootDocument(
                        range.header().revision(), range.kvs().getFirst().bytes());
            } catch (IllegalArgumentException garbage) {
                throw new RemoteException(describe() + ": POST /v3/kv/range: answered what is no Base64", garbage);
            }
        }

        @Override
        public Optional<BootDocument> await(BootDocument known, Duration most) throws InterruptedException {
            return etcd.awaitChange(keys(), known.version(), most) ? Optional.of(read()) : Optional.empty();
        }

        @Override
        public void close() {
            etcd.close();
        }
    }
}
