package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.spi.Capability;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** E01, E02, E07, E08 and E10: what is leased when, and in which order. */
interface EmittingRules extends Rules {
  @Test
  default void E01_notBeforeItsDueTime() {
    Trial t = trial();
    Sample sample = t.later("a", 1);
    Instant due = sample.entry().progress().due();
    t.put(sample);
    assertThat(t.lease(10)).isEmpty();
    t.passUntil(due.minus(t.spans(1).dividedBy(3)));
    List<Entry> early = t.lease(10);
    t.stillBefore(due);
    assertThat(early).isEmpty();
    t.passUntil(due);
    assertThat(t.leaseIds(10)).containsExactly("a");
  }

  @Test
  default void E01_notAMillisecondBeforeItsDueTime() {
    Trial t = trial();
    t.needs("E01 to the millisecond", Capability.SETTABLE_CLOCK);
    Sample sample = t.later("a", 1);
    Instant due = sample.entry().progress().due();
    t.put(sample);
    for (Duration early :
        List.of(Duration.ofMillis(2), Duration.ofMillis(1), Duration.ofNanos(1))) {
      t.passUntil(due.minus(early));
      assertThat(t.lease(10)).as("%s early", early).isEmpty();
    }
    t.passUntil(due);
    assertThat(t.leaseIds(10)).containsExactly("a");
  }

  @Test
  default void E01_byTheStoresClock() {
    Trial t = trial();
    t.needs("E01 by another time than the machine's", Capability.SETTABLE_CLOCK);
    for (String year : List.of("2101", "1999")) {
      t.clock().set(Instant.parse(year + "-06-01T12:00:00Z"));
      t.put(t.due(year), t.later("later than " + year, 1));
      assertThat(t.leaseIds(10)).containsExactly(year);
      assertThat(t.store().untilNextDue(Trial.QUEUE)).contains(t.spans(1));
      t.store().purge(Trial.QUEUE);
    }
  }

  @Test
  default void E01_alsoWhenTheClockStepsBack() {
    Trial t = trial();
    t.needs("E01 by a clock that steps back", Capability.SETTABLE_CLOCK);
    Instant start = t.now();
    t.put(t.due("on time"), t.due("released"));
    List<Entry> leased = t.lease(2);
    t.clock().set(start.minusSeconds(3600));
    Sample back = t.due("due by the clock that stepped back");
    t.put(back, new Sample("due before it stepped back", start));
    assertThat(t.leaseIds(10)).containsExactly(back.key().id());
    assertThat(t.settle(Trial.release(leased.get(1)))).isTrue();
    assertThat(t.lease(10)).isEmpty();
    assertThat(t.store().untilNextDue(Trial.QUEUE)).contains(Duration.ofHours(1));
    t.clock().set(start);
    assertThat(t.leaseIds(10)).containsExactly("released", "due before it stepped back");
    assertThat(t.settle(Trial.delete(leased.get(0)))).isTrue();
  }

  @Test
  default void E01_movedMessageIsNotEmittedBeforeItsNewTime() {
    Trial t = trial();
    t.put(t.due("a"));
    Entry leased = t.leaseOnly();
    Instant due = t.in(2);
    assertThat(t.settle(Trial.move(leased, new Progress(due, due, 0, 1, "failed")))).isTrue();
    List<Entry> early = t.lease(10);
    t.stillBefore(due);
    assertThat(early).isEmpty();
    t.passUntil(due);
    assertThat(t.leaseOnly().progress()).isEqualTo(new Progress(due, due, 0, 2, "failed"));
  }

  @Test
  default void E02_onlyAnAckEndsAMessage() {
    Trial t = trial();
    t.put(t.due("a"));
    for (int attempt = 1; attempt <= 5; attempt++) {
      Entry leased = t.leaseOnly(t.spans(1));
      assertThat(leased.progress().attempts()).isEqualTo(attempt);
      t.passUntil(leased.leased().until());
    }
    Entry last = t.leaseOnly();
    assertThat(t.settle(Trial.delete(last))).isTrue();
    assertThat(t.holds("a")).isFalse();
    t.pass(t.spans(2));
    assertThat(t.lease(10)).isEmpty();
  }

