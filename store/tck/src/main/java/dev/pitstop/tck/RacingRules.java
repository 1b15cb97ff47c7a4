package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.IfPresent;
import dev.pitstop.State;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Capability;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.Settlement;
import dev.pitstop.spi.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** S03, S04, E03, E10, T06, O03 and H03 under many threads. */
interface RacingRules extends Rules {
  @Test
  default void S04_racersWhoKeepMakeOneMessage() {
    Trial t = trial();
    race(t, IfPresent.KEEP, PutResult.KEPT);
  }

  @Test
  default void S04_racersWhoFailMakeOneMessage() {
    Trial t = trial();
    race(t, IfPresent.FAIL, PutResult.EXISTS);
  }

  @Test
  default void S04_racersWhoReplaceMakeOneMessage() {
    Trial t = trial();
    race(t, IfPresent.REPLACE, PutResult.REPLACED);
  }

  private static void race(Trial t, IfPresent way, PutResult others) {
    int rounds = 40;
    List<List<PutResult>> results =
        Race.of(
            8,
            thread ->
                IntStream.range(0, rounds)
                    .mapToObj(i -> t.put(t.due("m" + i).body("of " + thread).ifPresent(way)))
                    .toList());
    for (int i = 0; i < rounds; i++) {
      int round = i;
      assertThat(results.stream().map(of -> of.get(round)).toList())
          .as("results for m%s", i)
          .containsOnly(PutResult.CREATED, others)
          .containsOnlyOnce(PutResult.CREATED);
    }
    assertThat(t.leaseIds(1_000)).hasSize(rounds).doesNotHaveDuplicates();
  }

  /** A lease and a rescheduling of one message at once: one of them takes effect. */
  @Test
  default void O03_aMessageIsLeasedOrRescheduled() {
    Trial t = trial();
    Instant tomorrow = t.now().plus(Duration.ofDays(1));
    for (int i = 0; i < 100; i++) {
      Key key = new Key(Trial.QUEUE, "m" + i);
      t.put(t.due(key.id()));
      List<Boolean> took =
          Race.of(
              2,
              thread -> thread == 0 ? t.lease(1).size() == 1 : t.store().reschedule(key, tomorrow));
      assertThat(took).as("round %s", i).containsExactlyInAnyOrder(true, false);
      assertThat(t.find(key.id()).state()).isEqualTo(took.get(0) ? State.LEASED : State.SCHEDULED);
    }
  }

  /** An ack and a rescheduling at once after the lease has run out: one of them takes effect. */
  @Test
  default void O03_aLeaseThatRanOutIsSettledOrRescheduled() {
    Trial t = trial();
    Instant tomorrow = t.now().plus(Duration.ofDays(1));
    t.putAll(IntStream.range(0, 100).mapToObj(i -> t.due("m" + i)).toList());
    List<Entry> leased = t.store().lease(Trial.QUEUE, 100, t.spans(1));
    assertThat(leased).hasSize(100);
    t.passUntil(leased.get(99).leased().until());
    for (Entry entry : leased) {
      List<Boolean> took =
          Race.of(
              2,
              thread ->
                  thread == 0
                      ? t.settle(Trial.delete(entry))
                      : t.store().reschedule(entry.key(), tomorrow));
      assertThat(took).as("%s", entry.key()).containsExactlyInAnyOrder(true, false);
      assertThat(t.store().find(entry.key()).isPresent()).isEqualTo(took.get(1));
    }
  }

  /** An update that makes a message recur and a rescheduling at once: the update is not lost. */
  @Test
  default void O03_noUpdateIsLostToARescheduling() {
    Trial t = trial();
    Instant tomorrow = t.now().plus(Duration.ofDays(1));
    Instant later = t.now().plus(Duration.ofDays(2));
    for (int i = 0; i < 100; i++) {
      Key key = new Key(Trial.QUEUE, "m" + i);
      t.put(new Sample(key.id(), tomorrow).body("old"));
      Sample update = new Sample(key.id(), tomorrow).body("new").schedule("any text");
      List<Boolean> took =
          Race.of(
              2,
              thread ->
                  thread == 0
                      ? t.put(update).equals(PutResult.REPLACED)
                      : t.store().reschedule(key, later));
      assertThat(took).as("round %s", i).containsOnly(true);
      Entry left = t.find(key.id());
      assertThat(left.payload().body()).asString().isEqualTo("new");
      assertThat(left.progress().scheduledFor()).as("its occurrence").isEqualTo(tomorrow);
    }
  }

  /** An ack and an update of one message at once, many times: the update is what is left. */
  @Test
  default void S03_noUpdateIsLostToAnAckUnderWay() {
    Trial t = trial();
    for (int i = 0; i < 100; i++) {
      String id = "m" + i;
      t.put(t.due(id).body("old"));
      Entry old = t.leaseOnly();
      Sample update = t.due(id).body("new");
      List<Boolean> results =
          Race.of(
              2,
              thread ->
                  thread == 0
                      ? t.settle(Trial.delete(old))
                      : t.put(update).equals(PutResult.CREATED));
      assertThat(results.get(0))
          .as("acked before the update made it anew")
          .isEqualTo(results.get(1));
      Entry left = t.leaseOnly();
      assertThat(Seen.of(left)).isEqualTo(update.seen().leased());
      assertThat(t.settle(Trial.delete(left))).isTrue();
    }
  }

