package dev.pitstop.sql;

import dev.pitstop.StoreUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables, made and brought up to date by numbered SQL files, each of which ends with noting its
 * number in the table of versions. Those who run the files by other means get the same tables.
 */
final class Schema {
  /** The number of the last file. */
  static final int VERSION = 1;

  private static final Logger LOG = LoggerFactory.getLogger(Schema.class);
  private static final Pattern END = Pattern.compile(";[ \t]*(?:\r?\n|$)");

  private final Dialect dialect;
  private final Tables tables;

  Schema(Dialect dialect, Tables tables) {
    this.dialect = dialect;
    this.tables = tables;
  }

  /**
   * Does what a mode asks for.
   *
   * @param connection with auto-commit
   * @throws StoreUnavailableException when the tables are not as the mode wants them
   * @throws SQLException when they cannot be made so; the message says what to do
   */
  void prepare(Connection connection, SchemaMode mode) throws SQLException {
    if (mode == SchemaMode.NONE) {
      return;
    }
    int version = version(connection);
    if (version > VERSION) {
      throw new StoreUnavailableException(
          "the tables %s_* have version %d, this Pitstop knows them up to %d"
              .formatted(tables.prefix(), version, VERSION));
    }
    if (version == VERSION) {
      return;
    }
    if (mode == SchemaMode.VALIDATE) {
      throw new StoreUnavailableException(
          "the tables %s_* have version %d (0: none) and must have %d; run the SQL files between, or open with schema=create"
              .formatted(tables.prefix(), version, VERSION));
    }
    try {
      dialect.exclusively(connection, tables, this::upgrade);
    } catch (SQLException e) {
      throw new SQLException(
          "the tables %s_* cannot be made or brought up to date: %s; open as a user who may do that, or run the SQL files and open with schema=validate"
              .formatted(tables.prefix(), e.getMessage()),
          e.getSQLState(),
          e);
    }
  }

  private void upgrade(Connection connection) throws SQLException {
    for (int next = version(connection) + 1; next <= VERSION; next++) {
      try (Statement statement = connection.createStatement()) {
        for (String sql : statements(dialect.name(), next)) {
          statement.execute(tables.in(sql));
        }
      }
      LOG.info("the tables {}_* have version {} now", tables.prefix(), next);
    }
  }

  private int version(Connection connection) throws SQLException {
    if (!dialect.hasTables(connection, tables)) {
      return 0;
    }
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(tables.in("select max(version) from pitstop_version"))) {
      result.next();
      return result.getInt(1);
    }
  }

  /** The statements of a file, with the default names of tables. */
  static List<String> statements(String dialect, int version) {
    return END.splitAsStream(script(dialect, version))
        .map(String::strip)
        .filter(sql -> !sql.isEmpty())
        .toList();
  }

  private static String script(String dialect, int version) {
    String name = dialect + "/" + version + ".sql";
    try (InputStream file = Schema.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException(name + " is missing in the jar");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
