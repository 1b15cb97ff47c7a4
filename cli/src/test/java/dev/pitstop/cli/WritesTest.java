package dev.pitstop.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.PitstopException;
import dev.pitstop.StoreUnavailableException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class WritesTest {
  /** Something to write, about an id. */
  private sealed interface Item {
    String id();

    int number();
  }

  private record Put(String id, int number) implements Item {}

  private record Remove(String id, int number) implements Item {}

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

    writes.add(3, null, 1, "good");
    writes.add(7, null, 1, "bad");
    writes.add(9, null, 1, "good");
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

    writes.add(1, null, 1, "a");
    writes.add(2, null, 1, "b");
    writes.finish();

    assertThat(told.toString(UTF_8))
        .isEqualToNormalizingNewlines("pitstop: line 1: rocksdb:./x is away\n");
    assertThat(refusals.exit()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(unavailable).hasPositiveValue();
  }

  @RepeatedTest(10)
  void whatConcernsOneIdKeepsItsOrderWhateverOrderBatchesAreCarriedOutIn() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Map<String, List<Integer>> carriedOut = new HashMap<>();
    Map<String, List<Integer>> asked = new HashMap<>();
    try (Closing workers = new Closing(Executors.newFixedThreadPool(4))) {
      Writes<Item> writes =
          new Writes<>(
              batch ->
                  CompletableFuture.supplyAsync(
                      () -> carryOut(batch, carriedOut), workers.executor()),
              refusals);
      for (int i = 0; i < 5_000; i++) {
        String id = "id" + random.nextInt(2_000);
        Item item = random.nextInt(4) == 0 ? new Remove(id, i) : new Put(id, i);
        asked.computeIfAbsent(id, key -> new ArrayList<>()).add(i);
        writes.add(i, id, random.nextInt(4_000), item);
        if (random.nextInt(50) == 0) {
          writes.flush();
        }
      }
      writes.finish();
      assertThat(writes.done()).as("seed %d", seed).isEqualTo(5_000);
    }
    assertThat(carriedOut).as("seed %d", seed).isEqualTo(asked);
  }

  /** Carries out what is of one kind after the other, as a queue does. */
  private static List<Optional<PitstopException>> carryOut(
      List<Item> batch, Map<String, List<Integer>> carriedOut) {
    List<Item> order = new ArrayList<>();
    batch.stream().filter(Remove.class::isInstance).forEach(order::add);
    batch.stream().filter(Put.class::isInstance).forEach(order::add);
    synchronized (carriedOut) {
      for (Item item : order) {
        carriedOut.computeIfAbsent(item.id(), key -> new ArrayList<>()).add(item.number());
      }
    }
    return batch.stream().map(item -> Optional.<PitstopException>empty()).toList();
  }

  private record Closing(ExecutorService executor) implements AutoCloseable {
    @Override
    public void close() {
      executor.shutdownNow();
    }
  }
}
