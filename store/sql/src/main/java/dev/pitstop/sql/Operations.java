package dev.pitstop.sql;

import dev.pitstop.QueueStats;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.IdRange;
import dev.pitstop.spi.Key;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is looked up, and what operators ask for and do, in the words of one database; beside {@link
 * Dialect}, whose rules hold here too. Thread-safe.
 */
interface Operations {
  Optional<Entry> find(Work work, Key key) throws SQLException;

  /**
   * What waits or is leased, by due time, behind a position.
   *
   * @param end only what is due before this, in milliseconds since 1970
   */
  List<Row> live(
      Work work, String queue, Optional<State> state, Position after, long end, int limit)
      throws SQLException;

  /** What is buried, in the order of burials, behind a position's {@code seq}. */
  List<Row> buried(Work work, String queue, Position after, int limit) throws SQLException;

  List<QueueStats> stats(Work work) throws SQLException;

  boolean requeue(Work work, Key key, @Nullable String wake) throws SQLException;

  /** Requeues the first of what is buried; says how many. */
  int requeue(Work work, String queue, int limit, @Nullable String wake) throws SQLException;

  /**
   * Removes some of what a queue holds.
   *
   * @param after the last id that was looked at before; empty for the first time
   * @return empty when there is nothing behind it
   */
  Optional<Purged> purge(Work work, String queue, String after, int limit) throws SQLException;

  /** What is in any state and within a range of ids, in their order. */
  List<Row> search(Work work, String queue, IdRange ids, int limit) throws SQLException;

  /** How much is due within each window, each counted up to a limit. */
  List<Long> countDue(Work work, String queue, List<Window> windows, int most) throws SQLException;

  /**
   * Makes a message that waits or is buried due at an instant.
   *
   * @param wake what other processes are told when it is committed; null for nothing
   * @return whether it was there and no lease kept it
   */
  boolean reschedule(Work work, String queue, String id, Instant due, @Nullable String wake)
      throws SQLException;

  /** Pauses a queue or resumes it; says whether that changed anything. */
  boolean pause(Work work, String queue, boolean paused) throws SQLException;

  /** The queues that are paused. */
  Set<String> paused(Work work) throws SQLException;

  /**
   * What a step of a purge did.
   *
   * @param last the last id it has looked at
   */
  record Purged(int removed, String last) {}
}
