package dev.pitstop.server.metrics;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A quantile of the durations of the last half to whole minute, to an eighth of itself.
 * Thread-safe.
 */
public final class Quantile {
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Each power of two has eight buckets; what is under eight microseconds has its own. */
  private static final int BITS = 3;

  private static final int BUCKETS = (Long.SIZE - BITS) << BITS;

  private record Window(long begun, AtomicLongArray counts, AtomicLongArray before) {}

  private volatile Window window =
      new Window(System.nanoTime(), new AtomicLongArray(BUCKETS), new AtomicLongArray(BUCKETS));

  /** Counts a duration; a negative one is none at all. */
  public void record(long nanos) {
    current().counts.incrementAndGet(bucket(Math.max(0, nanos) / 1_000));
  }

  /** The duration that a part of all, as 0.99, does not exceed; zero when there was none. */
  public Duration of(double part) {
    Window now = current();
    long[] counts = new long[BUCKETS];
    long all = 0;
    for (int i = 0; i < BUCKETS; i++) {
      counts[i] = now.counts.get(i) + now.before.get(i);
      all += counts[i];
    }
    long rank = (long) Math.ceil(all * part);
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += counts[i];
      if (seen > 0 && seen >= rank) {
        return Duration.of(most(i), java.time.temporal.ChronoUnit.MICROS);
      }
    }
    return Duration.ZERO;
  }

  private Window current() {
    Window now = window;
    return System.nanoTime() - now.begun < WINDOW_NANOS ? now : rotated();
  }

  private synchronized Window rotated() {
    Window now = window;
    long nanos = System.nanoTime();
    long age = nanos - now.begun;
    if (age >= WINDOW_NANOS) {
      AtomicLongArray before = age < 2 * WINDOW_NANOS ? now.counts : new AtomicLongArray(BUCKETS);
      now = new Window(nanos, new AtomicLongArray(BUCKETS), before);
      window = now;
    }
    return now;
  }

  static int bucket(long micros) {
    if (micros < 1 << BITS) {
      return (int) micros;
    }
    int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros);
    int eighth = (int) (micros >>> (exponent - BITS)) & ((1 << BITS) - 1);
    return ((exponent - BITS + 1) << BITS) + eighth;
  }

  /** The largest number of a bucket. */
  static long most(int bucket) {
    if (bucket < 1 << BITS) {
      return bucket;
    }
    int shift = (bucket >>> BITS) - 1;
    long first = ((1L << BITS) + (bucket & ((1 << BITS) - 1))) << shift;
    return first + (1L << shift) - 1;
  }
}
