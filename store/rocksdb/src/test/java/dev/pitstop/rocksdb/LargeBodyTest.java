package dev.pitstop.rocksdb;

import static dev.pitstop.rocksdb.Fixtures.MINUTE;
import static dev.pitstop.rocksdb.Fixtures.QUEUE;
import static dev.pitstop.rocksdb.Fixtures.ack;
import static dev.pitstop.rocksdb.Fixtures.key;
import static dev.pitstop.rocksdb.Fixtures.message;
import static dev.pitstop.rocksdb.Fixtures.release;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.Settlement;
import dev.pitstop.testing.TestClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that lie apart from their messages. */
final class LargeBodyTest {
  @TempDir Path directory;

  private final TestClock clock = TestClock.create();
  private final byte[] body = new byte[100_000];
  private RocksDbStore store;

  @BeforeEach
  void open() {
    new Random(7).nextBytes(body);
    store = Fixtures.open(directory, clock);
    store.put(List.of(message("large", clock.instant(), body)));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, Value.INLINE_MOST, Value.INLINE_MOST + 1, 1 << 20})
  void S08_aBodyOfAnySizeComesBackByteForByte(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    store.put(List.of(message("one", clock.instant(), bytes)));
    assertThat(store.find(key("one")).orElseThrow().payload().body()).isEqualTo(bytes);
  }

  @Test
  void aBodyStaysWithItsMessageWhereverThatGoes() {
    Entry leased = lease();
    assertThat(leased.payload().body()).isEqualTo(body);
    store.settle(List.of(release(leased)));
    Entry again = lease();
    store.settle(
        List.of(new Settlement.Bury(again.key(), again.leased().token(), again.progress())));
    assertThat(Fixtures.all(store, QUEUE).get(0).payload().body()).isEqualTo(body);
    store.requeue(key("large"));
    assertThat(lease().payload().body()).isEqualTo(body);
  }

  @Test
  void aBodyGoesWithItsMessage() throws Exception {
    store.settle(List.of(ack(lease())));
    store.put(List.of(message("removed", clock.instant(), body)));
    store.remove(List.of(key("removed")));
    store.put(List.of(message("replaced", clock.instant(), body)));
    store.put(List.of(message("replaced", clock.instant(), new byte[3])));
    store.put(List.of(message("twice", clock.instant(), body), message("twice", clock.instant())));
    store.close();
    assertThat(Contents.count(directory, Table.BODIES)).isZero();
    assertThat(Contents.count(directory, Table.DUE)).isEqualTo(2);
  }

  @Test
  void purgingTakesTheBodiesToo() throws Exception {
    assertThat(store.purge(QUEUE)).isEqualTo(1);
    store.close();
    for (Table table : List.of(Table.BODIES, Table.DUE, Table.MESSAGES)) {
      assertThat(Contents.count(directory, table)).as(table.name()).isZero();
    }
  }

  @Test
  void aCallWithMoreThanABatchHoldsIsWrittenWhole() {
    List<Put> puts = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      puts.add(message("m" + i, clock.instant(), new byte[1 << 20]));
    }
    store.put(puts);
    assertThat(store.stats().get(0).scheduled()).isEqualTo(61);
    int leased = 0;
    for (int some = -1; some != 0; leased += some) {
      some = store.lease(QUEUE, 100, MINUTE).size();
      assertThat(some).isLessThan(60);
    }
    assertThat(leased).isEqualTo(61);
  }

  private Entry lease() {
    return store.lease(QUEUE, 1, MINUTE).get(0);
  }
}
