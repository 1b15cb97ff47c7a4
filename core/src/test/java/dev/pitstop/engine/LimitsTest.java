package dev.pitstop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Codec;
import dev.pitstop.Deferral;
import dev.pitstop.IfPresent;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.Message;
import dev.pitstop.MessageExistsException;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.Schedule;
import dev.pitstop.StoreResult;
import dev.pitstop.Stored;
import dev.pitstop.memory.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before anything is written, and what is not. */
class LimitsTest {
  private static final Schedule SOON = Schedule.in(Duration.ofHours(1));

  private final Pitstop pitstop =
      Pitstop.on(new MemoryStore(), PitstopOptions.defaults().maxBody(1_000));
  private final MessageQueue<String> queue = pitstop.queue("q", Codec.text());

  @AfterEach
  void close() {
    pitstop.close();
  }

  private void refused(Message<String> message, Schedule schedule, String error) {
    assertThatThrownBy(() -> queue.store(message, schedule).join())
        .cause()
        .isInstanceOf(InvalidFieldException.class)
        .hasMessage(error);
    assertThat(queue.stats().join().scheduled()).isZero();
  }

  @Test
  void S06_ids() {
    refused(Message.of("x").id(""), SOON, "id must not be empty, was \"\"");
    refused(Message.of("x").id("a\nb"), SOON, "id must have no control characters, was a\\u000ab");
    refused(
        Message.of("x").id("\ud83d\ude00".repeat(129)),
        SOON,
        "id must be at most 512 UTF-8 bytes, was " + "\ud83d\ude00".repeat(100) + "...");
    refused(
        Message.of("x").id("half \ud83d"),
        SOON,
        "id must have no half of a surrogate pair, was half \ud83d");
    assertThat(queue.store(Message.of("x").id("\ud83d\ude00".repeat(128)), SOON).join().outcome())
        .isEqualTo(Stored.Outcome.CREATED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "\u00e9", "a\n"})
  void S06_queueNames(String name) {
    assertThatThrownBy(() -> pitstop.queue(name))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageStartingWith("queue must be 1 to 128 of A-Z a-z 0-9 . _ -, was ");
  }

  @Test
  void S06_theLongestQueueName() {
    assertThat(pitstop.queue("q".repeat(128)).name()).hasSize(128);
    assertThatThrownBy(() -> pitstop.queue("q".repeat(129)))
        .isInstanceOf(InvalidFieldException.class);
  }

  @Test
  void S06_bodies() {
    refused(
        Message.of("x".repeat(1_001)),
        SOON,
        "body must be at most 1000 bytes (maxBody), was 1001 bytes");
    assertThat(queue.store(Message.of("x".repeat(1_000)), SOON).join().id()).hasSize(36);
  }

  @Test
  void S06_headers() {
    refused(
        Message.of("x").header("h", "v".repeat(16_384)),
        SOON,
        "headers must be at most 16384 UTF-8 bytes in all, was 16385 bytes");
    assertThat(queue.store(Message.of("x").header("h", "v".repeat(16_383)), SOON).join().id())
        .isNotEmpty();
  }

  @Test
  void S05_whatCannotBeKeptIsRefusedAndNothingIsClamped() {
    refused(
        Message.of("x"),
        Schedule.in(Duration.ofDays(365 * 8_000L)),
        "delay must end by 9999-12-31T23:59:59.999Z, was PT70080000H");
    assertThatThrownBy(() -> queue.store("x", Instant.parse("+10000-01-01T00:00:00Z")).join())
        .cause()
        .isInstanceOf(InvalidFieldException.class);
    Instant last = Instant.parse("9999-12-31T23:59:59.999Z");
    String id = queue.store("x", last).join().id();
    assertThat(queue.find(id).join().orElseThrow().due()).isEqualTo(last);
  }

  @Test
  void S05_thePastMeansNow() {
    for (Instant past : List.of(Instant.MIN, Instant.EPOCH, Instant.now().minusSeconds(1))) {
      queue.store("x", past).join();
    }
    assertThat(queue.stats().join().nextDue().orElseThrow()).isBeforeOrEqualTo(Instant.now());
  }

  @Test
  void S06_aScheduleWithoutAnOccurrenceIsRefused() {
    assertThatThrownBy(
            () ->
                queue
                    .store(
                        "x",
                        Schedule.every(Duration.ofDays(1)).until(Instant.now().plusSeconds(60)))
                    .join())
        .cause()
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageStartingWith("until must be after from (");
    assertThat(queue.stats().join().scheduled()).isZero();
  }

  @Test
  void S02_withoutAnIdARandomUuidIsGiven() {
    String first = queue.store("x", SOON).join().id();
    String second = queue.store("x", SOON).join().id();
    assertThat(first)
        .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    assertThat(second).isNotEqualTo(first);
  }

  @Test
  void S04_failCompletesWithAnErrorThatNamesTheMessage() {
    queue.store(Message.of("x").id("a"), SOON).join();
    CompletableFuture<Stored> again = queue.store(Message.of("y").id("a"), SOON, IfPresent.FAIL);
    assertThatThrownBy(again::join)
        .cause()
        .isInstanceOf(MessageExistsException.class)
        .hasMessage("queue q holds a message a already");
  }

  @Test
  void S07_eachOfABatchSucceedsOrFailsOnItsOwn() {
    queue.store(Message.of("x").id("there"), SOON).join();
    List<StoreResult> results =
        queue
            .storeAll(
                List.of(
                    Deferral.of(Message.of("1").id("one"), SOON),
                    Deferral.of(Message.of("2").id(""), SOON),
                    new Deferral<>(Message.of("3").id("there"), SOON, IfPresent.FAIL),
                    new Deferral<>(Message.of("4").id("there"), SOON, IfPresent.KEEP),
                    Deferral.of(Message.of("5").id("one"), SOON)))
            .join();
    assertThat(results.get(0).orThrow()).isEqualTo(new Stored("one", Stored.Outcome.CREATED));
    assertThatThrownBy(results.get(1)::orThrow).isInstanceOf(InvalidFieldException.class);
    assertThatThrownBy(results.get(2)::orThrow).isInstanceOf(MessageExistsException.class);
    assertThat(results.get(3).orThrow()).isEqualTo(new Stored("there", Stored.Outcome.KEPT));
    assertThat(results.get(4).orThrow()).isEqualTo(new Stored("one", Stored.Outcome.REPLACED));
    assertThat(queue.storeAll(List.of()).join()).isEmpty();
  }
}
