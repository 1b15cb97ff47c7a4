package dev.pitstop.rocksdb;

import static dev.pitstop.rocksdb.Fixtures.QUEUE;
import static dev.pitstop.rocksdb.Fixtures.key;
import static dev.pitstop.rocksdb.Fixtures.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.Page;
import dev.pitstop.spi.Entry;
import dev.pitstop.testing.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids are found by their beginnings, those that are kept as texts and those kept as UUIDs. */
final class SearchTest {
  private static final String ZEROS = "00000000-0000-0000-0000-000000000000";
  private static final String EFFS = "ffffffff-ffff-ffff-ffff-ffffffffffff";

  @TempDir Path directory;

  private final TestClock clock = TestClock.create();
  private RocksDbStore store;

  @BeforeEach
  void open() {
    store = Fixtures.open(directory, clock);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void O02_textsComeBeforeUuids() {
    put("f", "zebra", ZEROS, EFFS, "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "\u0100", EFFS + "0");
    assertThat(search(""))
        .containsExactly(
            "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
            "f",
            EFFS + "0",
            "zebra",
            "\u0100",
            ZEROS,
            EFFS);
    assertThat(search("f")).containsExactly("f", EFFS + "0", EFFS);
    assertThat(search("ffffffff-")).containsExactly(EFFS + "0", EFFS);
    assertThat(search(EFFS)).containsExactly(EFFS + "0", EFFS);
    assertThat(search(EFFS + "0")).containsExactly(EFFS + "0");
    assertThat(search("0")).containsExactly(ZEROS);
    assertThat(search("ffffffff0")).isEmpty();
    assertThat(search("fffffffff")).isEmpty();
    assertThat(search("F")).containsExactly("FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF");
  }

  @Test
  void O02_theHighestCharactersAndHalfOfOneAreBeginningsToo() {
    put(
        "a\u007F",
        "a\uFFFF",
        "a\uDBFF\uDFFF",
        "a\uD83D\uDC00",
        "a\uD83D\uDFFF",
        "a\uD83E\uDC00",
        "b");
    assertThat(search("a\u007F")).containsExactly("a\u007F");
    assertThat(search("a\uFFFF")).containsExactly("a\uFFFF");
    assertThat(search("a\uDBFF\uDFFF")).containsExactly("a\uDBFF\uDFFF");
    assertThat(search("a\uDBFF")).containsExactly("a\uDBFF\uDFFF");
    assertThat(search("a\uD83D")).containsExactly("a\uD83D\uDC00", "a\uD83D\uDFFF");
    assertThat(search("a\uDC00")).isEmpty();
    assertThat(search("\uD83Da")).isEmpty();
    assertThat(search("a?")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0000", "", "id.", "id.b", "due.1.2", "a"})
  void O02_aPageOfAnotherSearchOrStoreIsRefused(String from) {
    put("a1", "a2");
    assertThatThrownBy(() -> store.search(QUEUE, "a", Optional.of(from), 1))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("from");
  }

  @Test
  void O02_aPageGoesOnBehindAnIdThatHasGone() {
    put("a1", "a2", "a3", ZEROS);
    Page<Entry> first = store.search(QUEUE, "", Optional.empty(), 2);
    assertThat(Fixtures.ids(first.items())).containsExactly("a1", "a2");
    store.remove(List.of(key("a2"), key("a3")));
    Page<Entry> second = store.search(QUEUE, "", first.next(), 2);
    assertThat(Fixtures.ids(second.items())).containsExactly(ZEROS);
    assertThat(second.next()).isEmpty();
  }

  @Test
  void O02_largeBodiesMakeAPageShorter() {
    byte[] body = new byte[17 << 20];
    for (String id : List.of("a", "b", "c")) {
      store.put(List.of(message(id, clock.instant(), body)));
    }
    Page<Entry> first = store.search(QUEUE, "", Optional.empty(), 10);
    assertThat(Fixtures.ids(first.items())).containsExactly("a", "b");
    Page<Entry> second = store.search(QUEUE, "", first.next(), 10);
    assertThat(Fixtures.ids(second.items())).containsExactly("c");
    assertThat(second.next()).isEmpty();
  }

  @Test
  void O02_whatASearchHadToPutInOrderIsWrittenOutForTheNext() throws Exception {
    for (int i = 0; i < 30; i++) {
      store.put(Fixtures.unusedMessages("m" + i + "-", 1_000, clock.instant()));
    }
    assertThat(tableFiles()).isZero();
    assertThat(store.search(QUEUE, "m7-99", Optional.empty(), 100).items()).hasSize(11);
    long deadline = System.nanoTime() + Fixtures.MINUTE.toNanos();
    while (tableFiles() == 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(tableFiles()).isPositive();
    assertThat(store.search(QUEUE, "m7-99", Optional.empty(), 100).items()).hasSize(11);
  }

  private long tableFiles() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".sst")).count();
    }
  }

  private void put(String... ids) {
    for (String id : ids) {
      store.put(List.of(message(id, clock.instant())));
    }
  }

  private List<String> search(String prefix) {
    List<String> ids = Fixtures.ids(store.search(QUEUE, prefix, Optional.empty(), 100).items());
    for (int size = 1; size < 4; size++) {
      assertThat(Fixtures.ids(Fixtures.search(store, QUEUE, prefix, size)))
          .as("pages of %s", size)
          .isEqualTo(ids);
    }
    return ids;
  }
}
