package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Lease;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Settlement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** T04: settling says whether it took effect, and what is stale changes nothing. */
interface StaleSettlingRules extends Rules {
  @Test
  default void T04_settlingAfterAnotherHasLeasedChangesNothing() {
    Trial t = trial();
    t.put(t.due("a"));
    Entry old = t.leaseOnly(t.spans(1));
    t.passUntil(old.leased().until());
    Entry fresh = t.leaseOnly();
    for (Settlement settlement : Trial.eachKind(old)) {
      assertThat(t.settle(settlement)).as("stale %s", settlement).isFalse();
      assertThat(Seen.of(t.find("a"))).isEqualTo(Seen.of(fresh));
      assertThat(t.find("a").lease()).isEqualTo(fresh.lease());
    }
    assertThat(t.settle(Trial.delete(fresh))).isTrue();
  }

  @Test
  default void T04_settlingAfterExpiryCountsWhileNobodyElseHasLeased() {
    Trial t = trial();
    t.put(t.due("delete"), t.due("move"), t.due("bury"), t.due("extend"));
    List<Entry> leased = t.lease(4, t.spans(1));
    t.passUntil(leased.get(3).leased().until());
    Progress later = Progress.starting(t.in(5));
    assertThat(t.settle(Trial.delete(leased.get(0)))).isTrue();
    assertThat(t.settle(Trial.move(leased.get(1), later))).isTrue();
    assertThat(t.settle(Trial.bury(leased.get(2), "aside"))).isTrue();
    assertThat(t.settle(Trial.extend(leased.get(3), Trial.LONG))).isTrue();
    assertThat(t.lease(10)).isEmpty();
    assertThat(t.holds("delete")).isFalse();
    assertThat(t.find("move").progress()).isEqualTo(later);
    assertThat(t.find("bury").state()).isEqualTo(State.BURIED);
    assertThat(t.find("extend").state()).isEqualTo(State.LEASED);
  }

  @Test
  default void T04_settlingAfterExpiryCountsAlsoWhenSomeoneHasLooked() {
    Trial t = trial();
    t.put(t.due("a"), t.due("b"));
    List<Entry> leased = t.lease(2, t.spans(1));
    t.passUntil(leased.get(1).leased().until());
    t.store().untilNextDue(Trial.QUEUE);
    t.store().stats();
    Entry again = t.lease(1).get(0);
    assertThat(again.key().id()).isEqualTo("a");
    assertThat(t.settle(Trial.delete(leased.get(0)))).isFalse();
    assertThat(t.settle(Trial.delete(leased.get(1)))).isTrue();
    assertThat(t.holds("b")).isFalse();
    assertThat(t.lease(10)).isEmpty();
  }

  @Test
  default void T04_settlingAfterExpiryCountsAlsoAfterReopening() {
    Trial t = trial();
    t.put(t.due("delete"), t.due("move"), t.due("gone"));
    List<Entry> leased = t.lease(3, t.spans(1));
    t.passUntil(leased.get(2).leased().until());
    t.reopen("T04");
    assertThat(t.settle(Trial.delete(leased.get(0)))).isTrue();
    assertThat(t.settle(Trial.move(leased.get(1), Progress.starting(t.in(5))))).isTrue();
    assertThat(t.leaseOnly().key().id()).isEqualTo("gone");
    assertThat(t.settle(Trial.delete(leased.get(2)))).isFalse();
  }

  @Test
  default void T04_settlingTwiceCountsOnce() {
    Trial t = trial();
    List<Settlement> firsts = new ArrayList<>();
    t.put(t.due("move"), t.due("bury"), t.due("delete"));
    List<Entry> leased = t.lease(3);
    Progress later = Progress.starting(t.in(5));
    firsts.add(Trial.move(leased.get(0), later));
    firsts.add(Trial.bury(leased.get(1), "aside"));
    firsts.add(Trial.delete(leased.get(2)));
    assertThat(t.store().settle(firsts)).containsExactly(true, true, true);
    for (Entry entry : leased) {
      for (Settlement again : Trial.eachKind(entry)) {
        assertThat(t.settle(again)).as("%s, settled before", again).isFalse();
      }
    }
    assertThat(t.find("move").progress()).isEqualTo(later);
    assertThat(t.find("bury").progress().lastError()).isEqualTo("aside");
    assertThat(t.lease(10)).isEmpty();
  }

