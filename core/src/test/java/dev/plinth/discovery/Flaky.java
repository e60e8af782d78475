package dev.plinth.discovery;

import dev.plinth.remote.RemoteException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A registry that can be down, and counts what it is asked. */
final class Flaky implements Registry {
    final AtomicInteger looks = new AtomicInteger();
    final AtomicInteger announcements = new AtomicInteger();
    private final MemoryRegistry below;
    private volatile boolean down;

    Flaky(MemoryRegistry below) {
        this.below = below;
    }

    /** Also ends the waits that are under way, as a broken connection would. */
    void down(boolean isDown) {
        down = isDown;
        below.close();
    }

    private void requireUp() {
        if (down) {
            throw new RemoteException("registry at nowhere: can't connect");
        }
    }

    @Override
    public String describe() {
        return "registry at nowhere";
    }

    @Override
    public boolean takesAnnouncements() {
        return true;
    }

    @Override
    public void announce(Instance instance, Duration lease) {
        announcements.incrementAndGet();
        requireUp();
        below.announce(instance, lease);
    }

    @Override
    public void withdraw(Instance instance) {
        requireUp();
        below.withdraw(instance);
    }

    @Override
    public Snapshot look(String service) {
        looks.incrementAndGet();
        requireUp();
        return below.look(service);
    }

    @Override
    public Optional<Snapshot> await(String service, Snapshot known, Duration most) throws InterruptedException {
        requireUp();
        var now = below.await(service, known, most);
        requireUp();
        return now;
    }

    @Override
    public Set<String> services() {
        requireUp();
        return below.services();
    }

    @Override
    public List<Node> nodes(String service) {
        return below.nodes(service);
    }

    @Override
    public void close() {
        below.close();
    }
}
