package dev.plinth.discovery;

/**
 * The instance that one call goes to. It counts as in flight there until it is closed, best by a try-with-resources; say
 * before how the call went. One that is closed without a word counts neither as a success nor as a failure: a call that was
 * cancelled. Used by one thread.
 */
public final class Pick implements AutoCloseable {
    private final Balancer balancer;
    private final Member member;
    private final long begin;
    private boolean closed;

    Pick(Balancer balancer, Member member, long begin) {
        this.balancer = balancer;
        this.member = member;
        this.begin = begin;
    }

    /** Where to call. */
    public Instance instance() {
        return member.instance;
    }

    /** The instance answered as it should, were it with a refusal that is the caller's fault. Closes the pick. */
    public void succeeded() {
        end(Balancer.Outcome.SUCCESS);
    }

    /** The instance could not be reached, was too slow, or answered that it can't. Closes the pick. */
    public void failed() {
        end(Balancer.Outcome.FAILURE);
    }

    @Override
    public void close() {
        end(Balancer.Outcome.NONE);
    }

    private void end(Balancer.Outcome outcome) {
        if (!closed) {
            closed = true;
            balancer.ended(member.instance.id(), member, begin, outcome);
        }
    }
}
