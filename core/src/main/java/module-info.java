/** The chassis: the one dependency of a service. */
module dev.plinth {
    requires static transitive org.jspecify;
    requires transitive jakarta.validation;
    requires transitive org.slf4j;
    requires java.net.http;
    requires org.snakeyaml.engine;
    requires tools.jackson.core;
    requires tools.jackson.databind;

    exports dev.plinth.context;
    exports dev.plinth.error;
    exports dev.plinth.lifecycle;
    exports dev.plinth.schema;
    exports dev.plinth.secret;
    exports dev.plinth.time;
}
