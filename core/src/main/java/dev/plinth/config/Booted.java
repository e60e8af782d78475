package dev.plinth.config;

/**
 * How the remote tree of a configuration was come by. Immutable.
 *
 * @param source what was asked: {@code etcd at http://127.0.0.1:2379}
 * @param document what it was asked for: {@code etcd:config/orders}
 * @param from where the tree comes from
 * @param place what stands before line and column in the origin of its values: the document, or the file of its copy;
 *     empty for none
 * @param trouble why it does not come from the source; empty if it does
 */
public record Booted(String source, String document, From from, String place, String trouble) {
    /** Where a remote tree may come from. */
    public enum From {
        /** The store. */
        SOURCE,
        /** The last good copy, since the store could not be asked. */
        COPY,
        /** Nowhere: there was no copy either. */
        NOWHERE
    }
}
