package dev.plinth.config;

import dev.plinth.time.Time;

/** {@code none}: there is no remote tree. */
final class NoBoot implements BootBackend {
    static final String NAME = "none";

    /** Nothing to be said. */
    record Settings() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<? extends Record> settings() {
        return Settings.class;
    }

    @Override
    public BootSource open(Record settings, BootConfig boot, Time time) {
        throw new IllegalStateException("boot.backend: none opens nothing");
    }
}
