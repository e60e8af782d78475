package dev.plinth.schema;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/**
 * A configured value that may change while the service runs; whatever else a record holds needs a restart.
 *
 * <p>Declare a component so and keep the {@code Live}, not its value:
 *
 * {@snippet :
 * record Settings(@Default("2s") @Positive Live<Duration> patience, @Default("50") Live<Integer> maxLines) {}
 *
 * var waited = queue.poll(settings.patience().get());                   // one volatile read
 * settings.maxLines().watch((old, now) -> window.resize(now));          // where something must be told
 * }
 *
 * <p>Each value changes at once for all readers; two of them, read one after the other, may be of two reloads. What must
 * fit together stands in one record: {@code Live<Window>}. The value is judged by the rules of the component ({@code
 * @Positive Live<Duration>}), and by the whole record that holds it, before anybody sees it. A value has a default, or is
 * an {@link java.util.Optional}, a list, a set, a map or a record; otherwise it is required.
 *
 * <p>It is equal to another that holds an equal value at the moment, and prints as its value does. Thread-safe.
 *
 * @param <T> any type that a component may have
 */
public final class Live<T> {
    private volatile T value;
    private final List<Watcher<T>> watchers = new CopyOnWriteArrayList<>();

    private Live(T value) {
        this.value = Objects.requireNonNull(value, "value");
    }

    /** One that holds {@code value} for ever, for tests and for code that makes a record by hand. */
    public static <T> Live<T> of(T value) {
        return new Live<>(value);
    }

    /** The value at this moment. */
    public T get() {
        return value;
    }

    /**
     * Tells {@code watcher} of each change from now on, with the old value and the new one, which {@link #get} returns
     * already. Changes are told one after the other, on the thread that reloads, after all values of that reload have
     * changed. A watcher that throws keeps no other from being told; the configuration stays as it is.
     *
     * @return ends the watching
     */
    public Watch watch(BiConsumer<? super T, ? super T> watcher) {
        var added = new Watcher<T>(watcher);
        watchers.add(added);
        return () -> watchers.remove(added);
    }

    /** A watcher, told from others by its identity, since one function may watch twice. */
    private static final class Watcher<T> {
        private final BiConsumer<? super T, ? super T> function;

        Watcher(BiConsumer<? super T, ? super T> function) {
            this.function = function;
        }
    }

    /** A hold on a watcher. */
    @FunctionalInterface
    public interface Watch extends AutoCloseable {
        /** Ends the watching; a change that is being told may still arrive. Further calls do nothing. */
        @Override
        void close();
    }

    /**
     * The side that changes a {@link Live}: the configuration's, or a test's.
     *
     * @param <T> as the {@code Live}
     */
    public static final class Source<T> {
        private final Live<T> live;

        /** One that holds {@code value} until it is changed. */
        public Source(T value) {
            live = new Live<>(value);
        }

        /** What the readers get. */
        public Live<T> live() {
            return live;
        }

        /**
         * Changes the value and tells the watchers.
         *
         * @throws RuntimeException what the first watcher threw that failed, when all have been told; those of further
         *     ones are suppressed in it
         */
        public void set(T now) {
            change(now).run();
        }

        /**
         * Changes the value, and returns what tells the watchers, so that several values can change before anybody is
         * told. One thread at a time.
         */
        public Runnable change(T now) {
            var old = live.value;
            live.value = Objects.requireNonNull(now, "now");
            return () -> tell(old, now);
        }

        private void tell(T old, T now) {
            RuntimeException failed = null;
            for (var watcher : live.watchers) {
                try {
                    watcher.function.accept(old, now);
                } catch (RuntimeException e) {
                    if (failed == null) {
                        failed = e;
                    } else if (!failed.equals(e)) {
                        failed.addSuppressed(e);
                    }
                }
            }
            if (failed != null) {
                throw failed;
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Live<?> live && value.equals(live.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
