package dev.plinth.resilience;

import dev.plinth.context.Context;
import dev.plinth.context.Deadline;
import dev.plinth.error.Problem;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** What failures mean, and the marks that they carry through a chain of services so that only one of them repeats. */
final class Failures {
    /**
     * The member of a problem that says that whoever stood next to the failing side has dealt with it: further up it is
     * neither repeated nor counted. Google's SRE book, chapter 22: retry only at the layer immediately above the one that
     * fails.
     */
    static final String RETRYABLE = "retryable";

    /** The member that becomes the header {@code Retry-After}: whole seconds. */
    static final String RETRY_AFTER = "retry_after";

    private static final int DEEPEST_CAUSE = 8;

    private Failures() {}

    /**
     * What {@code failure} means where a policy met it: as the classifier says, but whatever it says the marks of other
     * policies hold, and an interruption after the deadline is a time-out and no cancellation.
     */
    static Verdict verdict(Classifier classifier, Throwable failure) {
        for (var mark : failure.getSuppressed()) {
            if (mark instanceof Refused) {
                return Verdict.IGNORED;
            }
            if (mark instanceof GaveUp) {
                return Verdict.FINAL;
            }
        }
        var verdict = classifier.threw(failure);
        return verdict.effect() == Verdict.Effect.IGNORED && isInterruption(failure) && isLate()
                ? Verdict.FINAL
                : verdict;
    }

    private static boolean isLate() {
        return Context.current().deadline().map(Deadline::expired).orElse(false);
    }

    static Verdict judge(Throwable failure) {
        if (failure instanceof Error) {
            return Verdict.IGNORED;
        }
        var problem = failure instanceof Problem ours ? ours : null;
        if (problem != null && Boolean.FALSE.equals(problem.members().get(RETRYABLE))) {
            return problem.status() >= 500 ? Verdict.IGNORED : Verdict.SUCCESS;
        }
        if (isInterruption(failure)) {
            return Verdict.IGNORED;
        }
        if (wasNeverSent(failure)) {
            return Verdict.NEVER_SENT;
        }
        return problem == null ? Verdict.FAILURE : judge(problem);
    }

    private static Verdict judge(Problem problem) {
        int status = problem.status();
        Verdict verdict;
        if (status == 408 || status == 429) {
            verdict = REPEATABLE_ANSWER;
        } else if (status < 500) {
            return Verdict.SUCCESS;
        } else if (status == 501 || status == 505) {
            return Verdict.FINAL;
        } else {
            verdict = Verdict.FAILURE;
        }
        return problem.members().get(RETRY_AFTER) instanceof Number seconds && seconds.longValue() > 0
                ? verdict.after(Duration.ofSeconds(seconds.longValue()))
                : verdict;
    }

    private static final Verdict REPEATABLE_ANSWER =
            new Verdict(Verdict.Effect.SUCCESS, Verdict.Repeat.IF_IDEMPOTENT, Duration.ZERO);

    /** Whether it came of an interrupt: the caller cancelled, or a time-out did that has not said so yet. */
    static boolean isInterruption(Throwable failure) {
        if (failure instanceof Problem problem && problem.code().equals("DEADLINE_EXCEEDED")) {
            return false;
        }
        int depth = 0;
        for (Throwable t = failure; t != null && depth < DEEPEST_CAUSE; t = t.getCause(), depth++) {
            if (t instanceof InterruptedException
                    || t instanceof ClosedByInterruptException
                    || t instanceof CancellationException) {
                return true;
            }
        }
        return false;
    }

    private static boolean wasNeverSent(Throwable failure) {
        int depth = 0;
        for (Throwable t = failure; t != null && depth < DEEPEST_CAUSE; t = t.getCause(), depth++) {
            if (t instanceof ConnectException
                    || t instanceof UnknownHostException
                    || t instanceof NoRouteToHostException
                    || t instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }

    /** Marks {@code problem} as the refusal of a policy on this side. */
    static Problem refusedBy(Policy policy, Problem problem) {
        problem.addSuppressed(new Refused(policy.kind(), policy.name()));
        return problem;
    }

    /** What is left of the deadline of the current context, at most {@code limit}: how long something may wait. */
    static Duration atMost(Duration limit) {
        return Context.current()
                .deadline()
                .map(deadline -> deadline.atMost(limit))
                .orElse(limit);
    }

    /** A call that was interrupted while a policy let it wait; the thread keeps its interrupt. */
    static Problem cancelled(Policies policies, Policy policy, InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return policies.refuse(
                policy,
                Problem.unavailable("CANCELLED", "'" + policy.name() + "' was not called: interrupted while it waited")
                        .with(RETRYABLE, false)
                        .causedBy(interrupted));
    }

    /** Whole seconds, rounded up, at least one: what {@code Retry-After} can say. */
    static int seconds(long nanos) {
        return Math.clamp((nanos + 999_999_999L) / 1_000_000_000L, 1, Integer.MAX_VALUE);
    }

    /** A duration for people: {@code 800 ms}, {@code 1.4 s}. */
    static String text(long nanos) {
        long millis = Math.max(0, nanos) / 1_000_000;
        if (millis < 1000) {
            return nanos > 0 && millis == 0 ? "less than 1 ms" : millis + " ms";
        }
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis / 1000 + "." + millis % 1000 / 100 + " s";
    }

    /** The failure in a few words, for a message. */
    static String text(@Nullable Throwable failure) {
        return failure == null ? "a failure that was returned" : failure.toString();
    }

    /** Keeps {@code less} in {@code more}, unless they are one: an exception can't hold itself. */
    @SuppressWarnings("ReferenceEquality") // the same object is meant
    static void suppress(Throwable less, Throwable more) {
        if (less != more) {
            more.addSuppressed(less);
        }
    }

    /** Throws {@code failure}, which the call could throw: X, or what is unchecked. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <X extends Throwable> X rethrow(Throwable failure) throws X {
        throw (X) failure;
    }
}
