package dev.plinth.client;

import dev.plinth.client.engine.Fault;
import dev.plinth.error.Problem;
import dev.plinth.remote.RemoteException;
import dev.plinth.resilience.Classifier;
import dev.plinth.resilience.Verdict;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the end of a call says of the other side: as the standard says, and more exactly where the transport knows more. */
final class Verdicts implements Classifier {
    static final Verdicts STANDARD = new Verdicts();

    /** Nobody was there to be called, which may pass, and says nothing of those who come. */
    private static final Verdict NOBODY = new Verdict(Verdict.Effect.IGNORED, Verdict.Repeat.ALWAYS, Duration.ZERO);

    private Verdicts() {}

    @Override
    public Verdict returned(@Nullable Object result) {
        return Verdict.SUCCESS;
    }

    @Override
    public Verdict threw(Throwable failure) {
        if (failure instanceof Attempt.ReaderFailed) {
            return Verdict.IGNORED;
        }
        if (failure instanceof Problem problem && problem.code().equals("UPSTREAM_TOO_LARGE")) {
            return Verdict.FINAL;
        }
        if (failure.getCause() instanceof RemoteException) {
            return NOBODY;
        }
        if (failure.getCause() instanceof Fault fault) {
            switch (fault.kind()) {
                case INTERRUPTED, NO_CONNECTION_FREE -> {
                    return Verdict.IGNORED;
                }
                case UNREACHABLE -> {
                    return Verdict.NEVER_SENT;
                }
                default -> {
                    if (!fault.sent()) {
                        return Verdict.NEVER_SENT;
                    }
                }
            }
        }
        return Classifier.super.threw(failure);
    }
}
