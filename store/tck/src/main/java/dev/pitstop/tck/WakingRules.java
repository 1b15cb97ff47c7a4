package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.spi.Capability;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** E06, O03 and O04: what a listener sleeps by, and what wakes it. */
interface WakingRules extends Rules {
  @Test
  default void E06_nothingToWaitForInAnEmptyQueue() {
    Trial t = trial();
    assertThat(t.store().untilNextDue(Trial.QUEUE)).isEmpty();
    t.put(t.due("a").queue("other"), t.due("buried").buried("aside"), t.due("removed"));
    t.store().remove(List.of(t.due("removed").key()));
    assertThat(t.store().untilNextDue(Trial.QUEUE)).isEmpty();
  }

  @Test
  default void E06_waitsForTheNextDueTime() {
    Trial t = trial();
    Sample later = t.later("later", 9);
    t.put(later);
    waitsUntil(t, later.entry().progress().due());
    Sample sooner = t.later("sooner", 4);
    t.put(sooner);
    waitsUntil(t, sooner.entry().progress().due());
    t.store().remove(List.of(sooner.key()));
    waitsUntil(t, later.entry().progress().due());
    t.put(t.due("now"));
    assertThat(t.store().untilNextDue(Trial.QUEUE)).contains(Duration.ZERO);
  }

  @Test
  default void E06_waitsForFarTimesWithoutCuttingThem() {
    Trial t = trial();
    Instant end = Instant.parse("9999-12-31T23:59:59.999Z");
    t.put(new Sample("a", end));
    waitsUntil(t, end);
  }

  @Test
  default void E06_waitsToTheMillisecond() {
    Trial t = trial();
    t.needs("E06 to the millisecond", Capability.SETTABLE_CLOCK);
    Instant due = t.in(1);
    t.put(new Sample("a", due));
    t.clock().set(due.minusMillis(3).plusNanos(1));
    Duration wait = t.store().untilNextDue(Trial.QUEUE).orElseThrow();
    assertThat(wait).isBetween(Duration.ofMillis(3).minusNanos(1), Duration.ofMillis(3));
    t.clock().advance(wait);
    assertThat(t.leaseIds(1)).containsExactly("a");
  }

  @Test
  default void E06_waitsForTheEndOfALease() {
    Trial t = trial();
    t.put(t.due("a"), t.due("b"), t.later("c", 40));
    Entry a = t.lease(1, t.spans(5)).get(0);
    assertThat(t.store().untilNextDue(Trial.QUEUE)).contains(Duration.ZERO);
    Entry b = t.lease(1, t.spans(9)).get(0);
    waitsUntil(t, a.leased().until());
    assertThat(t.settle(Trial.extend(a, t.spans(20)))).isTrue();
    waitsUntil(t, b.leased().until());
    assertThat(t.settle(Trial.delete(b))).isTrue();
    waitsUntil(t, t.find("a").leased().until());
    assertThat(t.settle(Trial.bury(a, "aside"))).isTrue();
    waitsUntil(t, t.find("c").progress().due());
  }

  @Test
  default void E06_waitsForNothingOnceALeaseHasRunOut() {
    Trial t = trial();
    t.put(t.due("a"), t.later("b", 9));
    Entry leased = t.leaseOnly(t.spans(1));
    t.passUntil(leased.leased().until());
    assertThat(t.store().untilNextDue(Trial.QUEUE)).contains(Duration.ZERO);
    assertThat(t.settle(Trial.delete(leased))).isTrue();
    waitsUntil(t, t.find("b").progress().due());
  }

  @Test
  default void E06_wakesWhenStored() {
    Trial t = trial();
    try (Sleeper sleeper = new Sleeper(t.store())) {
      t.put(t.later("later", 9));
      sleeper.isWoken("by the first message");
      t.put(t.later("sooner", 3));
      sleeper.isWoken("by a sooner one");
      t.put(t.due("now"));
      sleeper.isWoken("by one that is due");
      t.lease(1);
      sleeper.sleep();
      t.put(t.later("now", 1));
      sleeper.isWoken("by one that replaces a leased one");
    }
  }

  @Test
  default void E06_wakesWhenABatchHoldsASoonerOne() {
    Trial t = trial();
    t.put(t.later("later", 9));
    try (Sleeper sleeper = new Sleeper(t.store())) {
      t.put(t.later("a", 20), t.due("b").queue("other"), t.later("c", 2), t.later("d", 12));
      sleeper.isWoken("by the third of a batch");
    }
  }

