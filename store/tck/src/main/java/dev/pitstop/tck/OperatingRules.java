package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Filter;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.Page;
import dev.pitstop.QueueStats;
import dev.pitstop.State;
import dev.pitstop.spi.Capability;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** O01 to O05: what operators see and do. */
interface OperatingRules extends Rules {
  @Test
  default void O01_aWindowShowsWhatIsDueWithinIt() {
    Trial t = trial();
    Instant first = t.in(50);
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      samples.add(new Sample("m" + i, first.plusMillis(i / 3)));
    }
    t.putAll(samples);
    t.put(t.due("leased"), new Sample("aside", first.plusMillis(10)).buried("aside"));
    t.leaseOnly();
    Filter window = Filter.ALL.dueFrom(first.plusMillis(10)).dueBefore(first.plusMillis(20));
    List<String> expected = IntStream.range(30, 60).mapToObj(i -> "m" + i).toList();
    for (int size : new int[] {1, 7, 30, 31}) {
      assertThat(ids(t, window, size)).as("pages of %s", size).isEqualTo(expected);
    }
    assertThat(ids(t, window.state(State.SCHEDULED), 9)).isEqualTo(expected);
    assertThat(ids(t, window.state(State.LEASED), 9)).isEmpty();
    assertThat(ids(t, window.state(State.BURIED), 9)).isEmpty();
    assertThat(ids(t, Filter.ALL.dueBefore(first), 9)).containsExactly("leased");
    assertThat(ids(t, Filter.of(State.LEASED).dueBefore(first), 9)).containsExactly("leased");
    assertThat(ids(t, Filter.ALL.dueFrom(first.plusMillis(99)), 2))
        .containsExactly("m297", "m298", "m299");
    assertThat(ids(t, Filter.ALL.dueFrom(first.plusMillis(98).plusNanos(1)), 9))
        .as("from a part of a millisecond later")
        .containsExactly("m297", "m298", "m299");
    assertThat(ids(t, Filter.ALL.dueFrom(Instant.MIN).dueBefore(Instant.MAX), 500)).hasSize(301);
    assertThat(ids(t, Filter.ALL.dueFrom(first).dueBefore(first), 9)).isEmpty();
  }

  @Test
  default void O02_searchShowsEachIdThatBeginsSoOnce() {
    Trial t = trial();
    Set<String> ids = new HashSet<>();
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String uuid = UUID.nameUUIDFromBytes(new byte[] {(byte) i}).toString();
      for (String id : List.of("order-" + i, "a%_*'\\" + i, "\uD83D\uDE97" + i, uuid)) {
        ids.add(id);
        Sample sample = new Sample(id, t.now().plus(Duration.ofDays(i)));
        samples.add(i % 10 == 0 ? sample.buried("aside") : sample);
      }
    }
    t.putAll(samples);
    t.put(t.due("leased"), t.due("order-1").queue("other"));
    t.leaseOnly();
    ids.add("leased");
    for (String prefix :
        List.of(
            "",
            "o",
            "order-1",
            "order-19",
            "order-199",
            "a",
            "a%",
            "a%_*'\\1",
            "l",
            "0",
            "1",
            "9f",
            "b5",
            "\uD83D\uDE97",
            "\uD83D\uDE971",
            "z",
            "order-1999",
            "\uFFFF",
            "-",
            "A")) {
      List<String> expected = ids.stream().filter(id -> id.startsWith(prefix)).sorted().toList();
      for (int size : new int[] {1_000, 13}) {
        List<String> found = search(t, prefix, size);
        assertThat(found).as("what begins with <%s>, by %s", prefix, size).hasSameSizeAs(expected);
        assertThat(found.stream().sorted().toList()).as("<%s>", prefix).isEqualTo(expected);
      }
    }
    for (String uuid : ids.stream().filter(id -> id.length() == 36).limit(3).toList()) {
      for (int end = 0; end <= 36; end++) {
        assertThat(search(t, uuid.substring(0, end), 100)).as("to %s", end).contains(uuid);
      }
      assertThat(search(t, uuid, 9)).containsExactly(uuid);
      assertThat(search(t, uuid + "0", 9)).isEmpty();
    }
    Entry leased = t.store().search(Trial.QUEUE, "leased", Optional.empty(), 1).items().get(0);
    assertThat(leased.state()).isEqualTo(State.LEASED);
    assertThat(t.store().search("nowhere", "", Optional.empty(), 5))
        .isEqualTo(new Page<>(List.of(), Optional.empty()));
    assertThatThrownBy(() -> t.store().search(Trial.QUEUE, "o", Optional.of("\u0000"), 5))
        .isInstanceOfSatisfying(
            InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo("from"));
  }

  @Test
  default void O03_rescheduledMessageIsDueAnew() {
    Trial t = trial();
    Instant day = t.now().plus(Duration.ofDays(1));
    Progress tried = new Progress(day, day, 2, 3, "failed");
    t.put(
        new Sample("once", day).progress(tried).header("h", "1").body("b"),
        new Sample("again", day).progress(tried).schedule("any text"),
        new Sample("aside", day).progress(tried).buried("broken"));
    Instant soon = t.in(2);
    for (String id : List.of("once", "again", "aside")) {
      assertThat(t.store().reschedule(new Key(Trial.QUEUE, id), soon)).isTrue();
    }
    assertThat(t.find("once").progress()).isEqualTo(new Progress(soon, soon, 2, 0, null));
    assertThat(t.find("again").progress()).isEqualTo(new Progress(soon, day, 2, 0, null));
    assertThat(t.find("aside").progress()).isEqualTo(new Progress(soon, soon, 2, 0, null));
    assertThat(t.find("aside").state()).isEqualTo(State.SCHEDULED);
    assertThat(t.find("once").payload().headers()).containsEntry("h", "1");
    assertThat(t.find("again").schedule()).isEqualTo("any text");
    assertThat(t.lease(10)).isEmpty();
    QueueStats stats = stats(t.store(), Trial.QUEUE);
    assertThat(List.of(stats.scheduled(), stats.leased(), stats.buried()))
        .containsExactly(3L, 0L, 0L);
    t.passUntil(soon);
    assertThat(t.leaseIds(10)).containsExactlyInAnyOrder("once", "again", "aside");
  }

  @Test
  default void O03_aMessageEmittedNowIsLeasedAtOnce() {
    Trial t = trial();
    t.put(t.due("before"), t.later("a", 90), t.later("b", 91).buried("aside"));
    assertThat(t.leaseIds(1)).containsExactly("before");
    assertThat(t.lease(1)).isEmpty();
    for (String id : List.of("a", "b")) {
      assertThat(t.store().reschedule(new Key(Trial.QUEUE, id), t.now())).isTrue();
    }
    assertThat(t.store().untilNextDue(Trial.QUEUE)).contains(Duration.ZERO);
    assertThat(t.leaseIds(10)).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  default void O03_whatIsLeasedOrGoneIsNotRescheduled() {
    Trial t = trial();
    t.put(t.due("a"));
    Entry leased = t.leaseOnly(t.spans(2));
    Instant at = t.now();
    assertThat(t.store().reschedule(leased.key(), at)).isFalse();
    assertThat(t.store().reschedule(new Key(Trial.QUEUE, "gone"), at)).isFalse();
    assertThat(t.store().reschedule(new Key("nowhere", "a"), at)).isFalse();
    assertThat(t.find("a").leased()).isEqualTo(leased.leased());
    t.passUntil(leased.leased().until());
    assertThat(t.store().reschedule(leased.key(), t.now().plus(Duration.ofDays(1)))).isTrue();
    assertThat(t.settle(Trial.delete(leased))).as("the old lease").isFalse();
    assertThat(t.lease(10)).isEmpty();
    assertThat(t.find("a").state()).isEqualTo(State.SCHEDULED);
  }

  @Test
  default void O03_rescheduledMessageOutlivesTheProcess() {
    Trial t = trial();
    t.put(t.later("a", 90), t.later("b", 90).buried("aside"));
    for (String id : List.of("a", "b")) {
      assertThat(t.store().reschedule(new Key(Trial.QUEUE, id), t.now())).isTrue();
    }
    t.reopen("O03");
    assertThat(t.leaseIds(10)).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  default void O04_nothingOfAPausedQueueIsLeased() {
    Trial t = trial();
    t.put(t.due("held"));
    Entry held = t.leaseOnly();
    t.put(t.due("waits"), t.due("elsewhere").queue("other"));
    assertThat(t.store().pause(Trial.QUEUE, false)).isFalse();
    assertThat(t.store().pause(Trial.QUEUE, true)).isTrue();
    assertThat(t.store().pause(Trial.QUEUE, true)).isFalse();
    assertThat(t.lease(10)).isEmpty();
    assertThat(t.store().untilNextDue(Trial.QUEUE)).isNotEqualTo(Optional.of(Duration.ZERO));
    assertThat(t.store().lease("other", 10, Trial.LONG)).hasSize(1);
    assertThat(t.settle(Trial.release(held))).as("a lease that was out").isTrue();
    t.put(t.due("stored"));
    assertThat(t.lease(10)).isEmpty();
    QueueStats stats = stats(t.store(), Trial.QUEUE);
    assertThat(stats.paused()).isTrue();
    assertThat(stats.scheduled()).isEqualTo(3);
    assertThat(stats(t.store(), "other").paused()).isFalse();
    assertThat(t.store().pause(Trial.QUEUE, false)).isTrue();
    assertThat(stats(t.store(), Trial.QUEUE).paused()).isFalse();
    assertThat(t.leaseIds(10)).containsExactlyInAnyOrder("held", "waits", "stored");
  }

  @Test
  default void O04_anEmptyQueueIsPausedToo() {
    Trial t = trial();
    assertThat(t.store().pause("empty", true)).isTrue();
    assertThat(stats(t.store(), "empty"))
        .isEqualTo(new QueueStats("empty", 0, 0, 0, Optional.empty(), true));
    t.put(t.due("a").queue("empty"));
    assertThat(t.store().lease("empty", 1, Trial.LONG)).isEmpty();
    assertThat(t.store().purge("empty")).isEqualTo(1);
    assertThat(stats(t.store(), "empty").paused()).as("after a purge").isTrue();
  }

  @Test
  default void O04_aQueueStaysPausedWhenTheProcessIsKilled() {
    Trial t = trial();
    t.put(t.due("a"));
    t.store().pause(Trial.QUEUE, true);
    t.reopen("O04");
    assertThat(t.lease(10)).isEmpty();
    assertThat(stats(t.store(), Trial.QUEUE).paused()).isTrue();
    assertThat(t.store().pause(Trial.QUEUE, false)).isTrue();
    assertThat(t.leaseIds(10)).containsExactly("a");
  }

  @Test
  default void O04_otherProcessesObeyWithinASecond() {
    Trial t = trial();
    t.needs("O04 between processes", Capability.SHARED);
    Store other = t.open();
    t.put(t.due("a"));
    assertThat(other.untilNextDue(Trial.QUEUE)).contains(Duration.ZERO);
    t.store().pause(Trial.QUEUE, true);
    t.pass(Duration.ofMillis(1_100));
    assertThat(other.lease(Trial.QUEUE, 10, Trial.LONG)).isEmpty();
    t.store().pause(Trial.QUEUE, false);
    t.pass(Duration.ofMillis(1_100));
    assertThat(other.untilNextDue(Trial.QUEUE)).contains(Duration.ZERO);
    assertThat(other.lease(Trial.QUEUE, 10, Trial.LONG)).hasSize(1);
  }

  @Test
  default void O05_countsWhatIsDueWithinEachWindow() {
    Trial t = trial();
    Instant first = t.in(50);
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      samples.add(new Sample("m" + i, first.plusMillis(i % 4 == 0 ? 10 : i)));
    }
    t.putAll(samples);
    t.put(
        t.due("leased"),
        new Sample("aside", first.plusMillis(10)).buried("aside"),
        new Sample("elsewhere", first.plusMillis(10)).queue("other"));
    t.leaseOnly();
    List<Instant> edges =
        List.of(
            Instant.EPOCH,
            first,
            first.plusMillis(10),
            first.plusMillis(11),
            first.plusMillis(11).plusNanos(1),
            first.plusMillis(200),
            first.plusMillis(400),
            first.plusMillis(500));
    // from 0 to 9 all but 0, 4, 8; at 10 itself and the hundred; at 11 one; of the rest three of
    // four
    assertThat(t.store().countDue(Trial.QUEUE, edges, 1_000))
        .containsExactly(1L, 7L, 101L, 1L, 141L, 150L, 0L);
    assertThat(t.store().countDue(Trial.QUEUE, edges, 100))
        .containsExactly(1L, 7L, 100L, 1L, 100L, 100L, 0L);
    assertThat(t.store().countDue("nowhere", edges, 5)).containsOnly(0L).hasSize(7);
  }

  private static List<String> ids(Trial t, Filter filter, int size) {
    List<String> ids = new ArrayList<>();
    new Pages(t.store(), Trial.QUEUE, filter, size).forEach(page -> ids.addAll(Trial.ids(page)));
    return ids;
  }

  private static List<String> search(Trial t, String prefix, int size) {
    List<String> ids = new ArrayList<>();
    Optional<String> from = Optional.empty();
    do {
      Page<Entry> page = t.store().search(Trial.QUEUE, prefix, from, size);
      assertThat(page.items().size()).isLessThanOrEqualTo(size);
      ids.addAll(Trial.ids(page.items()));
      from = page.next();
    } while (from.isPresent());
    return ids;
  }

  private static QueueStats stats(Store store, String queue) {
    return store.stats().stream()
        .filter(stats -> stats.queue().equals(queue))
        .findFirst()
        .orElse(QueueStats.empty(queue));
  }
}
