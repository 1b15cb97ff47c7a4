package dev.pitstop.bench;

import dev.pitstop.servers.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** A PostgreSQL server that syncs what it commits. */
final class Postgres implements SqlServer {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "fsync", "on",
          "synchronous_commit", "on",
          "shared_buffers", "1GB",
          "max_wal_size", "4GB");

  private final PostgresServer server;

  private Postgres(Map<String, String> settings) {
    server = PostgresServer.start(settings);
  }

  static Postgres start() {
    return new Postgres(SETTINGS);
  }

  /** One that looks at no table by itself. */
  static Postgres startUnanalysed() {
    Map<String, String> settings = new HashMap<>(SETTINGS);
    settings.put("autovacuum", "off");
    return new Postgres(settings);
  }

  @Override
  public void createDatabase(String database) {
    server.createDatabase(database);
  }

  @Override
  public void dropDatabase(String database) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"));
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
    RawPostgres.createTable(connection);
  }

  @Override
  public RawTable rawTable(Connection connection) throws SQLException {
    return new RawPostgres(connection);
  }

  @Override
  public void analyse(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("vacuum analyze");
    }
  }

  @Override
  public String busySessions() {
    return """
        select count(*) from pg_stat_activity
        where datname = ? and state = 'active' and pid <> pg_backend_pid()""";
  }

  @Override
  public void close() {
    server.close();
  }
}
