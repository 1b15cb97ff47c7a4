package dev.pitstop.sql;

import dev.pitstop.QueueStats;
import dev.pitstop.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** By how much the counts of a queue change. Not thread-safe. */
final class Counts {
  private long scheduled;
  private long leased;
  private long buried;

  /** Adds to a state. */
  void add(State state, long many) {
    switch (state) {
      case SCHEDULED -> scheduled += many;
      case LEASED -> leased += many;
      case BURIED -> buried += many;
    }
  }

  long scheduled() {
    return scheduled;
  }

  long leased() {
    return leased;
  }

  long buried() {
    return buried;
  }

  boolean isNothing() {
    return scheduled == 0 && leased == 0 && buried == 0;
  }

  /** The state that a column {@code was} stands for. */
  static State state(int was) {
    return switch (was) {
      case 0 -> State.SCHEDULED;
      case 1 -> State.LEASED;
      default -> State.BURIED;
    };
  }

  /**
   * What a result says of a queue: its name, the three counts, the next due time and whether it is
   * paused.
   */
  static QueueStats stats(ResultSet result) throws SQLException {
    String queue = result.getString(1);
    long scheduled = Math.max(0, result.getLong(2));
    long leased = Math.max(0, result.getLong(3));
    long buried = Math.max(0, result.getLong(4));
    long due = result.getLong(5);
    Optional<Instant> next =
        result.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(due));
    return new QueueStats(queue, scheduled, leased, buried, next, result.getBoolean(6));
  }
}
