package dev.pitstop.rocksdb;

import dev.pitstop.spi.Key;
import dev.pitstop.spi.Lease;
import java.time.Instant;

/**
 * A lease that was not settled, running or run out: all that is needed to settle it without
 * reading. Immutable; a change puts another in its place.
 *
 * @param place where the message stands
 * @param token that settles it
 * @param attempt that this lease is
 * @param large whether its body lies apart
 * @param record the lease record that it is in
 * @param slot its place in that record
 */
record Hold(
    QueueState queue,
    Key key,
    Place place,
    long token,
    int attempt,
    boolean large,
    LeaseRecord record,
    int slot) {
  /** The same lease in another record, which runs until another time. */
  Hold in(LeaseRecord other) {
    return new Hold(queue, key, place, token, attempt, large, other, other.size());
  }

  boolean running() {
    return !record.expired();
  }

  Lease lease() {
    return new Lease(token, Instant.ofEpochMilli(record.until()));
  }
}
