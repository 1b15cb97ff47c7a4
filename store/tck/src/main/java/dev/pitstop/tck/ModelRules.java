package dev.pitstop.tck;

import dev.pitstop.spi.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random steps, after each of which the store must stand as the store in memory does.
 *
 * <p>The system property {@code pitstop.tck.seeds} says how many seeds are tried (10 unless set),
 * {@code pitstop.tck.firstSeed} where they begin (1 unless set).
 */
interface ModelRules extends Rules {
  /** How many steps a seed gives. */
  int STEPS = 200;

  /** How often a failure is tried with a step less. */
  int SHORTENINGS = 400;

  /** The seeds to try. */
  static LongStream seeds() {
    long first = Long.getLong("pitstop.tck.firstSeed", 1);
    return LongStream.range(first, first + Integer.getInteger("pitstop.tck.seeds", 10));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("dev.pitstop.tck.ModelRules#seeds")
  default void E02_randomStepsEndAsInTheModel(long seed) {
    Trial t = trial();
    t.needs("comparing with the model", Capability.SETTABLE_CLOCK);
    List<Model.Step> steps = new ArrayList<>();
    Random random = new Random(seed);
    for (int i = 0; i < STEPS; i++) {
      steps.add(Model.Step.random(random));
    }
    Optional<Model.Failure> failure = Model.run(t, steps);
    if (failure.isPresent()) {
      Model.Failure shortest = shortest(t, failure.get());
      throw new AssertionError(
          "with seed "
              + seed
              + ", -Dpitstop.tck.firstSeed="
              + seed
              + ", these steps end otherwise than in the model:\n  "
              + String.join("\n  ", shortest.log())
              + "\n"
              + shortest.cause().getMessage(),
          shortest.cause());
    }
  }

  /** A failure of as few steps as leaving out one after the other leads to. */
  private static Model.Failure shortest(Trial t, Model.Failure first) {
    Model.Failure shortest = first;
    int tries = 0;
    for (int i = first.steps().size() - 2; i >= 0 && tries < SHORTENINGS; i--, tries++) {
      List<Model.Step> fewer = new ArrayList<>(shortest.steps());
      fewer.remove(i);
      Optional<Model.Failure> failure = Model.run(t, fewer);
      if (failure.isPresent()) {
        shortest = failure.get();
        i = Math.min(i, shortest.steps().size() - 1);
      }
    }
    return shortest;
  }
}
