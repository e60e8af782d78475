package dev.plinth.log;

import java.text.MessageFormat;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LocationAwareLogger;

/**
 * Hands to SLF4J what is logged by {@link System.Logger}, as the JDK does, without {@code java.util.logging}
 * between. Found by the JDK as a service.
 */
public final class SystemLoggers extends System.LoggerFinder {
    /** For {@link java.util.ServiceLoader}. */
    public SystemLoggers() {}

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new Bridge(LoggerFactory.getLogger(name));
    }

    private record Bridge(org.slf4j.Logger logger) implements System.Logger {
        private static final String FQCN = Bridge.class.getName();

        @Override
        public String getName() {
            return logger.getName();
        }

        @Override
        public boolean isLoggable(Level level) {
            return switch (level) {
                case ALL, TRACE -> logger.isTraceEnabled();
                case DEBUG -> logger.isDebugEnabled();
                case INFO -> logger.isInfoEnabled();
                case WARNING -> logger.isWarnEnabled();
                case ERROR -> logger.isErrorEnabled();
                case OFF -> false;
            };
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
            if (isLoggable(level)) {
                write(level, translate(bundle, message), thrown);
            }
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... arguments) {
            if (isLoggable(level)) {
                var text = translate(bundle, format);
                write(level, arguments == null || arguments.length == 0 ? text : format(text, arguments), null);
            }
        }

        private static @Nullable String format(@Nullable String pattern, @Nullable Object[] arguments) {
            try {
                return pattern == null ? null : MessageFormat.format(pattern, arguments);
            } catch (RuntimeException broken) {
                // A pattern with a brace too many, or an argument whose toString fails.
                return pattern;
            }
        }

        private static @Nullable String translate(@Nullable ResourceBundle bundle, @Nullable String key) {
            if (bundle == null || key == null) {
                return key;
            }
            try {
                return bundle.getString(key);
            } catch (MissingResourceException | ClassCastException none) {
                return key;
            }
        }

        private void write(Level level, @Nullable String message, @Nullable Throwable thrown) {
            if (logger instanceof LocationAwareLogger aware) {
                aware.log(null, FQCN, level(level), message, null, thrown);
            }
        }

        private static int level(Level level) {
            return switch (level) {
                case ALL, TRACE -> LocationAwareLogger.TRACE_INT;
                case DEBUG -> LocationAwareLogger.DEBUG_INT;
                case INFO -> LocationAwareLogger.INFO_INT;
                case WARNING -> LocationAwareLogger.WARN_INT;
                case ERROR, OFF -> LocationAwareLogger.ERROR_INT;
            };
        }
    }
}
