package dev.pitstop.bench;

import dev.pitstop.servers.PrivateServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A private database server to measure on, of one kind and with nothing in it before. */
abstract class SqlServer implements AutoCloseable {
  private final PrivateServer server;

  SqlServer(PrivateServer server) {
    this.server = server;
  }

  abstract void createDatabase(String database);

  void dropDatabase(String database) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl(besides(database)));
        Statement statement = connection.createStatement()) {
      statement.execute("drop database " + database);
    }
  }

  /** A database through which another can be dropped. */
  abstract String besides(String database);

  /** What Pitstop opens. */
  String address(String database) {
    return server.address(database);
  }

  String jdbcUrl(String database) {
    return server.jdbcUrl(database);
  }

  /** Makes the plain table that is the floor. */
  abstract void createRawTable(Connection connection) throws SQLException;

  /** The plain table through a connection, which is closed with it. */
  abstract RawTable rawTable(Connection connection) throws SQLException;

  /** Has the server look at all tables of a database, so that it plans by what they hold. */
  abstract void analyse(Connection connection) throws SQLException;

  /** Has the server write back what it has changed, where that can be told to it. */
  abstract void writeBack(Connection connection) throws SQLException;

  /** A query for the number of other sessions that run a statement; its parameter a database. */
  abstract String busySessions();

  /** Ends the server and removes its data. */
  @Override
  public void close() {
    server.close();
  }
}
