package dev.pitstop.bench;

import dev.pitstop.servers.MariaDbServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A MariaDB server that syncs what it commits and keeps no binary log. */
final class MariaDb extends SqlServer {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "innodb_flush_log_at_trx_commit", "1",
          "innodb_buffer_pool_size", "1G",
          "innodb_log_file_size", "4G", // as much as PostgreSQL may write before it must write back
          "skip-log-bin", "");

  private final MariaDbServer server;

  private MariaDb(MariaDbServer server) {
    super(server);
    this.server = server;
  }

  static MariaDb start() {
    return new MariaDb(MariaDbServer.start(SETTINGS));
  }

  @Override
  void createDatabase(String database) {
    server.createDatabase(database);
  }

  @Override
  String besides(String database) {
    return database; // itself: none is needed
  }

  @Override
  void createRawTable(Connection connection) throws SQLException {
    RawMariaDb.createTable(connection);
  }

  @Override
  RawTable rawTable(Connection connection) throws SQLException {
    return new RawMariaDb(connection);
  }

  @Override
  void analyse(Connection connection) throws SQLException {
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

  /** It writes back all the time. */
  @Override
  void writeBack(Connection connection) {}

  @Override
  String busySessions() {
    return """
        select count(*) from information_schema.processlist
        where db = ? and command = 'Query' and id <> connection_id()""";
  }
}
