package dev.pitstop.bench;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/** The floor through several connections at once, each with a thread. Used by one thread. */
final class RawTables implements AutoCloseable {
  private static final int LEASE = 500;

  private final List<RawTable> tables;

  RawTables(List<RawTable> tables) {
    this.tables = List.copyOf(tables);
  }

  /** Inserts in batches and returns messages a second. */
  double put(int count, long dueMillis) throws Exception {
    int each = count / tables.size();
    List<Callable<Integer>> putters = new ArrayList<>();
    for (RawTable table : tables) {
      putters.add(
          () -> {
            for (int i = 0; i < each; i += Traffic.BATCH) {
              table.put(Math.min(Traffic.BATCH, each - i), dueMillis);
            }
            return each;
          });
    }
    return Traffic.together(putters, (long) each * tables.size());
  }

  /** Takes what is due until nothing is, which must have been so many; messages a second. */
  double drain(int count) throws Exception {
    AtomicInteger taken = new AtomicInteger();
    List<Callable<Integer>> takers = new ArrayList<>();
    for (RawTable table : tables) {
      takers.add(
          () -> {
            int last;
            do {
              last = table.take(LEASE);
              taken.addAndGet(last);
            } while (last > 0);
            return last;
          });
    }
    double rate = Traffic.together(takers, count);
    if (taken.get() != count) {
      throw new IllegalStateException("took " + taken + " of " + count);
    }
    return rate;
  }

  @Override
  public void close() throws SQLException {
    for (RawTable table : tables) {
      table.close();
    }
  }
}
