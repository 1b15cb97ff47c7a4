package dev.pitstop.sql;

import dev.pitstop.servers.MariaDbServer;
import dev.pitstop.servers.PostgresServer;
import dev.pitstop.servers.PrivateServer;
import dev.pitstop.servers.TestDatabases;
import dev.pitstop.spi.Address;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** The kinds of servers that tests run on. */
enum Kind {
  POSTGRESQL,
  MARIADB;

  /** The database of {@link #start}. */
  static final String DATABASE = "app";

  /** The address of an empty database on the server that tests share. */
  String fresh() {
    return this == POSTGRESQL ? TestDatabases.freshPostgres() : TestDatabases.freshMariaDb();
  }

  /** A server of the test's own, with an empty database. */
  PrivateServer start(Map<String, String> settings) {
    if (this == POSTGRESQL) {
      PostgresServer server = PostgresServer.start(settings);
      server.createDatabase(DATABASE);
      return server;
    }
    MariaDbServer server = MariaDbServer.start(settings);
    server.createDatabase(DATABASE);
    return server;
  }

  /** Lets all that touches messages wait, until they are unlocked on the same connection. */
  void lockMessages(Connection connection) throws SQLException {
    if (this == POSTGRESQL) {
      connection.setAutoCommit(false);
      execute(connection, "lock table pitstop_message in access exclusive mode");
    } else {
      execute(connection, "lock tables pitstop_message write");
    }
  }

  void unlockMessages(Connection connection) throws SQLException {
    if (this == POSTGRESQL) {
      connection.rollback();
    } else {
      execute(connection, "unlock tables");
    }
  }

  /** A connection of the application's. */
  static Connection connect(String address) throws SQLException {
    JdbcAddress jdbc = JdbcAddress.of(Address.parse(address));
    return DriverManager.getConnection(jdbc.url(), jdbc.properties());
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first number of a query's first row. */
  static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }
}
