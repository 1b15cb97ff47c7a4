package dev.pitstop.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A transaction that has read and stays open, so that the server must keep what is deleted
 * meanwhile. Used by one thread.
 */
final class HeldSnapshot implements AutoCloseable {
  private final Connection holder;

  /** Takes a snapshot of a database, in which a table {@code held} is made. */
  HeldSnapshot(SqlDatabase database) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("create table held(written int)");
      holder = database.connect();
      holder.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      holder.setAutoCommit(false);
      requireOld();
      statement.execute("insert into held values (1)");
    }
  }

  /** Throws when the snapshot is not the one that was taken, since nothing was measured then. */
  void requireOld() throws SQLException {
    try (Statement statement = holder.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from held")) {
      rows.next();
      if (rows.getInt(1) != 0) {
        throw new IllegalStateException("the snapshot was not held");
      }
    }
  }

  @Override
  public void close() throws SQLException {
    holder.close();
  }
}
