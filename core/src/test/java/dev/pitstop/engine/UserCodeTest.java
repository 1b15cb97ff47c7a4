package dev.pitstop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Codec;
import dev.pitstop.CodecException;
import dev.pitstop.Delivery;
import dev.pitstop.Handler;
import dev.pitstop.Listener;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.RetryPolicy;
import dev.pitstop.memory.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What handlers and codecs may do without harming the listener: it has one place, so that a place
 * that is not given back stops it.
 */
class UserCodeTest {
  private static final ListenerOptions ONE_PLACE =
      ListenerOptions.defaults()
          .concurrency(1)
          .prefetch(0)
          .retry(RetryPolicy.defaults().delays(Duration.ofHours(1), Duration.ofHours(1)));

  private final Pitstop pitstop = Pitstop.on(new MemoryStore(), PitstopOptions.defaults());
  private final BlockingQueue<Delivery<String>> received = new LinkedBlockingQueue<>();
  private final CountDownLatch gate = new CountDownLatch(1);

  @AfterEach
  void close() {
    gate.countDown();
    pitstop.close(Duration.ZERO);
  }

  /** Text, but for bodies that begin with {@code bad}, which do harm when they are read. */
  private static final class Harming implements Codec<String> {
    private final Harm harm;

    Harming(Harm harm) {
      this.harm = harm;
    }

    interface Harm {
      void happen();
    }

    @Override
    public String contentType() {
      return "text/plain";
    }

    @Override
    public byte[] encode(String body) {
      return Codec.text().encode(body);
    }

    @Override
    public String decode(byte[] bytes, String contentType) {
      String body = Codec.text().decode(bytes, contentType);
      if (body.startsWith("bad")) {
        harm.happen();
      }
      return body;
    }
  }

