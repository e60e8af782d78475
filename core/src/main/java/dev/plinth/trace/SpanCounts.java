package dev.plinth.trace;

import java.util.concurrent.atomic.LongAdder;

/** What became of the recorded spans. */
final class SpanCounts {
    final LongAdder exported = new LongAdder();
    final LongAdder dropped = new LongAdder();
}
