package dev.pitstop.sql;

import java.sql.SQLException;
import java.util.List;

/**
 * Hears what processes with the same tables tell each other. Used by one thread but for closing.
 */
interface Notices extends AutoCloseable {
  /**
   * Whether what is told arrives here: it does not where a pooler gives each transaction another
   * connection.
   */
  boolean arrive() throws SQLException;

  /** Awaits what is told, at most so long; says nothing of what was told before. */
  List<String> await(int millis) throws SQLException;

  /** Ends hearing, from any thread; an awaiting one gets an exception. */
  @Override
  void close();

  /** How to begin hearing. */
  interface Source {
    Notices open() throws SQLException;
  }
}
