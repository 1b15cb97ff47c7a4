package dev.pitstop.sql;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/**
 * A statement for PostgreSQL and how it is run. Thread-safe.
 *
 * <p>In a transaction of the store's its isolation, the planner's settings and the limit for locks
 * come first, in the same round trip and for that transaction only: the driver sends both before it
 * awaits an answer, which makes them one transaction where the connection has auto-commit. So they
 * neither stay on a connection of the application's pool nor get lost behind a pooler that gives
 * each transaction another one.
 *
 * <p>The planner's settings leave one plan for each statement, whatever the tables' statistics say:
 * along the indexes. Nothing is compiled for it, and it is made once a connection.
 */
final class PostgresStatement {
  private static final String SETTINGS =
      """
      , set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
        set_config('enable_sort', 'off', true), set_config('enable_hashjoin', 'off', true),
        set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true),
        set_config('plan_cache_mode', 'force_generic_plan', true);
      """;

  private static final String WAKE = ";\nselect pg_notify('%s', ?)";

  private final String plain;
  private final String waking;

  /**
   * A statement.
   *
   * @param sql with the default names of tables, and at most one result
   */
  PostgresStatement(Tables tables, String sql) {
    plain = tables.in(sql.strip());
    waking = plain + WAKE.formatted(channel(tables));
  }

  /** The channel on which processes with these tables tell each other what falls due soon. */
  static String channel(Tables tables) {
    return tables.word() + "_due";
  }

  /** Sets the parameters of a statement. */
  interface Binder {
    /**
     * Sets them.
     *
     * @return the number of the last one
     */
    int bind(PreparedStatement statement) throws SQLException;
  }

  /** Reads a result. */
  interface Reader<T> {
    T read(ResultSet result) throws SQLException;
  }

  <T> T run(Work work, Binder binder, Reader<T> reader) throws SQLException {
    return run(work, binder, reader, null);
  }

  /**
   * Runs it.
   *
   * @param wake what other processes are told when it is committed; null for nothing
   */
  <T> T run(Work work, Binder binder, Reader<T> reader, @Nullable String wake) throws SQLException {
    try (PreparedStatement statement = bound(work, binder, wake)) {
      statement.execute();
      if (!work.isolation().isEmpty()) {
        statement.getMoreResults();
      }
      if (work.own()) {
        statement.getMoreResults();
      }
      try (ResultSet result = statement.getResultSet()) {
        return reader.read(result);
      }
    }
  }

  /**
   * Runs one that has no result.
   *
   * @param wake what other processes are told when it is committed; null for nothing
   */
  void update(Work work, Binder binder, @Nullable String wake) throws SQLException {
    try (PreparedStatement statement = bound(work, binder, wake)) {
      statement.execute();
    }
  }

  private PreparedStatement bound(Work work, Binder binder, @Nullable String wake)
      throws SQLException {
    String sql = wake == null ? plain : waking;
    if (work.own()) {
      sql = work.isolation() + "select " + work.lockLimit() + SETTINGS + sql;
    }
    PreparedStatement statement = prepare(work, sql);
    try {
      int last = binder.bind(statement);
      if (wake != null) {
        statement.setString(last + 1, wake);
      }
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }

  private static PreparedStatement prepare(Work work, String sql) throws SQLException {
    PreparedStatement statement = work.connection().prepareStatement(sql);
    if (!work.preparing()) {
      statement.unwrap(PGStatement.class).setPrepareThreshold(0);
    }
    return statement;
  }
}
