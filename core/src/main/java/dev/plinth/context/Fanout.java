package dev.plinth.context;

import dev.plinth.error.Problem;
import dev.plinth.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Several blocking calls at once: each on a virtual thread, in the caller's context, within the caller's deadline; the
 * first failure cancels the rest.
 *
 * <pre>{@code
 * try (var fanout = Fanout.open()) {
 *     var price = fanout.fork(() -> pricing.quote(item));
 *     var stock = fanout.fork(() -> stores.stock(item));
 *     fanout.join();
 *     return new Offer(price.get(), stock.get());
 * }
 * }</pre>
 *
 * <p>Cancelling is by interrupt: a branch must wait on something that heeds it. {@link #close()} cancels what still runs
 * and waits for its end, so that no branch outlives the block. Used by one thread.
 */
public final class Fanout implements AutoCloseable {
    private final Context context;
    private final Time time;
    private final List<Thread> threads = new ArrayList<>();
    private final List<Branch<?>> branches = new ArrayList<>();
    private final Object lock = new Object();
    private int running;
    private @Nullable Throwable failure;
    private boolean cancelled;
    private boolean joined;

    private Fanout(Context context, Time time) {
        this.context = context;
        this.time = time;
    }

    /** A fan-out in the current context and within its deadline. */
    public static Fanout open() {
        var context = Context.current();
        return new Fanout(context, context.deadline().map(Deadline::time).orElse(Time.system()));
    }

    /**
     * Starts {@code work} on a thread of its own.
     *
     * @throws IllegalStateException after {@link #join()}
     */
    public <T extends @Nullable Object> Branch<T> fork(Callable<T> work) {
        if (joined) {
            throw new IllegalStateException("fork after join. Fork all branches first, then join once.");
        }
        var branch = new Branch<T>();
        branches.add(branch);
        synchronized (lock) {
            running++;
        }
        var thread = Thread.ofVirtual()
                .name("fanout-" + branches.size())
                .unstarted(() -> context.run(() -> {
                    try {
                        branch.succeed(work.call());
                        ended(null);
                    } catch (Throwable thrown) {
                        ended(thrown);
                    }
                }));
        threads.add(thread);
        thread.start();
        return branch;
    }

    private void ended(@Nullable Throwable thrown) {
        synchronized (lock) {
            running--;
            if (thrown != null && !cancelled) {
                if (failure == null) {
                    failure = thrown;
                } else {
                    failure.addSuppressed(thrown);
                }
            }
            lock.notifyAll();
        }
    }

    /**
     * Waits until every branch has succeeded.
     *
     * @throws Problem 504 {@code DEADLINE_EXCEEDED} if the context's deadline passes first; or the problem that a branch
     *     threw
     * @throws FanoutException if a branch threw a checked exception, which is its cause
     * @throws InterruptedException if the calling thread is interrupted
     */
    public void join() throws InterruptedException {
        joined = true;
        var deadlinePassed = new CountDownLatch(1);
        var deadline = context.deadline().orElse(null);
        Time.Timer timer = deadline == null
                ? null
                : time.after(deadline.remaining(), () -> {
                    deadlinePassed.countDown();
                    synchronized (lock) {
                        lock.notifyAll();
                    }
                });
        try {
            synchronized (lock) {
                while (running > 0 && failure == null && deadlinePassed.getCount() > 0) {
                    lock.wait();
                }
            }
        } finally {
            if (timer != null) {
                timer.cancel();
            }
        }
        Throwable thrown;
        int unfinished;
        synchronized (lock) {
            thrown = failure;
            unfinished = running;
        }
        if (thrown == null && unfinished == 0) {
            return;
        }
        close();
        switch (thrown) {
            case null ->
                throw Problem.deadlineExceeded(
                        "fan-out of " + branches.size() + " calls: " + unfinished + " unfinished at the deadline");
            case RuntimeException unchecked -> throw unchecked;
            case Error error -> throw error;
            default -> throw new FanoutException("a branch of the fan-out failed: " + thrown, thrown);
        }
    }

    /** Cancels what still runs and waits for its end. */
    @Override
    public void close() {
        synchronized (lock) {
            cancelled = true;
        }
        boolean interrupted = false;
        for (var thread : threads) {
            thread.interrupt();
        }
        for (var thread : threads) {
            while (true) {
                try {
                    thread.join();
                    break;
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One of the calls. */
    public static final class Branch<T extends @Nullable Object> {
        private volatile boolean done;
        private @Nullable T value;

        private Branch() {}

        private void succeed(T result) {
            value = result;
            done = true;
        }

        /**
         * What the call returned.
         *
         * @throws IllegalStateException before {@link Fanout#join()} returned
         */
        @SuppressWarnings("NullAway") // T may itself be nullable; done says that it was set
        public T get() {
            if (!done) {
                throw new IllegalStateException("the branch has no result yet. Call join() first.");
            }
            return value;
        }
    }

    /** A branch ended with a checked exception, the cause. */
    public static final class FanoutException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private FanoutException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
