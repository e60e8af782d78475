/** The command {@code plinth}. */
module dev.plinth.cli {
    requires info.picocli;
    requires java.compiler;
    requires org.snakeyaml.engine;
    requires java.net.http;
    requires dev.plinth;
    requires static org.jspecify;

    opens dev.plinth.cli to
            info.picocli;
}
