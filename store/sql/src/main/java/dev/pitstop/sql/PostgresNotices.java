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

/** Hears by LISTEN on a connection that it keeps. */
final class PostgresNotices implements Notices {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresNotices.class);
  private static final long TRIAL = TimeUnit.SECONDS.toNanos(3);
  private static final long SIGN_OF_LIFE = TimeUnit.SECONDS.toNanos(10);

  /** The driver lets nobody interrupt who awaits; on a connection of a pool he looks so often. */
  private static final int AWAIT_MILLIS = 500;

  private final Database database;
  private final Connections connections;
  private final String channel;
  private final PostgresStatement tell;
  private final Connection connection;
  private final PGConnection listening;
  private final boolean autoCommit;
  private long alive = System.nanoTime();
  private volatile boolean ended;

  private PostgresNotices(
      Database database, Connections connections, Tables tables, Connection connection)
      throws SQLException {
    this.database = database;
    this.connections = connections;
    this.connection = connection;
    channel = PostgresStatement.channel(tables);
    tell = new PostgresStatement(tables, "select pg_notify(?, '')");
    listening = connection.unwrap(PGConnection.class);
    autoCommit = connection.getAutoCommit();
    if (!autoCommit) {
      connection.setAutoCommit(true);
    }
  }

  static PostgresNotices open(Database database, Connections connections, Tables tables)
      throws SQLException {
    Connection connection = connections.getLasting();
    try {
      return new PostgresNotices(database, connections, tables, connection);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /*
   * It is tried on a channel that nobody uses again: behind a pooler LISTEN stays with a process of the
   * server that others get for their transactions, and would have them hear all that is told.
   */
  @Override
  public boolean arrive() throws SQLException {
    String trial = "pitstop_trial_" + UUID.randomUUID().toString().replace('-', '_');
    execute("listen " + trial);
    try {
      if (!arrives(trial)) {
        return false;
      }
    } finally {
      execute("unlisten " + trial);
    }
    execute("listen " + channel);
    return true;
  }

  private boolean arrives(String trial) throws SQLException {
    database.callRefusing(
        Patience.WHOLE,
        work ->
            tell.run(
                work,
                statement -> {
                  statement.setString(1, trial);
                  return 1;
                },
                result -> true));
    long deadline = System.nanoTime() + TRIAL;
    while (!ended && System.nanoTime() - deadline < 0) {
      for (PGNotification notification : listening.getNotifications(AWAIT_MILLIS)) {
        if (notification.getName().equals(trial)) {
          return true;
        }
      }
    }
    return false;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public List<String> await() throws SQLException {
    List<String> told = new ArrayList<>();
    for (PGNotification notification : listening.getNotifications(AWAIT_MILLIS)) {
      if (notification.getName().equals(channel)) {
        told.add(notification.getParameter());
      }
    }
    if (!told.isEmpty()) {
      alive = System.nanoTime();
    } else if (System.nanoTime() - alive > SIGN_OF_LIFE) {
      if (!connection.isValid(1)) {
        throw new SQLException("the connection for notifications is lost", "08006");
      }
      alive = System.nanoTime();
    }
    return told;
  }

  @Override
  public void end() {
    ended = true;
    try {
      connections.free(connection);
    } catch (SQLException e) {
      LOG.debug("the connection for notifications was lost before it was ended", e);
    }
  }

  @Override
  public void close() {
    try (connection) {
      if (!connection.isClosed()) {
        execute("unlisten " + channel);
        listening
            .getNotifications(); // for whoever has the connection next there is nothing to hear
        connection.setAutoCommit(autoCommit);
      }
    } catch (SQLException e) {
      LOG.debug("the connection for notifications was lost before it was closed", e);
    }
  }
}
