package dev.pitstop.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Missed;
import dev.pitstop.RetryPolicy;
import dev.pitstop.Schedule;
import dev.pitstop.State;
import dev.pitstop.Stored;
import dev.pitstop.StoredMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestPitstopTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private TestPitstop pitstop;
  private MessageQueue<String> queue;
  private final List<String> received = new ArrayList<>();

  @BeforeEach
  void open() {
    pitstop = TestPitstop.create();
    queue = pitstop.queue("orders", Codec.text());
  }

  @AfterEach
  void close() {
    pitstop.close();
  }

  private void listen() {
    queue.listen(
        delivery ->
            received.add(
                delivery.body()
                    + "@"
                    + delivery.scheduledFor()
                    + (delivery.missed() > 0 ? "+" + delivery.missed() : "")
                    + (delivery.attempt() > 1 ? "#" + delivery.attempt() : "")));
  }

  private Instant now() {
    return pitstop.clock().instant();
  }

  @Test
  void emitsWhenTheClockHasCome() {
    listen();
    queue.store("a", now().plus(Duration.ofMinutes(15)));

    pitstop.advance(Duration.ofMinutes(15).minusMillis(1));
    assertThat(received).isEmpty();

    pitstop.advance(Duration.ofMillis(1));
    assertThat(received).containsExactly("a@2030-01-01T00:15:00Z");
    assertThat(queue.stats().join().scheduled()).isZero();
  }

  @Test
  void emitsWhatAHandlerStores() {
    queue.listen(
        delivery -> {
          received.add(delivery.body());
          if (received.size() < 3) {
            queue.store(delivery.body() + received.size(), now());
          }
        });
    queue.store("a", now());
    pitstop.runDue();
    assertThat(received).containsExactly("a", "a1", "a12");
  }

  @Test
  void R01_intervalsKeepTheirGrid() {
    queue.store(
        Message.of("tick").id("t"),
        Schedule.every(HOUR).from(now().plusSeconds(600)).until(now().plus(HOUR.multipliedBy(3))));
    listen();
    for (int i = 0; i < 40; i++) {
      pitstop.advance(Duration.ofMinutes(7));
    }
    assertThat(received)
        .containsExactly(
            "tick@2030-01-01T00:10:00Z", "tick@2030-01-01T01:10:00Z", "tick@2030-01-01T02:10:00Z");
    assertThat(queue.find("t").join()).isEmpty();
  }

  @Test
  void R03_cronFiresInItsZone() {
    queue.store(
        Message.of("nine").id("c"), Schedule.cron("0 9 * * MON-FRI", ZoneId.of("Europe/Oslo")));
    listen();
    pitstop.advance(Duration.ofDays(7));
    assertThat(received)
        .containsExactly(
            "nine@2030-01-01T08:00:00Z",
            "nine@2030-01-02T08:00:00Z",
            "nine@2030-01-03T08:00:00Z",
            "nine@2030-01-04T08:00:00Z",
            "nine@2030-01-07T08:00:00Z");
  }

  @Test
  void R04_theNextOccurrenceWaitsForTheSettlingOfTheOneBefore() {
    List<Delivery<String>> held = new ArrayList<>();
    queue.listen(ListenerOptions.defaults().manualAck(), held::add);
    queue.store(Message.of("t").id("t"), Schedule.every(HOUR).from(now()));
    pitstop.runDue();
    pitstop.advance(Duration.ofMinutes(10));
    assertThat(held).hasSize(1);
    pitstop.clock().advance(Duration.ofMinutes(4));
    held.get(0).extend(Duration.ofHours(5)).join();
    pitstop.advance(Duration.ofHours(2));
    assertThat(held).hasSize(1);
    held.get(0).ack();
    pitstop.runDue();
    assertThat(held)
        .extracting(Delivery::scheduledFor)
        .containsExactly(
            Instant.parse("2030-01-01T00:00:00Z"), Instant.parse("2030-01-01T01:00:00Z"));
  }

  @Test
  void R05_eachMissedOccurrenceIsEmittedInOrder() {
    queue.store(Message.of("t").id("t"), Schedule.every(HOUR).from(now()));
    pitstop.advance(HOUR.multipliedBy(3));
    listen();
    pitstop.runDue();
    assertThat(received)
        .containsExactly(
            "t@2030-01-01T00:00:00Z",
            "t@2030-01-01T01:00:00Z",
            "t@2030-01-01T02:00:00Z",
            "t@2030-01-01T03:00:00Z");
  }

  @Test
  void R05_theLatestMissedOccurrenceStandsForTheOthers() {
    queue.store(Message.of("t").id("t"), Schedule.every(HOUR).from(now()).missed(Missed.LATEST));
    pitstop.advance(HOUR.multipliedBy(3).plusMinutes(5));
    listen();
    pitstop.runDue();
    pitstop.advance(HOUR);
    assertThat(received).containsExactly("t@2030-01-01T03:00:00Z+3", "t@2030-01-01T04:00:00Z");
  }

  @Test
  void R05_aRetryOfTheLatestStillSaysWhatItStandsFor() {
    queue.store(Message.of("t").id("t"), Schedule.every(HOUR).from(now()).missed(Missed.LATEST));
    pitstop.advance(HOUR.multipliedBy(3));
    queue.listen(
        delivery -> {
          received.add(delivery.attempt() + ":" + delivery.missed());
          if (delivery.attempt() == 1) {
            throw new IllegalStateException("not yet");
          }
        });
    pitstop.runDue();
    pitstop.advance(Duration.ofMinutes(1));
    assertThat(received).containsExactly("1:3", "2:3");
  }

  @Test
  void R05_skippedOccurrencesAreNotEmitted() {
    queue.store(Message.of("t").id("t"), Schedule.every(HOUR).from(now()).missed(Missed.SKIP));
    pitstop.advance(HOUR.multipliedBy(3).plusMinutes(30));
    listen();
    pitstop.runDue();
    assertThat(received).isEmpty();
    pitstop.advance(Duration.ofMinutes(30));
    assertThat(received).containsExactly("t@2030-01-01T04:00:00Z");
    assertThat(queue.counters().skipped()).isEqualTo(4);
  }

  @Test
  void R05_aSlowHandlerSkipsWhatItRanOver() {
    queue.listen(
        delivery -> {
          received.add(delivery.scheduledFor().toString());
          pitstop.clock().advance(Duration.ofMinutes(150));
        });
    queue.store(Message.of("t").id("t"), Schedule.every(HOUR).from(now()).missed(Missed.SKIP));
    pitstop.runDue();
    pitstop.advance(Duration.ofMinutes(30));
    assertThat(received).containsExactly("2030-01-01T00:00:00Z", "2030-01-01T03:00:00Z");
    assertThat(queue.counters().skipped()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void R06_fromTheEndOnNothingIsEmittedAndTheMessageIsRemoved() {
    queue.store(Message.of("t").id("t"), Schedule.every(HOUR).from(now()).until(now().plus(HOUR)));
    pitstop.advance(HOUR);
    listen();
    pitstop.runDue();
    assertThat(received).isEmpty();
    assertThat(queue.find("t").join()).isEmpty();
    assertThat(queue.counters().ended()).isEqualTo(1);
  }

  @Test
  void R06_aRetryIsNotEmittedAfterTheEnd() {
    queue.listen(
        delivery -> {
          received.add(delivery.body());
          throw new IllegalStateException("no");
        });
    queue.store(
        Message.of("t").id("t"), Schedule.every(HOUR).from(now()).until(now().plusMillis(500)));
    pitstop.runDue();
    pitstop.advance(HOUR);
    assertThat(received).containsExactly("t");
    assertThat(queue.find("t").join()).isEmpty();
  }

  @Test
  void R07_afterTheLastAttemptTheNextOccurrenceStandsWithTheError() {
    queue.listen(
        ListenerOptions.defaults().retry(RetryPolicy.defaults().noise(0).maxAttempts(2)),
        delivery -> {
          received.add(delivery.scheduledFor() + "#" + delivery.attempt());
          throw new IllegalStateException("bad " + received.size());
        });
    queue.store(Message.of("t").id("t"), Schedule.every(HOUR).from(now()));
    pitstop.runDue();
    pitstop.advance(Duration.ofSeconds(1));
    StoredMessage message = queue.find("t").join().orElseThrow();
    assertThat(message.state()).isEqualTo(State.SCHEDULED);
    assertThat(message.due()).isEqualTo("2030-01-01T01:00:00Z");
    assertThat(message.attempts()).isZero();
    assertThat(message.lastError()).contains("bad 2");
    assertThat(queue.counters().givenUp()).isEqualTo(1);
    assertThat(received).containsExactly("2030-01-01T00:00:00Z#1", "2030-01-01T00:00:00Z#2");
  }

  @Test
  void T02_aMessageIsBuriedAfterItsLastAttempt() {
    List<Duration> waits = new ArrayList<>();
    List<Instant> attempts = new ArrayList<>();
    queue.listen(
        ListenerOptions.defaults().retry(RetryPolicy.defaults().noise(0).maxAttempts(5)),
        delivery -> {
          attempts.add(now());
          throw new IllegalStateException("bad " + delivery.attempt());
        });
    queue.store(Message.of("x").id("x"), now());
    for (int i = 0; i < 100; i++) {
      pitstop.advance(Duration.ofMillis(500));
    }
    for (int i = 1; i < attempts.size(); i++) {
      waits.add(Duration.between(attempts.get(i - 1), attempts.get(i)));
    }
    assertThat(waits)
        .containsExactly(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(8));
    StoredMessage buried = queue.find("x").join().orElseThrow();
    assertThat(buried.state()).isEqualTo(State.BURIED);
    assertThat(buried.lastError()).contains("bad 5");
    assertThat(buried.attempts()).isEqualTo(5);
    assertThat(queue.counters().buried()).isEqualTo(1);
  }

  @Test
  void E05_aMessageWhoseHoldersDieIsBuriedAfterItsLastAttempt() {
    queue.listen(
        ListenerOptions.defaults()
            .manualAck()
            .leaseTime(Duration.ofMinutes(1))
            .retry(RetryPolicy.defaults().maxAttempts(2)),
        delivery -> received.add("attempt " + delivery.attempt()));
    queue.store(Message.of("x").id("x"), now());
    for (int i = 0; i < 5; i++) {
      pitstop.advance(Duration.ofMinutes(1));
    }
    assertThat(received).containsExactly("attempt 1", "attempt 2");
    assertThat(queue.find("x").join().orElseThrow().state()).isEqualTo(State.BURIED);
  }

  @Test
  void T03_rescheduleEmitsAnewWithAttemptsFromZero() {
    queue.listen(
        delivery -> {
          received.add(delivery.scheduledFor() + "#" + delivery.attempt());
          if (received.size() == 1) {
            delivery.reschedule(now().plus(HOUR));
          }
        });
    Stored stored = queue.store("x", now()).join();
    pitstop.runDue();
    assertThat(queue.find(stored.id()).join().orElseThrow().attempts()).isZero();
    pitstop.advance(HOUR);
    assertThat(received).containsExactly("2030-01-01T00:00:00Z#1", "2030-01-01T01:00:00Z#1");
  }

  @Test
  void T03_releaseCountsNoAttempt() {
    queue.listen(
        delivery -> {
          received.add("attempt " + delivery.attempt());
          if (received.size() < 3) {
            delivery.release();
          }
        });
    queue.store("x", now());
    pitstop.runDue();
    assertThat(received).containsExactly("attempt 1", "attempt 1", "attempt 1");
  }
}
