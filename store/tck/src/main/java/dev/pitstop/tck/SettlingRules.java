package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Settlement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** T01, T02, T03 and T06: what becomes of a leased message, and removing. */
interface SettlingRules extends Rules {
  @Test
  default void T01_ackRemoves() {
    Trial t = trial();
    t.put(t.due("a"), t.due("b"));
    Entry leased = t.lease(1).get(0);
    assertThat(t.settle(Trial.delete(leased))).isTrue();
    assertThat(t.holds("a")).isFalse();
    assertThat(t.leaseIds(10)).containsExactly("b");
  }

  @Test
  default void T01_recurringMessageMovesToItsNextOccurrence() {
    Trial t = trial();
    Sample sample = t.due("a").schedule("every PT1H").header("h", "v");
    t.put(sample);
    for (int occurrence = 1; occurrence <= 3; occurrence++) {
      Entry leased = t.leaseOnly();
      Instant next = t.in(1);
      Progress progress = new Progress(next, next, occurrence, 0, null);
      assertThat(t.settle(Trial.move(leased, progress))).isTrue();
      assertThat(Seen.of(t.find("a"))).isEqualTo(sample.seen().with(progress));
      t.passUntil(next);
    }
    assertThat(t.leaseOnly().progress().attempts()).isOne();
  }

  @Test
  default void T02_errorAndAttemptsAreKept() {
    Trial t = trial();
    Sample sample = t.due("a");
    t.put(sample);
    Entry leased = t.leaseOnly();
    Instant retry = t.in(1);
    Progress failed =
        new Progress(
            retry, leased.progress().scheduledFor(), 0, 1, "no route \uD83D\uDEA7\n to host");
    assertThat(t.settle(Trial.move(leased, failed))).isTrue();
    assertThat(Seen.of(t.find("a"))).isEqualTo(sample.seen().with(failed));
    t.passUntil(retry);
    assertThat(Seen.of(t.leaseOnly())).isEqualTo(sample.seen().with(failed).leased());
  }

  @Test
  default void T02_errorIsForgottenWhenTheProgressHasNone() {
    Trial t = trial();
    t.put(t.due("a").progress(new Progress(t.now(), t.now(), 0, 3, "old")));
    Entry leased = t.leaseOnly();
    assertThat(leased.progress().lastError()).isEqualTo("old");
    assertThat(t.settle(Trial.move(leased, Progress.starting(t.now())))).isTrue();
    assertThat(t.leaseOnly().progress().lastError()).isNull();
  }

  @Test
  default void T03_releasedMessageIsEmittedAtOnceAndItsAttemptNotCounted() {
    Trial t = trial();
    Sample sample = t.due("a");
    t.put(sample);
    for (int i = 0; i < 3; i++) {
      Entry leased = t.leaseOnly();
      assertThat(leased.progress().attempts()).isOne();
      assertThat(t.settle(Trial.release(leased))).isTrue();
      assertThat(Seen.of(t.find("a"))).isEqualTo(sample.seen());
    }
  }

  @Test
  default void T03_releasedMessageIsEmittedAtOnceAlsoAmongManyOfItsDueTime() {
    Trial t = trial();
    Instant due = t.now();
    t.putAll(IntStream.range(0, 3_000).mapToObj(i -> new Sample("m" + i, due)).toList());
    Entry leased = t.lease(1_500).get(7);
    assertThat(t.settle(Trial.release(leased))).isTrue();
    assertThat(t.leaseIds(1)).containsExactly("m7");
  }

  @Test
  default void T03_rescheduledMessageIsEmittedThen() {
    Trial t = trial();
    t.put(t.due("a").progress(new Progress(t.now(), t.now(), 0, 5, "e")));
    Entry leased = t.leaseOnly();
    Progress anew = Progress.starting(t.in(2));
    assertThat(t.settle(Trial.move(leased, anew))).isTrue();
    assertThat(t.lease(10)).isEmpty();
    t.passUntil(anew.due());
    assertThat(t.leaseOnly().progress().attempts()).isOne();
  }

  @Test
  default void T03_movedToThePastMeansNow() {
    Trial t = trial();
    t.put(t.due("a"), t.due("b"));
    Entry leased = t.lease(2).get(0);
    Instant past = t.now().minusSeconds(86_400);
    assertThat(t.settle(Trial.move(leased, Progress.starting(past)))).isTrue();
    assertThat(t.leaseIds(10)).containsExactly("a");
  }

  @Test
  default void T03_movedFarAheadIsKeptToTheMillisecond() {
    Trial t = trial();
    t.put(t.due("a"));
    Progress end = Progress.starting(Instant.parse("9999-12-31T23:59:59.999Z"));
    assertThat(t.settle(Trial.move(t.leaseOnly(), end))).isTrue();
    assertThat(t.find("a").progress()).isEqualTo(end);
    assertThat(t.lease(1)).isEmpty();
  }

