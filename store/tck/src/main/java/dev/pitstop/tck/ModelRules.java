package dev.pitstop.tck;

import dev.pitstop.spi.Capability;
import java.util.Optional;
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
    Optional<Model.Failure> failure = Model.run(t, Model.steps(seed, STEPS));
    if (failure.isPresent()) {
      Model.Failure shortest = Model.shortest(t, failure.get());
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
}
