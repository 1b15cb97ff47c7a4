package dev.pitstop.sql;

import dev.pitstop.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
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

  boolean isClosed() {
    return closed;
  }

  /** Work in a transaction of the application. */
  Work in(Connection connection) {
    return new Work(connection, false, dialect.canPrepare());
  }

  /**
   * Does something in a transaction.
   *
   * @throws StoreUnavailableException when the database does not do it
   */
  <T> T call(Call<T> call) {
    try {
      return attempt(call);
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  /**
   * Does something in a transaction.
   *
   * @throws SQLException when the database refuses a value, or a key that is there
   */
  <T> T callRefusing(Call<T> call) throws SQLException {
    try {
      return attempt(call);
    } catch (SQLException e) {
      switch (dialect.trouble(e)) {
        case VALUE, DUPLICATE -> throw e;
        default -> throw unavailable(e);
      }
    }
  }

  private <T> T attempt(Call<T> call) throws SQLException {
    long begun = System.nanoTime();
    for (int tries = 1; ; tries++) {
      try {
        return once(call);
      } catch (SQLException e) {
        if (closed || tries == MOST_TRIES || !mayPass(e, begun)) {
          throw e;
        }
        LOG.debug("done again after try {}", tries, e);
      }
    }
  }

  /** Whether something can be done again that has failed, after a pause where that helps. */
  private boolean mayPass(SQLException failure, long begun) {
    switch (dialect.trouble(failure)) {
      case CONFLICT -> {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE));
        return System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
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

  private <T> T once(Call<T> call) throws SQLException {
    if (closed) {
      throw closedFailure();
    }
    try (Connection connection = connections.get()) {
      int networkTimeout = connection.getNetworkTimeout();
      boolean autoCommit = connection.getAutoCommit();
      connection.setNetworkTimeout(Runnable::run, timeoutMillis);
      try {
        return inTransaction(connection, autoCommit, call);
      } finally {
        restore(connection, autoCommit, networkTimeout);
      }
    }
  }

  private <T> T inTransaction(Connection connection, boolean autoCommit, Call<T> call)
      throws SQLException {
    if (dialect.commitsEach()) {
      if (!autoCommit) {
        connection.setAutoCommit(true);
      }
      return call.on(new Work(connection, true, dialect.canPrepare()));
    }
    if (autoCommit) {
      connection.setAutoCommit(false);
    }
    try {
      T result = call.on(new Work(connection, true, dialect.canPrepare()));
      connection.commit();
      return result;
    } catch (SQLException | RuntimeException | Error e) {
      rollBack(connection, e);
      throw e;
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
