package dev.pitstop.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.StoredMessage;
import dev.pitstop.testing.TestPitstop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages from brokers, into a queue. The clock stands at the beginning of 2030. */
class IntakeTest {
  private final TestPitstop pitstop = TestPitstop.create();
  private final MessageQueue<byte[]> queue = pitstop.queue("in", Codec.bytes());
  private final Intake intake = new Intake(queue, Optional.empty());

  @AfterEach
  void close() {
    pitstop.close();
  }

  private static Message<byte[]> message(String... headers) {
    Message<byte[]> message = Message.of("body".getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < headers.length; i += 2) {
      message = message.header(headers[i], headers[i + 1]);
    }
    return message;
  }

  private StoredMessage stored(String id) {
    return queue.find(id).join().orElseThrow();
  }

  private StoredMessage taken(Message<byte[]> message) {
    intake.pass(message.id("of the source")).join();
    return stored("of the source");
  }

  static Stream<Arguments> times() {
    return Stream.of(
        Arguments.of(Map.of(), "2030-01-01T00:00:00Z"),
        Arguments.of(Map.of("pitstop-at", "2030-05-01T12:00:00Z"), "2030-05-01T12:00:00Z"),
        Arguments.of(Map.of("pitstop-at", "2001-01-01T00:00:00Z"), "2001-01-01T00:00:00Z"),
        Arguments.of(Map.of("pitstop-delay", "15m"), "2030-01-01T00:15:00Z"),
        Arguments.of(Map.of("Pitstop-Delay", "PT2S"), "2030-01-01T00:00:02Z"),
        Arguments.of(Map.of("x-delay", "1500"), "2030-01-01T00:00:01.500Z"),
        Arguments.of(Map.of("X-Delay", "0"), "2030-01-01T00:00:00Z"),
        // what the plugin has delayed already
        Arguments.of(Map.of("x-delay", "-60000"), "2030-01-01T00:00:00Z"),
        Arguments.of(Map.of("pitstop-every", "10m"), "2030-01-01T00:10:00Z"),
        Arguments.of(
            Map.of("pitstop-every", "1h", "pitstop-from", "2030-02-01T00:00:00Z"),
            "2030-02-01T00:00:00Z"),
        Arguments.of(
            Map.of("pitstop-cron", "0 9 * * *", "pitstop-zone", "Europe/Berlin"),
            "2030-01-01T08:00:00Z"));
  }

  @ParameterizedTest
  @MethodSource("times")
  void B17_isStoredAtTheTimeThatItsHeadersSay(Map<String, String> headers, Instant due) {
    StoredMessage stored = taken(message("kept", "as it is").headers(Map.copyOf(headers)));

    assertThat(stored.due()).isEqualTo(due);
    assertThat(stored.headers()).isEmpty();
    assertThat(stored.body()).asString(StandardCharsets.UTF_8).isEqualTo("body");
  }

  @Test
  void B17_whatIsNotForPitstopIsKeptAndNothingElse() {
    StoredMessage stored =
        taken(
            message(
                    "tenant", "acme",
                    "pitstop-every", "1h",
                    "pitstop-until", "2030-01-02T00:00:00Z",
                    "pitstop-missed", "latest",
                    "rabbitmq-exchange", "orders")
                .contentType("text/plain"));

    assertThat(stored.headers()).isEqualTo(Map.of("tenant", "acme", "rabbitmq-exchange", "orders"));
    assertThat(stored.contentType()).isEqualTo("text/plain");
    assertThat(stored.schedule().orElseThrow().toString()).contains("LATEST");
  }

  @Test
  void B17_anIdReplacesKeepsOrRemoves() {
    intake.pass(message("pitstop-id", "order-7", "pitstop-delay", "1h")).join();
    intake.pass(message("pitstop-id", "order-7", "pitstop-delay", "2h")).join();
    assertThat(stored("order-7").due()).isEqualTo("2030-01-01T02:00:00Z");

    intake
        .pass(message("pitstop-id", "order-7", "pitstop-delay", "3h", "pitstop-if-present", "keep"))
        .join();
    assertThat(stored("order-7").due()).isEqualTo("2030-01-01T02:00:00Z");

    intake.pass(message("pitstop-remove", "order-7")).join();
    assertThat(queue.find("order-7").join()).isEmpty();
    intake.pass(message("pitstop-remove", "order-7")).join();
    assertThat(queue.stats().join().scheduled()).isZero();
  }

  @Test
  void B17_whatASourceHandsOutAgainIsStoredOnce() {
    Message<byte[]> message = message("pitstop-delay", "1h").id("log 3, 17");
    intake.pass(message).join();
    pitstop.clock().advance(Duration.ofMinutes(10));
    intake.pass(message).join();

    assertThat(queue.stats().join().scheduled()).isOne();
    assertThat(stored("log 3, 17").due()).isEqualTo("2030-01-01T01:00:00Z");
  }

  @Test
  void B17_withoutAnyIdEachIsAnother() {
    intake.pass(message()).join();
    intake.pass(message()).join();

    assertThat(queue.stats().join().scheduled()).isEqualTo(2);
  }