  private static final class Unspeakable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable String getMessage() {
      throw new IllegalStateException("it will not say");
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("nanos past a minute").isNegative();
      Thread.onSpinWait();
    }
  }

  private void awaitGate() throws InterruptedException {
    assertThat(gate.await(60, TimeUnit.SECONDS)).isTrue();
  }

  private Delivery<String> next() throws InterruptedException {
    return Objects.requireNonNull(received.poll(60, TimeUnit.SECONDS), "a delivery in a minute");
  }

  /** Twenty bad messages are handled, and then a good one. */
  private MessageQueue<String> survives(Codec<String> codec, Handler<String> handler)
      throws InterruptedException {
    MessageQueue<String> queue = pitstop.queue("q", codec);
    queue.listen(
        ONE_PLACE,
        delivery -> {
          if (delivery.body().startsWith("bad")) {
            handler.handle(delivery);
          } else {
            received.add(delivery);
          }
        });
    for (int i = 0; i < 20; i++) {
      queue.store(Message.of("bad" + i).id("bad" + i), Instant.EPOCH).join();
    }
    queue.store(Message.of("good").id("good"), Instant.EPOCH).join();
    assertThat(next().body()).isEqualTo("good");
    return queue;
  }

  @SuppressWarnings("NullAway") // what it is about
  @Test
  void T02_anErrorThatIsNullIsRefusedAndNothingLeaks() throws InterruptedException {
    BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
    MessageQueue<String> queue =
        survives(
            Codec.text(),
            delivery -> {
              try {
                delivery.nack(new IllegalStateException().getMessage());
              } catch (NullPointerException e) {
                thrown.add(e);
                throw e;
              }
            });
    await(() -> queue.counters().nacked() == 20);
    assertThat(thrown).hasSize(20).allSatisfy(e -> assertThat(e).hasMessage("error"));
  }

  @Test
  void T05_aFailureThatCannotSayWhatItIsIsANackToo() throws InterruptedException {
    MessageQueue<String> queue =
        survives(
            Codec.text(),
            delivery -> {
              throw new Unspeakable();
            });
    await(() -> queue.counters().nacked() == 20);
    assertThat(queue.find("bad0").join().orElseThrow().lastError().orElseThrow())
        .isEqualTo(Unspeakable.class.getName());
  }

  @Test
  void S08_anErrorOfTheCodecBuriesAndStopsNothingElse() throws InterruptedException {
    MessageQueue<String> queue =
        survives(
            new Harming(
                () -> {
                  throw new NoClassDefFoundError("gone/Away");
                }),
            received::add);
    await(() -> queue.counters().buried() == 20);
    assertThat(queue.find("bad0").join().orElseThrow().lastError().orElseThrow())
        .isEqualTo("body cannot be read: gone/Away");
    assertThat(queue.counters().emitted()).isEqualTo(1);
  }

  @Test
  void T08_anInterruptOfTheCodecOrTheHandlerReachesNoOther() throws InterruptedException {
    BlockingQueue<Boolean> interrupted = new LinkedBlockingQueue<>();
    MessageQueue<String> queue =
        pitstop.queue(
            "q",
            new Harming(
                () -> {
                  Thread.currentThread().interrupt();
                  throw new CodecException("interrupted", null);
                }));
    queue.listen(
        ONE_PLACE,
        delivery -> {
          interrupted.add(Thread.currentThread().isInterrupted());
          Thread.currentThread().interrupt();
        });
    for (int i = 0; i < 50; i++) {
      queue.store((i % 2 == 0 ? "bad" : "good") + i, Instant.EPOCH).join();
    }
    for (int i = 0; i < 25; i++) {
      assertThat(interrupted.poll(60, TimeUnit.SECONDS)).isFalse();
    }
  }

  @Test
  void T08_aHandlerThatHasSettledIsInterruptedToo() throws InterruptedException {
    CompletableFuture<Boolean> acked = new CompletableFuture<>();
    MessageQueue<String> queue = pitstop.queue("q", Codec.text());
    queue.listen(
        ONE_PLACE.handlerTimeout(Duration.ofMillis(50)),
        delivery -> {
          if (delivery.body().equals("bad")) {
            acked.complete(delivery.ack().join());
            awaitGate();
          }
          received.add(delivery);
        });
    queue.store("bad", Instant.EPOCH).join();
    queue.store("good", Instant.EPOCH).join();
    assertThat(next().body()).isEqualTo("good");
    assertThat(acked.join()).isTrue();
    assertThat(queue.counters().nacked()).isZero();
  }

  @Test
  void F02_aSubscriberThatHoldsUpTheLoopMakesItsListenerUnhealthy() throws InterruptedException {
    PitstopOptions quick = PitstopOptions.defaults().callTimeout(Duration.ofMillis(100));
    try (Pitstop watched = Pitstop.on(new MemoryStore(), quick)) {
      MessageQueue<String> queue = watched.queue("q", Codec.text());
      queue.store("a", Instant.EPOCH).join();
      queue
          .deliveries()
          .subscribe(
              new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                  subscription.request(1);
                }

                @Override
                public void onNext(Delivery<String> delivery) {
                  received.add(delivery);
                  try {
                    awaitGate();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onComplete() {}
              });
      next();
      Listener listener = watched.listeners().get(0);
      await(() -> !listener.health().healthy());
      assertThat(listener.health().trouble().orElseThrow()).contains("stands still");
      gate.countDown();
      await(() -> listener.health().healthy());
    }
  }

  @Test
  void T03_aLeaseIsExtendedForAsLongAsAnyoneAsks() throws InterruptedException {
    BlockingQueue<Boolean> extended = new LinkedBlockingQueue<>();
    survives(
        Codec.text(),
        delivery -> {
          extended.add(delivery.extend(Duration.ofSeconds(Long.MAX_VALUE)).join());
          assertThat(delivery.leasedUntil()).isEqualTo("9999-12-31T23:59:59.999Z");
        });
    assertThat(extended).hasSize(20).containsOnly(true);
  }

  @Test
  void T03_whatIsOutOfBoundsIsThrownAndTheDeliveryCanStillBeSettled() throws InterruptedException {
    MessageQueue<String> queue = pitstop.queue("q", Codec.text());
    queue.listen(ONE_PLACE.manualAck(), received::add);
    queue.store("x", Instant.EPOCH).join();
    Delivery<String> delivery = next();
    assertThatThrownBy(() -> delivery.reschedule(Instant.MAX)).hasMessageContaining("9999");
    assertThatThrownBy(() -> delivery.nack("e", Duration.ofSeconds(Long.MAX_VALUE)))
        .hasMessageContaining("9999");
    assertThatThrownBy(() -> delivery.extend(Duration.ZERO)).hasMessageContaining("PT0.001S");
    assertThat(delivery.ack().join()).isTrue();
  }
}
