package dev.plinth.resilience;

import dev.plinth.schema.Default;
import dev.plinth.schema.Doc;
import dev.plinth.schema.Schema;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;

/**
 * How a {@link Gate} judges that there is too much to do.
 *
 * @param adaptive whether it judges at all; without it the fixed bound of the listener is all there is
 * @param delay how much longer than usual work may take before less of it is let in: the queue that is tolerated, as
 *     time. It is the usual time itself where that is longer. Choose a small part of what callers wait: the slowest of
 *     those let in take some eight times as long, where processors are what is short
 * @param min pieces of work at one time that are always let in
 * @param maxQueued pieces of work that may wait for a place; 0 refuses at once
 * @param queueTimeout how long one may wait for a place, within its deadline; while processors are busy none waits
 * @param warmUp for so long after the first piece of work everything is let in: what is not yet compiled is slow, and would be
 *     refused at each start
 */
public record GateConfig(
        @Default("true") @Doc("Whether the limit of a route follows from how long its requests take.") boolean adaptive,
        @Default("100ms")
                @Positive
                @Doc("How much longer than usual requests may take before further ones are refused.")
                Duration delay,
        @Default("8") @Positive @Doc("Requests of one route at one time that are always let in.") int min,
        @Default("64") @PositiveOrZero @Doc("Requests of one route that may wait for a place; 0 refuses at once.")
                int maxQueued,
        @Default("50ms") @Positive @Doc("How long a request may wait for a place.") Duration queueTimeout,
        @Default("10s")
                @PositiveOrZero
                @Doc("For so long after its first request a route lets everything in, since the compiler is at work.")
                Duration warmUp) {

    /** The values of one that nothing is said about. */
    public static GateConfig defaults() {
        return Schema.of(GateConfig.class).defaults();
    }
}
