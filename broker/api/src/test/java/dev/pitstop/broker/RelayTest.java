package dev.pitstop.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Codec;
import dev.pitstop.Filter;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.RetryPolicy;
import dev.pitstop.State;
import dev.pitstop.StoredMessage;
import dev.pitstop.testing.TestPitstop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Relays from a queue. */
class RelayTest {
  private final TestPitstop pitstop = TestPitstop.create();
  private final MessageQueue<byte[]> queue = pitstop.queue("out", Codec.bytes());
  private final List<Message<byte[]>> passed = new ArrayList<>();
  private final List<CompletableFuture<Void>> confirms = new ArrayList<>();

  @AfterEach
  void close() {
    pitstop.close();
  }

  /** Where it is confirmed when the test says so. */
  private CompletableFuture<Void> pass(Message<byte[]> message) {
    passed.add(message);
    CompletableFuture<Void> confirm = new CompletableFuture<>();
    confirms.add(confirm);
    return confirm;
  }

  private Relay relay(int inFlight) {
    RetryPolicy retry =
        RetryPolicy.defaults().noise(0).delays(Duration.ofSeconds(10), Duration.ofHours(1));
    ListenerOptions options = ListenerOptions.defaults().retry(retry.maxAttempts(3));
    return Relay.start(new QueueSource(queue, options), this::pass, inFlight);
  }

  private void store(int count) {
    for (int i = 0; i < count; i++) {
      queue.store(text(Integer.toString(i)).id("m" + i), Instant.EPOCH).join();
    }
  }

