package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Codec;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.spi.Capability;
import dev.pitstop.spi.Store;
import dev.pitstop.testing.FaultyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Engines on a store under test that goes by the machine's clock or its server's, with faults
 * between them and it. Where a store is {@code SHARED} each engine opens it for itself, as another
 * process would. Used by one thread.
 */
final class EngineTrial implements AutoCloseable {
  /** Far longer than a test waits for: what happens before was not found by polling. */
  static final Duration NEVER = Duration.ofHours(1);

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Trial real;
  private final List<Pitstop> engines = new ArrayList<>();
  private final FaultyStore store;

  EngineTrial(Trial trial) {
    this.real = trial.onTheMachinesClock();
    this.store = FaultyStore.over(real.store());
  }

  /** The store of all engines, with its faults; of the first where each has its own. */
  FaultyStore store() {
    return store;
  }

  /** The store without faults. */
  Store sound() {
    return real.store();
  }

  /** The store's time in whole milliseconds, never later than it is. */
  Instant now() {
    return real.now();
  }

  /** An engine on the store with faults. */
  Pitstop engine(PitstopOptions options) {
    Pitstop engine = Pitstop.on(store, options);
    engines.add(engine);
    return engine;
  }

  /** One more engine; on a store opened for itself where that can be. */
  Pitstop anotherEngine(PitstopOptions options) {
    if (!real.has(Capability.SHARED)) {
      return engine(options);
    }
    Pitstop engine = Pitstop.on(real.open(), options);
    engines.add(engine);
    return engine;
  }

  /** A queue of texts of an engine that does not poll. */
  MessageQueue<String> queue() {
    return engine(PitstopOptions.defaults().pollInterval(NEVER)).queue(Trial.QUEUE, Codec.text());
  }

  /** Waits until something is so. */
  void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as("time left for: %s", what).isNegative();
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  /** Closes the engines, and the store by that. */
  void closeEngines() {
    engines.forEach(Pitstop::close);
  }

  /** The store, closed by its engines, opened again. */
  Trial reopened(String rule) {
    real.reopen(rule);
    return real;
  }

  /** Lets all go at once; what is in hands stays leased. */
  @Override
  public void close() {
    engines.forEach(engine -> engine.close(Duration.ZERO));
    real.close();
  }
}
