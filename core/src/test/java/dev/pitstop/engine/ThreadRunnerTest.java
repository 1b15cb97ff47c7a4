package dev.pitstop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.spi.Runner.Ticking;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the engine relies on: a wake always leads to a tick, and a stop to none. */
@Timeout(120)
class ThreadRunnerTest {
  private static final Duration LONG = Duration.ofDays(1);

  private final ThreadRunner runner = new ThreadRunner();

  @AfterEach
  void close() {
    runner.close();
  }

  /** The model: what was asked for before a wake is seen by a tick after it. */
  @Test
  void E06_noWakeIsLost() {
    AtomicInteger asked = new AtomicInteger();
    AtomicInteger seen = new AtomicInteger();
    Ticking ticking =
        runner.start(
            "test",
            true,
            () -> {
              seen.set(asked.get());
              return LONG;
            });
    for (int i = 1; i <= 100_000; i++) {
      asked.set(i);
      ticking.wake();
      if (i % 7 == 0) {
        int current = i;
        Await.until(() -> seen.get() >= current);
      }
    }
    Await.until(() -> seen.get() >= 100_000);
    ticking.stop();
  }

  @Test
  void H02_startedWokenAndStoppedAtOnceEachEnds() throws InterruptedException {
    for (int i = 0; i < 500; i++) {
      CountDownLatch ticked = new CountDownLatch(1);
      Ticking ticking =
          runner.start(
              "stopped",
              true,
              () -> {
                ticked.countDown();
                return LONG;
              });
      new Thread(ticking::wake).start();
      if (i % 2 == 0) {
        assertThat(ticked.await(60, TimeUnit.SECONDS)).isTrue();
      }
      ticking.stop();
    }
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("stopped")) {
        thread.join(60_000);
        assertThat(thread.isAlive()).isFalse();
      }
    }
  }

  @Test
  void E09_anInterruptLeftBehindByATickDoesNotMakeItSpin() throws InterruptedException {
    BlockingQueue<Thread> ticked = new LinkedBlockingQueue<>();
    Ticking ticking =
        runner.start(
            "interrupted",
            true,
            () -> {
              Thread.currentThread().interrupt();
              ticked.add(Thread.currentThread());
              return LONG;
            });
    Thread thread = Objects.requireNonNull(ticked.poll(60, TimeUnit.SECONDS), "a tick in a minute");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (thread.isInterrupted()) {
      assertThat(System.nanoTime() - end).as("nanos for which it cannot wait").isNegative();
      Thread.onSpinWait();
    }
    ticking.stop();
  }

  @Test
  void aTickThatThrowsIsRunAgain() throws InterruptedException {
    CountDownLatch twice = new CountDownLatch(2);
    Ticking ticking =
        runner.start(
            "failing",
            true,
            () -> {
              twice.countDown();
              throw new StackOverflowError("once in a while");
            });
    assertThat(twice.await(60, TimeUnit.SECONDS)).isTrue();
    ticking.stop();
  }
}
