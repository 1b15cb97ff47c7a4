package dev.pitstop.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.PitstopException;
import dev.pitstop.StoreUnavailableException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class WritesTest {
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private final AtomicInteger unavailable = new AtomicInteger();
  private final Refusals refusals =
      new Refusals(new PrintStream(told, true, UTF_8), unavailable::incrementAndGet);

  @Test
  void whatIsRefusedIsToldWithItsLineAndTheRestCounts() {
    Writes<String> writes =
        new Writes<>(
            batch ->
                CompletableFuture.completedFuture(
                    batch.stream()
                        .map(
                            item ->
                                item.equals("bad")
                                    ? Optional.<PitstopException>of(
                                        new InvalidFieldException("id", "must be good", item))
                                    : Optional.<PitstopException>empty())
                        .toList()),
            refusals);

    writes.add(3, 1, "good");
    writes.add(7, 1, "bad");
    writes.add(9, 1, "good");
    writes.finish();

    assertThat(writes.done()).isEqualTo(2);
    assertThat(told.toString(UTF_8))
        .isEqualToNormalizingNewlines("pitstop: line 7: id must be good, was bad\n");
    assertThat(refusals.exit()).isEqualTo(ExitCode.REFUSED);
  }

  @Test
  void aStoreThatIsAwayIsToldOnce() {
    Writes<String> writes =
        new Writes<>(
            batch ->
                CompletableFuture.completedFuture(
                    batch.stream()
                        .map(
                            item ->
                                Optional.<PitstopException>of(
                                    new StoreUnavailableException("rocksdb:./x is away")))
                        .toList()),
            refusals);

    writes.add(1, 1, "a");
    writes.add(2, 1, "b");
    writes.finish();

    assertThat(told.toString(UTF_8))
        .isEqualToNormalizingNewlines("pitstop: line 1: rocksdb:./x is away\n");
    assertThat(refusals.exit()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(unavailable).hasPositiveValue();
  }

  @RepeatedTest(10)
  void batchesAreSentInOrderAndFewAreInFlightHoweverLateTheAnswersAre() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<Integer> sent = new ArrayList<>();
    AtomicInteger inFlight = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Writes<Integer> writes =
        new Writes<>(
            batch -> {
              sent.addAll(batch);
              most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
              return CompletableFuture.supplyAsync(
                  () -> {
                    inFlight.decrementAndGet();
                    return batch.stream().map(i -> Optional.<PitstopException>empty()).toList();
                  },
                  CompletableFuture.delayedExecutor(random.nextInt(5), TimeUnit.MILLISECONDS));
            },
            refusals);
    for (int i = 0; i < 20_000; i++) {
      writes.add(i, random.nextInt(2_000), i);
      if (random.nextInt(200) == 0) {
        writes.flush();
      }
    }
    writes.finish();

    assertThat(writes.done()).as("seed %d", seed).isEqualTo(20_000);
    assertThat(sent).as("seed %d", seed).isSorted().hasSize(20_000);
    assertThat(most).as("seed %d", seed).hasValueLessThanOrEqualTo(4);
  }
}
