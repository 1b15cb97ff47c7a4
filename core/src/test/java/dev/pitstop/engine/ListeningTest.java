package dev.pitstop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.Filter;
import dev.pitstop.Listener;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.RetryPolicy;
import dev.pitstop.State;
import dev.pitstop.StoredMessage;
import dev.pitstop.memory.MemoryStore;
import dev.pitstop.spi.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a listener on threads promises, on the store in memory and the machine's clock. */
class ListeningTest {
  private static final ListenerOptions OPTIONS = ListenerOptions.defaults();

  private final Store store = new MemoryStore();
  private final Pitstop pitstop =
      Pitstop.on(store, PitstopOptions.defaults().pollInterval(Duration.ofMinutes(10)));
  private final MessageQueue<String> queue = pitstop.queue("q", Codec.text());
  private final BlockingQueue<Delivery<String>> received = new LinkedBlockingQueue<>();
  private final CountDownLatch gate = new CountDownLatch(1);

  @AfterEach
  void close() {
    gate.countDown();
    pitstop.close(Duration.ZERO);
  }

  private static Instant soon() {
    return Instant.now().plusMillis(50);
  }

  private Delivery<String> next() throws InterruptedException {
    Delivery<String> delivery = received.poll(60, TimeUnit.SECONDS);
    assertThat(delivery).as("a delivery within a minute").isNotNull();
    return delivery;
  }

  private void awaitGate() throws InterruptedException {
    assertThat(gate.await(60, TimeUnit.SECONDS)).isTrue();
  }

  private StoredMessage stored(String id) {
    return queue.find(id).join().orElseThrow();
  }

  @Test
  void E01_nothingIsEmittedBeforeItIsDue() throws InterruptedException {
    BlockingQueue<Duration> lateness = new LinkedBlockingQueue<>();
    queue.listen(delivery -> lateness.add(Duration.between(delivery.scheduledFor(), store.now())));
    Instant start = Instant.now();
    for (int i = 0; i < 300; i++) {
      queue.store("m" + i, start.plusMillis(20 + i));
    }
    for (int i = 0; i < 300; i++) {
      assertThat(lateness.poll(60, TimeUnit.SECONDS))
          .isNotNull()
          .isGreaterThanOrEqualTo(Duration.ZERO);
    }
  }

  @Test
  void E06_aListenerIsWokenByWhatIsStoredAfterItHasLooked() throws InterruptedException {
    queue.listen(received::add);
    queue.store("late", Instant.now().plus(Duration.ofHours(1))).join();
    queue.store("soon", soon());
    assertThat(next().body()).isEqualTo("soon");
    queue.store("now", Instant.EPOCH);
    assertThat(next().body()).isEqualTo("now");
  }

  @Test
  void E07_aListenerLeasesNoMoreThanItCanHandOutSoon() throws InterruptedException {
    for (int i = 0; i < 1_000; i++) {
      queue.store("m" + i, Instant.EPOCH).join();
    }
    queue.listen(
        OPTIONS.concurrency(4).prefetch(8),
        delivery -> {
          received.add(delivery);
          awaitGate();
        });
    for (int i = 0; i < 4; i++) {
      next();
    }
    assertThat(queue.stats().join().leased()).isBetween(4L, 12L);
    assertThat(received).isEmpty();
  }

  @Test
  void E07_largeBodiesAreNotLeasedAheadWithoutBound() throws InterruptedException {
    MessageQueue<byte[]> large = pitstop.queue("large");
    byte[] body = new byte[1 << 20];
    for (int i = 0; i < 200; i++) {
      large.store(body, Instant.EPOCH).join();
    }
    AtomicInteger handled = new AtomicInteger();
    CountDownLatch paced = new CountDownLatch(1);
    large.listen(
        OPTIONS.concurrency(1).prefetch(10_000),
        delivery -> {
          if (handled.incrementAndGet() == 100) { // the pace is known by now
            paced.countDown();
            awaitGate();
          }
        });
    assertThat(paced.await(60, TimeUnit.SECONDS)).isTrue();
    Await.until(() -> large.counters().acked() == 99);
    // the one in hands, and 16 MiB of those behind it
    assertThat(large.stats().join().leased()).isLessThan(20);
    gate.countDown();
    Await.until(() -> handled.get() >= 200);
  }

