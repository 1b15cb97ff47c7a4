package dev.pitstop.bench;

import dev.pitstop.servers.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** A PostgreSQL server that syncs what it commits. */
final class Postgres extends SqlServer {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "fsync", "on",
          "synchronous_commit", "on",
          "shared_buffers", "1GB",
          "max_wal_size", "4GB");

  private final PostgresServer server;

  private Postgres(PostgresServer server) {
    super(server);
    this.server = server;
  }

  static Postgres start() {
    return new Postgres(PostgresServer.start(SETTINGS));
  }

  /** One that looks at no table by itself. */
  static Postgres startUnanalysed() {
    Map<String, String> settings = new HashMap<>(SETTINGS);
    settings.put("autovacuum", "off");
    return new Postgres(PostgresServer.start(settings));
  }

  @Override
  void createDatabase(String database) {
    server.createDatabase(database);
  }

  @Override
  String besides(String database) {
    return "postgres";
  }

  @Override
  void createRawTable(Connection connection) throws SQLException {
    RawPostgres.createTable(connection);
  }

  @Override
  RawTable rawTable(Connection connection) throws SQLException {
    return new RawPostgres(connection);
  }

  @Override
  void analyse(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("vacuum analyze");
    }
  }

  @Override
  void writeBack(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("checkpoint");
    }
  }

  @Override
  String busySessions() {
    return """
        select count(*) from pg_stat_activity
        where datname = ? and state = 'active' and pid <> pg_backend_pid()""";
  }
}
