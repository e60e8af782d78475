package dev.plinth.health;

import org.jspecify.annotations.Nullable;

/**
 * Asks one part of the service how it is. It may block, throw, or hang: it runs on a thread of its own, once at a time,
 * and is interrupted when {@code health.check-timeout} is over.
 */
@FunctionalInterface
public interface Check {
    /** Asks; what it throws counts as {@link Result.Down}. */
    Result check() throws Exception;

    /** How a part is. */
    sealed interface Result {
        /** It works. */
        static Result up() {
            return new Up();
        }

        /** It works, but not as it should. */
        static Result degraded(String detail) {
            return new Degraded(detail);
        }

        /** It doesn't work. */
        static Result down(String detail) {
            return new Down(detail);
        }

        /** What to tell the operator; null if there is nothing to tell. Only the admin listener shows it. */
        default @Nullable String text() {
            return switch (this) {
                case Up _ -> null;
                case Degraded degraded -> degraded.detail;
                case Down down -> down.detail;
            };
        }

        /** It works. */
        record Up() implements Result {}

        /**
         * It works, but not as it should: the service stays ready.
         *
         * @param detail why, for the operator
         */
        record Degraded(String detail) implements Result {}

        /**
         * It doesn't work.
         *
         * @param detail why, for the operator
         */
        record Down(String detail) implements Result {}
    }
}
