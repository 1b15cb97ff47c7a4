package dev.pitstop.spi;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Where the engine's work runs: on threads, or in a test by the hand that cranks it. Thread-safe.
 */
public interface Runner extends AutoCloseable {
  /**
   * Runs a tick again and again until it is stopped. A tick does what is due and returns how long
   * to wait before the next; being woken ends the wait, also one that has not begun.
   *
   * @param background whether the process may end while it runs
   * @param tick never run twice at once; what it throws is logged, and it is run again after a
   *     pause
   */
  Ticking start(String name, boolean background, Supplier<Duration> tick);

  /** Runs handlers; may run any number at once. */
  Executor handlers();

  /** Runs writes to the store and what waits for them; may run any number at once. */
  Executor writers();

  /** Ends what it runs; what was started is stopped before. */
  @Override
  void close();

  /** A tick that is run again and again. */
  interface Ticking {
    /** Ends the wait before the next tick. Quick, never blocks, from any thread. */
    void wake();

    /** Lets no further tick begin. */
    void stop();
  }
}
