package dev.pitstop.rocksdb;

import static dev.pitstop.rocksdb.Fixtures.MINUTE;
import static dev.pitstop.rocksdb.Fixtures.QUEUE;
import static dev.pitstop.rocksdb.Fixtures.acks;
import static dev.pitstop.rocksdb.Fixtures.ids;
import static dev.pitstop.rocksdb.Fixtures.message;
import static dev.pitstop.rocksdb.Fixtures.release;
import static dev.pitstop.rocksdb.Fixtures.unusedMessages;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Filter;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Settlement;
import dev.pitstop.testing.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.PerfLevel;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * What was deleted costs nothing any more: RocksDB itself counts how many deleted records a call
 * went over.
 */
final class TombstonesTest {
  private static final int MANY = 30_000;
  private static final int FEW = 1000;

  @TempDir Path directory;

  private final TestClock clock = TestClock.create();
  private final Instant start = clock.instant();
  private RocksDbStore store;
  private RocksDB counter;

  @BeforeEach
  void open() throws Exception {
    store = RocksDbStore.open(directory.resolve("data"), false, clock);
    counter = RocksDB.open(directory.resolve("counter").toString());
    counter.setPerfLevel(PerfLevel.ENABLE_COUNT);
  }

  @AfterEach
  void close() {
    counter.setPerfLevel(PerfLevel.DISABLE);
    counter.close();
    store.close();
  }

  @Test
  void theCounterCounts() throws Exception {
    store.close();
    try (Session session = Session.open(directory.resolve("data"), clock)) {
      Batch batch = new Batch(0);
      for (int i = 0; i < 2 * MANY; i++) {
        Buf key = Keys.due(new Buf(20), 7, i % MANY, 0);
        if (i < MANY) {
          batch.put(Table.DUE, key, new Buf(0));
        } else {
          batch.delete(Table.DUE, key);
        }
      }
      session.tables().write(batch);
      assertThat(crossed(() -> walk(session))).isGreaterThan(MANY - FEW);
    }
  }

  private static void walk(Session session) {
    byte[] from = Keys.queueStart(7);
    try (Walk walk = session.tables().walk(Table.DUE, from, Keys.queueStart(8))) {
      assertThat(walk.valid()).isFalse();
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aDrainedHeadIsNotCrossedAgain() {
    store.put(unusedMessages("m", MANY, start.minus(Duration.ofHours(1))));
    drain();
    store.put(List.of(message("next", start)));
    assertThat(crossed(() -> assertThat(leasedIds()).containsExactly("next"))).isLessThan(FEW);
    assertThat(crossed(() -> store.untilNextDue(QUEUE))).isLessThan(FEW);
    assertThat(crossed(() -> store.stats())).isLessThan(FEW);
    assertThat(crossed(() -> Fixtures.all(store, QUEUE))).isLessThan(FEW);
    Filter late = Filter.ALL.dueBefore(start.plusMillis(1));
    assertThat(crossed(() -> assertThat(Fixtures.all(store, QUEUE, late)).hasSize(1)))
        .isLessThan(FEW);
  }

  @Test
  void windowsOverADrainedHeadAreCountedWithoutCrossingIt() {
    store.put(unusedMessages("m", MANY, start.minus(Duration.ofHours(1))));
    drain();
    store.put(List.of(message("next", start)));
    List<Instant> edges = new ArrayList<>();
    for (int minutes = -90; minutes <= 90; minutes++) {
      edges.add(start.plus(Duration.ofMinutes(minutes)));
    }
    assertThat(
            crossed(
                () ->
                    assertThat(store.countDue(QUEUE, edges, FEW))
                        .satisfies(counts -> assertThat(counts.get(90)).isEqualTo(1))
                        .hasSize(180)))
        .isLessThan(FEW);
  }

  @Test
  void aMessageReleasedFarBelowWhatWasDrainedIsFoundWithoutCrossingIt() {
    store.put(unusedMessages("m", MANY, start.minus(Duration.ofHours(1))));
    Entry held = store.lease(QUEUE, 1, MINUTE).get(0);
    drain();
    store.put(List.of(message("next", start)));
    store.settle(List.of(release(held)));
    assertThat(crossed(() -> assertThat(leasedIds()).containsExactly(held.key().id(), "next")))
        .isLessThan(FEW);
  }

  @Test
  void aMessagePutInThePastIsFoundWithoutCrossingWhatWasDrained() {
    store.put(unusedMessages("m", MANY, start.minus(Duration.ofHours(1))));
    drain();
    store.put(List.of(message("late", start.minus(Duration.ofHours(2))), message("next", start)));
    assertThat(crossed(() -> assertThat(leasedIds()).containsExactly("late", "next")))
        .isLessThan(FEW);
  }

  @Test
  void whatWasRemovedAheadIsCrossedOnce() {
    List<Key> keys = new ArrayList<>();
    store.put(unusedMessages("m", MANY, start.plus(Duration.ofHours(1))));
    for (int i = 0; i < MANY; i++) {
      keys.add(Fixtures.key("m" + i));
    }
    store.remove(keys);
    store.untilNextDue(QUEUE);
    for (int i = 0; i < 3; i++) {
      store.put(List.of(message("next", clock.instant())));
      assertThat(crossed(() -> store.untilNextDue(QUEUE))).isLessThan(FEW);
      assertThat(crossed(() -> assertThat(leasedIds()).containsExactly("next"))).isLessThan(FEW);
      clock.advance(MINUTE);
    }
  }

  @Test
  void afterReopeningTheDrainedHeadIsNotCrossed() {
    store.put(unusedMessages("m", MANY, start.minus(Duration.ofHours(1))));
    drain();
    store.put(List.of(message("next", start)));
    store.close();
    store = RocksDbStore.open(directory.resolve("data"), false, clock);
    assertThat(crossed(() -> assertThat(leasedIds()).containsExactly("next"))).isLessThan(FEW);
  }

  @Test
  void moreThanAreRememberedBehindTheCursorAreAllFoundInOrder() {
    store.put(List.of(message("last", start)));
    store.untilNextDue(QUEUE);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < MANY; i += 1000) {
      store.put(unusedMessages(i + "-", 1000, start.minusSeconds(i + 1)));
    }
    for (int i = MANY - 1000; i >= 0; i -= 1000) {
      for (int j = 0; j < 1000; j++) {
        expected.add(i + "-" + j);
      }
    }
    expected.add("last");
    List<String> found = new ArrayList<>();
    for (List<String> some = leasedIds(); !some.isEmpty(); some = leasedIds()) {
      found.addAll(some);
    }
    assertThat(found).containsExactlyElementsOf(expected);
    clock.advance(MINUTE);
    List<String> again = new ArrayList<>();
    for (List<String> some = leasedIds(); !some.isEmpty(); some = leasedIds()) {
      again.addAll(some);
    }
    assertThat(again).containsExactlyElementsOf(expected);
  }

  private List<String> leasedIds() {
    return ids(store.lease(QUEUE, 700, MINUTE));
  }

  private void drain() {
    while (true) {
      List<Settlement> acks = acks(store.lease(QUEUE, 1000, MINUTE));
      if (acks.isEmpty()) {
        return;
      }
      store.settle(acks);
    }
  }

  /** How many deleted records something goes over. */
  private long crossed(Runnable something) {
    counter.getPerfContext().reset();
    something.run();
    return counter.getPerfContext().getInternalDeleteSkippedCount();
  }
}
