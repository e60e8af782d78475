/** The chassis: the one dependency of a service. */
module dev.plinth {
    requires static transitive org.jspecify;
    requires transitive io.opentelemetry.api;
    requires io.opentelemetry.common;
    requires io.opentelemetry.context;
    requires io.opentelemetry.exporter.internal;
    requires io.opentelemetry.exporter.otlp;
    requires io.opentelemetry.sdk.common;
    requires io.opentelemetry.sdk.trace;
    requires io.prometheus.metrics.model;
    requires io.prometheus.writer.text;
    requires java.logging;
    requires java.management;
    requires jdk.management;
    requires transitive micrometer.core;
    requires micrometer.registry.prometheus;
    requires transitive jakarta.validation;
    requires transitive org.slf4j;
    requires java.net.http;
    requires org.snakeyaml.engine;
    requires tools.jackson.core;
    requires tools.jackson.databind;

    exports dev.plinth.config;
    exports dev.plinth.context;
    exports dev.plinth.error;
    exports dev.plinth.json;
    exports dev.plinth.lifecycle;
    exports dev.plinth.schema;
    exports dev.plinth.metrics;
    exports dev.plinth.secret;
    exports dev.plinth.time;
    exports dev.plinth.trace;
}
