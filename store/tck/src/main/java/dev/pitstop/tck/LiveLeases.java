package dev.pitstop.tck;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * For how long each lease of each message was surely live: from its beginning to when its holder
 * began to settle it, or it ran out. Thread-safe.
 */
final class LiveLeases {
  private final Map<String, ConcurrentLinkedQueue<Live>> byId = new ConcurrentHashMap<>();

  /** One lease, by the store's clock in whole milliseconds. */
  private record Live(long token, Instant from, Instant until) {}

  void add(String id, long token, Instant from, Instant until) {
    byId.computeIfAbsent(id, key -> new ConcurrentLinkedQueue<>())
        .add(new Live(token, from, until));
  }

  /** How many messages had a lease. */
  int messages() {
    return byId.size();
  }

  /** How many leases there were. */
  int leases() {
    return byId.values().stream().mapToInt(ConcurrentLinkedQueue::size).sum();
  }

  /** Leases of one message that were live at once, or whose tokens did not grow with time. */
  List<String> conflicts() {
    List<String> conflicts = new ArrayList<>();
    byId.forEach(
        (id, leases) -> {
          List<Live> sorted = new ArrayList<>(leases);
          sorted.sort(Comparator.comparingLong(Live::token));
          for (int i = 1; i < sorted.size(); i++) {
            Live before = sorted.get(i - 1);
            Live after = sorted.get(i);
            if (before.token() == after.token() || after.from().isBefore(before.until())) {
              conflicts.add(id + ": " + before + " and " + after);
            }
          }
        });
    return conflicts;
  }
}
