package dev.plinth.benchmarks;

import dev.plinth.config.Arguments;
import dev.plinth.config.Config;
import dev.plinth.config.Layout;
import dev.plinth.config.Sources;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;

/** Loads a file into twenty records and says how long that took, in nanoseconds, and a sum that shows that it did. */
public final class ConfigProgram {
    record Server(
            String host,
            int port,
            Duration requestTimeout,
            Duration idleTimeout,
            long maxBody,
            int maxConnections,
            int backlog,
            boolean http2,
            List<String> hosts,
            Tls tls) {}

    record Tls(boolean enabled, String certificate, String key, List<String> protocols, List<String> ciphers) {}

    record Database(
            String url,
            String user,
            String password,
            int poolSize,
            Duration connectTimeout,
            Duration idleTimeout,
            Duration maxLifetime,
            Map<String, String> properties,
            Migration migration) {}

    record Migration(boolean enabled, String table, List<String> locations) {}

    record Cache(String backend, Duration ttl, int maxSize, List<String> names, Redis redis) {}

    record Redis(String host, int port, int database, Duration timeout) {}

    record Mail(String host, int port, String from, List<String> to, Map<String, String> headers, Retry retry) {}

    record Retry(int attempts, Duration delay, double factor, List<Integer> codes) {}

    record Search(String index, Duration timeout, List<String> endpoints, Map<String, Double> weights, Paging paging) {}

    record Paging(int size, int max, Order order) {}

    record Billing(String currency, Provider provider, String account, Map<String, Double> rates, Limit limit) {}

    record Limit(long daily, long monthly, int perUser) {}

    record Audit(boolean enabled, String sink, List<String> fields, Retention retention) {}

    record Retention(int days, boolean archive, String bucket) {}

    record Catalog(String name, Duration refresh, List<String> regions, List<String> languages, Images images) {}

    record Images(int width, int height, List<String> formats) {}

    record Metrics(
            boolean enabled, Duration interval, List<Duration> buckets, Map<String, String> tags, Export export) {}

    record Export(String endpoint, int batch, Map<String, String> headers) {}

    record Features(Map<String, Boolean> flags, List<Experiment> experiments) {}

    record Experiment(String name, int share, List<String> variants) {}

    enum Order {
        ASCENDING,
        DESCENDING
    }

    enum Provider {
        INVOICE,
        CARD
    }

    private ConfigProgram() {}

    /** The others look for no file on the class path, so ours does not either; that costs more than all else. */
    private static final class NoClassPath extends ClassLoader {
        @Override
        public Enumeration<URL> getResources(String name) {
            return Collections.emptyEnumeration();
        }
    }

    /** The file. */
    public static void main(String[] arguments) {
        var begin = System.nanoTime();
        var layout = new Layout()
                .section("server", Server.class)
                .section("database", Database.class)
                .section("cache", Cache.class)
                .section("mail", Mail.class)
                .section("search", Search.class)
                .section("billing", Billing.class)
                .section("audit", Audit.class)
                .section("catalog", Catalog.class)
                .section("metrics", Metrics.class)
                .section("features", Features.class);
        var config = Config.load(
                new Sources(Arguments.parse("--config", arguments[0]), System.getenv(), Path.of(""), new NoClassPath()),
                layout);
        var server = config.get("server", Server.class);
        var database = config.get("database", Database.class);
        var cache = config.get("cache", Cache.class);
        var mail = config.get("mail", Mail.class);
        var search = config.get("search", Search.class);
        var billing = config.get("billing", Billing.class);
        var audit = config.get("audit", Audit.class);
        var catalog = config.get("catalog", Catalog.class);
        var metrics = config.get("metrics", Metrics.class);
        var features = config.get("features", Features.class);
        var sum = server.port()
                + server.tls().ciphers().size()
                + database.poolSize()
                + database.properties().size()
                + cache.names().size()
                + mail.retry().codes().get(3)
                + search.weights().size()
                + search.paging().order().name().length()
                + billing.rates().size()
                + billing.limit().perUser()
                + audit.fields().size()
                + catalog.regions().size()
                + metrics.buckets().size()
                + (int) metrics.interval().toSeconds()
                + features.flags().size()
                + features.experiments().size()
                + features.experiments().get(2).share();
        System.out.println(Long.toString(System.nanoTime() - begin).concat(" ").concat(Integer.toString(sum)));
    }
}
