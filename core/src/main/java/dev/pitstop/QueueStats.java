package dev.pitstop;

import java.time.Instant;
import java.util.Optional;

/**
 * What a queue holds. The counts are kept by the store, not scanned.
 *
 * @param queue the queue's name
 * @param scheduled messages that wait for their time or for a listener
 * @param leased messages that a listener holds
 * @param buried messages that were set aside
 * @param nextDue the earliest due time of a scheduled message; lies in the past when one is late
 * @param paused whether nothing is emitted from the queue until it is resumed
 */
public record QueueStats(
    String queue,
    long scheduled,
    long leased,
    long buried,
    Optional<Instant> nextDue,
    boolean paused) {
  /** Those of a queue that holds nothing and is not paused. */
  public static QueueStats empty(String queue) {
    return new QueueStats(queue, 0, 0, 0, Optional.empty(), false);
  }
}
