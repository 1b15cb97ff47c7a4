package dev.pitstop.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears by LISTEN on a connection of its own. */
final class PostgresNotices implements Notices {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresNotices.class);
  private static final long TEST_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final Database database;
  private final String channel;
  private final Connection connection;
  private final PGConnection listening;

  private PostgresNotices(Database database, String channel, Connection connection)
      throws SQLException {
    this.database = database;
    this.channel = channel;
    this.connection = connection;
    this.listening = connection.unwrap(PGConnection.class);
  }

  static PostgresNotices open(Database database, Connections connections, Tables tables)
      throws SQLException {
    String channel = PostgresStatement.channel(tables);
    Connection connection = connections.getLasting();
    try {
      if (!connection.getAutoCommit()) {
        connection.setAutoCommit(true);
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute("listen " + channel);
      }
      return new PostgresNotices(database, channel, connection);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public boolean arrive() throws SQLException {
    String test = "test " + UUID.randomUUID();
    database.callRefusing(
        Patience.WHOLE,
        work -> {
          try (var statement =
              work.connection().prepareStatement("select pg_notify('" + channel + "', ?)")) {
            statement.setString(1, test);
            return statement.execute();
          }
        });
    long deadline = System.nanoTime() + TEST_NANOS;
    for (long left = TEST_NANOS; left > 0; left = deadline - System.nanoTime()) {
      if (await((int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(left))).contains(test)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public List<String> await(int millis) throws SQLException {
    PGNotification[] notifications = listening.getNotifications(millis);
    List<String> told = new ArrayList<>();
    if (notifications != null) {
      for (PGNotification notification : notifications) {
        if (notification.getName().equals(channel)) {
          told.add(notification.getParameter());
        }
      }
    } else if (!connection.isValid(1)) {
      throw new SQLException("the connection for notifications is lost", "08006");
    }
    return told;
  }

  @Override
  public void close() {
    try {
      connection.abort(Runnable::run); // does not wait for who awaits
      connection.close();
    } catch (SQLException e) {
      LOG.debug("the connection for notifications was lost before it was closed", e);
    }
  }
}
