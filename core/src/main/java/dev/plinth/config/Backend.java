package dev.plinth.config;

/**
 * One way to do the work of a component, chosen by its name under {@code backend:}.
 *
 * <p>Each kind of component extends this by an interface with a method of its own that opens one, and has a {@link
 * Backends} that knows where they are:
 *
 * {@snippet :
 * public interface RegistryBackend extends Backend {
 *     Backends<RegistryBackend> KIND = Backends.of(RegistryBackend.class, new MemoryBackend());
 *
 *     Registry open(Record settings, Time time);
 * }
 * }
 *
 * <p>An implementation is public, has a public constructor without parameters, holds no state and loads nothing of the
 * library that it stands for before it is asked to open. It is named in {@code META-INF/services} and in {@code
 * module-info}. Thread-safe.
 */
public interface Backend {
    /** What stands under {@code backend:}, in kebab-case; no other of its kind has it. */
    String name();

    /** The record that judges the other keys of the section, and that the method which opens is given. */
    Class<? extends Record> settings();
}
