package dev.plinth.consul;

import dev.plinth.config.BootBackend;
import dev.plinth.config.BootConfig;
import dev.plinth.config.BootDocument;
import dev.plinth.config.BootSource;
import dev.plinth.remote.JsonApi;
import dev.plinth.remote.RemoteException;
import dev.plinth.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code boot: { backend: consul, key: config/orders }}: a value of Consul's KV store. */
public final class ConsulBootBackend implements BootBackend {
    /** For the service loader. */
    public ConsulBootBackend() {}

    @Override
    public String name() {
        return "consul";
    }

    @Override
    public Class<? extends Record> settings() {
        return ConsulBootSettings.class;
    }

    @Override
    public BootSource open(Record settings, BootConfig boot, Time time) {
        var given = (ConsulBootSettings) settings;
        var api = new JsonApi("consul", List.of(given.agent()), boot.timeout(), time).header("Accept", () -> "*/*");
        given.token().ifPresent(token -> api.header("X-Consul-Token", token::reveal));
        return new Source(given, api);
    }

    /** The value of one key; a version is Consul's index, with which a query blocks. */
    private record Source(ConsulBootSettings settings, JsonApi api) implements BootSource {
        private String path() {
            return "/v1/kv/" + JsonApi.encodePath(settings.key()) + "?raw=true"
                    + settings.datacenter()
                            .map(dc -> "&dc=" + JsonApi.encode(dc))
                            .orElse("");
        }

        @Override
        public String describe() {
            return api.describe();
        }

        @Override
        public String name() {
            return "consul:" + settings.key();
        }

        @Override
        public BootDocument read() {
            return document(api.call("GET", path(), null));
        }

        private BootDocument document(JsonApi.Answer answer) {
            if (answer.status() == 404) {
                throw new RemoteException(describe() + ": there is no key '" + settings.key()
                        + "' (write it by consul kv put " + settings.key() + " @FILE)");
            }
            var content = answer.requireOk().body();
            return new BootDocument(answer.header("X-Consul-Index").orElse("1"), content);
        }

        /** Consul adds up to a sixteenth of the wait, so that not all come back at once. */
        @Override
        public Optional<BootDocument> await(BootDocument known, Duration most) throws InterruptedException {
            var query = "&index=" + JsonApi.encode(known.version()) + "&wait=" + Math.max(1, most.toMillis()) + "ms";
            var now = document(api.await("GET", path() + query, null, most.plus(most.dividedBy(8))));
            return now.version().equals(known.version()) ? Optional.empty() : Optional.of(now);
        }

        @Override
        public void close() {
            api.close();
        }
    }
}
