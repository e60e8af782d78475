package dev.plinth.log;

/** Writes records as lines of one {@link LogFormat}, line end included. For one thread at a time. */
interface Encoder {
    void encode(LogRecord record, Lines out);

    static Encoder forConsole(LogConfig config) {
        var format = config.format();
        var terminal = (format == LogFormat.AUTO || format == LogFormat.TEXT) && StandardOutput.isTerminal();
        if (format == LogFormat.AUTO) {
            format = terminal ? LogFormat.TEXT : LogFormat.JSON;
        }
        return of(format, config, terminal && wantsColour());
    }

    static Encoder forFile(LogConfig config, LogFile file) {
        var format = file.format() == LogFormat.AUTO ? config.format() : file.format();
        return of(format, config, false);
    }

    private static Encoder of(LogFormat format, LogConfig config, boolean coloured) {
        return switch (format) {
            case AUTO, JSON -> new JsonFormat();
            case GCP -> new GcpFormat(config.gcpProject());
            case ECS -> new EcsFormat();
            case LOGSTASH -> new LogstashFormat();
            case TEXT -> new TextFormat(coloured);
        };
    }

    /** The convention of no-color.org. */
    private static boolean wantsColour() {
        var no = System.getenv("NO_COLOR");
        return (no == null || no.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
    }
}