  static Stream<Arguments> misfits() {
    return Stream.of(
        Arguments.of(Map.of("pitstop-at", "tomorrow"), "at"),
        Arguments.of(Map.of("pitstop-delay", "soon"), "delay must be a duration"),
        Arguments.of(Map.of("pitstop-delay", "P999999999D"), "9999"),
        Arguments.of(Map.of("x-delay", "5s"), "x-delay must be a number of milliseconds"),
        Arguments.of(Map.of("x-delay", "9223372036854775807"), "9999"),
        Arguments.of(Map.of("pitstop-at", "2030-01-01T00:00:00Z", "pitstop-delay", "1s"), "only"),
        Arguments.of(Map.of("x-delay", "1", "pitstop-every", "1h"), "only one of x-delay"),
        Arguments.of(Map.of("x-delay", "1", "pitstop-zone", "UTC"), "only one of x-delay"),
        Arguments.of(Map.of("pitstop-every", "0s"), "every must be at least 1ms"),
        Arguments.of(Map.of("pitstop-every", "1h", "pitstop-zone", "UTC"), "zone goes with cron"),
        Arguments.of(Map.of("pitstop-delay", "1h", "pitstop-until", "x"), "until goes with every"),
        Arguments.of(Map.of("pitstop-cron", "0 0 31 2 *"), "cron"),
        Arguments.of(Map.of("pitstop-cron", "* * * * *", "pitstop-zone", "Moon"), "zone"),
        Arguments.of(Map.of("pitstop-every", "1h", "pitstop-missed", "some"), "missed"),
        Arguments.of(Map.of("pitstop-if-present", "perhaps"), "if-present"),
        Arguments.of(Map.of("pitstop-id", ""), "id"),
        Arguments.of(Map.of("pitstop-dealy", "1h"), "pitstop-dealy is no header that is known"),
        Arguments.of(Map.of("pitstop-remove", "x", "pitstop-delay", "1s"), "goes with no other"),
        Arguments.of(Map.of("pitstop-remove", "x", "x-delay", "1"), "goes with no other"),
        Arguments.of(Map.of("large", "x".repeat(20_000)), "headers"));
  }

  @ParameterizedTest
  @MethodSource("misfits")
  void B17_misfitsGoWhereTheyAreToGoWithTheReason(Map<String, String> headers, String reason) {
    List<Message<byte[]>> passed = new ArrayList<>();
    Onward misfits =
        message -> {
          passed.add(message);
          return CompletableFuture.completedFuture(null);
        };
    Message<byte[]> message = message().headers(headers).contentType("text/plain");
    new Intake(queue, Optional.of(misfits)).pass(message).join();

    assertThat(passed).hasSize(1);
    assertThat(passed.get(0).headers().get("pitstop-error")).contains(reason);
    assertThat(passed.get(0).headers()).containsAllEntriesOf(headers);
    assertThat(passed.get(0).body()).isEqualTo(message.body());
    assertThat(passed.get(0).contentType()).contains("text/plain");
    assertThat(queue.stats().join().scheduled()).isZero();
  }

  @ParameterizedTest
  @MethodSource("misfits")
  void B17_misfitsWithoutAPlaceAreRefusedForGood(Map<String, String> headers, String reason) {
    assertThatThrownBy(() -> intake.pass(message().headers(headers)).join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            SendException.class, failure -> assertThat(failure.isLasting()).isTrue())
        .hasMessageContaining(reason);
  }

  @Test
  void B17_anIdThatMustNotBeThereYetIsAMisfitWhenItIs() {
    intake.pass(message("pitstop-id", "once", "pitstop-delay", "1h")).join();

    assertThatThrownBy(
            () -> intake.pass(message("pitstop-id", "once", "pitstop-if-present", "fail")).join())
        .cause()
        .isInstanceOfSatisfying(
            SendException.class, failure -> assertThat(failure.isLasting()).isTrue());
  }

  @Test
  void B17_whatWasEmittedCanBeStoredAgainAndNothingLoops() {
    MessageQueue<byte[]> first = pitstop.queue("first", Codec.bytes());
    Onward there = new Intake(first, Optional.empty());
    there
        .pass(message("pitstop-every", "1h", "pitstop-missed", "latest", "pitstop-id", "report"))
        .join();
    List<Message<byte[]>> emitted = new ArrayList<>();
    first.listen(
        (Delivery<byte[]> delivery) -> {
          emitted.add(Emission.of(delivery));
        });
    pitstop.advance(Duration.ofHours(3));
    assertThat(emitted).isNotEmpty();
    Map<String, String> headers = emitted.get(0).headers();
    assertThat(headers)
        .containsEntry("pitstop-queue", "first")
        .containsEntry("pitstop-id", "report")
        .containsEntry("pitstop-attempt", "1")
        .containsKey("pitstop-scheduled-for");
    emitted.forEach(message -> intake.pass(message).join());

    // each occurrence is a message of its own, due now, and recurs no more
    assertThat(queue.stats().join().scheduled()).isEqualTo(emitted.size());
    assertThat(stored(emitted.get(0).id().orElseThrow()).schedule()).isEmpty();

    // deferred once more by who took it, it keeps the id that it was given
    intake.pass(emitted.get(0).header("pitstop-delay", "1h")).join();
    assertThat(stored("report").headers()).isEmpty();
  }

  @Test
  void B17_whatComesBackToTheQueueThatEmittedItGoesRoundOnlyWithATime() {
    Message<byte[]> emitted = message("pitstop-queue", "in", "pitstop-scheduled-for", "2030");

    assertThatThrownBy(() -> intake.pass(emitted).join())
        .hasMessageContaining("came back to queue in, which has emitted it");
    intake.pass(emitted.header("pitstop-delay", "1h").id("again")).join();
    assertThat(stored("again").due()).isEqualTo("2030-01-01T01:00:00Z");
  }
}
