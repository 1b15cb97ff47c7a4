package dev.pitstop.broker;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Counts what a source has handed out and not seen settled. Thread-safe. */
public final class InHands {
  /** Of longer ones the nanoseconds cannot be counted; nobody sees the difference. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private final CompletableFuture<Void> empty = new CompletableFuture<>();
  private int count;
  private boolean stopped;

  /**
   * Counts one more.
   *
   * @return whether it may be handed out: not when it was {@linkplain #stop stopped}
   */
  public synchronized boolean take() {
    if (!stopped) {
      count++;
    }
    return !stopped;
  }

  /** Counts one that is settled, or was lost. */
  public void done() {
    boolean last;
    synchronized (this) {
      count--;
      last = stopped && count == 0;
    }
    if (last) {
      empty.complete(null);
    }
  }

  /** How many there are. */
  public synchronized int count() {
    return count;
  }

  /** Whether nothing more may be taken. */
  public synchronized boolean isStopped() {
    return stopped;
  }

  /**
   * Lets nothing more be taken.
   *
   * @return completes when none is left, or the time is over
   */
  public CompletableFuture<Void> stop(Duration drain) {
    boolean none;
    synchronized (this) {
      stopped = true;
      none = count == 0;
    }
    if (none) {
      empty.complete(null);
    }
    Duration bounded = drain.compareTo(LONGEST) > 0 ? LONGEST : drain;
    return empty.copy().completeOnTimeout(null, bounded.toNanos(), TimeUnit.NANOSECONDS);
  }
}
