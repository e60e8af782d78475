package dev.plinth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.context.Deadline;
import dev.plinth.time.ManualTime;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class InFlightTest {
    private final ManualTime time = new ManualTime();
    private final InFlight inFlight = new InFlight(time);

    private Deadline in(int seconds) {
        return Deadline.after(time, Duration.ofSeconds(seconds));
    }

    @Test
    void refusesMoreThanTheMost() {
        var one = inFlight.enter(in(1), 2, null);
        var two = inFlight.enter(in(1), 2, null);
        assertThat(inFlight.enter(in(1), 2, null)).isNull();
        assertThat(inFlight.count()).isEqualTo(2);

        one.release();

        assertThat(inFlight.enter(in(1), 2, null)).isNotNull();
        assertThat(inFlight.count()).as("one still sends").isEqualTo(3);
        assertThat(two).isNotNull();
    }

    @Test
    void interruptsAHandlerPastItsDeadline_andTakesTheInterruptBack() throws InterruptedException {
        var outcome = new AtomicReference<String>();
        var began = new CountDownLatch(1);
        var handler = Thread.ofVirtual().start(() -> {
            var work = inFlight.enter(in(1), 2, null);
            work.begin();
            began.countDown();
            String how = "slept";
            try {
                time.sleep(Duration.ofDays(1));
            } catch (InterruptedException interrupted) {
                how = "interrupted";
            }
            // A careless handler swallows it and is interrupted no second time; a careful one sets it again.
            Thread.currentThread().interrupt();
            outcome.set(how + ", late " + work.end() + ", flag " + Thread.interrupted());
            inFlight.exit(work);
        });
        began.await();
        time.awaitSleepers(1);

        time.advance(Duration.ofSeconds(1));
        assertThat(outcome.get()).isNull();
        time.advance(InFlight.GRACE.multipliedBy(2));
        handler.join();

        assertThat(outcome.get()).isEqualTo("interrupted, late true, flag false");
    }

    @Test
    void neverInterruptsWhatIsNotHandling() {
        var work = inFlight.enter(in(1), 2, null);
        time.advance(Duration.ofSeconds(5));
        work.begin();
        work.end();
        time.advance(Duration.ofSeconds(5));

        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void neverInterruptsWhileTheBodyIsRead() throws IOException {
        var work = inFlight.enter(in(1), 2, null);
        work.begin();
        var body = work.guard(
                new InputStream() {
                    @Override
                    public int read() {
                        return -1;
                    }

                    @Override
                    public int read(byte[] to, int offset, int length) {
                        time.advance(Duration.ofMillis(1050));
                        assertThat(Thread.currentThread().isInterrupted()).isFalse();
                        to[offset] = 'x';
                        return 1;
                    }
                },
                new BodyLimit(10, "http.max-body"));

        assertThatThrownBy(() -> body.read(new byte[1]))
                .hasMessage("DEADLINE_EXCEEDED: the body was not there in time");
        work.end();
    }

    @Test
    void sweepEndsWithTheLastRequest_andBeginsAgainWithTheNext() {
        inFlight.exit(inFlight.enter(in(1), 2, null));
        time.advance(Duration.ofSeconds(1));
        assertThat(time.pending()).isZero();

        var next = inFlight.enter(in(1), 2, null);
        assertThat(time.pending()).isEqualTo(1);
        inFlight.exit(next);
    }

    @Test
    void bodyLimitHoldsWhateverTheLengthSaid() {
        var work = inFlight.enter(in(1), 2, null);
        var body = work.guard(new ByteArrayInputStream(new byte[11]), new BodyLimit(10, "http.max-body"));

        assertThatThrownBy(body::readAllBytes)
                .hasMessage("BODY_TOO_LARGE: the body is larger than 10 bytes (http.max-body)");
    }

    @Test
    void waitsForTheLastOne_orForItsLimit() throws InterruptedException {
        var one = inFlight.enter(in(60), 2, null);
        var left = new AtomicReference<Integer>();
        var waiter = Thread.ofVirtual().start(() -> {
            try {
                left.set(inFlight.awaitNone(Duration.ofSeconds(5)));
            } catch (InterruptedException unexpected) {
                Thread.currentThread().interrupt();
            }
        });
        while (time.pending() < 2) {
            Thread.onSpinWait(); // the sweep and the waiter's limit
        }
        time.advance(Duration.ofSeconds(5));
        waiter.join();
        assertThat(left.get()).isEqualTo(1);

        inFlight.exit(one);
        assertThat(inFlight.awaitNone(Duration.ofSeconds(5))).isZero();
    }
}
