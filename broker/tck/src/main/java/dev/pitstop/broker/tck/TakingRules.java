package dev.pitstop.broker.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pitstop.Message;
import dev.pitstop.broker.Source;
import dev.pitstop.broker.tck.Taken.One;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a source does. */
interface TakingRules extends Rules {
  /** A source that has begun, of a new place with numbered messages. */
  private Taken begin(Source source, int inFlight) {
    Taken taken = new Taken();
    source.start(inFlight, taken);
    return taken;
  }

  private String placeWith(int count) {
    String place = broker().freshPlace();
    broker().put(place, Rules.numbered(count));
    return place;
  }

  private Source source(String place) {
    return opened().source(broker().address(place));
  }

  private void assertLeft(String place, long count) {
    Rules.await(count + " left", () -> broker().left(place) == count);
  }

  @Test
  default void B06_bytesAndHeadersAreHandedOutAsTheyArePut() {
    String place = broker().freshPlace();
    List<Message<byte[]>> samples = Samples.all();
    broker().put(place, samples);
    Taken taken = begin(source(place), 100);

    List<One> all = taken.next(samples.size());
    Samples.assertSame(all.stream().map(One::message).toList(), samples);
  }

  @Test
  default void B07_noMoreAreInHandsThanAllowed() {
    Taken taken = begin(source(placeWith(100)), 5);
    List<One> held = new ArrayList<>(taken.next(5));
    Set<String> seen = new HashSet<>();
    for (int i = 5; i < 100; i++) {
      One settled = held.remove(i % held.size());
      seen.add(settled.text());
      settled.ack();
      held.add(taken.next());
    }
    held.forEach(one -> seen.add(one.text()));

    assertThat(seen).hasSize(100);
    assertThat(taken.most()).isLessThanOrEqualTo(5);
  }

  @Test
  default void B08_nackedComesAgainAfterASecondAndOthersGoOnMeanwhile() {
    String place = placeWith(20);
    Source source = source(place);
    Taken taken = begin(source, 5);
    One first = taken.next();
    long nacked = System.nanoTime();
    first.nack();
    List<String> others = new ArrayList<>();
    for (int i = 0; i < 19; i++) {
      One other = taken.next();
      others.add(other.text());
      other.ack();
    }
    One again = taken.next();
    again.ack();

    assertThat(others).doesNotContain(first.text()).doesNotHaveDuplicates();
    assertThat(again.text()).isEqualTo(first.text());
    assertThat(again.nanos - nacked).isGreaterThanOrEqualTo(Duration.ofSeconds(1).toNanos());
    source.close();
    assertLeft(place, 0);
  }

  @Test
  default void B09_stopHandsOutNothingMoreAndWaitsForWhatIsInHands() {
    String place = placeWith(100);
    Source source = source(place);
    Taken taken = begin(source, 10);
    List<One> held = taken.next(10);

    CompletableFuture<Void> stopping = source.stop(Rules.LONG);
    held.subList(0, 9).forEach(One::ack);
    assertThat(stopping).isNotDone();
    held.get(9).ack();
    Rules.complete(stopping, Rules.LONG);

    assertThat(taken.waiting()).isZero();
    source.close();
    assertLeft(place, 90);
  }

  @Test
  default void B09_stopEndsWhenItsTimeIsOver() {
    Source source = source(placeWith(10));
    Taken taken = begin(source, 10);
    taken.next(10);

    Rules.complete(source.stop(Duration.ofMillis(100)), Rules.LONG);
    Rules.complete(source.stop(Duration.ZERO), Rules.LONG);
  }

  @Test
  default void B10_closeGivesBackWhatIsInHands() {
    String place = placeWith(10);
    Source source = source(place);
    List<One> held = begin(source, 10).next(10);
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      if (i % 2 == 0) {
        held.get(i).ack();
      } else {
        kept.add(held.get(i).text());
      }
    }
    source.close();
    source.close();

    Source next = source(place);
    Taken taken = begin(next, 100);
    Set<String> again = new HashSet<>();
    while (!again.containsAll(kept)) {
      One one = taken.next();
      again.add(one.text());
      one.ack();
    }
    if (broker().traits().contains(Trait.ACKS_EACH)) {
      assertThat(again).containsExactlyInAnyOrderElementsOf(kept);
    }
    next.close();
    assertLeft(place, 0);
  }

  @Test
  default void B12_idIsTheMessagesOwnAndStaysWhenItIsHandedOutAgain() {
    assumeTrue(broker().traits().contains(Trait.IDS), "B12 needs IDS");
    String place = broker().freshPlace();
    broker().put(place, List.of(Rules.text("same"), Rules.text("same")));
    Source source = source(place);
    Taken taken = begin(source, 10);
    One first = taken.next();
    Optional<String> id = first.message().id();
    Optional<String> other = taken.next().message().id();
    first.nack();
    Optional<String> again = taken.next().message().id();
    source.close();
    List<Optional<String>> next =
        begin(source(place), 10).next(2).stream().map(one -> one.message().id()).toList();

    assertThat(id).isPresent();
    assertThat(other).isPresent().isNotEqualTo(id);
    assertThat(again).isEqualTo(id);
    assertThat(next).containsExactlyInAnyOrder(id, other);
  }

  @Test
  default void B16_heldWhileTheBrokerIsKilledComesAgainOrCanBeAcked() {
    String place = placeWith(10);
    Source source = source(place);
    Taken taken = begin(source, 10);
    List<One> held = taken.next(10);
    opened().kill(broker());
    opened().restart(broker());

    if (broker().traits().contains(Trait.KEEPS_HANDS)) {
      held.forEach(One::ack);
    } else {
      List<String> texts = held.stream().map(One::text).toList();
      Set<String> again = new HashSet<>();
      while (!again.containsAll(texts)) {
        One one = taken.next();
        again.add(one.text());
        one.ack();
      }
    }
    Rules.complete(source.stop(patience()), Rules.LONG);
    source.close();
    assertLeft(place, 0);
  }
}
