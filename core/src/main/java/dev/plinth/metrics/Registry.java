package dev.plinth.metrics;

import dev.plinth.time.Time;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Micrometer's registry as a service has it, and the page that Prometheus reads. */
final class Registry {
    static final String SERVICE = "service";

    private static final Logger log = LoggerFactory.getLogger(Metrics.class);
    private static final double NANOS = 1e9;

    private final String service;
    private final MetricsConfig config;
    private final Overflow overflow;
    private final PrometheusMeterRegistry micrometer;
    private final Set<String> toldDuplicates = ConcurrentHashMap.newKeySet();
    private @Nullable JvmGcMetrics jvm;

    Registry(String service, MetricsConfig config, Time time, Overflow overflow) {
        this.service = service;
        this.config = config;
        this.overflow = overflow;
        this.micrometer = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), clock(time));
        var guard = new SeriesGuard(config.maxSeries(), overflow);
        micrometer
                .config()
                .commonTags(SERVICE, service)
                .meterFilter(JvmMeters.names())
                .meterFilter(guard)
                .meterFilter(helpful())
                .onMeterRemoved(meter -> guard.forget(meter.getId()));
    }

    private static Clock clock(Time time) {
        return new Clock() {
            @Override
            public long wallTime() {
                return time.now().toEpochMilli();
            }

            @Override
            public long monotonicTime() {
                return time.nanos();
            }
        };
    }

    /** Every meter has a help text, or promtool complains. */
    private static MeterFilter helpful() {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.getDescription() != null
                        ? id
                        : new Meter.Id(
                                id.getName(),
                                Tags.of(id.getTagsAsIterable()),
                                id.getBaseUnit(),
                                MeterNames.inWords(id.getName()),
                                id.getType());
            }
        };
    }

    MeterRegistry meters() {
        return micrometer;
    }

    void bindJvm() {
        if (jvm == null && config.jvm()) {
            jvm = JvmMeters.bind(micrometer);
        }
    }

    void close() {
        if (jvm != null) {
            jvm.close();
        }
        micrometer.close();
    }

    Exposition scrape(@Nullable String accept, List<HistogramFamily> families, long inFlight) {
        var snapshots = new ArrayList<MetricSnapshot>();
        for (var family : families) {
            var series = family.all();
            if (!series.isEmpty()) {
                snapshots.add(histogram(family, series));
                if (family.name().startsWith("http_")) {
                    snapshots.add(count(family, series));
                }
            }
        }
        var here = Labels.of(SERVICE, service);
        snapshots.add(new GaugeSnapshot(
                new MetricMetadata("http_server_requests_in_flight", "Requests being handled now."),
                List.of(new GaugeDataPointSnapshot(inFlight, here, null))));
        if (!overflow.counts().isEmpty()) {
            snapshots.add(overflow());
        }
        addAll(micrometer.getPrometheusRegistry().scrape(), snapshots);
        return write(accept, new MetricSnapshots(snapshots));
    }

    private HistogramSnapshot histogram(HistogramFamily family, List<Histogram> series) {
        var bounds = new double[family.bounds().length + 1];
        for (int i = 0; i < family.bounds().length; i++) {
            bounds[i] = family.bounds()[i] / NANOS;
        }
        bounds[family.bounds().length] = Double.POSITIVE_INFINITY;
        var points = new ArrayList<HistogramDataPointSnapshot>();
        for (var one : series) {
            points.add(new HistogramDataPointSnapshot(
                    ClassicHistogramBuckets.of(bounds, one.counts()),
                    one.sumNanos() / NANOS,
                    labels(family, one),
                    exemplars(one, bounds.length),
                    one.createdMillis()));
        }
        return new HistogramSnapshot(new MetricMetadata(family.name(), family.help()), points);
    }

    private static Exemplars exemplars(Histogram histogram, int buckets) {
        var exemplars = new ArrayList<Exemplar>();
        for (int i = 0; i < buckets; i++) {
            var exemplar = histogram.exemplar(i);
            if (exemplar != null) {
                exemplars.add(Exemplar.builder()
                        .value(exemplar.nanos() / NANOS)
                        .traceId(exemplar.traceId())
                        .spanId(exemplar.spanId())
                        .timestampMillis(exemplar.atMillis())
                        .build());
            }
        }
        return Exemplars.of(exemplars);
    }

    /** {@code http_server_requests_count_total}: what the histogram counts, under the name that older dashboards know. */
    private CounterSnapshot count(HistogramFamily family, List<Histogram> series) {
        var points = new ArrayList<CounterDataPointSnapshot>();
        for (var one : series) {
            long count = 0;
            for (long bucket : one.counts()) {
                count += bucket;
            }
            points.add(new CounterDataPointSnapshot(count, labels(family, one), null, one.createdMillis()));
        }
        var name = family.name().replace("_seconds", "_count");
        return new CounterSnapshot(new MetricMetadata(name, family.help()), points);
    }

    private Labels labels(HistogramFamily family, Histogram histogram) {
        var names = new ArrayList<String>();
        names.add(SERVICE);
        for (var label : family.labelNames()) {
            names.add(MeterNames.prometheus(label));
        }
        var values = new ArrayList<String>();
        values.add(service);
        values.addAll(histogram.labelValues());
        return Labels.of(names, values);
    }

    private CounterSnapshot overflow() {
        var points = new ArrayList<CounterDataPointSnapshot>();
        overflow.counts()
                .forEach((meter, count) -> points.add(new CounterDataPointSnapshot(
                        count.sum(), Labels.of(SERVICE, service, "meter", meter), null, 0)));
        return new CounterSnapshot(
                new MetricMetadata("metrics_series_overflow", "Look-ups of a series beyond metrics.max-series."),
                points);
    }

    /** Two families of one name would spoil the whole page. */
    private void addAll(MetricSnapshots from, List<MetricSnapshot> to) {
        var names = new HashSet<String>();
        for (var ours : to) {
            names.add(ours.getMetadata().getPrometheusName());
        }
        for (var theirs : from) {
            var name = theirs.getMetadata().getPrometheusName();
            if (names.add(name)) {
                to.add(theirs);
            } else if (toldDuplicates.add(name)) {
                log.warn("Meter '{}' is there twice and shown once. Give one of them another name", name);
            }
        }
    }

    private static Exposition write(@Nullable String accept, MetricSnapshots snapshots) {
        var writer =
                prefersOpenMetrics(accept) ? OpenMetricsTextFormatWriter.create() : PrometheusTextFormatWriter.create();
        var body = new ByteArrayOutputStream(32 * 1024);
        try {
            writer.write(body, snapshots);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new Exposition(writer.getContentType(), body.toByteArray());
    }

    static boolean prefersOpenMetrics(@Nullable String accept) {
        return accept != null && quality(accept, "application/openmetrics-text") > quality(accept, "text/plain");
    }

    /** The weight that {@code accept} gives to {@code type} by name; 0 where it doesn't. */
    private static double quality(String accept, String type) {
        double best = 0;
        for (var range : accept.split(",", -1)) {
            var parts = range.split(";", -1);
            if (parts[0].strip().equalsIgnoreCase(type)) {
                best = Math.max(best, quality(parts));
            }
        }
        return best;
    }

    private static double quality(String[] parameters) {
        for (var parameter : parameters) {
            var text = parameter.strip();
            if (text.startsWith("q=")) {
                try {
                    return Double.parseDouble(text.substring(2));
                } catch (NumberFormatException malformed) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
