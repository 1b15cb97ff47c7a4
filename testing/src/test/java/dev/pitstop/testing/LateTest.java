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
import dev.pitstop.StoredMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Occurrences that come late, are tried again, given up, put off or lost with their process. */
class LateTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);
  private static final ListenerOptions OPTIONS = ListenerOptions.defaults();

  private final TestPitstop pitstop = TestPitstop.create();
  private final MessageQueue<String> queue = pitstop.queue("q", Codec.text());
  private final List<String> received = new ArrayList<>();
  private final List<Delivery<String>> held = new ArrayList<>();

  @AfterEach
  void close() {
    pitstop.close();
  }

  private Instant now() {
    return pitstop.clock().instant();
  }

  private void receive(Delivery<String> delivery) {
    received.add(
        delivery.body()
            + "@"
            + Duration.between(Instant.parse("2030-01-01T00:00:00Z"), delivery.scheduledFor())
            + "#"
            + delivery.attempt());
  }

  private StoredMessage stored(String id) {
    return queue.find(id).join().orElseThrow();
  }

  @Test
  void R06_whatWaitsForAHandlerWhileItsEndPassesIsNotEmitted() {
    Instant end = now().plusSeconds(60);
    queue.store("slow", now());
    queue.store(Message.of("ended").id("e"), Schedule.every(HOUR).from(now()).until(end));
    queue.listen(
        OPTIONS.concurrency(1),
        delivery -> {
          receive(delivery);
          pitstop.clock().advance(Duration.ofMinutes(2));
        });
    pitstop.runDue();
    assertThat(received).containsExactly("slow@PT0S#1");
    assertThat(queue.find("e").join()).isEmpty();
    assertThat(queue.counters().ended()).isEqualTo(1);
  }

  @Test
  void R05_skippingTheLastOccurrencesCountsThemAndEndsTheMessage() {
    Instant end = now().plus(HOUR.multipliedBy(3));
    queue.store(
        Message.of("t").id("t"), Schedule.every(HOUR).from(now()).until(end).missed(Missed.SKIP));
    pitstop.advance(HOUR.multipliedBy(3).minusMinutes(10));
    queue.listen(this::receive);
    pitstop.runDue();
    assertThat(received).isEmpty();
    assertThat(queue.find("t").join()).isEmpty();
    assertThat(queue.counters().skipped()).isEqualTo(3);
    assertThat(queue.counters().ended()).isEqualTo(1);
  }

  @Test
  void R05_anAttemptedOccurrenceIsNotSkippedByItsRetry() {
    queue.store(Message.of("t").id("t"), Schedule.every(HOUR).from(now()).missed(Missed.SKIP));
    queue.listen(
        OPTIONS.retry(
            RetryPolicy.defaults().delays(HOUR.multipliedBy(2), HOUR.multipliedBy(2)).noise(0)),
        delivery -> {
          receive(delivery);
          if (delivery.attempt() == 1) {
            throw new IllegalStateException("not yet");
          }
        });
    pitstop.runDue();
    pitstop.advance(HOUR.multipliedBy(2));
    assertThat(received).startsWith("t@PT0S#1", "t@PT0S#2");
  }

  @Test
  void R05_releasingTheLatestLosesNoneOfWhatItStandsFor() {
    queue.store(Message.of("t").id("t"), Schedule.every(HOUR).from(now()).missed(Missed.LATEST));
    pitstop.advance(HOUR.multipliedBy(3));
    List<Long> missed = new ArrayList<>();
    queue.listen(
        delivery -> {
          missed.add(delivery.missed());
          if (missed.size() == 1) {
            delivery.release();
          }
        });
    pitstop.runDue();
    assertThat(missed).containsExactly(3L, 3L);
  }

  @Test
  void R07_anOccurrenceWhoseHoldersDieIsGivenUpAndTheNextStands() {
    queue.store(Message.of("t").id("t"), Schedule.every(HOUR).from(now()));
    queue.listen(
        OPTIONS
            .manualAck()
            .leaseTime(Duration.ofMinutes(1))
            .retry(RetryPolicy.defaults().maxAttempts(2)),
        this::receive);
    for (int i = 0; i < 5; i++) {
      pitstop.advance(Duration.ofMinutes(1));
    }
    assertThat(received).containsExactly("t@PT0S#1", "t@PT0S#2");
    assertThat(stored("t").due()).isEqualTo("2030-01-01T01:00:00Z");
    assertThat(stored("t").attempts()).isZero();
    assertThat(stored("t").lastError().orElseThrow()).startsWith("given up after 2 attempts");
    assertThat(queue.counters().givenUp()).isEqualTo(1);
  }

  @Test
  void E05_whatIsBuriedBecauseItsHoldersDiedHasTheAttemptsItHad() {
    queue.store(Message.of("x").id("x"), now());
    queue.listen(
        OPTIONS
            .manualAck()
            .leaseTime(Duration.ofMinutes(1))
            .retry(RetryPolicy.defaults().maxAttempts(2)),
        held::add);
    for (int i = 0; i < 5; i++) {
      pitstop.advance(Duration.ofMinutes(1));
    }
    assertThat(held).hasSize(2);
    assertThat(stored("x").state()).isEqualTo(State.BURIED);
    assertThat(stored("x").attempts()).isEqualTo(2);
  }

  @Test
  void T03_aRecurringMessageThatIsPutOffStaysAtItsOccurrence() {
    queue.store(Message.of("t").id("t"), Schedule.every(HOUR).from(now()));
    queue.listen(
        delivery -> {
          receive(delivery);
          if (received.size() == 1) {
            delivery.reschedule(now().plus(Duration.ofMinutes(150)));
          }
        });
    pitstop.runDue();
    pitstop.advance(HOUR);
    assertThat(received).containsExactly("t@PT0S#1");
    pitstop.advance(Duration.ofMinutes(90));
    assertThat(received).containsExactly("t@PT0S#1", "t@PT0S#1", "t@PT1H#1", "t@PT2H#1");
  }

  @Test
  void E05_leasesOfAnyLengthSayWhenTheyBegan() {
    List<Duration> lengths =
        List.of(FOREVER, Duration.ofNanos(1_999_999), Duration.ofDays(3_000_000));
    for (Duration length : lengths) {
      MessageQueue<String> each = pitstop.queue("q" + lengths.indexOf(length), Codec.text());
      each.store(Message.of("t").id("t"), Schedule.every(HOUR).from(now()).until(now().plus(HOUR)));
      each.listen(OPTIONS.manualAck().leaseTime(length), held::add);
    }
    pitstop.runDue();
    assertThat(held).hasSize(3).allSatisfy(d -> assertThat(d.emittedAt()).isEqualTo(now()));
  }

  @Test
  void E06_aPollIntervalOfAnyLengthIsTaken() {
    queue.store(Message.of("t").id("t"), Schedule.every(HOUR).from(now()).missed(Missed.SKIP));
    queue.listen(OPTIONS.pollInterval(FOREVER), this::receive);
    pitstop.runDue();
    pitstop.advance(HOUR);
    assertThat(received).containsExactly("t@PT0S#1", "t@PT1H#1");
    assertThat(pitstop.listeners()).allSatisfy(l -> assertThat(l.health().healthy()).isTrue());
  }
}
