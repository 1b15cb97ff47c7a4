package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Codec;
import dev.pitstop.Deferral;
import dev.pitstop.Delivery;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.PitstopOptions;
import dev.pitstop.RetryPolicy;
import dev.pitstop.Schedule;
import dev.pitstop.testing.FaultyStore.Operation;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** E02, E03, E10 and R04 by several engines at once. */
interface EngineRaceRules extends Rules {
  /**
   * Several engines empty one queue while some handlers fail, some give back, and the store loses
   * replies: each message is acked, and no two leases of one message are ever live at once.
   */
  @Test
  default void E10_severalEnginesShareTheWorkAndNoTwoLeasesOfAMessageAreLiveAtOnce() {
    int messages = trial().crowd();
    Duration leaseTime = Duration.ofSeconds(2);
    ListenerOptions options =
        ListenerOptions.defaults()
            .concurrency(4)
            .leaseTime(leaseTime)
            .retry(new RetryPolicy(Duration.ofMillis(20), Duration.ofSeconds(1), 0.1, 1_000));
    LiveLeases leases = new LiveLeases();
    Set<String> acked = ConcurrentHashMap.newKeySet();
    try (EngineTrial e = new EngineTrial(trial())) {
      for (long call = 5; call < 500; call += 45) {
        e.store().on(Operation.LEASE).call(call).loseReply();
        e.store().on(Operation.SETTLE).call(call).loseReply();
        e.store().on(Operation.SETTLE).call(call + 3).fail();
      }
      List<MessageQueue<String>> queues = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        PitstopOptions often = PitstopOptions.defaults().pollInterval(Duration.ofMillis(500));
        queues.add(e.anotherEngine(often).queue(Trial.QUEUE, Codec.text()));
      }
      for (MessageQueue<String> queue : queues) {
        queue.listen(options.manualAck(), delivery -> end(delivery, leases, acked, e));
      }
      for (int from = 0; from < messages; from += 500) {
        List<Deferral<String>> batch = new ArrayList<>();
        for (int i = from; i < from + 500; i++) {
          Instant due = e.now().plusMillis(i % 10 == 0 ? 300 : 0);
          batch.add(Deferral.of(Message.of("m" + i).id("m" + i), Schedule.at(due)));
        }
        queues.get(from / 500 % 3).storeAll(batch).join().forEach(result -> result.orThrow());
      }
      e.await(
          "each message is gone",
          () ->
              e.sound().stats().stream()
                  .filter(stats -> stats.queue().equals(Trial.QUEUE))
                  .allMatch(s -> s.scheduled() + s.leased() + s.buried() == 0));
    }
    assertThat(leases.conflicts()).as("leases of one message that were live at once").isEmpty();
    assertThat(leases.messages()).as("messages that were emitted").isEqualTo(messages);
    assertThat(leases.leases()).as("leases").isGreaterThan(messages);
    assertThat(acked).as("messages that were acked").hasSize(messages);
  }

  /** Settles one way or the other by its id and attempt. */
  private static void end(
      Delivery<String> delivery, LiveLeases leases, Set<String> acked, EngineTrial e) {
    Instant now = e.now();
    Instant until = delivery.leasedUntil();
    leases.add(
        delivery.id(),
        delivery.token(),
        delivery.emittedAt().truncatedTo(ChronoUnit.MILLIS),
        now.isBefore(until) ? now : until);
    boolean first = delivery.attempt() == 1;
    if (first && delivery.id().endsWith("7")) {
      delivery.nack("once more");
    } else if (first && delivery.id().endsWith("03")) {
      delivery.nack("once more, at once", Duration.ZERO);
    } else {
      acked.add(delivery.id());
      delivery.ack();
    }
  }

  @Test
  default void R04_recurringMessageIsEmittedByOneEngineAtATimeAndInOrder() {
    record Firing(Instant scheduledFor, Instant emittedAt, Instant ended) {}
    ConcurrentLinkedQueue<Firing> firings = new ConcurrentLinkedQueue<>();
    Duration interval = Duration.ofMillis(30);
    try (EngineTrial e = new EngineTrial(trial())) {
      PitstopOptions options = PitstopOptions.defaults().pollInterval(Duration.ofMillis(500));
      MessageQueue<String> queue = e.anotherEngine(options).queue(Trial.QUEUE, Codec.text());
      MessageQueue<String> other = e.anotherEngine(options).queue(Trial.QUEUE, Codec.text());
      Instant start = e.now();
      Schedule schedule = Schedule.every(interval).from(start).until(start.plusSeconds(1));
      for (MessageQueue<String> each : List.of(queue, other)) {
        each.listen(d -> firings.add(new Firing(d.scheduledFor(), d.emittedAt(), e.now())));
      }
      queue.store(Message.of("tick").id("tick"), schedule).join();
      e.await("the end", () -> queue.find("tick").join().isEmpty());
      List<Firing> all = new ArrayList<>(firings);
      Instant expected = start;
      Instant ended = Instant.EPOCH;
      for (Firing firing : all) {
        assertThat(firing.scheduledFor()).as("occurrence").isEqualTo(expected);
        assertThat(firing.emittedAt())
            .as("emitted at")
            .isAfterOrEqualTo(ended.truncatedTo(ChronoUnit.MILLIS))
            .isAfterOrEqualTo(firing.scheduledFor());
        ended = firing.ended();
        expected = expected.plus(interval);
      }
      assertThat(all).isNotEmpty();
    }
  }
}
