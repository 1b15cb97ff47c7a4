package dev.pitstop.sql;

import dev.pitstop.StoreUnavailableException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Locale;

/** Tells which database a connection leads to. */
final class Dialects {
  private Dialects() {}

  /**
   * The dialect of a connection's database.
   *
   * @throws StoreUnavailableException when it is another database, or too old a version
   */
  static Dialect of(Connection connection, Tables tables) throws SQLException {
    DatabaseMetaData database = connection.getMetaData();
    String product = database.getDatabaseProductName();
    String version = database.getDatabaseProductVersion();
    int major = database.getDatabaseMajorVersion();
    int minor = database.getDatabaseMinorVersion();
    String both = (product + " " + version).toLowerCase(Locale.ROOT);
    if (both.contains("postgresql")) {
      atLeast(major >= 12, both, "PostgreSQL 12");
      return Postgres.of(connection, tables);
    } else if (both.contains("mariadb")) {
      atLeast(major > 10 || (major == 10 && minor >= 6), both, "MariaDB 10.6");
      return MySql.of(connection, tables, MySql.Kind.MARIADB);
    } else if (both.contains("mysql")) {
      atLeast(major >= 8, both, "MySQL 8.0");
      return MySql.of(connection, tables, MySql.Kind.MYSQL);
    }
    throw new StoreUnavailableException(
        product + " is none of the databases for this store: PostgreSQL, MariaDB, MySQL");
  }

  private static void atLeast(boolean enough, String version, String least) {
    if (!enough) {
      throw new StoreUnavailableException(version + " is too old; at least " + least);
    }
  }
}
