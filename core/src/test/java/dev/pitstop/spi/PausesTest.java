package dev.pitstop.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Who is asked which queues are paused, and how often. */
final class PausesTest {
  private final Set<String> backend = ConcurrentHashMap.newKeySet();
  private final AtomicInteger asked = new AtomicInteger();
  private final Pauses pauses =
      new Pauses(
          () -> {
            asked.incrementAndGet();
            return Set.copyOf(backend);
          });

  @Test
  void O04_theBackendIsAskedOnceForManyCallsAndQueues() {
    backend.add("a");
    long begun = System.nanoTime();
    assertThat(asked).hasValue(0);
    for (int i = 0; i < 1_000; i++) {
      assertThat(pauses.has("a")).isTrue();
      assertThat(pauses.has("b")).isFalse();
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    assertThat((long) asked.get()).isBetween(1L, 1 + millis / 900);
  }

  @Test
  void O04_whatThisProcessHasChangedIsSeenAtOnce() {
    for (int i = 0; i < 100; i++) {
      backend.add("a");
      pauses.changed();
      assertThat(pauses.has("a")).isTrue();
      backend.remove("a");
      pauses.changed();
      assertThat(pauses.has("a")).isFalse();
    }
  }

  @Test
  void O04_whatOthersHaveChangedIsSeenWithinASecond() throws InterruptedException {
    assertThat(pauses.has("a")).isFalse();
    backend.add("a");
    long changed = System.nanoTime();
    while (!pauses.has("a")) {
      Thread.sleep(1);
    }
    assertThat(System.nanoTime() - changed).isLessThan(TimeUnit.SECONDS.toNanos(1));
  }

  @Test
  void O04_anAnswerThatWasUnderWayIsNoneToWhatChangedMeanwhile() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Pauses slow =
        new Pauses(
            () -> {
              Set<String> read = Set.copyOf(backend);
              reading.countDown();
              await(goOn);
              return read;
            });
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<Boolean> before = threads.submit(() -> slow.has("a"));
      await(reading);
      backend.add("a");
      slow.changed();
      Future<Boolean> after = threads.submit(() -> slow.has("a"));
      goOn.countDown();
      assertThat(before.get(10, TimeUnit.SECONDS)).isFalse();
      assertThat(after.get(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void O04_aBackendThatIsSlowIsAskedOnceACall() {
    Pauses slow =
        new Pauses(
            () -> {
              asked.incrementAndGet();
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_100));
              return Set.copyOf(backend);
            });
    assertThat(slow.has("a")).isFalse();
    assertThat(asked).hasValue(1);
  }

  @Test
  void F01_aBackendThatIsAwayFailsAllWhoWaitForIt() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    Pauses away =
        new Pauses(
            () -> {
              await(goOn);
              throw new StoreUnavailableException("away", new IllegalStateException());
            });
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<Boolean>> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        calls.add(threads.submit(() -> away.has("a")));
      }
      goOn.countDown();
      for (Future<Boolean> call : calls) {
        assertThatThrownBy(() -> call.get(10, TimeUnit.SECONDS))
            .hasCauseInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("away");
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
