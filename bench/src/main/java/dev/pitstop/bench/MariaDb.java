package dev.pitstop.bench;

import dev.pitstop.servers.MariaDbServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A MariaDB server that syncs what it commits and keeps no binary log. */
final class MariaDb implements SqlServer {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "innodb_flush_log_at_trx_commit", "1",
          "innodb_buffer_pool_size", "1G",
          "skip-log-bin", "");

  private final MariaDbServer server;

  private MariaDb() {
    server = MariaDbServer.start(SETTINGS);
  }

  static MariaDb start() {
    return new MariaDb();
  }

  @Override
  public void createDatabase(String database) {
    server.createDatabase(database);
  }

  @Override
  public void dropDatabase(String database) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl(database));
        Statement statement = connection.createStatement()) {
      statement.execute("drop database " + database);
    }
  }

  @Override
  public String address(String database) {
    return server.address(database);
  }

  @Override
  public String jdbcUrl(String database) {
    return server.jdbcUrl(database);
  }

  @Override
  public void createRawTable(Connection connection) throws SQLException {
    RawMariaDb.createTable(connection);
  }

  @Override
  public RawTable rawTable(Connection connection) throws SQLException {
    return new RawMariaDb(connection);
  }

  @Override
  public void analyse(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet names = statement.executeQuery("show tables")) {
        while (names.next()) {
          tables.add(names.getString(1));
        }
      }
      for (String table : tables) {
        statement.execute("analyze table `" + table + "`");
      }
    }
  }

  @Override
  public String busySessions() {
    return """
        select count(*) from information_schema.processlist
        where db = ? and command = 'Query' and id <> connection_id()""";
  }

  @Override
  public void close() {
    server.close();
  }
}
