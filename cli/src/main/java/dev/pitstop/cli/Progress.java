package dev.pitstop.cli;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** How far a pipe has come, and the waiting for its end. Thread-safe. */
final class Progress {
  /*
   * Emptiness is looked for when the input has ended and nothing is in hands: after each time that
   * becomes so, and once a second for what ends without an emission (a recurring message whose end
   * passes, a message that another process emits).
   */
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
  private static final Duration FALLBACK = Duration.ofSeconds(1);

  private boolean stopping;
  private boolean resting;
  private boolean inputEnded;
  private long inHands;
  private long changes;

  /** Asks for the end. */
  synchronized void stop() {
    stopping = true;
    change();
  }

  synchronized boolean stopping() {
    return stopping;
  }

  /**
   * The input is about to wait for its next line; false when it need not, the end was asked for.
   */
  synchronized boolean rest() {
    resting = !stopping;
    change();
    return resting;
  }

  /** The input has its next line; false when it comes too late to be taken. */
  synchronized boolean resume() {
    resting = false;
    return !stopping;
  }

  /** The input has ended and everything it asked for was answered. */
  synchronized void inputEnded() {
    inputEnded = true;
    change();
  }

  /** An emission came into hands. */
  synchronized void taken() {
    inHands++;
  }

  /** An emission is out of hands. */
  synchronized void settled() {
    inHands--;
    change();
  }

  /** Waits until the end is asked for. */
  void awaitStop() {
    await(() -> stopping, Long.MAX_VALUE);
  }

  /** Waits until the end is asked for, or the input has ended and nothing is left. */
  void awaitStopOrEmpty(BooleanSupplier empty) {
    while (true) {
      await(() -> stopping || (inputEnded && inHands == 0), Long.MAX_VALUE);
      long seen = changes();
      if (stopping() || empty.getAsBoolean()) {
        return;
      }
      await(() -> stopping, BETWEEN_LOOKS.toNanos());
      await(() -> stopping || changes != seen, FALLBACK.toNanos());
    }
  }

  /** Waits until the input takes no more lines; at most for a time. */
  void awaitInput(Duration limit) {
    await(() -> resting || inputEnded, limit.toNanos());
  }

  private synchronized long changes() {
    return changes;
  }

  private void change() {
    changes++;
    notifyAll();
  }

  private synchronized boolean await(BooleanSupplier condition, long nanos) {
    long start = System.nanoTime();
    try {
      while (!condition.getAsBoolean()) {
        long left = nanos - (System.nanoTime() - start);
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopping = true;
      return false;
    }
  }
}
