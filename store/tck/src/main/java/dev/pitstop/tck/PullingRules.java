package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Delivery;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Schedule;
import dev.pitstop.State;
import dev.pitstop.StoredMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** O04 and O06 through the API that users have: leasing without a listener, pausing listeners. */
interface PullingRules extends Rules {
  @Test
  default void O06_whatIsAskedForIsLeasedAndSettled() {
    try (EngineTrial e = new EngineTrial(trial())) {
      MessageQueue<String> queue = e.queue();
      Instant now = e.now();
      queue.store(Message.of("one").id("1").header("h", "v"), now).join();
      queue.store(Message.of("two").id("2"), now.plusMillis(1)).join();
      queue.store(Message.of("later").id("3"), now.plusSeconds(9_000)).join();
      e.await("both are due", () -> e.now().isAfter(now.plusMillis(2)));
      List<Delivery<String>> leased = queue.lease(10, ListenerOptions.defaults()).join();
      assertThat(leased).extracting(Delivery::id).containsExactly("1", "2");
      assertThat(leased.get(0).body()).isEqualTo("one");
      assertThat(leased.get(0).headers()).isEqualTo(Map.of("h", "v"));
      assertThat(leased.get(0).attempt()).isEqualTo(1);
      assertThat(queue.lease(10, ListenerOptions.defaults()).join()).isEmpty();
      assertThat(leased.get(0).ack().join()).isTrue();
      assertThat(leased.get(1).nack("no", Duration.ofHours(1)).join()).isTrue();
      assertThat(queue.find("1").join()).isEmpty();
      StoredMessage nacked = queue.find("2").join().orElseThrow();
      assertThat(nacked.lastError()).contains("no");
      assertThat(nacked.state()).isEqualTo(State.SCHEDULED);
      assertThat(queue.counters().emitted()).isEqualTo(2);
    }
  }

  @Test
  default void O06_aLeaseIsFoundAgainByItsToken() {
    try (EngineTrial e = new EngineTrial(trial())) {
      MessageQueue<String> queue = e.queue();
      Instant start = e.now().minusMillis(5);
      Schedule hourly = Schedule.every(Duration.ofHours(1)).from(start);
      queue.store(Message.of("tick").id("r"), hourly).join();
      queue.store(Message.of("once").id("1"), start).join();
      ListenerOptions options = ListenerOptions.defaults();
      List<Delivery<String>> leased = queue.lease(10, options).join();
      assertThat(leased).hasSize(2);
      for (Delivery<String> delivery : leased) {
        Optional<Delivery<String>> again =
            queue.leased(delivery.id(), delivery.token(), options).join();
        assertThat(again).isPresent();
        assertThat(again.get().body()).isEqualTo(delivery.body());
        assertThat(again.get().scheduledFor()).isEqualTo(delivery.scheduledFor());
        assertThat(queue.leased(delivery.id(), delivery.token() - 1, options).join()).isEmpty();
        assertThat(again.get().extend(Duration.ofMinutes(5)).join()).isTrue();
        assertThat(again.get().ack().join()).isTrue();
        assertThat(queue.leased(delivery.id(), delivery.token(), options).join()).isEmpty();
        assertThat(delivery.nack("late").join()).as("settled by the other already").isFalse();
      }
      assertThat(queue.find("1").join()).isEmpty();
      assertThat(queue.find("r").join().orElseThrow().due()).isEqualTo(start.plusSeconds(3600));
      assertThat(queue.leased("gone", 1, options).join()).isEmpty();
      assertThat(queue.counters().emitted()).isEqualTo(2);
    }
  }

  @Test
  default void O06_aForgottenOneComesAgain() {
    try (EngineTrial e = new EngineTrial(trial())) {
      MessageQueue<String> queue = e.queue();
      queue.store(Message.of("a").id("a"), e.now()).join();
      ListenerOptions brief = ListenerOptions.defaults().leaseTime(Duration.ofMillis(300));
      Delivery<String> first = queue.lease(1, brief).join().get(0);
      e.await("the lease runs out", () -> !e.now().isBefore(first.leasedUntil()));
      Delivery<String> second = queue.lease(1, brief).join().get(0);
      assertThat(second.attempt()).isEqualTo(2);
      assertThat(second.token()).isGreaterThan(first.token());
      assertThat(first.ack().join()).isFalse();
    }
  }

  @Test
  default void O04_listenersObeyAPause() {
    try (EngineTrial e = new EngineTrial(trial())) {
      MessageQueue<String> queue = e.queue();
      Queue<String> seen = new ConcurrentLinkedQueue<>();
      queue.listen(delivery -> seen.add(delivery.id()));
      queue.store(Message.of("a").id("a"), e.now()).join();
      e.await("a is emitted", () -> seen.contains("a"));
      assertThat(queue.pause().join()).isTrue();
      assertThat(queue.stats().join().paused()).isTrue();
      Instant stored = e.now();
      queue.store(Message.of("b").id("b"), stored).join();
      e.await("some time passes", () -> e.now().isAfter(stored.plusMillis(300)));
      assertThat(seen).doesNotContain("b");
      assertThat(queue.resume().join()).isTrue();
      e.await("b is emitted", () -> seen.contains("b"));
    }
  }
}
