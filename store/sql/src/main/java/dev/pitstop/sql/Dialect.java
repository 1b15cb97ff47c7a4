package dev.pitstop.sql;

import dev.pitstop.spi.Key;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.Settlement;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is done to the tables, in the words of one database. Each method that writes does so in one
 * transaction: the one that its work is in, or of a single statement. Thread-safe.
 *
 * <p>Times are of the server's clock. A lease changes no indexed column. Whatever changes the
 * counts adds how to their table in the same transaction.
 */
interface Dialect {
  /** Which database it is, as its addresses and the folder of its schema files are named. */
  String name();

  /** Whether what a statement does is committed with it, so that no transaction is begun for it. */
  boolean commitsEach();

  /** Whether statements prepared on the server are still there in the next transaction. */
  boolean canPrepare();

  /** What is to be made of a failure. */
  Trouble trouble(SQLException failure);

  /**
   * What makes a transaction of the store's own see what is committed, statement by statement, and
   * lock nothing but rows, as its first statement; empty where connections come so.
   */
  String isolation();

  /** What bounds how long a statement waits for locks; empty where nothing can. */
  String lockLimit(int millis);

  /** The server's time in microseconds since 1970. */
  long micros(Work work) throws SQLException;

  /**
   * Puts entries of different keys and of one kind.
   *
   * @param wake what other processes are told when it is committed; null for nothing
   * @return a result for each of the batch's items, in their order
   */
  List<PutResult> put(Work work, Batch<Put> batch, PutKind kind, @Nullable String wake)
      throws SQLException;

  /**
   * Leases what is due from a position on; in no order.
   *
   * @param latest the server's time, in milliseconds since 1970, after which nobody awaits the
   *     answer. A statement that leases by itself leases nothing then, as a server may stand still
   *     before it carries it out
   */
  List<Row> lease(
      Work work, String queue, int limit, Duration leaseTime, Position from, long latest)
      throws SQLException;

  /**
   * Settles leases of different messages and of one kind.
   *
   * @param wake what other processes are told when it is committed; null for nothing
   * @return whether each took effect, in their order
   */
  boolean[] settle(Work work, Batch<Settlement> batch, @Nullable String wake) throws SQLException;

  /** Removes messages; says which were there, in their order. */
  boolean[] remove(Work work, Batch<Key> batch) throws SQLException;

  /** When something of a queue can be leased, of what lies from a position on. */
  Optional<Next> next(Work work, String queue, Position from) throws SQLException;

  /** What operators ask for and do. */
  Operations operations();

  /** Writes sums in place of the rows of the counts, where these are many. */
  void compact(Work work) throws SQLException;

  /**
   * Runs work on a connection of its own while no other process does so for the same tables.
   *
   * @param connection with auto-commit
   */
  void exclusively(Connection connection, Tables tables, SqlWork work) throws SQLException;

  /** Whether a table of messages is there. */
  boolean hasTables(Connection connection, Tables tables) throws SQLException;

  /** How a put deals with a message that is there. */
  enum PutKind {
    /** There is none: the id was made for this put. */
    INSERT,
    /** It is replaced. */
    REPLACE,
    /** It is left alone. */
    KEEP
  }

  /** What is to be made of a failure. */
  enum Trouble {
    /** Another transaction was in the way: done again. */
    CONFLICT,
    /** Another transaction is in the way still, after it was waited for. */
    HELD,
    /** A value was refused; without it the others may pass. */
    VALUE,
    /** A key is there that was to be new. */
    DUPLICATE,
    /** The connection is of no further use: broken, or to a server that only reads now. */
    CONNECTION,
    /** Anything else. */
    OTHER
  }

  /**
   * When something can be leased.
   *
   * @param in microseconds until then, zero when it can be now
   * @param at the instant in milliseconds since 1970
   */
  record Next(long in, long at) {}

  /** Work on a connection. */
  interface SqlWork {
    void run(Connection connection) throws SQLException;
  }
}
