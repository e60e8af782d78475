package dev.plinth.config;

/**
 * The backend that the configuration chooses for one component. Immutable.
 *
 * @param backend to be asked to open
 * @param settings its record, of the class of {@link Backend#settings()}
 * @param <B> the kind
 */
public record Chosen<B extends Backend>(B backend, Record settings) {}
