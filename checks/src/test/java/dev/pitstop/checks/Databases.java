package dev.pitstop.checks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import javax.sql.DataSource;

/** Databases as an application has them. */
final class Databases {
  private Databases() {}

  /** A pool for an address, as {@code postgresql://user:password@host:port/database}. */
  static HikariDataSource dataSource(String address) {
    URI uri = URI.create(address);
    List<String> account = List.of(uri.getUserInfo().split(":", 2));
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(
        "jdbc:%s://%s:%d%s"
            .formatted(uri.getScheme(), uri.getHost(), uri.getPort(), uri.getPath()));
    config.setUsername(account.get(0));
    config.setPassword(account.get(1));
    return new HikariDataSource(config);
  }

  /** Runs a statement. */
  static void run(DataSource source, String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The rows of a query, sorted, each with its first columns and a space between them. */
  static List<String> rows(DataSource source, String sql, int columns) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        StringJoiner row = new StringJoiner(" ");
        for (int column = 1; column <= columns; column++) {
          row.add(result.getString(column));
        }
        rows.add(row.toString());
      }
      rows.sort(null);
      return rows;
    }
  }
}
