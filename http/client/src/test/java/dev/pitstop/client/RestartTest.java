package dev.pitstop.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Codec;
import dev.pitstop.Listener;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.StoreUnavailableException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that ends in the middle of the work and is started again. */
final class RestartTest {
  private static final int STORERS = 3;
  private static final int ENOUGH = 200;
  private static final long PATIENCE_SECONDS = 60;

  private @TempDir Path directory = Path.of("");

  /**
   * Nobody looks again for an hour unless woken, so that wake-ups are what is seen to go on by
   * itself as well.
   */
  @Test
  void F02_listenersGoOnByThemselvesAndNothingIsLost() throws Exception {
    Served served = Served.on("rocksdb:" + directory.resolve("data"));
    int port = served.port();
    String address = served.address() + "?timeout=2s&leaseTime=2s&pollInterval=1h";
    try (Pitstop storing = Pitstop.open(address);
        Pitstop listening = Pitstop.open(address)) {
      Set<String> emitted = ConcurrentHashMap.newKeySet();
      Listener listener =
          queue(listening)
              .listen(
                  ListenerOptions.defaults().concurrency(4),
                  delivery -> emitted.add(delivery.id()));
      Load load = new Load(queue(storing));
      load.awaitStored(ENOUGH);
      served.close();
      load.awaitFailed();
      served = Served.on("rocksdb:" + directory.resolve("data"), port);
      load.awaitStored(ENOUGH);
      Set<String> confirmed = load.end();
      until("all that was confirmed is emitted", () -> emitted.containsAll(confirmed));
      until("the listener is well", () -> listener.health().healthy());
      until(
          "nothing is left",
          () -> storing.stats().stream().allMatch(q -> q.scheduled() + q.leased() == 0));

      BlockingQueue<String> woken = new LinkedBlockingQueue<>();
      queue(listening, "other").listen(delivery -> woken.add(delivery.id()));
      queue(storing, "other").store(Message.of("body").id("late"), Instant.EPOCH).join();
      assertThat(woken.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("late");
    } finally {
      served.close();
    }
  }

  private static MessageQueue<String> queue(Pitstop pitstop) {
    return queue(pitstop, "q");
  }

  private static MessageQueue<String> queue(Pitstop pitstop, String name) {
    return pitstop.queue(name, Codec.text());
  }

  private static void until(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time: " + what).isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Threads that store one message after the other, and what was confirmed to them. */
  private static final class Load {
    private final MessageQueue<String> queue;
    private final Set<String> confirmed = ConcurrentHashMap.newKeySet();
    private final AtomicLong stored = new AtomicLong();
    private final CountDownLatch failed = new CountDownLatch(STORERS);
    private final AtomicBoolean ends = new AtomicBoolean();
    private final List<CompletableFuture<Void>> storers = new ArrayList<>();

    Load(MessageQueue<String> queue) {
      this.queue = queue;
      for (int storer = 0; storer < STORERS; storer++) {
        int number = storer;
        storers.add(
            CompletableFuture.runAsync(() -> store(number), work -> new Thread(work).start()));
      }
    }

    private void store(int storer) {
      boolean fell = false;
      for (int i = 0; !ends.get(); i++) {
        String id = storer + "-" + i;
        try {
          queue.store(Message.of("body").id(id), Instant.now().plusMillis(i % 50)).join();
          confirmed.add(id);
          stored.incrementAndGet();
        } catch (CompletionException e) {
          assertThat(e).hasCauseInstanceOf(StoreUnavailableException.class);
          if (!fell) {
            failed.countDown();
            fell = true;
          }
        }
      }
    }

    void awaitStored(int more) {
      long before = stored.get();
      until(more + " more are stored", () -> stored.get() - before >= more);
    }

    void awaitFailed() throws InterruptedException {
      assertThat(failed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("all notice").isTrue();
    }

    Set<String> end() {
      ends.set(true);
      storers.forEach(CompletableFuture::join);
      return confirmed;
    }
  }
}
