package dev.pitstop.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what no event tells. */
final class Awaiting {
  private static final Duration STEP = Duration.ofMillis(5);

  private Awaiting() {}

  /** Waits until something is true, and fails when it is not within a time. */
  static void await(String what, Duration within, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + within.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime() - deadline).as("time left for: %s", what).isNegative();
      LockSupport.parkNanos(STEP.toNanos());
    }
  }
}
