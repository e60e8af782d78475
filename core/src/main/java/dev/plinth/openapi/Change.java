package dev.plinth.openapi;

/**
 * One change between two versions of a document.
 *
 * @param breaking whether a caller who kept to the old version may fail with the new one
 * @param where the operation, and the place in it
 * @param what in a few words
 * @param place where it stands: in the new document, or where it has gone, in the old one
 */
public record Change(boolean breaking, String where, String what, dev.plinth.config.Origin place) {
    @Override
    public String toString() {
        return (breaking ? "breaking: " : "other: ") + where + ": " + what + " [" + place + "]";
    }
}
