package dev.plinth.config;

/**
 * Where a value was written.
 *
 * <p>Its text is what errors and {@code explain} print: {@code service.yaml:3:9}, {@code classpath:service.yaml:3:9},
 * {@code etcd:config/orders:3:5}, {@code PLINTH_HTTP_PORT}, {@code --set http.port}, {@code default}. It never holds the value itself. Immutable.
 *
 * @param kind the kind of source
 * @param name the file as it was named, the resource, the remote document, the variable, or the option without its value; empty for a default
 * @param line from 1; 0 where there are no lines
 * @param column from 1, in characters; 0 where there are no lines
 */
public record Origin(Kind kind, String name, int line, int column) {
    /** Nothing wrote it: it comes from the record. */
    static final Origin DEFAULT = new Origin(Kind.DEFAULT, "", 0, 0);

    /** The kinds of source, the weakest first. */
    public enum Kind {
        /** The record's own default. */
        DEFAULT,
        /** {@code service.yaml} on the class path. */
        RESOURCE,
        /** A file, a profile's too. */
        FILE,
        /** A document of the store that the section {@code boot} names, or its last good copy. */
        REMOTE,
        /** A file of a mounted folder, named after the key. */
        MOUNTED,
        /** A variable of the environment. */
        VARIABLE,
        /** An argument of the command line. */
        ARGUMENT
    }

    /** A file, as it was named. */
    public static Origin file(String name) {
        return new Origin(Kind.FILE, name, 0, 0);
    }

    /** A document elsewhere, by the name that it has there. */
    static Origin remote(String document) {
        return new Origin(Kind.REMOTE, document, 0, 0);
    }

    static Origin mounted(String path) {
        return new Origin(Kind.MOUNTED, path, 0, 0);
    }

    static Origin variable(String name) {
        return new Origin(Kind.VARIABLE, name, 0, 0);
    }

    /** An option of the command line, with the key that it sets but without the value. */
    static Origin argument(String option) {
        return new Origin(Kind.ARGUMENT, option, 0, 0);
    }

    /** The same source, at a place in it. */
    public Origin at(int line, int column) {
        return new Origin(kind, name, line, column);
    }

    /** Whether a person wrote it in a file or a document, where {@code ${...}} is filled in; elsewhere text is taken as it is. */
    boolean isWritten() {
        return kind == Kind.FILE || kind == Kind.RESOURCE || kind == Kind.REMOTE;
    }

    @Override
    public String toString() {
        var text =
                switch (kind) {
                    case DEFAULT -> "default";
                    case RESOURCE -> "classpath:" + name;
                    case FILE, REMOTE, MOUNTED, VARIABLE, ARGUMENT -> name;
                };
        return line == 0 ? text : text + ":" + line + ":" + column;
    }
}
