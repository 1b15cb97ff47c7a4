package dev.pitstop.sql;

import dev.pitstop.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where connections come from, and the rules for what is done on them: that it is over in time,
 * that it is done again when another transaction was in the way, and that what a driver throws
 * leaves the store as its own. Thread-safe.
 */
final class Database implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final int MOST_TRIES = 10;
  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

  /** A connection is not given up for an answer that takes less. */
  private static final int LEAST_MILLIS = 100;

  private final Connections connections;
  private final Dialect dialect;
  private final int timeoutMillis;
  private volatile boolean closed;

  Database(Connections connections, Dialect dialect, Duration timeout) {
    this.connections = connections;
    this.dialect = dialect;
    this.timeoutMillis = (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
  }

  /** Something to be done in one transaction. It may be done again. */
  interface Call<T> {
    T on(Work work) throws SQLException;
  }

  Dialect dialect() {
    return dialect;
  }

  /** For how long a call is awaited. */
  int timeoutMillis() {
    return timeoutMillis;
  }

  boolean isClosed() {
    return closed;
  }

  /** Work in a transaction of the application. */
  Work in(Connection connection) {
    return Work.plain(connection, false, dialect.canPrepare());
  }

  /**
   * Does something in a transaction.
   *
   * @throws StoreUnavailableException when the database does not do it
   */
  <T> T call(Call<T> call) {
    try {
      return attempt(call, Patience.WHOLE);
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  /**
   * Does something in a transaction.
   *
   * @throws SQLException when the database refuses a value, or a key that is there, or when another
   *     transaction is in the way for longer than patience goes; then nothing is done
   */
  <T> T callRefusing(Patience patience, Call<T> call) throws SQLException {
    try {
      return attempt(call, patience);
    } catch (SQLException e) {
      switch (dialect.trouble(e)) {
        case VALUE, DUPLICATE, HELD -> throw e;
        default -> throw unavailable(e);
      }
    }
  }

  private <T> T attempt(Call<T> call, Patience patience) throws SQLException {
    long begun = System.nanoTime();
    for (int tries = 1; ; tries++) {
      try {
        return once(call, patience, begun);
      } catch (SQLException e) {
        if (closed || tries == MOST_TRIES || !mayPass(e, patience, begun)) {
          throw e;
        }
        LOG.debug("done again after try {}", tries, e);
      }
    }
  }

  /** Whether something can be done again that has failed, after a pause where that helps. */
  private boolean mayPass(SQLException failure, Patience patience, long begun) {
    switch (dialect.trouble(failure)) {
      case CONFLICT -> {
        pause();
        return millisSince(begun) < timeoutMillis;
      }
      case HELD -> {
        int wait = patience.millis(timeoutMillis);
        if (millisSince(begun) >= (patience == Patience.WHOLE ? timeoutMillis - wait : wait)) {
          return false;
        }
        pause();
        return true;
      }
      case CONNECTION -> {
        connections.renew();
        return false;
      }
      default -> {
        return false;
      }
    }
  }

  private static void pause() {
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE));
  }

  private <T> T once(Call<T> call, Patience patience, long begun) throws SQLException {
    if (closed) {
      throw closedFailure();
    }
    try (Connection connection = connection(begun)) {
      int networkTimeout = connection.getNetworkTimeout();
      boolean autoCommit = connection.getAutoCommit();
      long left = timeoutMillis - millisSince(begun);
      connection.setNetworkTimeout(Runnable::run, (int) Math.max(LEAST_MILLIS, left));
      try {
        String lockLimit = dialect.lockLimit(patience.millis(timeoutMillis));
        return inTransaction(
            new Work(connection, true, dialect.canPrepare(), lockLimit, dialect.isolation()),
            autoCommit,
            call);
      } finally {
        restore(connection, autoCommit, networkTimeout);
      }
    }
  }

  /**
   * A connection while there is time left for what is done on it. Nothing interrupts a data source
   * that waits for longer: what it gives then is of no use, as callers were told so.
   */
  private Connection connection(long begun) throws SQLException {
    Connection connection;
    try {
      connection = connections.get();
    } catch (SQLException e) {
      String why = e.getCause() == null ? "" : ": " + e.getCause().getMessage();
      throw new SQLTransientConnectionException(
          "no connection after %d ms: %s%s".formatted(millisSince(begun), e.getMessage(), why),
          e.getSQLState(),
          e);
    }
    long waited = millisSince(begun);
    if (waited < timeoutMillis) {
      return connection;
    }
    connection.close();
    throw new SQLTransientConnectionException(
        "a connection was there after %d ms only, and the time limit is %d ms"
            .formatted(waited, timeoutMillis));
  }

  private static long millisSince(long begun) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
  }

  private <T> T inTransaction(Work work, boolean autoCommit, Call<T> call) throws SQLException {
    Connection connection = work.connection();
    if (dialect.commitsEach()) {
      if (!autoCommit) {
        connection.setAutoCommit(true);
      }
      return call.on(work);
    }
    if (autoCommit) {
      connection.setAutoCommit(false);
    }
    try {
      isolate(connection, work.isolation());
      T result = call.on(work);
      connection.commit();
      return result;
    } catch (SQLException | RuntimeException | Error e) {
      rollBack(connection, e);
      throw e;
    }
  }

  private static void isolate(Connection connection, String isolation) throws SQLException {
    if (!isolation.isEmpty()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(isolation);
      }
    }
  }

  /** Rolls back after a failure, which stays the one to be told. */
  static void rollBack(Connection connection, Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /** A pool may count on its connections to come back as they were. */
  static void restore(Connection connection, boolean autoCommit, int networkTimeout) {
    try {
      if (!connection.isClosed()) {
        if (connection.getAutoCommit() != autoCommit) {
          connection.setAutoCommit(autoCommit);
        }
        connection.setNetworkTimeout(Runnable::run, networkTimeout);
      }
    } catch (SQLException e) {
      LOG.debug("a connection could not be given back as it was, so it is of no further use", e);
    }
  }

  /** The failure that says which database did not do what was asked. */
  StoreUnavailableException unavailable(SQLException e) {
    return closed
        ? closedFailure()
        : new StoreUnavailableException(connections + ": " + e.getMessage(), e);
  }

  private StoreUnavailableException closedFailure() {
    return new StoreUnavailableException("the store in " + connections + " is closed");
  }

  @Override
  public void close() {
    closed = true;
    connections.close();
  }
}
