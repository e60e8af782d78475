package dev.plinth.config;

import dev.plinth.remote.JsonApi;
import dev.plinth.remote.RemoteException;
import dev.plinth.remote.RemoteTls;
import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.secret.Secret;
import dev.plinth.time.Time;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code rest}: a document at an address, such as a Plinth service or any web server has it. */
final class RestBoot implements BootBackend {
    /**
     * Where it is.
     *
     * @param endpoints each has the same documents
     * @param key which of them
     * @param token that it wants
     * @param poll how often it is asked for a change, by ETag
     * @param tls whom to trust and what to show
     */
    record Settings(
            @NotEmpty @Doc("Where documents are, such as http://config:8080/config.") List<URI> endpoints,
            @NotNull @Doc("Which of them, such as orders.") String key,
            @Doc("Token that the store wants.") Optional<Secret> token,
            @Default("10s") @Positive @Doc("How often it is asked for a change.") Duration poll,
            @Doc("Whom to trust and what to show, with https.") Optional<RemoteTls> tls) {
        Settings {
            JsonApi.requireEndpoints(endpoints);
            JsonApi.requireKey(key);
        }
    }

    @Override
    public String name() {
        return "rest";
    }

    @Override
    public Class<? extends Record> settings() {
        return Settings.class;
    }

    @Override
    public BootSource open(Record settings, BootConfig boot, Time time) {
        return new Source((Settings) settings, boot.timeout(), time);
    }

    private static final class Source implements BootSource {
        private final JsonApi api;
        private final Settings settings;
        private final String path;
        private final Time time;
        private String known = "";

        Source(Settings settings, Duration timeout, Time time) {
            this.settings = settings;
            this.path = "/" + JsonApi.encodePath(settings.key);
            this.time = time;
            this.api = new JsonApi("configuration", settings.endpoints, timeout, time)
                    .header("Accept", () -> "application/yaml, application/json, */*;q=0.1")
                    .header("If-None-Match", () -> known);
            settings.token.ifPresent(token -> api.header("Authorization", () -> "Bearer " + token.reveal()));
            settings.tls.ifPresent(tls -> api.tls(tls.context("boot.tls")));
        }

        @Override
        public String describe() {
            return api.describe();
        }

        /** The first address stands for all, which have the same. */
        @Override
        public String name() {
            return settings.endpoints.getFirst() + path;
        }

        @Override
        public BootDocument read() {
            known = "";
            return document(api.call("GET", path, null));
        }

        private BootDocument document(JsonApi.Answer answer) {
            if (answer.status() == 404) {
                throw new RemoteException(describe() + ": there is no document " + path + " (answered 404)");
            }
            var content = answer.requireOk().body();
            var etag = answer.header("ETag").orElse("");
            return new BootDocument(etag.isEmpty() ? Versions.of(content) : etag, content);
        }

        @Override
        public Optional<BootDocument> await(BootDocument document, Duration most) throws InterruptedException {
            time.sleep(settings.poll);
            known = document.version().startsWith("\"") || document.version().startsWith("W/")
                    ? document.version()
                    : "";
            var answer = api.await("GET", path, null, Duration.ZERO);
            if (answer.status() == 304) {
                return Optional.empty();
            }
            var now = document(answer);
            return now.version().equals(document.version()) ? Optional.empty() : Optional.of(now);
        }

        @Override
        public void close() {
            api.close();
        }
    }
}
