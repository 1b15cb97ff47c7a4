package dev.pitstop.rocksdb;

import static dev.pitstop.rocksdb.Fixtures.MINUTE;
import static dev.pitstop.rocksdb.Fixtures.QUEUE;
import static dev.pitstop.rocksdb.Fixtures.acks;
import static dev.pitstop.rocksdb.Fixtures.ids;
import static dev.pitstop.rocksdb.Fixtures.key;
import static dev.pitstop.rocksdb.Fixtures.message;
import static dev.pitstop.rocksdb.Fixtures.release;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Store;
import dev.pitstop.testing.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners sleep while their queue is paused, and are woken when that ends. */
final class PauseTest {
  @TempDir Path directory;

  private final TestClock clock = TestClock.create();
  private final AtomicInteger wakes = new AtomicInteger();
  private RocksDbStore store;
  private Store.Subscription listener;

  @BeforeEach
  void open() {
    store = Fixtures.open(directory, clock);
    listener = store.onWake(QUEUE, wakes::incrementAndGet);
  }

  @AfterEach
  void close() {
    listener.close();
    store.close();
  }

  @Test
  void E09_whatIsStoredOrSettledInAPausedQueueWakesNobody() {
    store.put(List.of(message("a", clock.instant()), message("b", clock.instant())));
    List<Entry> leased = store.lease(QUEUE, 2, MINUTE);
    store.pause(QUEUE, true);
    assertThat(store.untilNextDue(QUEUE)).isEmpty();
    wakes.set(0);
    store.put(List.of(message("c", clock.instant())));
    store.settle(List.of(release(leased.get(0))));
    store.reschedule(key("c"), clock.instant());
    assertThat(wakes).hasValue(0);
    assertThat(store.untilNextDue(QUEUE)).isEmpty();
    store.pause(QUEUE, false);
    assertThat(wakes).hasValue(1);
    assertThat(store.untilNextDue(QUEUE)).contains(Duration.ZERO);
    assertThat(ids(store.lease(QUEUE, 9, MINUTE))).containsExactly("a", "c");
    assertThat(store.settle(acks(leased))).containsExactly(false, true);
  }

  @Test
  void O04_resumingWhatIsNotPausedChangesNothing() {
    assertThat(store.pause(QUEUE, false)).isFalse();
    assertThat(store.stats()).isEmpty();
    assertThat(store.pause(QUEUE, true)).isTrue();
    assertThat(store.pause(QUEUE, false)).isTrue();
    assertThat(store.pause(QUEUE, false)).isFalse();
    assertThat(store.stats()).isEmpty();
  }
}
