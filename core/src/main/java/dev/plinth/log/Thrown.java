package dev.plinth.log;

import ch.qos.logback.classic.spi.IThrowableProxy;
import java.util.ArrayList;
import java.util.List;

/** A throwable as it was when it was logged, with its causes and what was suppressed. Immutable. */
public final class Thrown {
    private static final int MAX_LINES = 1000;
    private static final int MAX_CHARS = 65_536;

    private final IThrowableProxy proxy;

    Thrown(IThrowableProxy proxy) {
        this.proxy = proxy;
    }

    /** The name of its class. */
    public String type() {
        return proxy.getClassName();
    }

    /** Its message; empty if it has none. */
    public String message() {
        var message = proxy.getMessage();
        return message == null ? "" : Values.cut(message, Values.MAX_TEXT);
    }

    /**
     * What {@link Throwable#printStackTrace()} prints, line by line and without line ends: frames begin with a tab,
     * causes with {@code Caused by: }. At most 1,000 lines and 65,536 characters.
     */
    public List<String> lines() {
        var printer = new Printer();
        printer.print(proxy, "", "");
        return printer.lines;
    }

    int weight() {
        var weight = 0;
        for (var next = proxy; next != null; next = next.getCause()) {
            weight += 200 + 100 * next.getStackTraceElementProxyArray().length;
        }
        return weight;
    }

    private static final class Printer {
        private final List<String> lines = new ArrayList<>();
        private int chars;
        private boolean full;

        void print(IThrowableProxy first, String firstCaption, String indent) {
            var caption = firstCaption;
            for (var thrown = first; thrown != null && !full; thrown = thrown.getCause()) {
                if (thrown.isCyclic()) {
                    header(indent + caption + "[CIRCULAR REFERENCE: " + headline(thrown) + "]");
                    return;
                }
                header(indent + caption + headline(thrown));
                var frames = thrown.getStackTraceElementProxyArray();
                var common = thrown.getCommonFrames();
                for (var i = 0; i < frames.length - common && !full; i++) {
                    line(indent + "\tat " + frames[i].getStackTraceElement());
                }
                if (common > 0) {
                    line(indent + "\t... " + common + " more");
                }
                for (var suppressed : thrown.getSuppressed()) {
                    print(suppressed, "Suppressed: ", indent + "\t");
                }
                caption = "Caused by: ";
            }
        }

        private static String headline(IThrowableProxy thrown) {
            var own = thrown.getOverridingMessage();
            if (own != null) {
                return own;
            }
            var message = thrown.getMessage();
            return message == null ? thrown.getClassName() : thrown.getClassName() + ": " + message;
        }

        /** A message may have line ends of its own. */
        private void header(String text) {
            var from = 0;
            for (var end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
                line(text.substring(from, end > from && text.charAt(end - 1) == '\r' ? end - 1 : end));
                from = end + 1;
            }
            line(text.substring(from));
        }

        private void line(String line) {
            if (full) {
                return;
            }
            if (lines.size() == MAX_LINES - 1 || chars + line.length() > MAX_CHARS) {
                full = true;
                lines.add(Values.cut(line, MAX_CHARS - chars));
                lines.add("... [cut: the exception has more than " + MAX_LINES + " lines or " + MAX_CHARS
                        + " characters]");
                return;
            }
            chars += line.length();
            lines.add(line);
        }
    }
}
