package dev.pitstop.broker.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Message;
import dev.pitstop.broker.Brokers.Destination;
import dev.pitstop.broker.Relay;
import dev.pitstop.broker.SendException;
import dev.pitstop.broker.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** What a source and a sender do together. */
interface RelayingRules extends Rules {
  /** In this header is the key of a message; addresses say so where a broker wants to know. */
  String KEY = "key";

  private Relay relay(String from, String to, int inFlight) {
    return opened().relay(broker().address(from), broker().address(to), inFlight);
  }

  @Test
  default void B04_nothingComesTwiceWithoutAFault() {
    String from = broker().freshPlace();
    String to = broker().freshPlace();
    List<Message<byte[]>> messages = Rules.numbered(2_000);
    broker().put(from, messages);
    Relay relay = relay(from, to, 500);

    Rules.await("all passed on", () -> relay.counters().passed() == 2_000);
    Rules.complete(relay.stop(Rules.LONG), Rules.LONG);
    Rules.await("none left", () -> broker().left(from) == 0);
    assertThat(Rules.texts(broker().read(to, 2_000)))
        .containsExactlyInAnyOrderElementsOf(Rules.texts(messages));
    assertThat(relay.counters()).isEqualTo(new Relay.Counters(2_000, 0, 0));
  }

  @Test
  default void B11_brokerKilledInMidStreamLosesNothing(TestReporter reporter) {
    int count = 10_000;
    int inFlight = 500;
    String from = broker().freshPlace();
    String to = broker().freshPlace();
    List<Message<byte[]>> messages = Rules.numbered(count);
    broker().put(from, messages);
    Relay relay = relay(from, to, inFlight);

    Rules.await("some passed on", () -> relay.counters().passed() > count / 10);
    opened().kill(broker());
    long before = relay.counters().passed();
    opened().restart(broker());
    Rules.await("the rest passed on", () -> relay.counters().passed() >= count);
    Rules.complete(relay.stop(Rules.LONG), Rules.LONG);
    // some of the acks may have been lost, and their messages wait again
    Relay rest = relay(from, to, inFlight);
    Rules.await("none left", () -> broker().left(from) == 0);
    Rules.complete(rest.stop(Rules.LONG), Rules.LONG);
    Rules.await("none left", () -> broker().left(from) == 0);
    List<String> seen = Rules.texts(broker().read(to, count));

    assertThat(new HashSet<>(seen)).containsAll(Rules.texts(messages));
    int again = seen.size() - count;
    reporter.publishEntry("came twice", again + " of " + count);
    // what was under way, and what was acked and the ack not stored yet
    assertThat(again).isLessThanOrEqualTo((int) before + inFlight);
  }

  @Test
  default void B13_orderOfAKeyIsKeptWithoutAFault() {
    String from = broker().freshPlace();
    String to = broker().freshPlace();
    List<Message<byte[]>> messages = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      messages.add(Rules.text(Integer.toString(i)).header(KEY, "key-" + i % 7));
    }
    broker().put(from, messages);
    Relay relay = relay(from, to, 500);
    Rules.await("all passed on", () -> relay.counters().passed() == 2_000);
    Rules.complete(relay.stop(Rules.LONG), Rules.LONG);

    Map<String, List<Integer>> byKey = new HashMap<>();
    for (Message<byte[]> message : broker().read(to, 2_000)) {
      String key = message.headers().getOrDefault(KEY, "");
      byKey
          .computeIfAbsent(key, none -> new ArrayList<>())
          .add(Integer.valueOf(Rules.body(message)));
    }
    assertThat(byKey).hasSize(7);
    assertThat(byKey.values())
        .allSatisfy(numbers -> assertThat(numbers).isSorted().hasSizeGreaterThan(250));
  }

  @Test
  default void B14_brokerThatIsAwayIsNoErrorToSourceAndSender() {
    String from = broker().freshPlace();
    String to = broker().freshPlace();
    broker().put(from, Rules.numbered(10));
    String address = broker().address(from);
    opened().kill(broker());
    Destination destination = opened().destination(broker().address(to));
    Source source = opened().source(address);
    SendException failure = Rules.failure(destination.pass(Rules.text("early")), patience());
    assertThat(failure.isLasting()).isFalse();
    assertThat(failure.toString() + source.name()).doesNotContain(broker().password());

    Relay relay = Relay.start(source, destination, 10);
    opened().restart(broker());
    Rules.await("all passed on", () -> relay.counters().passed() == 10);
    assertThat(Rules.texts(broker().read(to, 10))).containsAll(Rules.texts(Rules.numbered(10)));
  }
}
