package dev.plinth.config;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The sections that a service understands, each with the record that judges it. One thread at a time.
 *
 * <p>Whatever else stands in a file is an unknown key, except {@code optional-keys} and what begins with {@code x-}.
 */
public final class Layout {
    private final Map<String, Section> sections = new LinkedHashMap<>();

    /** One without sections yet. */
    public Layout() {}

    /**
     * One key of the root.
     *
     * @param many whether records stand below names that the user chooses
     */
    record Section(Class<? extends Record> type, boolean many) {}

    /**
     * A section that is one record, such as {@code http}. Where no source has it, it is made of the defaults.
     *
     * @throws IllegalArgumentException if there is a section of that name
     */
    public Layout section(String name, Class<? extends Record> type) {
        return add(name, new Section(type, false));
    }

    /**
     * A section of records by names that the user chooses, such as {@code clients}.
     *
     * @throws IllegalArgumentException if there is a section of that name
     */
    public Layout sections(String name, Class<? extends Record> type) {
        return add(name, new Section(type, true));
    }

    private Layout add(String name, Section section) {
        if (name.startsWith("x-") || name.equals(Overrides.OPTIONAL)) {
            throw new IllegalArgumentException("section '" + name + "': the name is reserved");
        }
        if (sections.putIfAbsent(name, section) != null) {
            throw new IllegalArgumentException("section '" + name + "' is declared twice");
        }
        return this;
    }

    Map<String, Section> sections() {
        return sections;
    }
}
