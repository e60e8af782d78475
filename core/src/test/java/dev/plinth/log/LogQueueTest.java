package dev.plinth.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LogQueueTest {
    private static final LogRecord ONE = Records.record(LogLevel.INFO, "m");

    /** Has room for 80 records. */
    private final LogQueue queue = new LogQueue(80L * ONE.weight());

    private int accepted(LogLevel level) {
        var before = queue.pending();
        for (var i = 0; i < 100; i++) {
            assertThat(queue.offer(Records.record(level, "m"))).isTrue();
        }
        return (int) (queue.pending() - before);
    }

    @Test
    void dropsTheUnimportantFirst_andErrorsLast() throws InterruptedException {
        assertThat(accepted(LogLevel.TRACE)).isEqualTo(40);
        assertThat(accepted(LogLevel.DEBUG)).isZero();
        assertThat(accepted(LogLevel.INFO)).isEqualTo(20);
        assertThat(accepted(LogLevel.WARN)).isEqualTo(10);
        assertThat(accepted(LogLevel.ERROR)).isEqualTo(10);

        assertThat(queue.dropped()).isEqualTo(420);
        var batch = queue.take();
        assertThat(batch.records()).hasSize(80);
        assertThat(batch.dropped())
                .isEqualTo(Map.of(
                        LogLevel.TRACE,
                        60L,
                        LogLevel.DEBUG,
                        100L,
                        LogLevel.INFO,
                        80L,
                        LogLevel.WARN,
                        90L,
                        LogLevel.ERROR,
                        90L));
    }

    @Test
    void whatIsBeingWrittenStillTakesRoom() throws InterruptedException {
        accepted(LogLevel.ERROR);
        assertThat(queue.take().records()).hasSize(80);

        assertThat(accepted(LogLevel.ERROR)).isZero();
    }

    @Test
    void keepsTheOrder() throws InterruptedException {
        var seen = new ArrayList<String>();
        for (var i = 0; i < 50; i++) {
            queue.offer(Records.record(LogLevel.ERROR, Integer.toString(i)));
            if (i % 20 == 19) {
                queue.take().records().forEach(record -> seen.add(record.message()));
            }
        }
        queue.take().records().forEach(record -> seen.add(record.message()));

        assertThat(seen).hasSize(50).first().isEqualTo("0");
        assertThat(seen).isSortedAccordingTo((a, b) -> Integer.compare(Integer.parseInt(a), Integer.parseInt(b)));
    }

    @Test
    void givesWhatIsThereAfterClose_thenNothing() throws InterruptedException {
        queue.offer(ONE);
        queue.close();

        assertThat(queue.offer(ONE)).isFalse();
        assertThat(queue.take().records()).containsExactly(ONE);
        assertThat(queue.take()).isNull();
    }

    @Test
    void flushWaitsUntilTheWriterComesBackForMore() throws InterruptedException {
        queue.offer(ONE);
        var taken = new CountDownLatch(1);
        var write = new CountDownLatch(1);
        var writer = Thread.ofVirtual().start(() -> {
            try {
                queue.take();
                taken.countDown();
                write.await();
                queue.take();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        taken.await();

        assertThat(queue.flush(Duration.ofMillis(20))).isFalse();
        write.countDown();
        assertThat(queue.flush(Duration.ofSeconds(20))).isTrue();

        queue.close();
        writer.join();
    }

    @Test
    void wakesASleepingWriter() throws InterruptedException {
        var seen = new ArrayList<LogQueue.Batch>();
        var writer = Thread.ofPlatform().start(() -> {
            try {
                seen.add(queue.take());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        while (writer.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }

        queue.offer(ONE);
        writer.join();

        assertThat(seen.getFirst().records()).containsExactly(ONE);
    }
}
