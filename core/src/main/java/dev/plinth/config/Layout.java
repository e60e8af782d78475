package dev.plinth.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sections that a service understands, each with the record that judges it. One thread at a time.
 *
 * <p>Whatever else stands in a file is an unknown key, except {@code optional-keys} and what begins with {@code x-}.
 */
public final class Layout {
    private final Map<String, Section> sections = new LinkedHashMap<>();

    /** One with the section {@code secrets} alone, which every service has. */
    public Layout() {
        choice("secrets", DecryptionBackend.KIND, SecretsConfig.class);
    }

    /**
     * One key of the root.
     *
     * @param type the record; null where there is only a backend's
     * @param backends what {@code backend:} chooses from; null where there is no such key
     * @param many whether records stand below names that the user chooses
     */
    record Section(@Nullable Class<? extends Record> type, @Nullable Backends<?> backends, boolean many) {}

    /**
     * A section that is one record, such as {@code http}. Where no source has it, it is made of the defaults.
     *
     * @throws IllegalArgumentException if there is a section of that name
     */
    public Layout section(String name, Class<? extends Record> type) {
        return add(name, new Section(type, null, false));
    }

    /**
     * A section of records by names that the user chooses, such as {@code clients}.
     *
     * @throws IllegalArgumentException if there is a section of that name
     */
    public Layout sections(String name, Class<? extends Record> type) {
        return add(name, new Section(type, null, true));
    }

    /**
     * A section whose key {@code backend} chooses the record of its other keys, such as {@code discovery}.
     *
     * @throws IllegalArgumentException if there is a section of that name
     */
    public Layout choice(String name, Backends<?> kind) {
        return add(name, new Section(null, kind, false));
    }

    /**
     * The same with keys that are there whatever backend is chosen.
     *
     * @param common their record; a backend must not have a key of the same name
     * @throws IllegalArgumentException if there is a section of that name
     */
    public Layout choice(String name, Backends<?> kind, Class<? extends Record> common) {
        return add(name, new Section(common, kind, false));
    }

    /**
     * A section of names that the user chooses, below each of which {@code backend} chooses, such as {@code stores}.
     *
     * @throws IllegalArgumentException if there is a section of that name
     */
    public Layout choices(String name, Backends<?> kind) {
        return add(name, new Section(null, kind, true));
    }

    /**
     * The same with keys that are there whatever backend is chosen.
     *
     * @param common their record; a backend must not have a key of the same name
     * @throws IllegalArgumentException if there is a section of that name
     */
    public Layout choices(String name, Backends<?> kind, Class<? extends Record> common) {
        return add(name, new Section(common, kind, true));
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

    /**
     * The page of all keys, in Markdown: type, unit, default, rules, and whether a reload takes them.
     *
     * @param loader where backends are looked for
     */
    public String reference(ClassLoader loader) {
        return new ReferencePage(this, loader).text();
    }

    /**
     * The JSON Schema (draft 2020-12) of a file: what an editor needs to complete keys and to mark mistakes while they are
     * made. No key is required in it, since another source may have it; what a placeholder stands for, and rules over
     * several keys, are judged at the start alone.
     *
     * @param loader where backends are looked for
     */
    public Map<String, Object> jsonSchema(ClassLoader loader) {
        return new JsonSchema(this, loader).tree();
    }

    Map<String, Section> sections() {
        return sections;
    }
}
