package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.IfPresent;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.Settlement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** S03 and S04: putting an id that the queue holds already. */
interface ReplacingRules extends Rules {
  @Test
  default void S03_replacesWhole() {
    Trial t = trial();
    t.put(t.later("a", 5).body("old").header("h", "old").schedule("every PT1H").contentType("x/y"));
    Sample update = t.later("a", 3).body("new").header("other", "new");
    assertThat(t.put(update)).isEqualTo(PutResult.REPLACED);
    assertThat(Seen.of(t.find("a"))).isEqualTo(update.seen());
    t.passUntil(update.entry().progress().due());
    assertThat(Seen.of(t.leaseOnly())).isEqualTo(update.seen().leased());
  }

  @Test
  default void S03_replacedMessageIsEmittedAtItsNewTimeOnly() {
    Trial t = trial();
    t.put(t.due("later"), t.later("sooner", 9));
    Sample moved = t.later("later", 2);
    t.put(moved, t.due("sooner"));
    assertThat(t.leaseIds(10)).containsExactly("sooner");
    t.passUntil(moved.entry().progress().due());
    assertThat(t.leaseIds(10)).containsExactly("later");
    t.pass(t.spans(9));
    assertThat(t.lease(10)).isEmpty();
  }

  @Test
  default void S03_attemptsAndErrorStartAnew() {
    Trial t = trial();
    t.put(t.due("a"));
    Entry leased = t.leaseOnly();
    t.settle(Trial.move(leased, new Progress(t.now(), t.now(), 4, 7, "failed")));
    Sample update = t.due("a");
    t.put(update);
    assertThat(Seen.of(t.find("a"))).isEqualTo(update.seen());
    assertThat(t.leaseOnly().progress().attempts()).isOne();
  }

  @Test
  default void S03_replacingRevokesTheLease() {
    Trial t = trial();
    t.put(t.due("a").body("old"));
    Entry old = t.leaseOnly();
    Sample update = t.due("a").body("new");
    assertThat(t.put(update)).isEqualTo(PutResult.REPLACED);
    for (Settlement settlement : Trial.eachKind(old)) {
      assertThat(t.settle(settlement)).as("stale %s", settlement).isFalse();
      assertThat(Seen.of(t.find("a"))).isEqualTo(update.seen());
    }
    assertThat(Seen.of(t.leaseOnly())).isEqualTo(update.seen().leased());
  }

  @Test
  default void S03_staleAckDoesNotRemoveAnUpdateThatIsLeased() {
    Trial t = trial();
    t.put(t.due("a").body("old"));
    Entry old = t.leaseOnly();
    Sample update = t.due("a").body("new");
    t.put(update);
    Entry fresh = t.leaseOnly();
    for (Settlement settlement : Trial.eachKind(old)) {
      assertThat(t.settle(settlement)).as("stale %s", settlement).isFalse();
      assertThat(Seen.of(t.find("a"))).isEqualTo(update.seen().leased());
      assertThat(t.find("a").lease()).isEqualTo(fresh.lease());
    }
    assertThat(t.settle(Trial.delete(fresh))).isTrue();
    assertThat(t.holds("a")).isFalse();
  }

  @Test
  default void S03_replacingRevokesALeaseThatHasRunOut() {
    Trial t = trial();
    t.put(t.due("a").body("old"));
    Entry old = t.leaseOnly(t.spans(1));
    t.passUntil(old.leased().until());
    Sample update = t.due("a").body("new");
    t.put(update);
    assertThat(t.settle(Trial.delete(old))).isFalse();
    assertThat(Seen.of(t.leaseOnly())).isEqualTo(update.seen().leased());
    assertThat(t.lease(10)).isEmpty();
  }

  @Test
  default void S03_replacingTakesABuriedMessageBack() {
    Trial t = trial();
    t.put(t.due("a").buried("broken"));
    Sample update = t.due("a").body("mended");
    assertThat(t.put(update)).isEqualTo(PutResult.REPLACED);
    assertThat(Seen.of(t.leaseOnly())).isEqualTo(update.seen().leased());
    assertThat(t.store().requeueAll(Trial.QUEUE)).isZero();
  }

  @Test
  default void S03_replacedByABuriedOneItIsNotEmitted() {
    Trial t = trial();
    t.put(t.due("a"), t.due("b"));
    List<Entry> leased = t.lease(1);
    t.put(t.due("a").buried("aside"), t.due("b").buried("aside"));
    assertThat(t.lease(10)).isEmpty();
    assertThat(t.settle(Trial.delete(leased.get(0)))).isFalse();
    assertThat(t.find("a").state()).isEqualTo(State.BURIED);
    assertThat(t.store().untilNextDue(Trial.QUEUE)).isEmpty();
  }

  @Test
  default void S04_keepLeavesTheExistingMessage() {
    Trial t = trial();
    Sample first = t.later("a", 2).body("first").schedule("every PT1H");
    t.put(first);
    assertThat(t.put(t.due("a").body("second").ifPresent(IfPresent.KEEP)))
        .isEqualTo(PutResult.KEPT);
    assertThat(Seen.of(t.find("a"))).isEqualTo(first.seen());
    assertThat(t.lease(10)).isEmpty();
  }

  @Test
  default void S04_failLeavesTheExistingMessage() {
    Trial t = trial();
    Sample first = t.later("a", 2).body("first").schedule("every PT1H");
    t.put(first);
    assertThat(t.put(t.due("a").body("second").ifPresent(IfPresent.FAIL)))
        .isEqualTo(PutResult.EXISTS);
    assertThat(Seen.of(t.find("a"))).isEqualTo(first.seen());
    assertThat(t.lease(10)).isEmpty();
  }

  @Test
  default void S04_keepAndFailCreateWhatIsNotThere() {
    Trial t = trial();
    assertThat(t.put(t.due("a").ifPresent(IfPresent.KEEP))).isEqualTo(PutResult.CREATED);
    assertThat(t.put(t.due("b").ifPresent(IfPresent.FAIL))).isEqualTo(PutResult.CREATED);
    assertThat(t.leaseIds(10)).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  default void S04_keepAndFailLeaveALeaseAndABuriedMessageAlone() {
    Trial t = trial();
    t.put(t.due("leased"));
    Entry leased = t.leaseOnly();
    t.put(t.due("buried").buried("broken"));
    for (IfPresent way : List.of(IfPresent.KEEP, IfPresent.FAIL)) {
      t.put(t.due("leased").ifPresent(way), t.due("buried").ifPresent(way));
    }
    assertThat(t.lease(10)).isEmpty();
    assertThat(t.find("buried").state()).isEqualTo(State.BURIED);
    assertThat(t.settle(Trial.delete(leased))).isTrue();
  }

  @Test
  default void S04_keepCreatesAnewWhatWasRemoved() {
    Trial t = trial();
    t.put(t.due("a"), t.due("b"));
    t.store().remove(List.of(t.due("a").key()));
    assertThat(t.settle(Trial.delete(t.leaseOnly()))).isTrue();
    assertThat(t.put(t.due("a").ifPresent(IfPresent.KEEP))).isEqualTo(PutResult.CREATED);
    assertThat(t.put(t.due("b").ifPresent(IfPresent.FAIL))).isEqualTo(PutResult.CREATED);
    assertThat(t.leaseIds(10)).containsExactlyInAnyOrder("a", "b");
  }
}
