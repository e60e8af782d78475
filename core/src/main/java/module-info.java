/** The chassis: the one dependency of a service. */
@SuppressWarnings("module") // dev.plinth.cli is built after it
module dev.plinth {
    requires static transitive org.jspecify;
    requires transitive io.opentelemetry.api;
    requires transitive jakarta.validation;
    requires transitive micrometer.core;
    requires transitive org.slf4j;
    requires ch.qos.logback.classic;
    requires ch.qos.logback.core;
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
    requires java.net.http;
    requires jdk.management;
    requires jdk.net;
    requires micrometer.registry.prometheus;
    requires org.snakeyaml.engine;
    requires tools.jackson.core;
    requires tools.jackson.databind;

    exports dev.plinth;
    exports dev.plinth.admin;
    exports dev.plinth.auth;
    exports dev.plinth.client;
    exports dev.plinth.config;
    exports dev.plinth.context;
    exports dev.plinth.credential;
    exports dev.plinth.discovery;
    exports dev.plinth.error;
    exports dev.plinth.health;
    exports dev.plinth.http;
    exports dev.plinth.json;
    exports dev.plinth.lifecycle;
    exports dev.plinth.log;
    exports dev.plinth.metrics;
    exports dev.plinth.openapi to
            dev.plinth.cli;
    exports dev.plinth.remote;
    exports dev.plinth.resilience;
    exports dev.plinth.schema;
    exports dev.plinth.secret;
    exports dev.plinth.time;
    exports dev.plinth.tls;
    exports dev.plinth.trace;

    // Backends of Plinth's own kinds, so that the modules which bring them are resolved.
    uses dev.plinth.auth.AuthenticatorBackend;
    uses dev.plinth.config.BootBackend;
    uses dev.plinth.config.DecryptionBackend;
    uses dev.plinth.discovery.RegistryBackend;
    uses dev.plinth.http.ContentCoding;
    uses dev.plinth.http.OpenApiUi;

    provides ch.qos.logback.classic.spi.Configurator with
            dev.plinth.log.LogbackSetup;
    provides System.LoggerFinder with
            dev.plinth.log.SystemLoggers;
}