  @Test
  default void T04_settlingTwiceInABatchCountsOnce() {
    Trial t = trial();
    t.put(t.due("a"), t.due("b"));
    List<Entry> leased = t.lease(2);
    Progress later = Progress.starting(t.in(5));
    List<Settlement> settlements =
        List.of(
            Trial.extend(leased.get(0), Trial.LONG),
            Trial.move(leased.get(0), later),
            Trial.delete(leased.get(0)),
            Trial.delete(leased.get(1)),
            Trial.move(leased.get(1), later),
            Trial.extend(leased.get(0), Trial.LONG));
    assertThat(t.store().settle(settlements))
        .containsExactly(true, true, false, true, false, false);
    assertThat(t.find("a").progress()).isEqualTo(later);
    assertThat(t.find("a").state()).isEqualTo(State.SCHEDULED);
    assertThat(t.holds("b")).isFalse();
  }

  @Test
  default void T04_extendedLeaseIsSettledByItsToken() {
    Trial t = trial();
    t.put(t.due("a"), t.due("b"));
    List<Entry> leased = t.lease(2, t.spans(1));
    assertThat(t.settle(Trial.extend(leased.get(0), t.spans(20)))).isTrue();
    assertThat(t.settle(Trial.extend(leased.get(0), Trial.LONG))).isTrue();
    t.passUntil(leased.get(1).leased().until());
    assertThat(t.leaseIds(10)).containsExactly("b");
    assertThat(t.settle(Trial.delete(leased.get(0)))).isTrue();
    assertThat(t.holds("a")).isFalse();
  }

  @Test
  default void T04_settlingAfterRemovingAndStoringAgainChangesNothing() {
    Trial t = trial();
    t.put(t.due("removed"), t.due("purged").queue("other"));
    Entry removed = t.leaseOnly();
    Entry purged = t.store().lease("other", 1, Trial.LONG).get(0);
    t.store().remove(List.of(removed.key()));
    assertThat(t.store().purge("other")).isOne();
    t.put(t.due("removed"), t.due("purged").queue("other"));
    for (Entry stale : List.of(removed, purged)) {
      for (Settlement settlement : Trial.eachKind(stale)) {
        assertThat(t.settle(settlement)).as("stale %s", settlement).isFalse();
      }
    }
    Entry fresh = t.leaseOnly();
    assertThat(t.settle(Trial.delete(removed))).isFalse();
    assertThat(t.settle(Trial.delete(fresh))).isTrue();
    assertThat(t.store().lease("other", 1, Trial.LONG)).hasSize(1);
  }

  @Test
  default void T04_settlingAfterRequeueingChangesNothing() {
    Trial t = trial();
    t.put(t.due("a"));
    Entry leased = t.leaseOnly();
    t.settle(Trial.bury(leased, "aside"));
    t.store().requeue(leased.key());
    for (Settlement settlement : Trial.eachKind(leased)) {
      assertThat(t.settle(settlement)).as("stale %s", settlement).isFalse();
    }
    assertThat(t.leaseIds(10)).containsExactly("a");
  }

  @Test
  default void T04_tokensSettleTheirOwnMessageOnly() {
    Trial t = trial();
    t.put(t.due("a"), t.due("b"), t.later("waits", 5), t.due("c").queue("other"));
    List<Entry> leased = t.lease(2);
    Lease a = leased.get(0).leased();
    Lease b = leased.get(1).leased();
    List<Settlement> wrong = new ArrayList<>();
    for (long token : new long[] {0, -1, a.token() + b.token() + 1, Long.MAX_VALUE}) {
      wrong.add(new Settlement.Delete(leased.get(0).key(), token));
    }
    for (String id : List.of("waits", "none")) {
      for (long token : new long[] {0, a.token(), b.token()}) {
        wrong.add(new Settlement.Delete(new Key(Trial.QUEUE, id), token));
      }
    }
    wrong.add(new Settlement.Delete(new Key("other", "c"), a.token()));
    if (a.token() != b.token()) {
      wrong.add(new Settlement.Delete(leased.get(0).key(), b.token()));
      wrong.add(new Settlement.Delete(leased.get(1).key(), a.token()));
    }
    assertThat(t.store().settle(wrong)).hasSameSizeAs(wrong).containsOnly(false);
    assertThat(t.store().settle(leased.stream().map(Trial::delete).toList()))
        .containsExactly(true, true);
    assertThat(t.holds("waits")).isTrue();
  }
}
