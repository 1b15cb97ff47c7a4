package dev.pitstop.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

/** A pool of the store's own. Thread-safe. */
final class Pool implements Connections {
  private static final long LEAST_MILLIS = 250; // what the pool takes at least

  private final HikariDataSource pool;
  private final String url;
  private final Properties properties;
  private final String name;

  /**
   * A pool that has made no connection yet.
   *
   * @param size at most so many connections
   * @param timeout how long a connection is waited for
   */
  Pool(JdbcAddress address, int size, Duration timeout) {
    url = address.url();
    properties = address.properties();
    name = address.name();
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setDataSourceProperties(properties);
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(Math.min(size, 2));
    config.setConnectionTimeout(Math.max(LEAST_MILLIS, timeout.toMillis()));
    // how long one that has rested is tried, several of them one after the other within the timeout
    config.setValidationTimeout(Math.max(LEAST_MILLIS, timeout.toMillis() / 4));
    config.setInitializationFailTimeout(-1);
    config.setPoolName("pitstop");
    config.setAutoCommit(address.session().autoCommit());
    config.setConnectionInitSql(address.session().first());
    pool = new HikariDataSource(config);
  }

  @Override
  public Connection get() throws SQLException {
    return pool.getConnection();
  }

  @Override
  public Connection getLasting() throws SQLException {
    Driver driver = DriverManager.getDriver(url);
    Connection connection = driver.connect(url, properties);
    if (connection == null) {
      throw new SQLException("no driver takes the address of " + name, "08001");
    }
    return connection;
  }

  @Override
  public void free(Connection lasting) throws SQLException {
    lasting.abort(Runnable::run);
  }

  @Override
  public void renew() {
    HikariPoolMXBean running = pool.getHikariPoolMXBean();
    if (running != null) {
      running.softEvictConnections();
    }
  }

  @Override
  public void close() {
    pool.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
