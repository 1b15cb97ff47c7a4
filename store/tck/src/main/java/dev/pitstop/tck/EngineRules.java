package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.Filter;
import dev.pitstop.Listener;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.PitstopOptions;
import dev.pitstop.Schedule;
import dev.pitstop.State;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.Stored;
import dev.pitstop.StoredMessage;
import dev.pitstop.spi.Entry;
import dev.pitstop.testing.Fault;
import dev.pitstop.testing.FaultyStore.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** S01, E06, E07, F01, F02, F03, H01 and H02 through the engine, the store failing now and then. */
interface EngineRules extends Rules {
  @Test
  default void E06_listenerIsWokenByWhatIsStored() throws InterruptedException {
    try (EngineTrial e = new EngineTrial(trial())) {
      MessageQueue<String> queue = e.queue();
      BlockingQueue<Delivery<String>> received = new LinkedBlockingQueue<>();
      queue.listen(received::add);
      queue.store("later", Duration.ofHours(1)).join();
      queue.store("soon", Duration.ofMillis(300)).join();
      queue.store("now", Instant.EPOCH).join();
      assertThat(next(received).body()).isEqualTo("now");
      assertThat(next(received).body()).isEqualTo("soon");
    }
  }

  @Test
  default void E07_listenerLeasesNoMoreThanItCanHandOut() throws InterruptedException {
    try (EngineTrial e = new EngineTrial(trial())) {
      MessageQueue<String> queue = e.queue();
      BlockingQueue<Delivery<String>> received = new LinkedBlockingQueue<>();
      for (int i = 0; i < 200; i++) {
        queue.store("m" + i, Instant.EPOCH).join();
      }
      queue.listen(
          ListenerOptions.defaults().concurrency(5).prefetch(10).manualAck(), received::add);
      for (int i = 0; i < 5; i++) {
        next(received);
      }
      assertThat(queue.stats().join().leased()).isBetween(5L, 15L);
      assertThat(received).isEmpty();
    }
  }

  @Test
  default void S01_storingAgainAfterALostReplyMakesOneMessage() {
    try (EngineTrial e = new EngineTrial(trial())) {
      MessageQueue<String> queue = e.queue();
      e.store().on(Operation.PUT).next().loseReply();
      Message<String> message = Message.of("body").id("a");
      assertFails(queue.store(message, Instant.EPOCH));
      assertThat(queue.store(message, Instant.EPOCH).join().outcome())
          .isEqualTo(Stored.Outcome.REPLACED);
      assertThat(e.sound().lease(Trial.QUEUE, 10, Trial.LONG)).hasSize(1);
    }
  }

  @Test
  default void F01_callsFailWithinTheirTimeLimit() {
    try (EngineTrial e = new EngineTrial(trial())) {
      MessageQueue<String> queue =
          e.engine(PitstopOptions.defaults().callTimeout(Duration.ofMillis(200)))
              .queue(Trial.QUEUE, Codec.text());
      Fault stall = e.store().onAll().always().stall(EngineTrial.NEVER);
      assertFails(queue.store("a", Instant.EPOCH));
      assertFails(queue.remove("a"));
      assertFails(queue.find("a"));
      assertFails(queue.list(Filter.ALL, Optional.empty(), 1));
      assertFails(queue.stats());
      stall.close();
      assertThat(queue.store("b", Instant.EPOCH).join().outcome())
          .isEqualTo(Stored.Outcome.CREATED);
    }
  }

  @Test
  default void F02_listenerGoesOnByItselfWhenTheStoreIsBack() throws InterruptedException {
    try (EngineTrial e = new EngineTrial(trial())) {
      MessageQueue<String> queue = e.queue();
      BlockingQueue<Delivery<String>> received = new LinkedBlockingQueue<>();
      Listener listener = queue.listen(received::add);
      e.await("the first look", () -> e.store().calls(Operation.UNTIL_NEXT_DUE) > 0);
      Fault away = e.store().onAll().always().fail();
      queue.store("refused", Instant.EPOCH).exceptionally(failure -> null).join();
      e.sound().put(List.of(new Sample("a", Instant.EPOCH).put())); // wakes it
      assertThat(away.awaitCall(Duration.ofSeconds(60))).isTrue();
      e.await("unhealthy", () -> !listener.health().healthy());
      long tries = e.store().calls(Operation.LEASE);
      e.await("further tries", () -> e.store().calls(Operation.LEASE) >= tries + 2);
      assertThat(received).isEmpty();
      away.close();
      assertThat(next(received).id()).isEqualTo("a");
      e.await("healthy", () -> listener.health().healthy());
      queue.store("b", Instant.EPOCH).join();
      assertThat(next(received).body()).isEqualTo("b");
    }
  }

  @Test
  default void F02_messageComesAgainWhoseAckCouldNotBeWritten() throws InterruptedException {
    try (EngineTrial e = new EngineTrial(trial())) {
      MessageQueue<String> queue = e.queue();
      BlockingQueue<Delivery<String>> received = new LinkedBlockingQueue<>();
      ListenerOptions options =
          ListenerOptions.defaults().manualAck().leaseTime(Duration.ofMillis(700));
      queue.listen(options, received::add);
      Fault away = e.store().on(Operation.SETTLE).always().fail();
      queue.store(Message.of("a").id("a"), Instant.EPOCH).join();
      Delivery<String> first = next(received);
      assertFails(first.ack());
      away.close();
      Delivery<String> second = next(received);
      assertThat(second.attempt()).isEqualTo(2);
      assertThat(second.token()).isGreaterThan(first.token());
      assertThat(second.emittedAt()).isAfterOrEqualTo(first.leasedUntil());
      assertThat(second.ack().join()).isTrue();
      assertThat(queue.find("a").join()).isEmpty();
    }
  }

