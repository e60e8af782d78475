package dev.plinth.config;

import dev.plinth.schema.Choices;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A key whose value says which record judges the keys beside it. */
sealed interface Choice permits Choice.OfBackend, Choice.OfRecord {
    /** The key. */
    String key();

    /** The name that is taken where none is given; null if one must be given. */
    @Nullable
    String otherwise();

    /** The record of the keys that are there whatever is chosen; null if there are none. */
    @Nullable
    Class<? extends Record> common();

    /** The record that judges the other keys; null if there is no such choice. */
    @Nullable
    Class<? extends Record> record(String name);

    /** What to say of a name without a record. */
    String unknown(String name);

    /** The end of "expected: ". */
    String expected();

    /** A record of a sealed interface. */
    record OfRecord(Choices choices, @Nullable String otherwise) implements Choice {
        @Override
        public String key() {
            return choices.key();
        }

        @Override
        public @Nullable Class<? extends Record> common() {
            return null;
        }

        @Override
        public @Nullable Class<? extends Record> record(String name) {
            return choices.records().get(name);
        }

        @Override
        public String unknown(String name) {
            return choices.unknown(name);
        }

        @Override
        public String expected() {
            return choices.expected();
        }
    }

    /** A backend of a kind. One for each reading of the configuration: it looks for backends once. */
    final class OfBackend implements Choice {
        static final String KEY = "backend";

        private final Backends<?> backends;
        private final @Nullable Class<? extends Record> common;
        private final ClassLoader loader;
        private volatile @Nullable List<? extends Backend> all;

        OfBackend(Backends<?> backends, @Nullable Class<? extends Record> common, ClassLoader loader) {
            this.backends = backends;
            this.common = common;
            this.loader = loader;
        }

        @Override
        public String key() {
            return KEY;
        }

        @Override
        public @Nullable String otherwise() {
            return backends.otherwise();
        }

        @Override
        public @Nullable Class<? extends Record> common() {
            return common;
        }

        @Override
        public @Nullable Class<? extends Record> record(String name) {
            var backend = backend(name);
            return backend == null ? null : backend.settings();
        }

        @Nullable
        Backend backend(String name) {
            var builtIn = backends.builtIn(name);
            if (builtIn != null) {
                return builtIn;
            }
            for (var backend : all()) {
                if (backend.name().equals(name)) {
                    return backend;
                }
            }
            return null;
        }

        private List<? extends Backend> all() {
            var found = all;
            if (found == null) {
                found = backends.all(loader);
                all = found;
            }
            return found;
        }

        @Override
        public String unknown(String name) {
            return unknown(backends, name);
        }

        private <B extends Backend> String unknown(Backends<B> kind, String name) {
            return kind.unknown(name, kind.all(loader));
        }

        @Override
        public String expected() {
            var names = new StringBuilder("one of ");
            for (var backend : all()) {
                names.append(names.length() == 7 ? "" : ", ").append(backend.name());
            }
            return names.toString();
        }
    }
}
