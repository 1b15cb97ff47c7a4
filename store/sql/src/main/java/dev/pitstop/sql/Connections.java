package dev.pitstop.sql;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Where connections come from. Thread-safe; its text names the database without secrets. */
interface Connections extends AutoCloseable {
  /** A connection for one transaction, which is closed after it. */
  Connection get() throws SQLException;

  /** A connection that is kept: one that no pool waits for, where there is a choice. */
  Connection getLasting() throws SQLException;

  /** Frees who awaits something on a lasting connection, where no pool is to have it back. */
  void free(Connection lasting) throws SQLException;

  /** Says that connections have become of no use: new ones are made where that is in reach. */
  void renew();

  @Override
  void close();

  /** Those of the application's data source, which is left open. */
  static Connections of(DataSource source, String name) {
    return new Connections() {
      @Override
      public Connection get() throws SQLException {
        return source.getConnection();
      }

      @Override
      public Connection getLasting() throws SQLException {
        return source.getConnection();
      }

      @Override
      public void free(Connection lasting) {
        // what awaits on it sees for itself, and gives it back whole
      }

      @Override
      public void renew() {
        // the application's pool sees for itself
      }

      @Override
      public void close() {
        // the application closes what it has opened
      }

      @Override
      public String toString() {
        return name;
      }
    };
  }
}
