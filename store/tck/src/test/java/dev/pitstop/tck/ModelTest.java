package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.spi.Store;
import dev.pitstop.tck.BrokenStoresTest.Broken;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random steps find stores out that are broken on purpose, and are few when they are shown. */
final class ModelTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(
      names = {
        "LEASES_TWICE",
        "IGNORES_TOKENS",
        "LOSES_UPDATES",
        "EMITS_EARLY",
        "LOOKS_FORWARD_ONLY",
        "ORDERS_EQUAL_TIMES_BY_ID",
        "DROPS_ATTEMPTS",
        "COUNTS_TOKENS_BY_MESSAGE",
        "REPEATS_TOKENS_AFTER_OPENING",
        "FORGETS_ALL_WHEN_KILLED",
        "SLEEPS_OVER_THE_END_OF_LEASES",
        "FORGETS_THE_SCHEDULE",
        "KEEPS_ATTEMPTS_OF_THE_REPLACED",
        "REFUSES_AFTER_EXPIRY",
        "SAYS_YES_AGAIN",
        "EXTENDS_FROM_THE_END",
        "EMITS_WHAT_IS_BURIED",
        "MISCOUNTS",
        "SETTLES_WHAT_IS_REMOVED",
        "PURGES_WHAT_WAITS_ONLY",
        "REQUEUES_WITH_ITS_ATTEMPTS"
      })
  void findsWhatIsBrokenInFewSteps(Broken broken) {
    StoreContract contract =
        new StoreContract() {
          @Override
          protected Store open(Path directory, InstantSource clock) {
            return broken.open(directory, clock);
          }
        };
    Trial trial = new Trial(contract, directory.resolve("store"));
    try {
      Optional<Model.Failure> failure =
          LongStream.range(1, 40)
              .mapToObj(seed -> Model.run(trial, Model.steps(seed, ModelRules.STEPS)))
              .flatMap(Optional::stream)
              .findFirst();
      assertThat(failure).as("a failure within 40 seeds").isPresent();
      Model.Failure shortest = Model.shortest(trial, failure.get());
      assertThat(shortest.log()).as("steps to the failure").hasSizeLessThanOrEqualTo(16);
      assertThat(Model.run(trial, shortest.steps())).as("the same steps again").isPresent();
    } finally {
      trial.close();
    }
  }
}
