package dev.pitstop.sql;

import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * When leases of this process end, whether they are settled or not. Not thread-safe.
 *
 * <p>Few ends are kept to the millisecond. Where there are many, those that come are put together
 * by a 64th part of a lease or less, at its end, so that their number does not grow with the
 * traffic.
 */
final class LeaseEnds {
  private static final int FEW = 64;

  /** By how many milliseconds the store's time may be ahead of the server's. */
  private static final long CLOCK_ERROR = 100;

  private final NavigableSet<Long> ends = new TreeSet<>();

  /**
   * Adds a lease.
   *
   * @param nowMillis the store's time
   * @param end in milliseconds since 1970
   */
  void add(long nowMillis, long end) {
    long part = Long.highestOneBit(Math.max(1, (end - nowMillis) / FEW)); // the same for all alike
    ends.add(ends.size() < FEW ? end : (end / part + 1) * part);
  }

  /** The first end that was not seen yet; {@link Long#MAX_VALUE} for none. */
  long first() {
    return ends.isEmpty() ? Long.MAX_VALUE : ends.first();
  }

  /** How many are kept. */
  int size() {
    return ends.size();
  }

  /**
   * Says that what ran out was looked for. What may have run out only after that, by the server's
   * time, stays.
   *
   * @param nowMillis the store's time when that began
   */
  void seen(long nowMillis) {
    ends.headSet(nowMillis - CLOCK_ERROR, true).clear();
  }
}
