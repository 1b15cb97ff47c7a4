package dev.pitstop.engine;

import dev.pitstop.PitstopException;
import dev.pitstop.spi.Settlement;
import dev.pitstop.spi.Store;
import java.time.Duration;
import java.time.Instant;

/** Writes how deliveries of one queue ended, through the combiner of all settles. Thread-safe. */
final class Settler {
  private final Planner planner;
  private final WriteCombiner<Settlement, Boolean> writes;
  private final Store store;
  private final Counters counters;

  Settler(
      Planner planner, WriteCombiner<Settlement, Boolean> writes, Store store, Counters counters) {
    this.planner = planner;
    this.writes = writes;
    this.store = store;
    this.counters = counters;
  }

  /** Who hears what the store said; called once, quickly. */
  interface Answer {
    /** The store has said whether the settlement took effect. */
    void took(boolean effect);

    /** The store has not said. */
    void failed(PitstopException failure);
  }

  /** The store's time. */
  Instant now() {
    return store.now();
  }

  /** The store. */
  Store store() {
    return store;
  }

  /** What the store is to do when a delivery is acked now. */
  Settlement ofAck(Emission emission) {
    return planner.plan(emission, new Outcome.Acked(), now()).settlement();
  }

  /** Counts a delivery as acked by a transaction of the application. */
  void countAcked() {
    counters.acked.increment();
  }

  /** A delivery is handed out. */
  void countEmitted() {
    counters.emitted.increment();
  }

  /** Ends a delivery. */
  void settle(Emission emission, Outcome outcome, Answer answer) {
    Planner.Plan plan;
    try {
      plan = planner.plan(emission, outcome, now());
    } catch (PitstopException e) {
      answer.failed(e);
      return;
    } catch (RuntimeException e) {
      answer.failed(new PitstopException(emission.entry().key() + " cannot be settled: " + e, e));
      return;
    }
    settle(plan, answer);
  }

  /** Carries out a plan. */
  void settle(Planner.Plan plan, Answer answer) {
    writes.submit(
        new WriteCombiner.Call<>(plan.settlement()) {
          @Override
          void done(Boolean took) {
            if (took) {
              plan.counted().run();
            } else {
              counters.leaseLost.increment();
            }
            answer.took(took);
          }

          @Override
          void failed(PitstopException failure) {
            answer.failed(failure);
          }
        });
  }

  /** Makes a lease last for a time from now. */
  void extend(Emission emission, Duration leaseTime, Answer answer) {
    writes.submit(
        new WriteCombiner.Call<>(
            new Settlement.Extend(emission.entry().key(), emission.token(), leaseTime)) {
          @Override
          void done(Boolean took) {
            answer.took(took);
          }

          @Override
          void failed(PitstopException failure) {
            answer.failed(failure);
          }
        });
  }
}
