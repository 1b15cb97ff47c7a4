package dev.pitstop.rocksdb;

import static dev.pitstop.rocksdb.Fixtures.MINUTE;
import static dev.pitstop.rocksdb.Fixtures.QUEUE;
import static dev.pitstop.rocksdb.Fixtures.ack;
import static dev.pitstop.rocksdb.Fixtures.acks;
import static dev.pitstop.rocksdb.Fixtures.ids;
import static dev.pitstop.rocksdb.Fixtures.key;
import static dev.pitstop.rocksdb.Fixtures.release;
import static dev.pitstop.rocksdb.Fixtures.unusedMessages;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.QueueStats;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Settlement;
import dev.pitstop.testing.TestClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is known of leases after the process was killed. The kill: the directory is copied while the
 * store has it open, and the copy is opened.
 */
final class RecoveryTest {
  @TempDir Path directory;

  private final TestClock clock = TestClock.create();
  private RocksDbStore store;
  private int copies;

  @BeforeEach
  void fill() {
    store = Fixtures.open(directory.resolve("first"), clock);
    store.put(unusedMessages("m", 10, clock.instant().minusSeconds(10)));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void E03_leasesAreKnownAfterAKill() {
    store.lease(QUEUE, 4, MINUTE);
    kill();
    assertThat(ids(store.lease(QUEUE, 10, MINUTE)))
        .containsExactly("m4", "m5", "m6", "m7", "m8", "m9");
    assertThat(store.stats().get(0).leased()).isEqualTo(10);
  }

  @Test
  void T04_aLeaseIsSettledAfterAKill() {
    List<Entry> leased = store.lease(QUEUE, 2, MINUTE);
    kill();
    assertThat(store.settle(acks(leased))).containsExactly(true, true);
    assertThat(store.settle(acks(leased))).containsExactly(false, false);
    assertThat(store.find(key("m0"))).isEmpty();
    assertThat(store.stats().get(0).scheduled()).isEqualTo(8);
  }

  @Test
  void E05_anAttemptIsCountedWhoseProcessDied() {
    Entry before = store.lease(QUEUE, 1, MINUTE).get(0);
    kill();
    clock.advance(MINUTE);
    kill();
    Entry again = store.lease(QUEUE, 1, MINUTE).get(0);
    assertThat(again.key()).isEqualTo(before.key());
    assertThat(again.progress().attempts()).isEqualTo(2);
    kill();
    clock.advance(MINUTE);
    assertThat(store.lease(QUEUE, 1, MINUTE).get(0).progress().attempts()).isEqualTo(3);
  }

  @Test
  void E04_tokensGrowAcrossKills() {
    long last = 0;
    for (int i = 0; i < 5; i++) {
      long token = store.lease(QUEUE, 1, MINUTE).get(0).leased().token();
      assertThat(token).isGreaterThan(last);
      last = token;
      kill();
    }
  }

  @Test
  void E04_tokensGrowThoughAPowerLossForgetsLeases() {
    Path beforeTheLease = copy();
    long lost = store.lease(QUEUE, 10, MINUTE).get(9).leased().token();
    store.close();
    store = Fixtures.open(beforeTheLease, clock);
    assertThat(store.lease(QUEUE, 1, MINUTE).get(0).leased().token()).isGreaterThan(lost);
  }

  @Test
  void aMessageThatWasReleasedToItsOldPlaceIsNotLeasedAfterAKill() {
    List<Entry> leased = store.lease(QUEUE, 3, MINUTE);
    store.settle(List.of(release(leased.get(1))));
    kill();
    assertThat(store.find(key("m1")).orElseThrow().state()).isEqualTo(State.SCHEDULED);
    Entry again = store.lease(QUEUE, 1, MINUTE).get(0);
    assertThat(again.key()).isEqualTo(key("m1"));
    assertThat(again.progress().attempts()).isEqualTo(1);
    kill();
    assertThat(store.settle(List.of(ack(leased.get(1)), ack(again)))).containsExactly(false, true);
  }

  @Test
  void O03_aLeaseThatRanOutIsOverAfterAKillThoughItsMessageStandsWhereItStood() {
    List<Entry> leased = store.lease(QUEUE, 3, MINUTE);
    clock.advance(MINUTE);
    Entry moved = leased.get(1);
    Instant due = moved.progress().due();
    assertThat(store.reschedule(moved.key(), due)).isTrue();
    kill();
    assertThat(store.settle(acks(leased))).containsExactly(true, false, true);
    assertThat(store.find(moved.key()).orElseThrow().progress()).isEqualTo(Progress.starting(due));
    assertThat(store.reschedule(moved.key(), due.plusSeconds(1))).isTrue();
    assertThat(store.reschedule(moved.key(), due)).isTrue();
    kill();
    assertThat(store.settle(acks(leased))).containsExactly(false, false, false);
    assertThat(ids(store.lease(QUEUE, 1, MINUTE))).containsExactly("m1");
  }

  @Test
  void O04_pausesAndTheirEndsAreKnownAfterAKill() {
    List<Entry> leased = store.lease(QUEUE, 1, MINUTE);
    store.pause(QUEUE, true);
    store.pause("another", true);
    kill();
    assertThat(store.lease(QUEUE, 10, MINUTE)).isEmpty();
    assertThat(store.untilNextDue(QUEUE)).isEmpty();
    assertThat(store.settle(acks(leased))).containsExactly(true);
    assertThat(store.stats()).extracting(QueueStats::paused).containsExactly(true, true);
    store.pause(QUEUE, false);
    kill();
    assertThat(store.stats()).extracting(QueueStats::paused).containsExactly(true, false);
    assertThat(store.lease(QUEUE, 10, MINUTE)).hasSize(9);
  }

  @Test
  void anExtensionIsKnownAfterAKill() {
    List<Entry> leased = store.lease(QUEUE, 2, MINUTE);
    clock.advance(MINUTE.dividedBy(2));
    Entry first = leased.get(0);
    store.settle(
        List.of(
            new Settlement.Extend(first.key(), first.leased().token(), MINUTE.multipliedBy(5))));
    clock.advance(MINUTE);
    kill();
    assertThat(ids(store.lease(QUEUE, 1, MINUTE))).containsExactly("m1");
    assertThat(store.find(first.key()).orElseThrow().leased().until())
        .isEqualTo(clock.instant().plus(MINUTE.multipliedBy(4)));
    assertThat(store.settle(List.of(ack(first)))).containsExactly(true);
  }

  @Test
  void nothingIsLeftOfLeasesThatWereSettled() throws Exception {
    for (int i = 0; i < 4; i++) {
      List<Entry> leased = store.lease(QUEUE, 3, MINUTE);
      store.settle(acks(leased));
    }
    store.close();
    for (Table table : List.of(Table.DUE, Table.MESSAGES, Table.BODIES, Table.LEASES)) {
      assertThat(Contents.count(directory.resolve("first"), table)).as(table.name()).isZero();
    }
  }

  private void kill() {
    Path copy = copy();
    store.close();
    store = Fixtures.open(copy, clock);
  }

  private Path copy() {
    Path from = directory.resolve(copies == 0 ? "first" : "copy" + copies);
    Path to = directory.resolve("copy" + ++copies);
    Contents.copy(from, to);
    return to;
  }
}
