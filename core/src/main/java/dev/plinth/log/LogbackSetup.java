package dev.plinth.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.NopStatusListener;

/**
 * Sets Logback up in code, with {@link LogConfig#defaults()} until a service is attached. Found by Logback as a service
 * when the first logger is asked for; no {@code logback.xml} is looked for.
 */
// Logback makes it as a service; nobody else needs the type, nor to require Logback for it.
@SuppressWarnings("exports")
public final class LogbackSetup extends ContextAwareBase implements Configurator {
    /** For {@link java.util.ServiceLoader}. */
    public LogbackSetup() {}

    @Override
    public ExecutionStatus configure(LoggerContext loggers) {
        // With a listener Logback builds no printer for its own start messages, which takes longer than all the rest.
        loggers.getStatusManager().add(new NopStatusListener());
        Backend.install(loggers);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
