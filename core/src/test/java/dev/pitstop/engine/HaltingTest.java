package dev.pitstop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.Filter;
import dev.pitstop.Listener;
import dev.pitstop.ListenerOptions;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.memory.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** H01 and H02: stopping and closing, from any thread, again, at once, and what users do then. */
@Timeout(120)
class HaltingTest {
  private static final ListenerOptions OPTIONS = ListenerOptions.defaults();
  private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

  private final Pitstop pitstop = Pitstop.on(new MemoryStore(), PitstopOptions.defaults());
  private final MessageQueue<String> queue = pitstop.queue("q", Codec.text());
  private final BlockingQueue<Delivery<String>> received = new LinkedBlockingQueue<>();
  private final CountDownLatch gate = new CountDownLatch(1);

  @AfterEach
  void close() {
    gate.countDown();
    pitstop.close(Duration.ZERO);
  }

  private void awaitGate() throws InterruptedException {
    assertThat(gate.await(60, TimeUnit.SECONDS)).isTrue();
  }

  private void hold(Delivery<String> delivery) throws InterruptedException {
    received.add(delivery);
    awaitGate();
  }

  private Delivery<String> next() throws InterruptedException {
    return Objects.requireNonNull(received.poll(60, TimeUnit.SECONDS), "a delivery in a minute");
  }

  @Test
  void H01_oneDeadlineForAllListeners() throws InterruptedException {
    for (int i = 0; i < 20; i++) {
      MessageQueue<String> each = pitstop.queue("q" + i, Codec.text());
      each.listen(this::hold);
      each.store("held", Instant.EPOCH);
    }
    for (int i = 0; i < 20; i++) {
      next();
    }
    long start = System.nanoTime();
    pitstop.close(Duration.ofMillis(500));
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(500), Duration.ofSeconds(8));
  }

  @Test
  void H01_aDrainTimeOfAnyLengthIsTaken() throws InterruptedException {
    Listener listener = queue.listen(this::hold);
    queue.store("x", Instant.EPOCH);
    next();
    CompletableFuture<Void> stopped = listener.stop(FOREVER);
    assertThat(stopped).isNotDone();
    listener.stop(Duration.ofSeconds(Long.MIN_VALUE)).join();
    assertThat(stopped.join()).isNull();
  }

  @Test
  void H02_closingForEverAndThenAtOnceCloses() throws InterruptedException {
    queue.listen(this::hold);
    queue.store("x", Instant.EPOCH);
    next();
    Thread closing = new Thread(() -> pitstop.close(FOREVER));
    closing.start();
    Await.until(() -> closing.getState() == Thread.State.WAITING);
    pitstop.close(Duration.ZERO);
    closing.join();
  }

  @Test
  void H01_aListenerThatHasStoppedIsNoLongerListed() {
    for (int i = 0; i < 500; i++) {
      Listener listener = queue.listen(received::add);
      listener.stop().join();
      assertThat(pitstop.listeners()).isEmpty();
    }
  }

  @Test
  void H01_aSubscriberThatHoldsUpItsEndHoldsUpNoLease() throws InterruptedException {
    CountDownLatch ending = new CountDownLatch(1);
    queue
        .deliveries(OPTIONS.leaseTime(Duration.ofMillis(100)))
        .subscribe(
            new Flow.Subscriber<>() {
              @Override
              public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(1);
              }

              @Override
              public void onNext(Delivery<String> delivery) {
                received.add(delivery); // and never settles it, so that the keeper takes it back
              }

              @Override
              public void onError(Throwable failure) {}

              @Override
              public void onComplete() {
                ending.countDown();
                try {
                  awaitGate();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }
            });
    queue.store("x", Instant.EPOCH);
    next();
    pitstop.listeners().forEach(Listener::stop);
    assertThat(ending.await(60, TimeUnit.SECONDS)).isTrue();
    queue.listen(
        OPTIONS.leaseTime(Duration.ofMillis(200)),
        delivery -> {
          Instant first = delivery.leasedUntil();
          Await.until(() -> delivery.leasedUntil().isAfter(first));
          received.add(delivery);
        });
    assertThat(next().attempt()).isEqualTo(2);
  }

  @Test
  void H02_everyCallFailsAfterwardsAndNoneHangs() {
    pitstop.close();
    List<Supplier<CompletableFuture<?>>> calls =
        List.of(
            () -> queue.store("x", Instant.EPOCH),
            () -> queue.remove("x"),
            () -> queue.find("x"),
            () -> queue.list(Filter.ALL, Optional.empty(), 1),
            () -> queue.requeue("x"),
            queue::requeueAll,
            queue::purge,
            queue::stats);
    for (Supplier<CompletableFuture<?>> call : calls) {
      assertThatThrownBy(() -> call.get().join())
          .cause()
          .isInstanceOf(StoreUnavailableException.class);
    }
    assertThatThrownBy(pitstop::stats).isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(() -> queue.listen(received::add))
        .isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void H02_closingFromWhatFollowsACallWorks() {
    queue.store("x", Instant.now().plusSeconds(60)).thenRun(pitstop::close).join();
    assertThatThrownBy(pitstop::stats).isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void H02_startingStoppingAndClosingAtOnce() {
    long seed = System.nanoTime();
    for (int round = 0; round < 50; round++) {
      Random random = new Random(seed + round);
      Pitstop each = Pitstop.on(new MemoryStore(), PitstopOptions.defaults());
      MessageQueue<String> own = each.queue("q", Codec.text());
      List<CompletableFuture<Void>> threads = new ArrayList<>();
      CountDownLatch ready = new CountDownLatch(10);
      for (int i = 0; i < 10; i++) {
        int kind = random.nextInt(4);
        threads.add(
            CompletableFuture.runAsync(
                () -> use(each, own, kind, ready), work -> new Thread(work).start()));
      }
      CompletableFuture.allOf(threads.toArray(CompletableFuture<?>[]::new)).join();
      each.close(Duration.ZERO);
      assertThat(each.listeners()).as("seed %d, round %d", seed, round).isEmpty();
    }
    assertThat(
            Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("pitstop-q"))
                .filter(HaltingTest::outlives))
        .as("threads of listeners that are left, seed %d", seed)
        .isEmpty();
  }

  private static boolean outlives(Thread thread) {
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return thread.isAlive();
  }

  private static void use(
      Pitstop pitstop, MessageQueue<String> queue, int kind, CountDownLatch ready) {
    ready.countDown();
    try {
      ready.await();
      switch (kind) {
        case 0 -> pitstop.close();
        case 1 -> queue.listen(delivery -> pitstop.close()).stop().join();
        case 2 -> {
          queue.listen(delivery -> {});
          queue.store("x", Instant.EPOCH).join();
        }
        default -> {
          Listener listener = queue.listen(delivery -> delivery.release());
          queue.store("x", Instant.EPOCH).join();
          listener.stop().join();
          listener.stop(Duration.ZERO).join();
        }
      }
    } catch (StoreUnavailableException e) {
      // it was closed before
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(StoreUnavailableException.class);
    }
  }
}