  @Test
  default void F02_messageComesAgainWhoseLeaseGotNoReply() throws InterruptedException {
    try (EngineTrial e = new EngineTrial(trial())) {
      MessageQueue<String> queue = e.queue();
      BlockingQueue<Delivery<String>> received = new LinkedBlockingQueue<>();
      queue.store(Message.of("a").id("a"), Instant.EPOCH).join();
      e.store().on(Operation.LEASE).next().loseReply();
      queue.listen(ListenerOptions.defaults().leaseTime(Duration.ofMillis(500)), received::add);
      Delivery<String> again = next(received);
      assertThat(again.attempt()).isEqualTo(2);
      e.await("acked", () -> queue.find("a").join().isEmpty());
    }
  }

  @Test
  default void F03_unreadableMessageIsBuriedAndTheOthersAreEmitted() throws InterruptedException {
    try (EngineTrial e = new EngineTrial(trial())) {
      MessageQueue<String> queue = e.queue();
      BlockingQueue<Delivery<String>> received = new LinkedBlockingQueue<>();
      e.sound()
          .put(
              List.of(
                  new Sample("first", Instant.EPOCH).put(),
                  new Sample("broken", Instant.EPOCH).body(new byte[] {(byte) 0xFF}).put(),
                  new Sample("no schedule", Instant.EPOCH).schedule("never ever").put(),
                  new Sample("last", Instant.EPOCH).put()));
      queue.listen(received::add);
      assertThat(List.of(next(received).id(), next(received).id()))
          .containsExactlyInAnyOrder("first", "last");
      e.await("both buried", () -> queue.stats().join().buried() == 2);
      List<StoredMessage> buried =
          queue.list(Filter.of(State.BURIED), Optional.empty(), 10).join().items();
      assertThat(buried)
          .extracting(StoredMessage::id)
          .containsExactlyInAnyOrder("broken", "no schedule");
      assertThat(queue.find("no schedule").join().orElseThrow().scheduleText())
          .contains("never ever");
      assertThat(queue.find("broken").join().orElseThrow().body()).containsExactly(0xFF);
      assertThat(received).isEmpty();
    }
  }

  @Test
  default void H01_stoppingReleasesWhatWasNotHandedOut() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    try (EngineTrial e = new EngineTrial(trial())) {
      MessageQueue<String> queue = e.queue();
      BlockingQueue<Delivery<String>> received = new LinkedBlockingQueue<>();
      for (int i = 0; i < 50; i++) {
        queue.store(Message.of("m" + i).id("m" + i), Instant.EPOCH).join();
      }
      Listener listener =
          queue.listen(
              ListenerOptions.defaults().concurrency(2).prefetch(20),
              delivery -> {
                received.add(delivery);
                assertThat(gate.await(60, TimeUnit.SECONDS)).isTrue();
              });
      next(received);
      next(received);
      CompletableFuture<Void> stopped = listener.stop();
      e.await("what was not handed out is released", () -> queue.stats().join().leased() == 2);
      assertThat(stopped).isNotDone();
      gate.countDown();
      stopped.orTimeout(60, TimeUnit.SECONDS).join();
      e.await("both acked", () -> queue.stats().join().leased() == 0);
      List<Entry> left = e.sound().list(Trial.QUEUE, Filter.ALL, Optional.empty(), 100).items();
      assertThat(left)
          .hasSize(48)
          .allSatisfy(entry -> assertThat(entry.progress().attempts()).isZero());
      assertThat(received).isEmpty();
    } finally {
      gate.countDown();
    }
  }

  @Test
  default void H02_whatWasStoredBeforeClosingIsThereOrItsFutureSaysNot() {
    try (EngineTrial e = new EngineTrial(trial())) {

      MessageQueue<String> queue = e.queue();
      List<CompletableFuture<Stored>> futures = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        futures.add(queue.store(Message.of("m" + i).id("m" + i), Schedule.in(Duration.ofHours(1))));
      }
      e.closeEngines();
      List<String> stored = new ArrayList<>();
      for (CompletableFuture<Stored> future : futures) {
        try {
          stored.add(future.orTimeout(60, TimeUnit.SECONDS).join().id());
        } catch (CompletionException failure) {
          assertThat(failure).hasCauseInstanceOf(StoreUnavailableException.class);
        }
      }
      assertThat(Trial.ids(e.reopened("H02").listAll(Trial.QUEUE))).containsAll(stored);
    }
  }

  private static Delivery<String> next(BlockingQueue<Delivery<String>> received)
      throws InterruptedException {
    Delivery<String> delivery = received.poll(60, TimeUnit.SECONDS);
    assertThat(delivery).as("a delivery within a minute").isNotNull();
    return delivery;
  }

  private static void assertFails(CompletableFuture<?> future) {
    assertThatThrownBy(() -> future.orTimeout(60, TimeUnit.SECONDS).join())
        .hasCauseInstanceOf(StoreUnavailableException.class);
  }
}
