package dev.plinth.http.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Very many connections that say nothing: the others are served, and all that they held is given back. */
@Timeout(120)
class IdleConnectionsTest {
    private static final int COUNT = 2000;

    @Test
    void costLittle_holdUpNobody_andLeaveNothing() throws IOException {
        try (var test = new TestEngine(TestEngine.settings(TestEngine.BOUND, TestEngine.BOUND, 3 * COUNT))) {
            long before = used();
            var idle = new ArrayList<RawClient>();
            try {
                for (int i = 0; i < COUNT; i++) {
                    // Some have been served and are kept, some have begun a head, some have said nothing at all.
                    var client = test.client();
                    idle.add(client);
                    if (i % 3 == 0) {
                        assertThat(client.get("/hello").answer().status()).isEqualTo(200);
                    } else if (i % 3 == 1) {
                        client.send("GET /hello HT");
                    }
                }
                // Of both sides, the clients' buffers of 8 KiB among them.
                assertThat((used() - before) / COUNT).as("bytes a connection").isLessThan(40_000);
                for (int i = 0; i < 100; i++) {
                    try (var other = test.client()) {
                        assertThat(other.get("/hello").answer().status()).isEqualTo(200);
                    }
                }
            } finally {
                for (var client : idle) {
                    client.close();
                }
            }
            idle.clear();
            // Each ends at its own pace.
            for (int i = 0; i < 100 && (used() - before) / COUNT > 2000; i++) {
                LockSupport.parkNanos(100_000_000);
            }
            assertThat((used() - before) / COUNT)
                    .as("bytes a connection that is gone")
                    .isLessThan(2000);
        }
    }

    private static long used() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            var runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
