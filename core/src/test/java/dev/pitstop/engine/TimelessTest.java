package dev.pitstop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Codec;
import dev.pitstop.Deferral;
import dev.pitstop.Delivery;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.Schedule;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.memory.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store that cannot tell the time for a while, as one on a server may. */
@Timeout(120)
class TimelessTest {
  private volatile boolean away;
  private final Pitstop pitstop =
      Pitstop.on(
          MemoryStore.on(this::time),
          PitstopOptions.defaults().pollInterval(Duration.ofMillis(50)));
  private final MessageQueue<String> queue = pitstop.queue("q", Codec.text());
  private final BlockingQueue<Delivery<String>> received = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    pitstop.close(Duration.ZERO);
  }

  private Instant time() {
    if (away) {
      throw new StoreUnavailableException("nobody tells the time");
    }
    return Instant.now();
  }

  private Delivery<String> next() throws InterruptedException {
    return Objects.requireNonNull(received.poll(60, TimeUnit.SECONDS), "a delivery in a minute");
  }

  @Test
  void F02_aDeliveryThatCannotBeSettledForItCostsNoPlace() throws InterruptedException {
    for (int i = 0; i < 20; i++) {
      queue.store("m" + i, Instant.EPOCH).join();
    }
    AtomicInteger handled = new AtomicInteger();
    queue.listen(
        ListenerOptions.defaults().concurrency(1).prefetch(0),
        delivery -> {
          Await.until(() -> queue.counters().acked() == handled.get());
          away = true;
          boolean failed = delivery.ack().isCompletedExceptionally();
          away = false;
          assertThat(failed).isTrue();
          handled.incrementAndGet();
          received.add(delivery); // and is acked by returning
        });
    for (int i = 0; i < 20; i++) {
      assertThat(next().attempt()).isEqualTo(1);
    }
    Await.until(() -> queue.counters().acked() >= 20);
  }

  @Test
  void F01_callsFailForItAsTheyPromise() throws InterruptedException {
    queue.listen(ListenerOptions.defaults().manualAck(), received::add);
    queue.store("x", Instant.EPOCH).join();
    Delivery<String> delivery = next();
    away = true;
    assertThat(
            queue
                .storeAll(List.of(Deferral.of(Message.of("y"), Schedule.at(Instant.EPOCH))))
                .join())
        .allSatisfy(
            result ->
                assertThatThrownBy(result::orThrow).isInstanceOf(StoreUnavailableException.class));
    assertThat(queue.store("y", Instant.EPOCH)).isCompletedExceptionally();
    assertThat(delivery.extend(Duration.ofHours(1))).isCompletedExceptionally();
    assertThat(delivery.ack()).isCompletedExceptionally();
    away = false;
    assertThat(delivery.extend(Duration.ofHours(1)).join()).isTrue();
    assertThat(delivery.ack().join()).isTrue();
  }
}
