package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.QueueStats;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Progress;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** T07: messages set aside, and what the store counts. */
interface BuryingRules extends Rules {
  @Test
  default void T07_buriedMessageStaysUntilRequeued() {
    Trial t = trial();
    Sample sample = t.due("a").body("body").schedule("every PT1H").header("h", "v");
    t.put(sample);
    Entry leased = t.leaseOnly(t.spans(1));
    assertThat(t.settle(Trial.bury(leased, "broken"))).isTrue();
    t.pass(t.spans(2));
    assertThat(t.lease(10)).isEmpty();
    assertThat(t.store().untilNextDue(Trial.QUEUE)).isEmpty();
    assertThat(t.find("a").progress().lastError()).isEqualTo("broken");

    assertThat(t.store().requeue(sample.key())).isTrue();
    Entry requeued = t.find("a");
    assertThat(requeued.state()).isEqualTo(State.SCHEDULED);
    assertThat(t.store().requeue(sample.key())).as("requeued again").isFalse();
    Entry again = t.leaseOnly();
    assertThat(Seen.of(again)).isEqualTo(sample.seen().leased().with(again.progress()));
  }

  @Test
  default void T07_requeuedMessageIsDueNowWithAttemptsFromZero() {
    Trial t = trial();
    Instant later = t.in(50);
    t.put(t.due("a").progress(new Progress(later, later, 6, 25, null)).buried("last attempt"));
    Instant before = t.now();
    assertThat(t.store().requeue(t.due("a").key())).isTrue();
    Progress progress = t.find("a").progress();
    assertThat(progress.attempts()).isZero();
    assertThat(progress.missed()).isZero();
    assertThat(progress.due()).isBetween(before, t.store().now().plus(t.tolerance()));
    assertThat(progress.scheduledFor()).isEqualTo(later);
    assertThat(progress.lastError()).isEqualTo("last attempt");
    t.passUntil(t.store().now());
    assertThat(t.leaseOnly().progress().attempts()).isOne();
  }

  @Test
  default void T07_onlyBuriedMessagesAreRequeued() {
    Trial t = trial();
    Sample waiting = t.later("waiting", 5);
    t.put(waiting, t.due("leased"));
    Entry leased = t.leaseOnly();
    for (String id : List.of("waiting", "leased", "none")) {
      assertThat(t.store().requeue(new Key(Trial.QUEUE, id))).as(id).isFalse();
    }
    assertThat(t.store().requeue(new Key("nowhere", "a"))).isFalse();
    assertThat(t.store().requeueAll(Trial.QUEUE)).isZero();
    assertThat(t.store().requeueAll("nowhere")).isZero();
    assertThat(Seen.of(t.find("waiting"))).isEqualTo(waiting.seen());
    assertThat(t.settle(Trial.delete(leased))).isTrue();
    assertThat(t.lease(10)).isEmpty();
  }

  @Test
  default void T07_allBuriedMessagesOfAQueueAreRequeued() {
    Trial t = trial();
    t.putAll(IntStream.range(0, 500).mapToObj(i -> t.later("m" + i, 9).buried("e" + i)).toList());
    t.put(t.later("waiting", 9), t.due("elsewhere").queue("other").buried("e"));
    assertThat(t.store().requeueAll(Trial.QUEUE)).isEqualTo(500);
    t.passUntil(t.store().now());
    assertThat(t.leaseIds(1_000))
        .hasSize(500)
        .doesNotHaveDuplicates()
        .doesNotContain("waiting", "elsewhere");
    assertThat(t.find(new Key("other", "elsewhere")).state()).isEqualTo(State.BURIED);
  }

  @Test
  default void T07_buriedMessageIsRemoved() {
    Trial t = trial();
    t.put(t.due("a").buried("aside"), t.due("b").buried("aside"));
    assertThat(t.store().remove(List.of(t.due("a").key()))).containsExactly(true);
    assertThat(t.store().requeue(t.due("a").key())).isFalse();
    assertThat(t.store().requeueAll(Trial.QUEUE)).isOne();
  }

