package dev.plinth.log;

/** The shape of a line. */
public enum LogFormat {
    /** {@link #TEXT} on a terminal, {@link #JSON} otherwise. */
    AUTO,
    /** One JSON object a line, in the chassis's own fields. */
    JSON,
    /** What the agents of Google Cloud Logging read: its special fields, the rest as payload. */
    GCP,
    /** Elastic Common Schema 8. */
    ECS,
    /** The fields of {@code logstash-logback-encoder}. */
    LOGSTASH,
    /** For people; coloured on a terminal unless {@code NO_COLOR} is set. */
    TEXT
}
