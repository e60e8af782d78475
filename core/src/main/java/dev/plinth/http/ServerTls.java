package dev.plinth.http;

import dev.plinth.http.ServerTlsConfig.ClientCertificate;
import dev.plinth.time.Time;
import dev.plinth.tls.PemFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS of a listener's connections. Files that have changed are read again, looked at when a connection comes, and at
 * most every 5 s; new ones that are wrong are told once and the old ones stay. Thread-safe.
 */
final class ServerTls implements Supplier<SSLEngine> {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final String place;
    private final ServerTlsConfig config;
    private final Time time;
    private volatile SSLContext context;
    private volatile long looked;
    private List<FileTime> stamps;

    /**
     * From the files of {@code config}.
     *
     * @param place the section, for messages: {@code http.tls}
     * @throws IllegalArgumentException if one can't be read, or is not what it should be
     */
    ServerTls(String place, ServerTlsConfig config, Time time) {
        this.place = place;
        this.config = config;
        this.time = time;
        stamps = stamps();
        context = read();
        looked = time.nanos();
    }

    private SSLContext read() {
        return PemFiles.context(place, config.trust(), Optional.of(config.certificate()), Optional.of(config.key()));
    }

    /** For a connection that begins now. */
    @Override
    public SSLEngine get() {
        if (time.nanos() - looked >= LOOK.toNanos()) {
            look();
        }
        var engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        var parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setUseCipherSuitesOrder(true);
        if (config.clientCertificate() == ClientCertificate.REQUIRED) {
            parameters.setNeedClientAuth(true);
        } else if (config.clientCertificate() == ClientCertificate.OPTIONAL) {
            parameters.setWantClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private synchronized void look() {
        looked = time.nanos();
        var now = stamps();
        if (now.equals(stamps)) {
            return;
        }
        stamps = now;
        try {
            context = read();
            LOG.info("{}: certificate and key have changed and were read again", place);
        } catch (IllegalArgumentException wrong) {
            LOG.error("{}: the files have changed and are not used, the old ones stay: {}", place, wrong.getMessage());
        }
    }

    private List<FileTime> stamps() {
        var all = new ArrayList<FileTime>();
        for (var file : files()) {
            try {
                all.add(Files.getLastModifiedTime(file));
            } catch (IOException gone) {
                all.add(FileTime.fromMillis(0));
            }
        }
        return all;
    }

    private List<Path> files() {
        var all = new ArrayList<>(List.of(config.certificate(), config.key()));
        config.trust().ifPresent(all::add);
        return all;
    }
}
