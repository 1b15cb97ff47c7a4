package dev.pitstop.rocksdb;

import static dev.pitstop.rocksdb.Fixtures.MINUTE;
import static dev.pitstop.rocksdb.Fixtures.QUEUE;
import static dev.pitstop.rocksdb.Fixtures.acks;
import static dev.pitstop.rocksdb.Fixtures.key;
import static dev.pitstop.rocksdb.Fixtures.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Filter;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.testing.TestClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CloseTest {
  @TempDir Path directory;

  private final TestClock clock = TestClock.create();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void shutDown() {
    threads.shutdown();
  }

  @Test
  void everyCallAfterClosingSaysThatItIsClosed() {
    RocksDbStore store = Fixtures.open(directory, clock);
    store.close();
    store.close();
    List<ThrowingCallable> calls =
        List.of(
            () -> store.put(List.of(message("a", clock.instant()))),
            () -> store.lease(QUEUE, 1, MINUTE),
            () -> store.settle(List.of()),
            () -> store.remove(List.of(key("a"))),
            () -> store.untilNextDue(QUEUE),
            () -> store.onWake(QUEUE, () -> {}),
            () -> store.find(key("a")),
            () -> store.list(QUEUE, Filter.ALL, Optional.empty(), 1),
            () -> store.search(QUEUE, "", Optional.empty(), 1),
            () -> store.countDue(QUEUE, List.of(Instant.MIN, Instant.MAX), 1),
            store::stats,
            () -> store.reschedule(key("a"), clock.instant()),
            () -> store.pause(QUEUE, true),
            () -> store.requeue(key("a")),
            () -> store.requeueAll(QUEUE),
            () -> store.purge(QUEUE));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining(directory + " is closed");
    }
  }

  @Test
  void H02_callsUnderWayEndWellOrSayThatItIsClosed() {
    RocksDbStore store = Fixtures.open(directory, clock);
    CountDownLatch allWork = new CountDownLatch(4);
    List<CompletableFuture<Integer>> workers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String name = "worker" + i + "-";
      workers.add(
          CompletableFuture.supplyAsync(() -> workUntilClosed(store, name, allWork), threads));
    }
    await(allWork);
    store.close();
    int stored = workers.stream().mapToInt(CompletableFuture::join).sum();
    try (RocksDbStore again = Fixtures.open(directory, clock)) {
      assertThat(again.purge(QUEUE)).isEqualTo(stored).isPositive();
    }
  }

  @Test
  void manyThreadsWorkTogetherAndLoseNothing() {
    AtomicInteger acked = new AtomicInteger();
    try (RocksDbStore store = Fixtures.open(directory, clock)) {
      List<CompletableFuture<Void>> workers = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        String name = "worker" + i + "-";
        workers.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int j = 0; j < 50; j++) {
                    store.put(Fixtures.unusedMessages(name + j + "-", 5, clock.instant()));
                    List<Boolean> settled = store.settle(acks(store.lease(QUEUE, 4, MINUTE)));
                    acked.addAndGet((int) settled.stream().filter(took -> took).count());
                    store.stats();
                  }
                },
                threads));
      }
      workers.forEach(CompletableFuture::join);
      clock.advance(MINUTE);
      acked.addAndGet(
          (int)
              store.settle(acks(store.lease(QUEUE, 100_000, MINUTE))).stream()
                  .filter(took -> took)
                  .count());
      assertThat(acked).hasValue(16 * 50 * 5);
      assertThat(store.stats()).isEmpty();
    }
  }

  @Test
  void aForeignTextIsNoPlaceInAList() {
    try (RocksDbStore store = Fixtures.open(directory, clock)) {
      for (String text : List.of("", "7", "due.1", "due.1.99999999999999999999", "late.1.2")) {
        assertThatThrownBy(() -> store.list(QUEUE, Filter.ALL, Optional.of(text), 1))
            .isInstanceOf(InvalidFieldException.class)
            .hasMessageContaining("from must be the next of an earlier page");
      }
    }
  }

  private int workUntilClosed(RocksDbStore store, String name, CountDownLatch allWork) {
    int stored = 0;
    try {
      while (true) {
        store.put(Fixtures.unusedMessages(name + stored + "-", 1, clock.instant().plusSeconds(9)));
        stored++;
        if (stored == 5) {
          allWork.countDown();
        }
        store.lease(QUEUE, 1, MINUTE);
        Fixtures.all(store, QUEUE);
        store.search(QUEUE, name, Optional.empty(), 5);
        store.countDue(QUEUE, List.of(Instant.MIN, Instant.MAX), 100);
      }
    } catch (StoreUnavailableException e) {
      assertThat(e).hasMessageContaining("is closed");
      return stored;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
