package dev.plinth;

import dev.plinth.context.Deadline;
import dev.plinth.http.Listener;
import dev.plinth.time.Time;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** The listeners of a service that answer business, stopped together. */
record Doors(List<Listener> all, Time time) {
    Doors(Listener http, Collection<Listener> further, Time time) {
        this(Stream.concat(Stream.of(http), further.stream()).toList(), time);
    }

    void drain() {
        all.forEach(Listener::drain);
    }

    void stopAccepting() {
        all.forEach(Listener::stopAccepting);
    }

    int inFlight() {
        return all.stream().mapToInt(Listener::inFlight).sum();
    }

    /** Waits for the requests of all, at most {@code limit} together; returns how many are left. */
    int awaitIdle(Duration limit) throws InterruptedException {
        var over = Deadline.after(time, limit);
        int left = 0;
        for (var listener : all) {
            left += listener.awaitIdle(over.remaining());
        }
        return left;
    }
}
