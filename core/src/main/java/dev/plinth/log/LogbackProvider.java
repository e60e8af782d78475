package dev.plinth.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.CoreConstants;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Binds SLF4J to Logback without a search: {@link Logs#attach} names it in the property {@code slf4j.provider}. Where a
 * logger was asked for earlier, SLF4J has searched all jars for its provider, and Logback for its {@link LogbackSetup};
 * the result is the same, some tens of milliseconds later.
 */
public final class LogbackProvider implements SLF4JServiceProvider {
    private static final String PROPERTY = "slf4j.provider";
    private static final String VERBOSITY = "slf4j.internal.verbosity";

    private final LoggerContext loggers = new LoggerContext();
    private final LogbackMDCAdapter mdc = new LogbackMDCAdapter();
    private final IMarkerFactory markers = new BasicMarkerFactory();

    /** For SLF4J. */
    public LogbackProvider() {}

    /** Sees to it that SLF4J takes this one, if it has taken none so far and none was named by the user. */
    static void prepare() {
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, LogbackProvider.class.getName());
            if (System.getProperty(VERBOSITY) == null) {
                // It would say on standard error, for each start, that it does what it was told.
                System.setProperty(VERBOSITY, "WARN");
            }
        }
    }

    @Override
    public void initialize() {
        loggers.setName(CoreConstants.DEFAULT_CONTEXT_NAME);
        loggers.setMDCAdapter(mdc);
        Backend.install(loggers);
        loggers.start();
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return loggers;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return mdc;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }
}
