package dev.pitstop.sql;

import java.sql.SQLException;
import java.util.List;

/** Hears what processes with the same tables tell each other. Used by one thread but for ending. */
interface Notices extends AutoCloseable {
  /**
   * Whether what is told arrives here: it does not where a pooler gives each transaction another
   * connection.
   */
  boolean arrive() throws SQLException;

  /**
   * Awaits what is told, for a while.
   *
   * @return empty when nothing was, or when it has ended
   */
  List<String> await() throws SQLException;

  /**
   * Ends hearing, from any thread: who awaits something comes back soon, with nothing or a failure.
   */
  void end();

  /** Gives back what it was heard with. */
  @Override
  void close();

  /** How to begin hearing. */
  interface Source {
    Notices open() throws SQLException;
  }
}