  private static Message<byte[]> text(String body) {
    return Message.of(body.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> texts() {
    return passed.stream().map(one -> new String(one.body(), StandardCharsets.UTF_8)).toList();
  }

  private void confirm(int number) {
    confirms.get(number).complete(null);
    pitstop.runDue();
  }

  private void fail(int number, SendException failure) {
    confirms.get(number).completeExceptionally(failure);
    pitstop.runDue();
  }

  private List<StoredMessage> buried() {
    return queue.list(Filter.of(State.BURIED), Optional.empty(), 100).join().items();
  }

  @Test
  void isAckedWhenItIsConfirmedAndNotBefore() {
    store(3);
    Relay relay = relay(10);
    pitstop.runDue();
    assertThat(texts()).containsExactly("0", "1", "2");
    assertThat(queue.stats().join().leased()).isEqualTo(3);

    confirm(1);
    assertThat(queue.find("m1").join()).isEmpty();
    assertThat(queue.stats().join().leased()).isEqualTo(2);
    confirm(0);
    confirm(2);

    assertThat(relay.counters()).isEqualTo(new Relay.Counters(3, 0, 0));
    assertThat(relay.lastFailure()).isEmpty();
    assertThat(relay.name()).isEqualTo("queue out");
  }

  @Test
  void noMoreAreUnderWayThanAllowed() {
    store(5);
    relay(2);
    pitstop.runDue();
    assertThat(texts()).containsExactly("0", "1");
    confirm(1);
    assertThat(texts()).containsExactly("0", "1", "2");
  }

  @Test
  void whatFailsComesAgainAsTheRetryPolicySays() {
    store(1);
    Relay relay = relay(10);
    pitstop.runDue();
    fail(0, SendException.passing("away"));
    assertThat(relay.lastFailure().orElseThrow().reason()).isEqualTo("away");
    assertThat(queue.find("m0").join().orElseThrow().lastError()).contains("away");

    pitstop.advance(Duration.ofSeconds(9));
    assertThat(passed).hasSize(1);
    pitstop.advance(Duration.ofSeconds(1));
    assertThat(passed).hasSize(2);
    assertThat(passed.get(1).headers()).containsEntry("pitstop-attempt", "2");
    assertThat(passed.get(1).id()).isEqualTo(passed.get(0).id());

    fail(1, SendException.passing("away"));
    pitstop.advance(Duration.ofSeconds(20));
    fail(2, SendException.passing("still away"));
    assertThat(buried()).hasSize(1);
    assertThat(buried().get(0).lastError()).contains("still away");
    assertThat(relay.counters()).isEqualTo(new Relay.Counters(0, 3, 0));
  }

  @Test
  void whatWillNeverBeTakenIsBuriedWithTheReason() {
    store(2);
    relay(10);
    pitstop.runDue();
    fail(0, SendException.lasting("too large"));

    assertThat(buried()).hasSize(1);
    assertThat(buried().get(0).lastError()).contains("too large");
    confirm(1);
    assertThat(queue.stats().join().scheduled()).isZero();
  }

  @Test
  void whoAsksForTimeIsGivenIt() {
    store(1);
    relay(10);
    pitstop.runDue();
    fail(0, SendException.passing("slow down", Duration.ofMinutes(5)));

    pitstop.advance(Duration.ofSeconds(299));
    assertThat(passed).hasSize(1);
    pitstop.advance(Duration.ofSeconds(1));
    assertThat(passed).hasSize(2);
  }

  @Test
  void whatThrowsInPlaceOfFailingIsAFailure() {
    store(1);
    Relay relay =
        Relay.start(
            new QueueSource(queue, ListenerOptions.defaults()),
            message -> {
              throw new IllegalStateException("broken");
            },
            10);
    pitstop.runDue();

    assertThat(relay.counters().failed()).isOne();
    assertThat(queue.find("m0").join().orElseThrow().lastError()).contains("broken");
  }

  @Test
  void aLeaseThatWasLostIsCounted() {
    store(1);
    Relay relay = relay(10);
    pitstop.runDue();
    queue.remove("m0").join();
    confirm(0);

    assertThat(relay.counters()).isEqualTo(new Relay.Counters(0, 0, 1));
  }

  @Test
  void B09_stopTakesNothingMoreAndWaitsForWhatIsUnderWay() {
    store(5);
    Relay relay = relay(2);
    pitstop.runDue();
    CompletableFuture<Void> stopping = relay.stop(Duration.ofSeconds(Long.MAX_VALUE));
    confirm(0);
    assertThat(stopping).isNotDone();
    confirm(1);

    assertThat(stopping).isCompleted();
    pitstop.runDue();
    assertThat(passed).hasSize(2);
    assertThat(queue.stats().join().scheduled()).isEqualTo(3);
  }

  @Test
  void B09_whatTakesLongerThanTheTimeComesAgainAtOnce() {
    store(2);
    Relay relay = relay(2);
    pitstop.runDue();
    relay.stop(Duration.ZERO).join();
    relay.close();

    assertThat(queue.stats().join().leased()).isZero();
    relay(2);
    pitstop.runDue();
    assertThat(texts()).containsExactly("0", "1", "0", "1");
    assertThat(passed.get(2).headers()).containsEntry("pitstop-attempt", "1");
    confirm(0);
    assertThat(queue.find("m0").join()).isPresent();
  }

  @Test
  void boundsAreNamed() {
    QueueSource source = new QueueSource(queue, ListenerOptions.defaults());
    for (int wrong : List.of(0, 100_001)) {
      assertThatThrownBy(() -> Relay.start(source, this::pass, wrong))
          .isInstanceOf(InvalidFieldException.class)
          .hasMessage("inFlight must be from 1 to 100000, was " + wrong);
    }
  }

  @Test
  void manyGoFromQueueToQueueOnceAndInOrder() throws InterruptedException {
    int count = 5_000;
    try (Pitstop real = Pitstop.open("memory:")) {
      MessageQueue<byte[]> from = real.queue("from", Codec.bytes());
      MessageQueue<byte[]> to = real.queue("to", Codec.bytes());
      List<String> arrived = new CopyOnWriteArrayList<>();
      CountDownLatch all = new CountDownLatch(count);
      Onward onward =
          message -> {
            arrived.add(new String(message.body(), StandardCharsets.UTF_8));
            return new Intake(to, Optional.empty())
                .pass(message)
                .whenComplete((done, failure) -> all.countDown());
          };
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        sent.add(Integer.toString(i));
        from.store(text(Integer.toString(i)), Instant.EPOCH);
      }
      Relay relay =
          Relay.start(new QueueSource(from, ListenerOptions.defaults()), onward, Relay.IN_FLIGHT);
      assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
      relay.stop(Duration.ofSeconds(60)).join();

      assertThat(arrived).isEqualTo(sent);
      assertThat(relay.counters()).isEqualTo(new Relay.Counters(count, 0, 0));
      assertThat(to.stats().join().scheduled()).isEqualTo(count);
      assertThat(from.stats().join().scheduled()).isZero();
    }
  }
}
