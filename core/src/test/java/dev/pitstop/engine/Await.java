package dev.pitstop.engine;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what other threads bring about, and fails when it does not come. */
final class Await {
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(60);

  private Await() {}

  /** Returns once something holds; fails after a minute. */
  static void until(BooleanSupplier holds) {
    long start = System.nanoTime();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - start > MOST_NANOS) {
        throw new AssertionError("waited for a minute");
      }
      Thread.onSpinWait();
    }
  }
}
