package dev.pitstop.sql;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement for MariaDB or MySQL, with its parameters. Used by one thread, once. */
final class MySqlStatement {
  private final Work work;
  private final String sql;
  private final List<@Nullable Object> parameters = new ArrayList<>();

  /**
   * A statement.
   *
   * @param sql with the names of the tables as they are
   */
  MySqlStatement(Work work, String sql) {
    this.work = work;
    this.sql = sql;
  }

  /** So many question marks in parentheses. */
  static String list(int size) {
    return "(" + String.join(", ", Collections.nCopies(size, "?")) + ")";
  }

  /** A text for a column of bytes, which no collation touches. */
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Adds a parameter. */
  MySqlStatement with(@Nullable Object parameter) {
    parameters.add(parameter);
    return this;
  }

  /** Adds ids. */
  MySqlStatement withIds(Collection<String> ids) {
    ids.forEach(id -> parameters.add(bytes(id)));
    return this;
  }

  /** Sets the parameters of a statement for one of several items. */
  interface Binder<T> {
    void bind(PreparedStatement statement, T item) throws SQLException;
  }

  /**
   * Runs a statement for each item, which finds its row by a whole key, and says which found one.
   *
   * @param sql with the names of the tables as they are
   */
  static <T> boolean[] each(Work work, String sql, List<T> items, Binder<T> binder)
      throws SQLException {
    boolean[] found = new boolean[items.size()];
    if (items.isEmpty()) {
      return found;
    }
    try (PreparedStatement statement = work.connection().prepareStatement(work.lockLimit() + sql)) {
      for (T item : items) {
        binder.bind(statement, item);
        statement.addBatch();
      }
      int[] rows = statement.executeBatch();
      for (int i = 0; i < found.length; i++) {
        if (rows[i] == Statement.SUCCESS_NO_INFO) {
          throw new SQLException(
              "the driver does not tell what each statement of a batch did; leave useBulkStmts off");
        }
        found[i] = rows[i] > 0;
      }
    }
    return found;
  }

  /** How many have found a row. */
  static int count(boolean[] found) {
    int count = 0;
    for (boolean one : found) {
      count += one ? 1 : 0;
    }
    return count;
  }

  /** Reads rows. */
  interface Reader<T> {
    T row(ResultSet result) throws SQLException;
  }

  <T> List<T> rows(Reader<T> reader) throws SQLException {
    try (PreparedStatement statement = prepared();
        ResultSet result = statement.executeQuery()) {
      List<T> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(reader.row(result));
      }
      return rows;
    }
  }

  int update() throws SQLException {
    try (PreparedStatement statement = prepared()) {
      return statement.executeUpdate();
    }
  }

  private PreparedStatement prepared() throws SQLException {
    PreparedStatement statement = work.connection().prepareStatement(work.lockLimit() + sql);
    try {
      for (int i = 0; i < parameters.size(); i++) {
        statement.setObject(i + 1, parameters.get(i));
      }
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }
}
