package dev.pitstop.broker.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Message;
import dev.pitstop.broker.Brokers.Destination;
import dev.pitstop.broker.SendException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a sender does. */
interface SendingRules extends Rules {
  private static List<CompletableFuture<Void>> sendAll(
      Destination destination, List<Message<byte[]>> messages) {
    return messages.stream().map(destination::pass).toList();
  }

  private static boolean confirmed(CompletableFuture<Void> sending) {
    return sending.handle((done, failure) -> failure == null).join();
  }

  @Test
  default void B01_whatIsConfirmedIsThereAfterAKill() {
    String place = broker().freshPlace();
    Destination destination = opened().destination(broker().address(place));
    List<Message<byte[]>> messages = Rules.numbered(100);
    sendAll(destination, messages).forEach(sending -> Rules.complete(sending, Rules.LONG));

    opened().kill(broker());
    opened().restart(broker());

    assertThat(Rules.texts(broker().read(place, 100))).isEqualTo(Rules.texts(messages));
  }

  @Test
  default void B02_refusedIsToldWithTheBrokersReasonAndOthersGoOn() {
    assertThat(broker().refusals()).isNotEmpty();
    String place = broker().freshPlace();
    Destination good = opened().destination(broker().address(place));
    int count = 0;
    for (Refusal refusal : broker().refusals()) {
      Destination destination = opened().destination(refusal.address());
      SendException failure = Rules.failure(destination.pass(refusal.message()), Rules.LONG);
      assertThat(failure.reason()).as(refusal.what()).contains(refusal.reason());
      assertThat(failure.isLasting()).as(refusal.what()).isEqualTo(refusal.lasting());
      assertThat(failure.toString()).doesNotContain(broker().password());

      Message<byte[]> after = Rules.text(Integer.toString(count++));
      String there = good.template().of(after);
      Rules.complete(destination.sender().send(there, after), Rules.LONG);
    }
    assertThat(broker().read(place, count)).hasSize(count);
  }

  @Test
  default void B03_lostInMidSendIsToldAndTheSenderGoesOnByItself() {
    String place = broker().freshPlace();
    Destination destination = opened().destination(broker().address(place));
    Rules.complete(destination.pass(Rules.text("before")), Rules.LONG);

    opened().pause(broker());
    List<CompletableFuture<Void>> sendings = sendAll(destination, Rules.numbered(100));
    opened().kill(broker());
    for (CompletableFuture<Void> sending : sendings) {
      assertThat(Rules.failure(sending, patience()).isLasting()).isFalse();
    }

    opened().restart(broker());
    Rules.await("a confirm", () -> confirmed(destination.pass(Rules.text("after"))));
    assertThat(Rules.texts(broker().read(place, 2))).contains("before", "after");
  }

  @Test
  default void B03_notConfirmedInTimeIsToldAndTheSenderGoesOnByItself() {
    String place = broker().freshPlace();
    Destination destination = opened().destination(broker().address(place));
    Rules.complete(destination.pass(Rules.text("before")), Rules.LONG);

    opened().pause(broker());
    CompletableFuture<Void> sending = destination.pass(Rules.text("meanwhile"));
    assertThat(Rules.failure(sending, patience()).isLasting()).isFalse();
    opened().resume(broker());

    Rules.await("a confirm", () -> confirmed(destination.pass(Rules.text("after"))));
    assertThat(Rules.texts(broker().read(place, 2))).contains("before", "after");
  }

  @Test
  default void B05_bytesAndHeadersArriveAsTheyWereSent() {
    String place = broker().freshPlace();
    Destination destination = opened().destination(broker().address(place));
    List<Message<byte[]>> samples = Samples.all();
    sendAll(destination, samples).forEach(sending -> Rules.complete(sending, Rules.LONG));

    Samples.assertSame(broker().read(place, samples.size()), samples);
  }

  @Test
  default void B15_closingASenderFailsWhatIsUnderWay() {
    String place = broker().freshPlace();
    Destination destination = opened().destination(broker().address(place));
    Rules.complete(destination.pass(Rules.text("before")), Rules.LONG);

    opened().pause(broker());
    CompletableFuture<Void> sending = destination.pass(Rules.text("meanwhile"));
    CompletableFuture<Void> closing = CompletableFuture.runAsync(destination::close);
    Rules.failure(sending, patience());
    Rules.complete(closing, patience());
    destination.close();
    Rules.failure(destination.pass(Rules.text("after")), Duration.ofSeconds(10));
  }
}
