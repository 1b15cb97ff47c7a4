package dev.pitstop.bench;

import dev.pitstop.Pitstop;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A database that is empty when it is made and dropped when it is closed. Thread-safe. */
final class SqlDatabase implements AutoCloseable {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final SqlServer server;
  private final String name = "bench" + NUMBERS.incrementAndGet();

  SqlDatabase(SqlServer server) {
    this.server = server;
    server.createDatabase(name);
  }

  String address() {
    return server.address(name);
  }

  String jdbcUrl() {
    return server.jdbcUrl(name);
  }

  Pitstop open() {
    return Pitstop.open(address());
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl());
  }

  /** Makes the plain table and opens it through so many connections. */
  RawTables rawTables(int connections) throws SQLException {
    List<RawTable> tables = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      Connection connection = connect();
      if (i == 0) {
        server.createRawTable(connection);
      }
      tables.add(server.rawTable(connection));
    }
    return new RawTables(tables);
  }

  /** Has the server look at all tables, so that it plans by what they hold. */
  void analyse() throws SQLException {
    try (Connection connection = connect()) {
      server.analyse(connection);
    }
  }

  /** Has the server write back what it has changed, which is then not done while one measures. */
  void writeBack() throws SQLException {
    try (Connection connection = connect()) {
      server.writeBack(connection);
    }
  }

  /** The most sessions that ran a statement at one time while a task ran. */
  int busySessions(Callable<?> task) throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (Connection connection = connect();
        PreparedStatement query = connection.prepareStatement(server.busySessions())) {
      query.setString(1, name);
      Future<?> running = thread.submit(task);
      int most = 0;
      while (!running.isDone()) {
        try (ResultSet count = query.executeQuery()) {
          count.next();
          most = Math.max(most, count.getInt(1));
        }
        LockSupport.parkNanos(200_000); // the server has something else to do
      }
      running.get();
      return most;
    } finally {
      thread.shutdownNow();
    }
  }

  @Override
  public void close() throws SQLException {
    server.dropDatabase(name);
  }
}
