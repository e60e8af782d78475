import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.FileSystemResource;

/** Spring Boot's binder: the file as a source beside variables and system properties, with placeholders, into records. */
public final class Main {
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

    record Search(
            String index,
            Duration timeout,
            List<String> endpoints,
            Map<String, Double> weights,
            Paging paging) {}

    record Paging(int size, int max, Order order) {}

    record Billing(String currency, Provider provider, String account, Map<String, Double> rates, Limit limit) {}

    record Limit(long daily, long monthly, int perUser) {}

    record Audit(boolean enabled, String sink, List<String> fields, Retention retention) {}

    record Retention(int days, boolean archive, String bucket) {}

    record Catalog(String name, Duration refresh, List<String> regions, List<String> languages, Images images) {}

    record Images(int width, int height, List<String> formats) {}

    record Metrics(
            boolean enabled,
            Duration interval,
            List<Duration> buckets,
            Map<String, String> tags,
            Export export) {}

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

    private Main() {}

    /** The file. */
    public static void main(String[] arguments) throws IOException {
        var begin = System.nanoTime();
        var environment = new StandardEnvironment();
        for (var source : new YamlPropertySourceLoader().load("service", new FileSystemResource(arguments[0]))) {
            environment.getPropertySources().addLast(source);
        }
        var binder = Binder.get(environment);
        var server = binder.bind("server", Server.class).get();
        var database = binder.bind("database", Database.class).get();
        var cache = binder.bind("cache", Cache.class).get();
        var mail = binder.bind("mail", Mail.class).get();
        var search = binder.bind("search", Search.class).get();
        var billing = binder.bind("billing", Billing.class).get();
        var audit = binder.bind("audit", Audit.class).get();
        var catalog = binder.bind("catalog", Catalog.class).get();
        var metrics = binder.bind("metrics", Metrics.class).get();
        var features = binder.bind("features", Features.class).get();
        var sum = server.port() + server.tls().ciphers().size() + database.poolSize() + database.properties().size()
                + cache.names().size() + mail.retry().codes().get(3) + search.weights().size() + search.paging().order().name().length()
                + billing.rates().size() + billing.limit().perUser() + audit.fields().size() + catalog.regions().size()
                + metrics.buckets().size() + (int) metrics.interval().toSeconds() + features.flags().size()
                + features.experiments().size() + features.experiments().get(2).share();
        System.out.println(Long.toString(System.nanoTime() - begin).concat(" ").concat(Integer.toString(sum)));
    }
}
