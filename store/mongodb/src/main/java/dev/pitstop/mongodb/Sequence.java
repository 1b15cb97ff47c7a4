package dev.pitstop.mongodb;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Numbers that grow with the server's time and never repeat in this process; ten random bits keep
 * those of several processes apart. They say what was put or buried before what, between processes
 * as exactly as each knows the server's time. Thread-safe.
 */
final class Sequence {
  private static final int PROCESS_BITS = 10;

  private final LongSupplier micros;
  private final long process = ThreadLocalRandom.current().nextLong(1L << PROCESS_BITS);
  private final AtomicLong last = new AtomicLong();

  /** By a time in microseconds since 1970. */
  Sequence(LongSupplier micros) {
    this.micros = micros;
  }

  long next() {
    long now = micros.getAsLong();
    return (last.updateAndGet(before -> Math.max(before + 1, now)) << PROCESS_BITS) | process;
  }
}
