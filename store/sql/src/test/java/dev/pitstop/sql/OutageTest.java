package dev.pitstop.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.Filter;
import dev.pitstop.Listener;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.QueueStats;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.servers.PrivateServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that is killed or stands still, and comes back with its data. */
final class OutageTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final String OPTIONS = "?timeout=1s&leaseTime=3s&pollInterval=500ms";

  /**
   * By when all goes on after a short outage: pauses grow to no more than half again its length.
   */
  private static final Duration AGAIN = Duration.ofSeconds(10);

  private static final Duration WITHIN = Duration.ofSeconds(60);

  /**
   * How much later than at its limit a call may fail: a quarter of it, and the machine's delays.
   */
  private static final Duration LATE = Duration.ofSeconds(1);

  /** After so long a pool tries whether a connection is alive. */
  private static final Duration REST = Duration.ofMillis(700);

  private static final int STORERS = 4;
  private static final int ENOUGH = 300;

  /** Stores one message after the other until told to end, and notes which were confirmed. */
  private record Storer(
      MessageQueue<String> queue, Set<String> confirmed, AtomicInteger failed, AtomicBoolean ends) {
    void run(int number) {
      for (int i = 0; !ends.get(); i++) {
        String id = number + "-" + i;
        try {
          Instant due = Instant.now().plusMillis(i % 200);
          queue.store(Message.of("body").id(id), due).join();
          confirmed.add(id);
        } catch (CompletionException e) {
          assertThat(e).hasCauseInstanceOf(StoreUnavailableException.class);
          failed.incrementAndGet();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void F02_serverIsKilledInTheMiddleAndNothingThatWasConfirmedIsLost(Kind kind) throws Exception {
    Set<String> emitted = ConcurrentHashMap.newKeySet();
    Set<String> confirmed = ConcurrentHashMap.newKeySet();
    AtomicInteger failed = new AtomicInteger();
    AtomicBoolean ends = new AtomicBoolean();
    try (PrivateServer server = kind.start(Map.of());
        Pitstop pitstop = Pitstop.open(server.address(Kind.DATABASE) + OPTIONS)) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      Listener listener = queue.listen(delivery -> emitted.add(delivery.id()));
      Storer storer = new Storer(queue, confirmed, failed, ends);
      List<CompletableFuture<Void>> storers = new ArrayList<>();
      for (int i = 0; i < STORERS; i++) {
        int number = i;
        storers.add(CompletableFuture.runAsync(() -> storer.run(number)));
      }
      for (int outage = 0; outage < 2; outage++) {
        int before = emitted.size();
        Awaiting.await("some are emitted", WITHIN, () -> emitted.size() > before + ENOUGH);
        int failures = failed.get();
        server.kill();
        Awaiting.await("storing fails", WITHIN, () -> failed.get() >= failures + STORERS);
        Awaiting.await("unhealthy", WITHIN, () -> !listener.health().healthy());
        server.restart();
        int atReturn = confirmed.size();
        Awaiting.await("stored again", AGAIN, () -> confirmed.size() > atReturn);
        int emittedBefore = emitted.size();
        Awaiting.await("emitted again", AGAIN, () -> emitted.size() > emittedBefore);
        Awaiting.await("healthy", AGAIN, () -> listener.health().healthy());
      }
      ends.set(true);
      storers.forEach(CompletableFuture::join);
      Awaiting.await("all are emitted", WITHIN, () -> emitted.containsAll(confirmed));
      Awaiting.await("all are acked", WITHIN, () -> isEmpty(queue));
    }
  }

  private static boolean isEmpty(MessageQueue<String> queue) {
    QueueStats stats = queue.stats().join();
    return stats.scheduled() + stats.leased() == 0;
  }

  @ParameterizedTest
  @EnumSource
  void F01_callsFailWithinTheTimeLimitWhileTheServerStandsStill(Kind kind) throws Exception {
    BlockingQueue<Delivery<String>> deliveries = new LinkedBlockingQueue<>();
    try (PrivateServer server = kind.start(Map.of());
        Pitstop pitstop = Pitstop.open(server.address(Kind.DATABASE) + OPTIONS)) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      Listener listener = queue.listen(ListenerOptions.defaults().manualAck(), deliveries::add);
      queue.store(Message.of("body").id("leased before"), Instant.now()).join();
      Delivery<String> before = next(deliveries);
      server.pause();
      try {
        List<Supplier<CompletableFuture<?>>> calls =
            List.of(
                () -> queue.store(Message.of("body").id("paused"), Instant.now()),
                () -> queue.find("leased before"),
                () -> queue.remove("other"),
                () -> before.extend(Duration.ofSeconds(3)),
                queue::stats,
                () -> queue.list(Filter.ALL, Optional.empty(), 10));
        for (Supplier<CompletableFuture<?>> call : calls) {
          failsInTime(call.get()::join);
        }
        List<CompletableFuture<?>> together =
            calls.stream().<CompletableFuture<?>>map(Supplier::get).toList();
        together.forEach(call -> failsInTime(call::join));
        Awaiting.await("unhealthy", WITHIN, () -> !listener.health().healthy());
        Duration over = Duration.between(Instant.now(), before.leasedUntil()).plusMillis(100);
        TimeUnit.MILLISECONDS.sleep(Math.max(0, over.toMillis()));
      } finally {
        server.resume();
      }
      queueGoesOn(queue, deliveries);
      Awaiting.await("healthy", AGAIN, () -> listener.health().healthy());
    }
  }

  @ParameterizedTest
  @EnumSource
  void F01_restedConnectionsAreTriedForNoLongerThanTheTimeLimit(Kind kind) throws Exception {
    try (PrivateServer server = kind.start(Map.of());
        Pitstop pitstop = Pitstop.open(server.address(Kind.DATABASE) + OPTIONS)) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      List<CompletableFuture<?>> several = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        several.add(queue.find("none")); // so that there are several connections
      }
      several.forEach(CompletableFuture::join);
      TimeUnit.MILLISECONDS.sleep(REST.toMillis());
      server.pause();
      try {
        failsInTime(() -> queue.find("none").join());
        failsInTime(() -> queue.store("body", Instant.now()).join());
      } finally {
        server.resume();
      }
      Awaiting.await("stored again", AGAIN, () -> isStored(queue, "after"));
    }
  }

  private static void failsInTime(Runnable call) {
    long begun = System.nanoTime();
    Throwable failure = catchThrowable(call::run);
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    assertThat(failure).hasCauseInstanceOf(StoreUnavailableException.class);
    assertThat(took).isLessThan(TIMEOUT.plus(LATE));
  }

  private static void queueGoesOn(
      MessageQueue<String> queue, BlockingQueue<Delivery<String>> deliveries) throws Exception {
    Awaiting.await("stored again", AGAIN, () -> isStored(queue, "after"));
    Set<String> emitted = ConcurrentHashMap.newKeySet();
    while (!emitted.containsAll(Set.of("leased before", "after"))) {
      Delivery<String> delivery = next(deliveries);
      emitted.add(delivery.id());
      delivery.ack().join();
    }
    Awaiting.await(
        "all are acked",
        AGAIN,
        () -> {
          ackAll(deliveries); // what was stored without an answer may come as well
          return isEmpty(queue);
        });
  }

  private static void ackAll(BlockingQueue<Delivery<String>> deliveries) {
    for (Delivery<String> late = deliveries.poll(); late != null; late = deliveries.poll()) {
      late.ack().join();
    }
  }

  private static boolean isStored(MessageQueue<String> queue, String id) {
    try {
      queue.store(Message.of("body").id(id), Instant.now()).join();
      return true;
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(StoreUnavailableException.class);
      return false;
    }
  }

  private static Delivery<String> next(BlockingQueue<Delivery<String>> deliveries)
      throws InterruptedException {
    Delivery<String> delivery = deliveries.poll(30, TimeUnit.SECONDS);
    assertThat(delivery).as("a delivery within 30 s").isNotNull();
    return delivery;
  }
}
