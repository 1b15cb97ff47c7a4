package dev.pitstop.testing;

import dev.pitstop.Codec;
import dev.pitstop.Listener;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.QueueStats;
import dev.pitstop.memory.MemoryStore;
import dev.pitstop.spi.Store;
import java.time.Duration;
import java.util.List;

/**
 * A Pitstop for unit tests: it lives in memory, its clock is moved by the test, and nothing happens
 * but on the test's own thread when the test says so.
 *
 * <p>Stores and settles are done when their call returns, so that their futures are complete.
 * Handlers run within {@link #runDue} and {@link #advance}. To be used by one thread.
 */
public final class TestPitstop implements Pitstop {
  private final TestClock clock;
  private final HandCrank crank = new HandCrank();
  private final Pitstop pitstop;

  private TestPitstop(TestClock clock, Store store, PitstopOptions options) {
    this.clock = clock;
    this.pitstop = Pitstop.on(store, options, crank);
  }

  /** An empty one, whose clock stands at the beginning of 2030. */
  public static TestPitstop create() {
    return at(TestClock.create());
  }

  /** An empty one that goes by a clock. */
  public static TestPitstop at(TestClock clock) {
    return on(MemoryStore.on(clock), clock, PitstopOptions.defaults());
  }

  /** One on a store that goes by a clock. */
  public static TestPitstop on(Store store, TestClock clock, PitstopOptions options) {
    return new TestPitstop(clock, store, options);
  }

  /** The clock that it goes by. */
  public TestClock clock() {
    return clock;
  }

  /** Emits what is due to the listeners, and whatever becomes due by that, until nothing is. */
  public void runDue() {
    crank.turn();
  }

  /** Moves the clock on and emits what is due then. */
  public void advance(Duration duration) {
    clock.advance(duration);
    runDue();
  }

  @Override
  public <T> MessageQueue<T> queue(String name, Codec<T> codec) {
    return pitstop.queue(name, codec);
  }

  @Override
  public List<QueueStats> stats() {
    return pitstop.stats();
  }

  @Override
  public List<Listener> listeners() {
    return pitstop.listeners();
  }

  /** Closes it at once; deliveries that were handed out and not settled are let go. */
  @Override
  public void close() {
    close(Duration.ZERO);
  }

  @Override
  public void close(Duration drainTime) {
    pitstop.close(drainTime);
  }
}