  @Test
  default void T07_buriedMessagesOutliveTheProcess() {
    Trial t = trial();
    t.put(t.due("a"), t.due("b").buried("put so"));
    t.settle(Trial.bury(t.leaseOnly(), "broken"));
    List<Seen> before = Seen.of(t.listAll(Trial.QUEUE));
    t.reopen("T07");
    assertThat(Seen.of(t.listAll(Trial.QUEUE))).isEqualTo(before);
    assertThat(t.store().requeueAll(Trial.QUEUE)).isEqualTo(2);
  }

  @Test
  default void T07_countsFollowEachStep() {
    Trial t = trial();
    Sample later = t.later("later", 9);
    t.put(t.due("a"), t.due("b"), t.due("c"), t.due("d").buried("aside"), later);
    counts(t, 4, 0, 1);
    List<Entry> leased = t.lease(3);
    counts(t, 1, 3, 1);
    assertThat(stats(t).nextDue()).contains(later.entry().progress().due());
    t.settle(Trial.bury(leased.get(0), "aside"));
    counts(t, 1, 2, 2);
    t.settle(Trial.delete(leased.get(1)));
    counts(t, 1, 1, 2);
    t.settle(Trial.delete(leased.get(1)));
    t.settle(Trial.extend(leased.get(2), Trial.LONG));
    counts(t, 1, 1, 2);
    t.put(t.due("c"));
    counts(t, 2, 0, 2);
    t.put(t.later("d", 2));
    counts(t, 3, 0, 1);
    t.put(t.later("d", 2), later);
    counts(t, 3, 0, 1);
    t.store().requeueAll(Trial.QUEUE);
    counts(t, 4, 0, 0);
    t.store().remove(List.of(later.key(), later.key()));
    counts(t, 3, 0, 0);
    t.store().purge(Trial.QUEUE);
    assertThat(t.store().stats()).allSatisfy(s -> assertThat(s.scheduled()).isZero());
  }

  @Test
  default void T07_countsOutliveTheProcess() {
    Trial t = trial();
    t.put(t.due("a"), t.due("b"), t.due("c"), t.due("d").buried("aside"), t.later("e", 9));
    t.settle(Trial.delete(t.lease(2).get(0)));
    t.reopen("T07");
    counts(t, 2, 1, 1);
    assertThat(t.store().stats()).hasSize(1);
  }

  @Test
  default void T07_purgeRemovesAllOfAQueueAndRevokesItsLeases() {
    Trial t = trial();
    t.put(t.due("leased"), t.due("kept").queue("other"));
    Entry leased = t.leaseOnly(t.spans(1));
    t.put(t.due("due"), t.later("later", 1), t.due("buried").buried("aside"));
    assertThat(t.store().purge(Trial.QUEUE)).isEqualTo(4);
    assertThat(t.listAll(Trial.QUEUE)).isEmpty();
    assertThat(t.store().untilNextDue(Trial.QUEUE)).isEmpty();
    assertThat(t.settle(Trial.delete(leased))).isFalse();
    assertThat(t.settle(Trial.release(leased))).isFalse();
    t.pass(t.spans(2));
    assertThat(t.lease(10)).isEmpty();
    assertThat(t.store().requeueAll(Trial.QUEUE)).isZero();
    assertThat(t.store().purge(Trial.QUEUE)).isZero();
    t.put(t.due("due"));
    assertThat(t.leaseIds(10)).containsExactly("due");
    assertThat(Trial.ids(t.listAll("other"))).containsExactly("kept");
  }

  private static QueueStats stats(Trial t) {
    return t.store().stats().stream()
        .filter(stats -> stats.queue().equals(Trial.QUEUE))
        .findFirst()
        .orElse(QueueStats.empty(Trial.QUEUE));
  }

  private static void counts(Trial t, long scheduled, long leased, long buried) {
    QueueStats stats = stats(t);
    assertThat(List.of(stats.scheduled(), stats.leased(), stats.buried()))
        .as("scheduled, leased, buried")
        .containsExactly(scheduled, leased, buried);
  }
}
