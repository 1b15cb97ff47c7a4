package dev.pitstop.sql;

import dev.pitstop.spi.IdRange;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What operators ask for and do, in the words of one database; beside {@link Dialect}, whose rules
 * hold here too. Thread-safe.
 */
interface Operations {
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
}
