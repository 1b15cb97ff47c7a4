package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.QueueStats;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Store;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What holds for a store at each moment, looked at after each test. */
final class Invariants {
  private final Trial trial;
  private final Store store;

  Invariants(Trial trial) {
    this.trial = trial;
    this.store = trial.store();
  }

  void check() {
    Map<String, QueueStats> stats = new TreeMap<>();
    for (QueueStats queue : store.stats()) {
      assertThat(stats.put(queue.queue(), queue)).as("stats name %s twice", queue).isNull();
    }
    Set<String> queues = new HashSet<>(trial.queues());
    queues.addAll(stats.keySet());
    for (String queue : queues) {
      check(queue, stats.getOrDefault(queue, QueueStats.empty(queue)));
    }
  }

  private void check(String queue, QueueStats stats) {
    List<Entry> all = trial.listAll(queue);
    assertThat(Trial.ids(all)).as("ids that a listing of %s shows", queue).doesNotHaveDuplicates();
    Map<State, Long> counts = new EnumMap<>(State.class);
    for (Entry entry : all) {
      counts.merge(entry.state(), 1L, Long::sum);
      assertThat(store.find(entry.key()).map(Seen::of))
          .as("%s, which is listed, when looked for", entry.key())
          .contains(Seen.of(entry));
    }
    long scheduled = counts.getOrDefault(State.SCHEDULED, 0L);
    long leased = counts.getOrDefault(State.LEASED, 0L);
    assertThat(stats.buried())
        .as("buried in the stats of %s, and listed", queue)
        .isEqualTo(counts.getOrDefault(State.BURIED, 0L));
    assertThat(stats.scheduled() + stats.leased())
        .as("scheduled and leased in the stats of %s, and listed", queue)
        .isEqualTo(scheduled + leased);
    if (trial.timePassed()) {
      return; // a lease that ran out may be counted either way
    }
    assertThat(stats.leased()).as("leased in the stats of %s, and listed", queue).isEqualTo(leased);
    checkNextDue(stats, all);
  }

  private void checkNextDue(QueueStats stats, List<Entry> all) {
    Optional<Instant> earliest =
        all.stream()
            .filter(entry -> entry.state() == State.SCHEDULED)
            .map(entry -> entry.progress().due())
            .min(Comparator.naturalOrder());
    assertThat(stats.nextDue().isPresent())
        .as("whether the stats of %s have a next due time", stats.queue())
        .isEqualTo(earliest.isPresent());
    if (earliest.isPresent() && earliest.get().isAfter(trial.now())) {
      assertThat(stats.nextDue()).as("next due in %s", stats.queue()).isEqualTo(earliest);
    } else if (earliest.isPresent()) { // a past due time may be kept as the time of the put
      assertThat(stats.nextDue().orElseThrow())
          .as("next due in %s", stats.queue())
          .isBetween(earliest.get(), trial.now());
    }
  }
}