  @Test
  default void T03_buriedMessageIsSetAside() {
    Trial t = trial();
    Sample sample = t.due("a");
    t.put(sample);
    Entry leased = t.leaseOnly();
    assertThat(t.settle(Trial.bury(leased, "cannot be read"))).isTrue();
    Entry buried = t.find("a");
    assertThat(buried.state()).isEqualTo(State.BURIED);
    assertThat(buried.progress().lastError()).isEqualTo("cannot be read");
    assertThat(buried.progress().attempts()).isOne();
    assertThat(t.lease(10)).isEmpty();
  }

  @Test
  default void T01_eachOfABatchHasItsOwnResult() {
    Trial t = trial();
    t.put(t.due("ack"), t.due("bury"), t.due("move"), t.due("extend"), t.due("lost"));
    List<Entry> leased = t.lease(5);
    t.put(t.due("lost"));
    Progress later = Progress.starting(t.in(3));
    List<Settlement> settlements =
        List.of(
            Trial.delete(leased.get(4)),
            Trial.extend(leased.get(3), Trial.LONG),
            Trial.delete(leased.get(0)),
            new Settlement.Delete(new Key("nowhere", "ack"), leased.get(0).leased().token()),
            Trial.move(leased.get(2), later),
            Trial.bury(leased.get(1), "aside"),
            new Settlement.Delete(new Key(Trial.QUEUE, "never"), 1));
    assertThat(t.store().settle(settlements))
        .containsExactly(false, true, true, false, true, true, false);
    assertThat(t.holds("ack")).isFalse();
    assertThat(t.find("bury").state()).isEqualTo(State.BURIED);
    assertThat(t.find("move").progress()).isEqualTo(later);
    assertThat(t.find("extend").state()).isEqualTo(State.LEASED);
    assertThat(t.leaseIds(10)).containsExactly("lost");
  }

  @Test
  default void T01_largeBatchesAreWhole() {
    Trial t = trial();
    t.putAll(IntStream.range(0, 3_000).mapToObj(i -> t.due("m" + i)).toList());
    List<Entry> leased = t.lease(3_000);
    Progress later = Progress.starting(t.in(5));
    List<Settlement> settlements = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      Entry entry = leased.get(i);
      settlements.add(
          switch (i % 3) {
            case 0 -> Trial.delete(entry);
            case 1 -> Trial.move(entry, later);
            default -> Trial.bury(entry, "aside");
          });
    }
    assertThat(t.store().settle(settlements)).hasSize(3_000).containsOnly(true);
    assertThat(t.store().stats())
        .singleElement()
        .satisfies(
            stats -> {
              assertThat(stats.scheduled()).isEqualTo(1_000);
              assertThat(stats.leased()).isZero();
              assertThat(stats.buried()).isEqualTo(1_000);
              assertThat(stats.nextDue()).contains(later.due());
            });
  }

  @Test
  default void T06_removeSaysWhetherItWasThere() {
    Trial t = trial();
    t.put(t.due("a"), t.later("b", 3), t.due("c").buried("aside"), t.due("a").queue("other"));
    Key a = new Key(Trial.QUEUE, "a");
    Key b = new Key(Trial.QUEUE, "b");
    Key c = new Key(Trial.QUEUE, "c");
    Key none = new Key(Trial.QUEUE, "none");
    assertThat(t.store().remove(List.of(none, b, a, b, c, new Key("nowhere", "a"))))
        .containsExactly(false, true, true, false, true, false);
    assertThat(t.listAll(Trial.QUEUE)).isEmpty();
    assertThat(Trial.ids(t.listAll("other"))).containsExactly("a");
    assertThat(t.store().remove(List.of(a))).containsExactly(false);
  }

  @Test
  default void T06_removedMessageIsNotEmitted() {
    Trial t = trial();
    t.put(t.due("a"), t.later("b", 1), t.due("c"));
    t.store().remove(List.of(new Key(Trial.QUEUE, "a"), new Key(Trial.QUEUE, "b")));
    t.pass(t.spans(2));
    assertThat(t.leaseIds(10)).containsExactly("c");
  }

  @Test
  default void T06_removingRevokesTheLease() {
    Trial t = trial();
    t.put(t.due("a"));
    Entry leased = t.leaseOnly(t.spans(1));
    assertThat(t.store().remove(List.of(leased.key()))).containsExactly(true);
    for (Settlement settlement : Trial.eachKind(leased)) {
      assertThat(t.settle(settlement)).as("%s", settlement).isFalse();
      assertThat(t.holds("a")).isFalse();
    }
    t.passUntil(leased.leased().until());
    assertThat(t.lease(10)).isEmpty();
    assertThat(t.store().untilNextDue(Trial.QUEUE)).isEmpty();
  }

  @Test
  default void T06_removingOutlivesTheProcess() {
    Trial t = trial();
    t.put(t.due("a"), t.due("b").body(new byte[100_000]), t.due("c"));
    Entry leased = t.lease(1).get(0);
    t.store().remove(List.of(leased.key(), new Key(Trial.QUEUE, "b")));
    t.reopen("T06");
    assertThat(t.settle(Trial.delete(leased))).isFalse();
    assertThat(t.leaseIds(10)).containsExactly("c");
  }
}
