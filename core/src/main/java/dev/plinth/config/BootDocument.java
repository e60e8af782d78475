package dev.plinth.config;

/** One YAML or JSON text of configuration, as a store had it. Immutable. */
public final class BootDocument {
    private final String version;
    private final byte[] content;

    /**
     * One that was read.
     *
     * @param version two documents of one store with the same version have the same content
     * @param content in UTF-8
     */
    public BootDocument(String version, byte[] content) {
        this.version = version;
        this.content = content.clone();
    }

    /** What differs where the content does. */
    public String version() {
        return version;
    }

    /** The bytes as they came. */
    public byte[] content() {
        return content.clone();
    }
}
