package dev.pitstop.rocksdb;

import dev.pitstop.spi.Wakes;
import java.util.HashMap;
import java.util.Map;

/**
 * A batch together with the queues whose counts it changes and when something of them became
 * leasable. Not thread-safe.
 */
final class Change {
  private static final long NEVER = Long.MAX_VALUE;

  private final Batch batch;
  private final Map<QueueState, Long> earliest = new HashMap<>();
  private final Buf key = new Buf(32);
  private final Buf value = new Buf(32);

  Change(int capacity) {
    batch = new Batch(capacity);
  }

  Batch batch() {
    return batch;
  }

  /** Says that counts or cursor of a queue change. */
  void touches(QueueState queue) {
    earliest.merge(queue, NEVER, Math::min);
  }

  /**
   * Says that something of a queue can be leased at a time, in milliseconds since 1970; nobody is
   * woken for it while the queue is paused.
   */
  void leasableAt(QueueState queue, long millis) {
    earliest.merge(queue, queue.paused() ? NEVER : millis, Math::min);
  }

  void deleteLeaseRecord(LeaseRecord record) {
    batch.delete(Table.LEASES, Keys.numbered(key, record.queue().number(), record.number()));
  }

  /** Adds what is kept of the queues that it touches; the last thing before it is written. */
  void seal() {
    for (QueueState queue : earliest.keySet()) {
      queue.encode(value);
      batch.put(Table.META, MetaKeys.counts(key, queue.number()), value);
    }
  }

  /** Wakes those who sleep for longer; after it was written. */
  void wake(Wakes wakes) {
    earliest.forEach(
        (queue, millis) -> {
          if (millis != NEVER) {
            wakes.leasableAt(queue.name(), millis);
          }
        });
  }
}
