package dev.pitstop.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.spi.Entry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KillTest {
  private static final int LINES = 2000;

  @TempDir Path directory;

  @Test
  void H03_aKilledProcessLosesNothingThatItWasPromised() throws Exception {
    List<String> lines = new ArrayList<>();
    try (Child child = Child.start(directory)) {
      while (lines.size() < LINES) {
        lines.add(child.awaitLine());
      }
      lines.addAll(child.kill());
    }
    int stored = said(lines, "stored").stream().mapToInt(Integer::parseInt).max().orElseThrow();
    Set<String> acked = said(lines, "acked");
    Set<String> maybeAcked = said(lines, "acking");
    Set<String> leased = said(lines, "leased");
    long lastToken =
        lines.stream()
            .filter(line -> line.startsWith("leased "))
            .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
            .max()
            .orElseThrow();
    try (RocksDbStore store = RocksDbStore.open(directory, true, InstantSource.system())) {
      Set<String> there = new HashSet<>(Fixtures.ids(Fixtures.all(store, Fixtures.QUEUE)));
      assertThat(there)
          .containsAll(
              IntStream.range(0, stored)
                  .mapToObj(i -> "m" + i)
                  .filter(id -> !maybeAcked.contains(id))
                  .toList())
          .doesNotContainAnyElementsOf(acked);
      List<Entry> next = store.lease(Fixtures.QUEUE, 100, Fixtures.MINUTE);
      assertThat(next).hasSize(100).allMatch(entry -> entry.leased().token() > lastToken);
      assertThat(Fixtures.ids(next)).doesNotContainAnyElementsOf(leased);
    }
  }

  private static Set<String> said(List<String> lines, String word) {
    return lines.stream()
        .filter(line -> line.startsWith(word + " "))
        .map(line -> line.split(" ", -1)[1])
        .collect(Collectors.toSet());
  }
}
