/** What tests of services and backends need. */
module dev.plinth.testkit {
    requires static transitive org.jspecify;
    requires transitive dev.plinth;
    requires transitive java.net.http;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires transitive org.junit.jupiter.params;
    requires jdk.httpserver;

    exports dev.plinth.testkit;
}
