package dev.pitstop.bench;

import dev.pitstop.Pitstop;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** How far tables of PostgreSQL grow under messages that come and go, autovacuum as it is set. */
final class Bloat {
  private Bloat() {}

  /** Lets so many messages live in a small queue; reports the rates of tenths and what is left. */
  static void measure(int messages) throws Exception {
    try (SqlServer server = Postgres.start();
        SqlDatabase database = new SqlDatabase(server);
        Pitstop pitstop = database.open()) {
      double[] rates = Life.tenths(pitstop.queue("bench"), messages);
      for (int i = 0; i < rates.length; i++) {
        Report.figure("postgresql.bloat.tenth" + (i + 1), rates[i], "messages/s");
      }
      Report.firstAndLast("postgresql.bloat", rates);
      try (Connection connection = database.connect()) {
        reportTables(connection);
      }
    }
  }

  private static void reportTables(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet tables =
            statement.executeQuery(
                """
                select sum(pg_table_size(relid)), sum(pg_indexes_size(relid)), sum(n_dead_tup)
                from pg_stat_user_tables""")) {
      tables.next();
      Report.figure("postgresql.bloat.tables", tables.getDouble(1) / 1e6, "MB");
      Report.figure("postgresql.bloat.indexes", tables.getDouble(2) / 1e6, "MB");
      Report.figure("postgresql.bloat.dead", tables.getDouble(3), "rows");
    }
  }
}
