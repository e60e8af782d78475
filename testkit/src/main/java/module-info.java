/** What tests of services and backends need. */
module dev.plinth.testkit {
    requires static transitive org.jspecify;
    requires dev.plinth;
    requires jdk.httpserver;

    exports dev.plinth.testkit;
}
