package dev.plinth.resilience;

import java.time.Duration;

/**
 * What the end of a call means to the policies around it. Immutable.
 *
 * @param effect what a breaker and a limit count it as
 * @param repeat whether the same again may help
 * @param retryAfter how long the other side asks to be left alone first; zero where it says nothing
 */
public record Verdict(Effect effect, Repeat repeat, Duration retryAfter) {
    /** It did what it should, or it failed by the caller's own fault: a proper answer either way. */
    public static final Verdict SUCCESS = new Verdict(Effect.SUCCESS, Repeat.NEVER, Duration.ZERO);

    /** The other side failed, and may have done the work or not. */
    public static final Verdict FAILURE = new Verdict(Effect.FAILURE, Repeat.IF_IDEMPOTENT, Duration.ZERO);

    /** It failed before anything was sent. */
    public static final Verdict NEVER_SENT = new Verdict(Effect.FAILURE, Repeat.ALWAYS, Duration.ZERO);

    /** The other side failed, and will fail again. */
    public static final Verdict FINAL = new Verdict(Effect.FAILURE, Repeat.NEVER, Duration.ZERO);

    /** It says nothing about the other side: cancelled, refused on this side, or a failure from further down. */
    public static final Verdict IGNORED = new Verdict(Effect.IGNORED, Repeat.NEVER, Duration.ZERO);

    /** What a breaker counts. */
    public enum Effect {
        /** The other side works. */
        SUCCESS,
        /** The other side does not. */
        FAILURE,
        /** Neither. */
        IGNORED
    }

    /** When the same again may help. */
    public enum Repeat {
        /** It won't. */
        NEVER,
        /** Where twice does no harm. */
        IF_IDEMPOTENT,
        /** Without a doubt: the first was never sent. */
        ALWAYS
    }

    /** The same, and the other side asks for that much time. */
    public Verdict after(Duration delay) {
        return delay.equals(retryAfter) ? this : new Verdict(effect, repeat, delay);
    }

    /** Whether a call of that safety may be made again. */
    public boolean mayRepeat(Safety safety) {
        return switch (repeat) {
            case NEVER -> false;
            case IF_IDEMPOTENT -> safety == Safety.IDEMPOTENT;
            case ALWAYS -> safety != Safety.ONCE;
        };
    }
}
