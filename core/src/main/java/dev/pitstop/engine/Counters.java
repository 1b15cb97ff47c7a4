package dev.pitstop.engine;

import dev.pitstop.QueueCounters;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens in a queue. Thread-safe. */
final class Counters {
  final LongAdder stored = new LongAdder();
  final LongAdder emitted = new LongAdder();
  final LongAdder acked = new LongAdder();
  final LongAdder nacked = new LongAdder();
  final LongAdder released = new LongAdder();
  final LongAdder rescheduled = new LongAdder();
  final LongAdder buried = new LongAdder();
  final LongAdder givenUp = new LongAdder();
  final LongAdder skipped = new LongAdder();
  final LongAdder ended = new LongAdder();
  final LongAdder leaseLost = new LongAdder();

  QueueCounters sums() {
    return new QueueCounters(
        stored.sum(),
        emitted.sum(),
        acked.sum(),
        nacked.sum(),
        released.sum(),
        rescheduled.sum(),
        buried.sum(),
        givenUp.sum(),
        skipped.sum(),
        ended.sum(),
        leaseLost.sum());
  }
}
