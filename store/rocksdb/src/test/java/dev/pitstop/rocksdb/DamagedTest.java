package dev.pitstop.rocksdb;

import static dev.pitstop.rocksdb.Fixtures.MINUTE;
import static dev.pitstop.rocksdb.Fixtures.QUEUE;
import static dev.pitstop.rocksdb.Fixtures.acks;
import static dev.pitstop.rocksdb.Fixtures.ids;
import static dev.pitstop.rocksdb.Fixtures.key;
import static dev.pitstop.rocksdb.Fixtures.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Filter;
import dev.pitstop.PitstopException;
import dev.pitstop.spi.Entry;
import dev.pitstop.testing.TestClock;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that cannot be read. */
final class DamagedTest {
  @TempDir Path directory;

  private final TestClock clock = TestClock.create();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 4})
  void F03_aDamagedMessageDoesNotBlockTheOthers(int length) throws Exception {
    List<Entry> leased;
    try (RocksDbStore store = Fixtures.open(directory, clock)) {
      for (String id : List.of("a", "b", "c", "d")) {
        store.put(List.of(message(id, clock.instant())));
      }
      leased = store.lease(QUEUE, 1, MINUTE);
    }
    damage(length, "a", "b");
    try (RocksDbStore store = Fixtures.open(directory, clock)) {
      assertThat(ids(store.list(QUEUE, Filter.ALL, Optional.empty(), 9).items()))
          .containsExactly("c", "d");
      assertThat(ids(store.search(QUEUE, "", Optional.empty(), 9).items()))
          .containsExactly("c", "d");
      assertThatThrownBy(() -> store.find(key("a")))
          .isInstanceOf(PitstopException.class)
          .hasMessageContaining(directory.toString());
      List<Entry> others = store.lease(QUEUE, 9, MINUTE);
      assertThat(ids(others)).containsExactly("c", "d");
      assertThat(store.settle(acks(others))).containsExactly(true, true);
      assertThat(store.settle(acks(leased))).containsExactly(false);
      assertThat(store.untilNextDue(QUEUE)).isEmpty();
      assertThat(store.remove(List.of(key("a"), key("b")))).containsExactly(true, true);
      assertThat(store.stats()).isEmpty();
    }
  }

  /** Cuts the records of messages short. */
  private void damage(int length, String... ids) throws Exception {
    try (Session session = Session.open(directory, clock)) {
      for (String id : ids) {
        Location location =
            Objects.requireNonNull(Removing.find(session, List.of(key(id))).get(key(id)));
        Buf place = Keys.due(new Buf(20), 1, location.place());
        byte[] record = Objects.requireNonNull(session.tables().get(Table.DUE, place));
        Batch batch = new Batch(0);
        batch.put(Table.DUE, place, record, 0, length);
        session.tables().write(batch);
      }
    }
  }
}