  @Test
  void E08_deliveriesStartInDueOrderAndEqualTimesInTheOrderStored() throws InterruptedException {
    Instant base = Instant.now().plusMillis(300);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      String id = "m" + i;
      queue.store(Message.of(id).id(id), base.plusMillis((i * 7919L) % 100)).join();
    }
    for (int due = 0; due < 100; due++) {
      for (int i = 0; i < 500; i++) {
        if ((i * 7919L) % 100 == due) {
          expected.add("m" + i);
        }
      }
    }
    queue.listen(OPTIONS.concurrency(1), received::add);
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      order.add(next().id());
    }
    assertThat(order).isEqualTo(expected);
  }

  @Test
  void E05_theLeaseOfARunningHandlerIsExtended() throws InterruptedException {
    AtomicInteger started = new AtomicInteger();
    queue.listen(
        OPTIONS.leaseTime(Duration.ofMillis(300)),
        delivery -> {
          started.incrementAndGet();
          received.add(delivery);
          awaitGate();
        });
    queue.store(Message.of("slow").id("slow"), Instant.EPOCH).join();
    Delivery<String> delivery = next();
    Instant first = delivery.leasedUntil();
    Await.until(
        () -> {
          assertThat(delivery.leaseLost()).isFalse();
          return delivery.leasedUntil().isAfter(first.plusMillis(900));
        });
    assertThat(store.lease("q", 10, Duration.ofSeconds(1))).isEmpty();
    gate.countDown();
    Await.until(() -> queue.counters().acked() != 0);
    assertThat(started).hasValue(1);
    assertThat(queue.find("slow").join()).isEmpty();
  }

  @Test
  void E05_aHandlerSeesThatItsLeaseIsLost() throws InterruptedException {
    CompletableFuture<Boolean> lost = new CompletableFuture<>();
    queue.listen(
        OPTIONS.leaseTime(Duration.ofMillis(300)),
        delivery -> {
          received.add(delivery);
          if (delivery.body().equals("old")) {
            Await.until(() -> delivery.leaseLost());
            lost.complete(delivery.ack().join());
          }
        });
    queue.store(Message.of("old").id("x"), Instant.EPOCH).join();
    long oldToken = next().token();
    queue.store(Message.of("new").id("x"), Instant.EPOCH).join();
    Delivery<String> update = next();
    assertThat(update.body()).isEqualTo("new");
    assertThat(update.token()).isGreaterThan(oldToken);
    assertThat(lost.join()).isFalse();
    assertThat(queue.counters().leaseLost()).isPositive();
  }

  @Test
  void E05_aForgottenDeliveryComesBack() throws InterruptedException {
    queue.listen(
        OPTIONS.manualAck().concurrency(1).leaseTime(Duration.ofMillis(200)), received::add);
    queue.store("forgotten", Instant.EPOCH).join();
    assertThat(next().attempt()).isEqualTo(1);
    Delivery<String> again = next();
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(again.ack().join()).isTrue();
  }

  @Test
  void T04_settlingAgainRepeatsTheFirstAnswer() throws InterruptedException {
    queue.listen(OPTIONS.manualAck(), received::add);
    queue.store("x", Instant.EPOCH).join();
    Delivery<String> delivery = next();
    assertThat(delivery.ack().join()).isTrue();
    assertThat(delivery.ack().join()).isTrue();
    assertThat(delivery.nack("too late").join()).isTrue();
    assertThat(queue.counters().nacked()).isZero();
    assertThat(queue.stats().join().scheduled()).isZero();
  }

  @Test
  void T05_throwingNacksWithTheMessageAndAnErrorStopsNothingElse() throws InterruptedException {
    queue.listen(
        OPTIONS.retry(RetryPolicy.defaults().maxAttempts(1)),
        delivery -> {
          if (delivery.id().equals("bad")) {
            throw new StackOverflowError("too deep");
          }
          received.add(delivery);
        });
    queue.store(Message.of("bad").id("bad"), Instant.EPOCH).join();
    queue.store(Message.of("good").id("good"), Instant.EPOCH).join();
    assertThat(next().id()).isEqualTo("good");
    Await.until(() -> queue.counters().buried() != 0);
    assertThat(stored("bad").lastError()).contains("too deep");
  }

  @Test
  void T08_aHandlerThatRunsTooLongIsInterruptedAndNacked() throws InterruptedException {
    CompletableFuture<Boolean> settledAfterwards = new CompletableFuture<>();
    queue.listen(
        OPTIONS
            .handlerTimeout(Duration.ofMillis(100))
            .retry(RetryPolicy.defaults().delays(Duration.ofHours(1), Duration.ofHours(1))),
        delivery -> {
          try {
            awaitGate();
          } catch (InterruptedException e) {
            delivery.ack().whenComplete((took, e2) -> settledAfterwards.complete(took));
            throw e;
          }
        });
    queue.store(Message.of("x").id("x"), Instant.EPOCH).join();
    settledAfterwards.join();
    Await.until(() -> queue.counters().nacked() != 0);
    StoredMessage message = stored("x");
    assertThat(message.state()).isEqualTo(State.SCHEDULED);
    assertThat(message.lastError()).contains("handler ran longer than its timeout of PT0.1S");
    assertThat(queue.counters().acked()).isZero();
  }

  @Test
  void S08_aBodyThatTheCodecCannotReadIsBuriedWithTheReason() throws InterruptedException {
    MessageQueue<byte[]> raw = pitstop.queue("q");
    raw.store(Message.of(new byte[] {(byte) 0xff}).id("bad"), Instant.EPOCH).join();
    queue.store(Message.of("fine").id("fine"), Instant.EPOCH).join();
    queue.listen(received::add);
    assertThat(next().id()).isEqualTo("fine");
    Await.until(() -> queue.counters().buried() != 0);
    assertThat(stored("bad").lastError().orElseThrow()).contains("body cannot be read", "UTF-8");
  }

  @Test
  void E10_listenersShareTheWork() throws InterruptedException {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    AtomicInteger twice = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(2_000);
    for (int i = 0; i < 4; i++) {
      queue.listen(
          OPTIONS.concurrency(2),
          delivery -> {
            if (!seen.add(delivery.id())) {
              twice.incrementAndGet();
            }
            all.countDown();
          });
    }
    for (int i = 0; i < 2_000; i++) {
      queue.store("m" + i, Instant.now().plusMillis(i % 200));
    }
    assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(twice).hasValue(0);
  }

  @Test
  void H01_stoppingReleasesWhatWasNotHandedOutAndWaitsForWhatIsInHands()
      throws InterruptedException {
    Listener listener =
        queue.listen(
            OPTIONS.concurrency(1).prefetch(10),
            delivery -> {
              received.add(delivery);
              awaitGate();
            });
    for (int i = 0; i < 20; i++) {
      queue.store(Message.of("m" + i).id("m" + i), Instant.EPOCH).join();
    }
    Delivery<String> inHands = next();
    CompletableFuture<Void> stopped = listener.stop();
    Await.until(() -> queue.stats().join().leased() <= 1);
    assertThat(stopped).isNotDone();
    assertThat(queue.list(Filter.of(State.SCHEDULED), Optional.empty(), 100).join().items())
        .hasSize(19)
        .allSatisfy(message -> assertThat(message.attempts()).isZero());
    gate.countDown();
    stopped.join();
    assertThat(queue.find(inHands.id()).join()).isEmpty();
    assertThat(received).isEmpty();
    assertThat(pitstop.listeners()).isEmpty();
    assertThat(listener.stop()).isCompleted();
  }

  @Test
  void H01_theDrainTimeEndsTheWait() throws InterruptedException {
    Listener listener =
        queue.listen(
            delivery -> {
              received.add(delivery);
              awaitGate();
            });
    queue.store("x", Instant.EPOCH).join();
    next();
    listener.stop(Duration.ofMillis(50)).join();
    assertThat(queue.stats().join().leased()).isEqualTo(1);
  }

  @Test
  void H02_closingFromAHandlerWorks() throws InterruptedException {
    CountDownLatch returned = new CountDownLatch(1);
    queue.listen(
        delivery -> {
          pitstop.close();
          pitstop.close();
          returned.countDown();
        });
    queue.store("x", Instant.EPOCH).join();
    assertThat(returned.await(60, TimeUnit.SECONDS)).isTrue();
    pitstop.close();
    assertThatThrownBy(store::stats).hasMessageContaining("closed");
    assertThatThrownBy(() -> queue.store("y", Instant.EPOCH).join()).hasMessageContaining("closed");
    assertThatThrownBy(() -> queue.listen(received::add)).hasMessageContaining("closed");
  }
}