  @Test
  default void E02_nothingIsForgotten() {
    Trial t = trial();
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      samples.add(t.later("m" + i, i % 4));
    }
    Collections.shuffle(samples, new Random(7));
    for (int i = 0; i < samples.size(); i += 100) {
      t.putAll(samples.subList(i, i + 100));
    }
    t.passUntil(t.in(4));
    List<String> emitted = new ArrayList<>();
    for (List<String> ids = t.leaseIds(33);
        !ids.isEmpty() && emitted.size() <= 1_000;
        ids = t.leaseIds(33)) {
      emitted.addAll(ids);
    }
    assertThat(emitted)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 1_000).mapToObj(i -> "m" + i).toList());
  }

  @Test
  default void E07_leasesNoMoreThanTheLimit() {
    Trial t = trial();
    t.putAll(IntStream.range(0, 10).mapToObj(i -> t.due("m" + i)).toList());
    assertThat(t.leaseIds(1)).containsExactly("m0");
    assertThat(t.leaseIds(3)).containsExactly("m1", "m2", "m3");
    assertThat(t.leaseIds(100)).hasSize(6);
    assertThat(t.lease(1)).isEmpty();
  }

  @Test
  default void E08_soonestDueFirst() {
    Trial t = trial();
    List<Sample> samples = new ArrayList<>();
    Instant first = t.in(1);
    for (int i = 0; i < 100; i++) {
      samples.add(new Sample("m" + i, first.plusMillis(i)));
    }
    List<Sample> shuffled = new ArrayList<>(samples);
    Collections.shuffle(shuffled, new Random(8));
    t.putAll(shuffled.subList(0, 50));
    t.putAll(shuffled.subList(50, 100));
    t.passUntil(first.plusMillis(100));
    List<String> emitted = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      emitted.addAll(t.leaseIds(10));
    }
    assertThat(emitted).containsExactlyElementsOf(samples.stream().map(s -> s.key().id()).toList());
  }

  @Test
  default void E08_equalDueTimesInTheOrderStored() {
    Trial t = trial();
    Instant due = t.in(1);
    List<String> ids = new ArrayList<>(IntStream.range(0, 60).mapToObj(i -> "m" + i).toList());
    Collections.shuffle(ids, new Random(9));
    t.putAll(ids.subList(0, 20).stream().map(id -> new Sample(id, due)).toList());
    ids.subList(20, 40).forEach(id -> t.put(new Sample(id, due)));
    t.putAll(ids.subList(40, 60).stream().map(id -> new Sample(id, due)).toList());
    t.passUntil(due);
    List<String> emitted = new ArrayList<>(t.leaseIds(7));
    emitted.addAll(t.leaseIds(1));
    emitted.addAll(t.leaseIds(100));
    assertThat(emitted).containsExactlyElementsOf(ids);
  }

  @Test
  default void E08_equalDueTimesInTheOrderStoredAlsoAfterReopening() {
    Trial t = trial();
    Instant due = t.in(1);
    t.put(new Sample("c", due), new Sample("a", due));
    t.reopen("E08");
    t.put(new Sample("d", due), new Sample("b", due));
    t.passUntil(due);
    assertThat(t.leaseIds(10)).containsExactly("c", "a", "d", "b");
  }

  @Test
  default void E08_replacedMessageStandsWhereItWasStoredLast() {
    Trial t = trial();
    Instant due = t.in(1);
    t.put(new Sample("a", due), new Sample("b", due), new Sample("a", due).body("anew"));
    t.passUntil(due);
    assertThat(t.leaseIds(10)).containsExactly("b", "a");
  }

  @Test
  default void E08_releasedMessageKeepsItsPlace() {
    Trial t = trial();
    Instant due = t.in(1);
    t.put(new Sample("a", due), new Sample("b", due), new Sample("c", due));
    t.passUntil(due);
    List<Entry> leased = t.lease(2);
    assertThat(t.settle(Trial.release(leased.get(1)))).isTrue();
    assertThat(t.settle(Trial.release(leased.get(0)))).isTrue();
    assertThat(t.leaseIds(10)).containsExactly("a", "b", "c");
  }

  @Test
  default void E08_messageWhoseLeaseRanOutComesBeforeLaterOnes() {
    Trial t = trial();
    Instant due = t.now();
    t.put(new Sample("a", due), new Sample("b", due));
    t.lease(2, t.spans(1));
    t.pass(t.spans(1));
    t.put(t.due("c"), t.due("d"));
    assertThat(t.leaseIds(10)).containsExactly("a", "b", "c", "d");
  }

  @Test
  default void E10_messageWhoseLeaseRanOutIsEmittedAlsoAfterLaterOnesWere() {
    Trial t = trial();
    Instant due = t.now().minusMillis(5);
    t.put(new Sample("a", due), new Sample("b", due.plusMillis(1)));
    t.lease(2, t.spans(1));
    t.put(t.due("c"));
    assertThat(t.leaseIds(10)).containsExactly("c");
    t.pass(t.spans(1));
    assertThat(t.leaseIds(10)).containsExactly("a", "b");
  }

  @Test
  default void E10_messageWhoseLeaseRanOutIsEmittedAlsoWhileManyOthersAreTaken() {
    Trial t = trial();
    Instant due = t.now();
    t.put(new Sample("a", due.minusMillis(1)));
    t.putAll(IntStream.range(0, 3_000).mapToObj(i -> new Sample("m" + i, due)).toList());
    Entry leased = t.lease(1, t.spans(1)).get(0);
    t.lease(1_500);
    t.passUntil(leased.leased().until());
    assertThat(t.leaseIds(1)).containsExactly("a");
  }

  @Test
  default void E08_messageDueBetweenOthersComesBetweenThem() {
    Trial t = trial();
    Instant due = t.in(1);
    t.put(new Sample("a", due), new Sample("c", due.plusMillis(2)));
    t.passUntil(due.plusMillis(3));
    Entry first = t.lease(1).get(0);
    assertThat(first.key().id()).isEqualTo("a");
    Progress between = new Progress(due.plusMillis(1), due, 0, 1, null);
    assertThat(t.settle(Trial.move(first, between))).isTrue();
    assertThat(t.leaseIds(10)).containsExactly("a", "c");
  }

  @Test
  default void E10_queuesAreApart() {
    Trial t = trial();
    for (int i = 0; i < 40; i++) {
      t.put(t.due("a").queue("q" + i).body("of " + i));
    }
    t.store().purge("q7");
    for (int i = 0; i < 40; i++) {
      List<Entry> leased = t.store().lease("q" + i, 10, Trial.LONG);
      assertThat(leased).as("of q%s", i).hasSize(i == 7 ? 0 : 1);
      assertThat(leased).allSatisfy(entry -> assertThat(t.settle(Trial.delete(entry))).isTrue());
    }
  }

  @Test
  default void E10_newOnesKeepNoOldOneWaiting() {
    Trial t = trial();
    List<String> put = new ArrayList<>();
    List<String> emitted = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Sample one = t.due("a" + i);
      t.put(one, t.due("b" + i));
      put.addAll(List.of("a" + i, "b" + i));
      Entry leased = t.lease(1).get(0);
      emitted.add(leased.key().id());
      t.settle(Trial.delete(leased));
    }
    assertThat(emitted).isEqualTo(put.subList(0, 50));
    assertThat(t.leaseIds(100)).isEqualTo(put.subList(50, 100));
  }
}