  @Test
  default void T04_ofRacersWhoSettleOneCounts() {
    Trial t = trial();
    t.putAll(IntStream.range(0, 50).mapToObj(i -> t.due("m" + i)).toList());
    List<Settlement> acks = t.lease(50).stream().map(Trial::delete).toList();
    List<List<Boolean>> results = Race.of(4, thread -> acks.stream().map(t::settle).toList());
    for (int i = 0; i < 50; i++) {
      int ack = i;
      assertThat(results.stream().map(of -> of.get(ack))).containsOnlyOnce(true);
    }
  }

  @Test
  default void E03_racingListenersGetEachMessageOnce() {
    Trial t = trial();
    int messages = 4_000;
    t.putAll(IntStream.range(0, messages).mapToObj(i -> t.due("m" + i)).toList());
    List<List<String>> leased =
        Race.of(
            8,
            thread -> {
              List<String> mine = new ArrayList<>();
              for (List<String> ids = t.leaseIds(1 + thread * 5);
                  !ids.isEmpty() && mine.size() <= messages;
                  ids = t.leaseIds(1 + thread * 5)) {
                mine.addAll(ids);
              }
              return mine;
            });
    // one that finds nothing while others hold locks may end early: what is left is taken here
    List<String> all = new ArrayList<>(t.leaseIds(messages));
    leased.forEach(all::addAll);
    assertThat(all).hasSize(messages).doesNotHaveDuplicates();
  }

  @Test
  default void E10_racingListenersShareTheWorkAndStarveNone() {
    Trial t = trial();
    int messages = 2_000;
    AtomicInteger acked = new AtomicInteger();
    AtomicInteger stored = new AtomicInteger();
    Store store = t.store();
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    List<Set<String>> emitted =
        Race.of(
            8,
            thread -> {
              Set<String> mine = new HashSet<>();
              while (acked.get() < messages) {
                assertThat(System.nanoTime() - deadline).as("time over the deadline").isNegative();
                int next = stored.getAndAdd(20);
                if (next < messages) {
                  t.putAll(IntStream.range(next, next + 20).mapToObj(i -> t.due("m" + i)).toList());
                }
                List<Entry> leased = t.lease(16);
                List<Settlement> settlements = new ArrayList<>();
                for (Entry entry : leased) {
                  boolean again =
                      entry.key().id().endsWith("3") && entry.progress().attempts() == 1;
                  settlements.add(
                      again
                          ? Trial.move(entry, entry.progress()) // to be emitted once more
                          : Trial.delete(entry));
                  if (!again) {
                    assertThat(mine.add(entry.key().id())).isTrue();
                  }
                }
                assertThat(store.settle(settlements)).doesNotContain(false);
                acked.addAndGet(
                    (int) settlements.stream().filter(s -> s instanceof Settlement.Delete).count());
              }
              return mine;
            });
    List<String> all = emitted.stream().flatMap(Set::stream).toList();
    assertThat(all).hasSize(messages).doesNotHaveDuplicates();
    assertThat(t.listAll(Trial.QUEUE)).isEmpty();
  }

  @Test
  default void T06_racersWhoRemoveAndAckEndAMessageOnce() {
    Trial t = trial();
    t.putAll(IntStream.range(0, 200).mapToObj(i -> t.due("m" + i)).toList());
    List<Entry> leased = t.lease(200);
    List<List<Boolean>> ended =
        Race.of(
            2,
            thread ->
                leased.stream()
                    .map(
                        e ->
                            thread == 0
                                ? t.settle(Trial.delete(e))
                                : t.store().remove(List.of(e.key())).get(0))
                    .toList());
    for (int i = 0; i < 200; i++) {
      assertThat(ended.get(0).get(i))
          .as("m%s acked and removed", i)
          .isNotEqualTo(ended.get(1).get(i));
    }
    assertThat(t.listAll(Trial.QUEUE)).isEmpty();
  }

  @Test
  default void H03_whatWasPutWhenTheProcessWasKilledIsThere() {
    Trial t = trial();
    t.needs("H03", Capability.SURVIVES_KILL);
    t.queues().add(Trial.QUEUE);
    Store store = t.store();
    Set<String> put = ConcurrentHashMap.newKeySet();
    Race.of(
        5,
        thread -> {
          if (thread == 0) {
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (put.size() < 200 && System.nanoTime() < deadline) {
              Thread.onSpinWait();
            }
            t.crash();
            return null;
          }
          for (int i = 0; ; i++) {
            String id = thread + "-" + i;
            try {
              store.put(List.of(new Sample(id, Instant.EPOCH).put()));
              put.add(id);
            } catch (StoreUnavailableException killed) {
              return null;
            }
          }
        });
    t.reopen();
    assertThat(put).hasSizeGreaterThanOrEqualTo(200);
    assertThat(Trial.ids(t.listAll(Trial.QUEUE))).containsAll(put);
  }
}
