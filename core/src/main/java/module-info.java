/** The chassis: the one dependency of a service. */
module dev.plinth {
    requires static transitive org.jspecify;

    exports dev.plinth.context;
    exports dev.plinth.error;
    exports dev.plinth.lifecycle;
    exports dev.plinth.secret;
    exports dev.plinth.time;
}