  @Test
  default void E06_wakesWhenALeaseIsSettledForAnEarlierTime() {
    Trial t = trial();
    t.put(t.due("a"), t.due("b"), t.due("c"));
    List<Entry> leased = t.lease(3);
    try (Sleeper sleeper = new Sleeper(t.store())) {
      Instant soon = t.in(4);
      assertThat(t.settle(Trial.move(leased.get(0), new Progress(soon, soon, 0, 1, "e")))).isTrue();
      sleeper.isWoken("by one that is tried again");
      assertThat(t.settle(Trial.extend(leased.get(1), t.spans(2)))).isTrue();
      sleeper.isWoken("by a lease that was shortened");
      assertThat(t.settle(Trial.release(leased.get(2)))).isTrue();
      sleeper.isWoken("by one that is given back");
    }
  }

  @Test
  default void E06_wakesWhenRequeued() {
    Trial t = trial();
    t.put(t.due("a").buried("aside"), t.due("b").buried("aside"));
    try (Sleeper sleeper = new Sleeper(t.store())) {
      assertThat(t.store().requeue(t.due("a").key())).isTrue();
      sleeper.isWoken("by one that is requeued");
      t.leaseOnly();
      sleeper.sleep();
      assertThat(t.store().requeueAll(Trial.QUEUE)).isOne();
      sleeper.isWoken("by all that are requeued");
    }
  }

  @Test
  default void O03_wakesWhenRescheduled() {
    Trial t = trial();
    t.put(t.later("waits", 90), t.later("aside", 90).buried("aside"));
    try (Sleeper sleeper = new Sleeper(t.store())) {
      assertThat(t.store().reschedule(new Key(Trial.QUEUE, "waits"), t.in(60))).isTrue();
      sleeper.isWoken("by one that is due sooner now");
      assertThat(t.store().reschedule(new Key(Trial.QUEUE, "aside"), t.now())).isTrue();
      sleeper.isWoken("by one that is due now");
      assertThat(t.leaseIds(10)).containsExactly("aside");
    }
  }

  @Test
  default void O04_wakesWhenResumed() {
    Trial t = trial();
    t.put(t.due("a"));
    assertThat(t.store().pause(Trial.QUEUE, true)).isTrue();
    try (Sleeper sleeper = new Sleeper(t.store())) {
      assertThat(t.store().pause(Trial.QUEUE, false)).isTrue();
      sleeper.isWoken("by resuming");
      assertThat(t.leaseIds(10)).containsExactly("a");
    }
  }

  @Test
  default void E06_wakesAllWhoSleep() {
    Trial t = trial();
    try (Sleeper one = new Sleeper(t.store());
        Sleeper other = new Sleeper(t.store())) {
      t.put(t.due("a"));
      one.isWoken("the first");
      other.isWoken("the second");
    }
  }

  @Test
  default void E06_wakesAnotherProcess() {
    Trial t = trial();
    t.needs("E06 between processes", Capability.SHARED);
    t.put(t.later("later", 9));
    try (Sleeper sleeper = new Sleeper(t.open())) {
      t.put(t.due("now"));
      sleeper.isWoken("by what another process stored");
    }
  }

  @Test
  default void E06_wakesNobodyWhoHasLeft() {
    Trial t = trial();
    Sleeper gone = new Sleeper(t.store());
    gone.close();
    try (Sleeper sleeper = new Sleeper(t.store())) {
      t.put(t.due("a"));
      sleeper.isWoken("who has stayed");
    }
    assertThat(gone.woken.availablePermits()).as("wakes of the one who left").isZero();
  }

  private static void waitsUntil(Trial t, Instant instant) {
    Instant before = t.store().now();
    Optional<Duration> wait = t.store().untilNextDue(Trial.QUEUE);
    Instant after = t.store().now();
    t.stillBefore(instant);
    Duration slack = t.tolerance();
    assertThat(wait).as("wait until %s", instant).isPresent();
    assertThat(wait.get())
        .as("wait until %s", instant)
        .isBetween(
            Duration.between(after, instant).minus(slack),
            Duration.between(before, instant).plus(slack));
  }

  /** Looks when it can lease something, and is woken when that may be earlier. */
  final class Sleeper implements AutoCloseable {
    private final Store store;
    private final Semaphore woken = new Semaphore(0);
    private final Store.Subscription subscription;

    Sleeper(Store store) {
      this.store = store;
      subscription = store.onWake(Trial.QUEUE, woken::release);
      sleep();
    }

    /** Asks how long to sleep, wakes of before forgotten. */
    void sleep() {
      woken.drainPermits();
      store.untilNextDue(Trial.QUEUE);
    }

    /** Awaits being woken, and goes to sleep again. */
    void isWoken(String why) {
      try {
        assertThat(woken.tryAcquire(5, TimeUnit.SECONDS)).as("woken %s", why).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
      sleep();
    }

    @Override
    public void close() {
      subscription.close();
    }
  }
}
