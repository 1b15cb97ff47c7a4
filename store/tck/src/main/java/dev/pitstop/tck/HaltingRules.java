package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.pitstop.Filter;
import dev.pitstop.QueueStats;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Capability;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Store;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** H02, H03, H04 and the store's part of F01: closing, being killed and opening again. */
interface HaltingRules extends Rules {
  @Test
  default void H02_mayBeClosedTwice() {
    Trial t = trial();
    t.put(t.due("a"));
    t.close();
    t.store().close();
    t.store().close();
  }

  @Test
  default void F01_callsAfterClosingFail() {
    Trial t = trial();
    t.put(t.due("a"));
    Entry leased = t.leaseOnly();
    Store store = t.store();
    t.close();
    Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
    calls.put("put", () -> store.put(List.of(new Sample("b", Instant.EPOCH).put())));
    calls.put("lease", () -> store.lease(Trial.QUEUE, 1, Trial.LONG));
    calls.put("settle", () -> store.settle(List.of(Trial.delete(leased))));
    calls.put("remove", () -> store.remove(List.of(leased.key())));
    calls.put("untilNextDue", () -> store.untilNextDue(Trial.QUEUE));
    calls.put("find", () -> store.find(leased.key()));
    calls.put("list", () -> store.list(Trial.QUEUE, Filter.ALL, Optional.empty(), 1));
    calls.put("stats", store::stats);
    calls.put("requeue", () -> store.requeue(leased.key()));
    calls.put("requeueAll", () -> store.requeueAll(Trial.QUEUE));
    calls.put("purge", () -> store.purge(Trial.QUEUE));
    calls.forEach(
        (name, call) ->
            assertThatThrownBy(call)
                .as("%s after close", name)
                .isInstanceOf(StoreUnavailableException.class));
  }

  @Test
  default void H02_callsWhileClosingFinishOrFail() {
    Trial t = trial();
    t.queues().add(Trial.QUEUE);
    Store store = t.store();
    CountDownLatch busy = new CountDownLatch(6);
    List<Integer> put =
        Race.of(
            8,
            thread -> {
              try {
                if (thread >= 6) {
                  assertThat(busy.await(60, TimeUnit.SECONDS)).as("calls work").isTrue();
                  t.close();
                  return 0;
                }
                return untilClosed(store, thread, busy);
              } catch (InterruptedException e) {
                throw new AssertionError("interrupted", e);
              }
            });
    assertThat(put.subList(0, 6)).allSatisfy(count -> assertThat(count).isPositive());
  }

  /** Puts and takes until the store is closed, however it fails then; says how many it has put. */
  private static int untilClosed(Store store, int thread, CountDownLatch busy) {
    for (int i = 0; ; i++) {
      try {
        store.put(List.of(new Sample(thread + "-" + i, Instant.EPOCH).put()));
        List<Entry> leased = store.lease(Trial.QUEUE, 2, Trial.LONG);
        store.settle(leased.stream().map(Trial::delete).toList());
        store.list(Trial.QUEUE, Filter.ALL, Optional.empty(), 5);
        store.stats();
        store.untilNextDue(Trial.QUEUE);
      } catch (StoreUnavailableException e) {
        return i;
      }
      if (i == 0) {
        busy.countDown();
      }
    }
  }

  @Test
  default void H03_allOutlivesTheProcess() {
    Trial t = trial();
    t.put(
        t.later("waiting", 9).schedule("every PT1H").header("a", "1").header("\uD83D\uDE00", "2"),
        t.due("leased").body(new byte[] {0, 1, 2}),
        t.due("moved").body(new byte[70_000]),
        t.due("acked"),
        t.due("buried").buried("reason"),
        t.due("elsewhere").queue("other"));
    List<Entry> leased = t.lease(3);
    Instant soon = t.in(5);
    t.settle(Trial.move(leased.get(1), new Progress(soon, t.now(), 3, 2, "error")));
    t.settle(Trial.delete(leased.get(2)));
    List<Entry> before = t.listAll(Trial.QUEUE);
    List<QueueStats> stats = t.store().stats();
    t.reopen("H03");
    assertThat(Seen.of(t.listAll(Trial.QUEUE))).isEqualTo(Seen.of(before));
    assertThat(t.listAll(Trial.QUEUE).stream().map(e -> Optional.ofNullable(e.lease())))
        .isEqualTo(before.stream().map(e -> Optional.ofNullable(e.lease())).toList());
    assertThat(t.store().stats()).containsExactlyInAnyOrderElementsOf(stats);
    t.reopen("H03");
    t.passUntil(t.in(9));
    assertThat(t.leaseIds(10)).containsExactly("moved", "waiting");
  }

  @Test
  default void H03_whatWasKilledInTheMiddleGoesOn() {
    Trial t = trial();
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < 25; i++) {
        t.put(t.due("m" + round + "-" + i));
      }
      List<Entry> leased = t.lease(10);
      assertThat(t.store().settle(leased.stream().map(Trial::delete).toList()))
          .hasSize(10)
          .containsOnly(true);
      t.reopen("H03");
      assertThat(t.listAll(Trial.QUEUE)).hasSize(15 * (round + 1));
    }
    assertThat(t.leaseIds(100)).hasSize(60);
  }

  @Test
  default void H04_secondOpeningIsRefusedWithTheDirectory() {
    Trial t = trial();
    t.needs("H04", Capability.SURVIVES_KILL);
    assumeFalse(t.has(Capability.SHARED), "H04 is for stores that are not SHARED");
    t.put(t.due("a"));
    assertThatThrownBy(t::open)
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(t.directory().toString());
    assertThat(t.leaseIds(10)).containsExactly("a");
  }
}
