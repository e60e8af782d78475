import io.smallrye.config.ConfigMapping;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** SmallRye Config: the file as a source beside variables and system properties, with placeholders, into its mappings. */
public final class Main {
    @ConfigMapping(prefix = "server")
    interface Server {
        String host();

        int port();

        Duration requestTimeout();

        Duration idleTimeout();

        long maxBody();

        int maxConnections();

        int backlog();

        boolean http2();

        List<String> hosts();

        Tls tls();
    }

    interface Tls {
        boolean enabled();

        String certificate();

        String key();

        List<String> protocols();

        List<String> ciphers();
    }

    @ConfigMapping(prefix = "database")
    interface Database {
        String url();

        String user();

        String password();

        int poolSize();

        Duration connectTimeout();

        Duration idleTimeout();

        Duration maxLifetime();

        Map<String, String> properties();

        Migration migration();
    }

    interface Migration {
        boolean enabled();

        String table();

        List<String> locations();
    }

    @ConfigMapping(prefix = "cache")
    interface Cache {
        String backend();

        Duration ttl();

        int maxSize();

        List<String> names();

        Redis redis();
    }

    interface Redis {
        String host();

        int port();

        int database();

        Duration timeout();
    }

    @ConfigMapping(prefix = "mail")
    interface Mail {
        String host();

        int port();

        String from();

        List<String> to();

        Map<String, String> headers();

        Retry retry();
    }

    interface Retry {
        int attempts();

        Duration delay();

        double factor();

        List<Integer> codes();
    }

    @ConfigMapping(prefix = "search")
    interface Search {
        String index();

        Duration timeout();

        List<String> endpoints();

        Map<String, Double> weights();

        Paging paging();
    }

    interface Paging {
        int size();

        int max();

        Order order();
    }

    @ConfigMapping(prefix = "billing")
    interface Billing {
        String currency();

        Provider provider();

        String account();

        Map<String, Double> rates();

        Limit limit();
    }

    interface Limit {
        long daily();

        long monthly();

        int perUser();
    }

    @ConfigMapping(prefix = "audit")
    interface Audit {
        boolean enabled();

        String sink();

        List<String> fields();

        Retention retention();
    }

    interface Retention {
        int days();

        boolean archive();

        String bucket();
    }

    @ConfigMapping(prefix = "catalog")
    interface Catalog {
        String name();

        Duration refresh();

        List<String> regions();

        List<String> languages();

        Images images();
    }

    interface Images {
        int width();

        int height();

        List<String> formats();
    }

    @ConfigMapping(prefix = "metrics")
    interface Metrics {
        boolean enabled();

        Duration interval();

        List<Duration> buckets();

        Map<String, String> tags();

        Export export();
    }

    interface Export {
        String endpoint();

        int batch();

        Map<String, String> headers();
    }

    @ConfigMapping(prefix = "features")
    interface Features {
        Map<String, Boolean> flags();

        List<Experiment> experiments();
    }

    interface Experiment {
        String name();

        int share();

        List<String> variants();
    }

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
        var config = new SmallRyeConfigBuilder()
                .addSystemSources()
                .addDefaultInterceptors()
                .withSources(new YamlConfigSource(Path.of(arguments[0]).toUri().toURL()))
                .withMapping(Server.class)
                .withMapping(Database.class)
                .withMapping(Cache.class)
                .withMapping(Mail.class)
                .withMapping(Search.class)
                .withMapping(Billing.class)
                .withMapping(Audit.class)
                .withMapping(Catalog.class)
                .withMapping(Metrics.class)
                .withMapping(Features.class)
                .build();
        var server = config.getConfigMapping(Server.class);
        var database = config.getConfigMapping(Database.class);
        var cache = config.getConfigMapping(Cache.class);
        var mail = config.getConfigMapping(Mail.class);
        var search = config.getConfigMapping(Search.class);
        var billing = config.getConfigMapping(Billing.class);
        var audit = config.getConfigMapping(Audit.class);
        var catalog = config.getConfigMapping(Catalog.class);
        var metrics = config.getConfigMapping(Metrics.class);
        var features = config.getConfigMapping(Features.class);
        var sum = server.port() + server.tls().ciphers().size() + database.poolSize() + database.properties().size()
                + cache.names().size() + mail.retry().codes().get(3) + search.weights().size() + search.paging().order().name().length()
                + billing.rates().size() + billing.limit().perUser() + audit.fields().size() + catalog.regions().size()
                + metrics.buckets().size() + (int) metrics.interval().toSeconds() + features.flags().size()
                + features.experiments().size() + features.experiments().get(2).share();
        System.out.println(Long.toString(System.nanoTime() - begin).concat(" ").concat(Integer.toString(sum)));
    }
}
