package dev.pitstop.sql;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Numbers that grow from write to write of all processes: the auto-increment of a table, which the
 * databases keep over restarts and hand out without a lock until the transaction's end.
 * Thread-safe.
 */
final class MySqlNumbers {
  private static final int LEASE_BITS = 8;
  private static final int PLACE_BITS = 10;
  private static final int KEPT = 1_000;
  private static final int SWEPT = 20_000;

  private final Tables tables;

  MySqlNumbers(Tables tables) {
    this.tables = tables;
  }

  /** What is left free in a number for the leases of a message. */
  static long leases(long token) {
    return token & ((1 << LEASE_BITS) - 1);
  }

  /** The number of an operation of a write. */
  static long of(long write, int rank) {
    return write + ((long) rank << LEASE_BITS);
  }

  /** The number of a write of up to 1,024 operations. */
  long next(Work work) throws SQLException {
    try (PreparedStatement statement =
        work.connection()
            .prepareStatement(
                tables.in("insert into pitstop_number () values ()"),
                Statement.RETURN_GENERATED_KEYS)) {
      statement.executeUpdate();
      try (ResultSet keys = statement.getGeneratedKeys()) {
        keys.next();
        return keys.getLong(1) << (PLACE_BITS + LEASE_BITS);
      }
    }
  }

  /** Removes rows by the numbers that they have as key. */
  void delete(Work work, String table, List<Long> rows) throws SQLException {
    MySqlStatement.each(
        work,
        tables.in("delete from " + table + " where number = ?"),
        rows,
        (statement, row) -> statement.setLong(1, row));
  }

  /** Removes rows of numbers that were handed out long ago, but for those of open transactions. */
  void sweep(Work work) throws SQLException {
    long last =
        new MySqlStatement(work, tables.in("select coalesce(max(number), 0) from pitstop_number"))
            .rows(result -> result.getLong(1))
            .get(0);
    List<Long> old =
        new MySqlStatement(
                work,
                tables.in(
                    "select number from pitstop_number where number < ? order by number limit ?"
                        + " for update skip locked"))
            .with(last - KEPT)
            .with(SWEPT)
            .rows(result -> result.getLong(1));
    delete(work, "pitstop_number", old);
  }
}
