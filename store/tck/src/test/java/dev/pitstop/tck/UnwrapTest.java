package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.IfPresent;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopException;
import dev.pitstop.PitstopOptions;
import dev.pitstop.RetryPolicy;
import dev.pitstop.Schedule;
import dev.pitstop.memory.MemoryStore;
import dev.pitstop.spi.DeliveryDoor;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.QueueDoor;
import dev.pitstop.spi.Settlement;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a store offers besides, and what the engine makes of an ack in the application's hands. */
final class UnwrapTest {
  private final Offering store = new Offering();
  private final Pitstop pitstop = Pitstop.on(store, PitstopOptions.defaults());
  private final MessageQueue<String> queue = pitstop.queue("q", Codec.text());
  private final BlockingQueue<Delivery<String>> handled = new LinkedBlockingQueue<>();

  /** What this store offers for a queue. */
  private record OfQueue(QueueDoor door) {}

  /** What this store offers for a delivery. */
  private record OfDelivery(DeliveryDoor door) {}

  private static final class Offering extends ForwardingStore {
    final AtomicInteger settlements = new AtomicInteger();

    Offering() {
      super(new MemoryStore());
    }

    @Override
    public List<Boolean> settle(List<Settlement> all) {
      settlements.addAndGet(all.size());
      return super.settle(all);
    }

    @Override
    public <U> Optional<U> unwrap(Class<U> type, QueueDoor door) {
      return type == OfQueue.class
          ? Optional.of(type.cast(new OfQueue(door)))
          : super.unwrap(type, door);
    }

    @Override
    public <U> Optional<U> unwrap(Class<U> type, DeliveryDoor door) {
      return type == OfDelivery.class
          ? Optional.of(type.cast(new OfDelivery(door)))
          : super.unwrap(type, door);
    }
  }

  @AfterEach
  void close() {
    pitstop.close(Duration.ZERO);
  }

  private Delivery<String> next() throws InterruptedException {
    Delivery<String> delivery = handled.poll(30, TimeUnit.SECONDS);
    assertThat(delivery).as("a delivery within 30 s").isNotNull();
    return delivery;
  }

  @Test
  void storeThatOffersNothingSaysSo() {
    assertThatThrownBy(() -> queue.unwrap(Runnable.class))
        .isInstanceOf(PitstopException.class)
        .hasMessageContaining("Offering")
        .hasMessageContaining("java.lang.Runnable");
  }

  @Test
  void messageIsCheckedAndEncodedAsTheQueueDoes() {
    QueueDoor door = queue.unwrap(OfQueue.class).door();
    Instant due = Instant.parse("2030-01-01T00:00:00Z");
    Put put = door.put(Message.of("body").id("a"), Schedule.at(due), IfPresent.FAIL);
    assertThat(door.queue()).isEqualTo("q");
    assertThat(put.entry().payload().body()).isEqualTo("body".getBytes(StandardCharsets.UTF_8));
    assertThat(put.entry().progress().due()).isEqualTo(due);
    assertThat(put.ifPresent()).isEqualTo(IfPresent.FAIL);
    assertThatThrownBy(
            () -> door.put(Message.of("body").id(""), Schedule.at(due), IfPresent.REPLACE))
        .isInstanceOf(InvalidFieldException.class);
    assertThatThrownBy(() -> door.put(Message.of(1), Schedule.at(due), IfPresent.REPLACE))
        .isInstanceOf(PitstopException.class);
  }

  @Test
  void ackInATransactionIsNotWrittenAgainWhenTheHandlerReturns() throws InterruptedException {
    queue.store(Message.of("body").id("a"), Instant.now()).join();
    var listener =
        queue.listen(
            delivery -> {
              DeliveryDoor door = delivery.unwrap(OfDelivery.class).door();
              assertThat(store.whole.settle(List.of(door.ack()))).containsExactly(true);
              door.acked();
              handled.add(delivery);
            });
    Delivery<String> delivery = next();
    listener.stop().join();
    assertThat(delivery.ack().join()).isTrue();
    assertThat(store.settlements).hasValue(0);
    assertThat(queue.counters().acked()).isOne();
    assertThat(queue.find("a").join()).isEmpty();
  }

  @Test
  void ackInATransactionMovesARecurringMessageOn() throws InterruptedException {
    Instant start = Instant.now().minusSeconds(1);
    Schedule hourly = Schedule.every(Duration.ofHours(1)).from(start);
    queue.store(Message.of("body").id("a"), hourly).join();
    queue.listen(ListenerOptions.defaults().manualAck(), handled::add);
    Settlement ack = next().unwrap(OfDelivery.class).door().ack();
    assertThat(ack)
        .isInstanceOfSatisfying(
            Settlement.Move.class,
            move ->
                assertThat(move.progress().due())
                    .isEqualTo(hourly.next(Instant.now()).orElseThrow()));
  }

  @Test
  void handlerThatThrowsAfterItsTransactionWasAbortedIsNacked() throws InterruptedException {
    queue.store(Message.of("body").id("a"), Instant.now()).join();
    RetryPolicy atOnce = new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(1), 0, 5);
    queue.listen(
        ListenerOptions.defaults().retry(atOnce),
        delivery -> {
          handled.add(delivery);
          if (delivery.attempt() == 1) {
            delivery.unwrap(OfDelivery.class).door().acked();
            throw new IllegalStateException("aborted");
          }
        });
    next();
    assertThat(next().lastError().orElseThrow()).contains("aborted");
  }
}
