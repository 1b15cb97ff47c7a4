package dev.pitstop.rocksdb;

import dev.pitstop.Filter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Counts what of a queue is due within windows. Used without the session's lock. */
final class Counting {
  /*
   * A window is walked over by itself, so that what lies beyond its limit is not crossed. The walks need
   * no lock: writers do not wait for them, and what moves meanwhile may be counted in two windows or none.
   */
  private final Session session;
  private final String name;
  private final int most;

  /**
   * Counts nothing yet.
   *
   * @param most in each window
   */
  Counting(Session session, String name, int most) {
    this.session = session;
    this.name = name;
    this.most = most;
  }

  /** The counts of the windows from each edge to the next. */
  List<Long> count(List<Instant> edges) throws RocksDBException {
    @Nullable QueueState queue;
    Place first;
    session.lock().lock();
    try {
      queue = session.queues().get(name);
      first = queue == null ? Place.END : session.leases().first(queue);
    } finally {
      session.lock().unlock();
    }
    List<Long> counts = new ArrayList<>(edges.size() - 1);
    for (int i = 1; i < edges.size(); i++) {
      Filter window = Filter.ALL.dueFrom(edges.get(i - 1)).dueBefore(edges.get(i));
      Place from = Place.startOf(window.firstMillis()).orLater(first);
      Place to = Place.startOf(window.endMillis());
      counts.add(queue == null ? 0L : count(queue, from, to));
    }
    return counts;
  }

  private long count(QueueState queue, Place from, Place to) throws RocksDBException {
    if (!from.before(to)) {
      return 0;
    }
    long count = 0;
    try (Walk walk = session.tables().walkDue(queue, from, to)) {
      for (; count < most && walk.valid(); walk.next()) {
        count++;
      }
    }
    return count;
  }
}
