package dev.pitstop.sql;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A pool as plain as can be: it gives out what came back, as it came back. Thread-safe. */
final class KeptConnections implements DataSource, AutoCloseable {
  private final List<Connection> all;
  private final BlockingQueue<Connection> free;

  KeptConnections(List<Connection> connections) {
    all = List.copyOf(connections);
    free = new LinkedBlockingQueue<>(connections);
  }

  /** All of them, once all have come back. */
  List<Connection> all() throws InterruptedException {
    List<Connection> back = new ArrayList<>();
    while (back.size() < all.size()) {
      Connection connection = free.poll(10, TimeUnit.SECONDS);
      if (connection == null) {
        throw new AssertionError((all.size() - back.size()) + " have not come back within 10 s");
      }
      back.add(connection);
    }
    return back;
  }

  @Override
  public Connection getConnection() throws SQLException {
    try {
      Connection connection = free.poll(10, TimeUnit.SECONDS);
      if (connection == null) {
        throw new SQLException("none is free within 10 s", "08001");
      }
      return (Connection)
          Proxy.newProxyInstance(
              Connection.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("close")) {
                  free.add(connection);
                  return null;
                }
                try {
                  return method.invoke(connection, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", "08001", e);
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public void close() throws SQLException {
    for (Connection connection : all) {
      connection.close();
    }
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
