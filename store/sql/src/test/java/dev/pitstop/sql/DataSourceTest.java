package dev.pitstop.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.Listener;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.servers.TestDatabases;
import dev.pitstop.spi.Address;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store on the application's own data source, which it leaves as it found it. */
final class DataSourceTest {
  private static final int SIZE = 4;

  private enum Server {
    POSTGRESQL,
    MARIADB;

    JdbcAddress fresh() {
      return JdbcAddress.of(
          Address.parse(
              this == POSTGRESQL ? TestDatabases.freshPostgres() : TestDatabases.freshMariaDb()));
    }
  }

  private static HikariDataSource hikari(JdbcAddress address) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(address.url());
    config.setDataSourceProperties(address.properties());
    config.setMaximumPoolSize(SIZE);
    return new HikariDataSource(config);
  }

  /** Passes messages from one store to another on a data source, and closes both. */
  private static void passMessages(DataSource source, SqlSettings settings)
      throws InterruptedException {
    BlockingQueue<Delivery<String>> deliveries = new LinkedBlockingQueue<>();
    try (Pitstop pitstop = Pitstop.on(SqlStore.on(source, settings), PitstopOptions.defaults())) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      Listener listener = queue.listen(deliveries::add);
      for (int i = 0; i < 5; i++) {
        queue.store("body", Instant.now()).join();
        assertThat(deliveries.poll(30, TimeUnit.SECONDS)).as("within 30 s").isNotNull();
      }
      assertThat(listener.health().healthy()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void closingTheStoreLeavesThePoolWholeAndQuiet(Server server)
      throws SQLException, InterruptedException {
    try (RecordedLog log = RecordedLog.record();
        HikariDataSource source = hikari(server.fresh())) {
      passMessages(source, SqlSettings.defaults());
      assertThat(source.isClosed()).isFalse();
      assertThat(source.getHikariPoolMXBean().getActiveConnections()).isZero();
      Set<String> sessions = sessions(server, source);
      passMessages(source, SqlSettings.defaults());
      assertThat(sessions(server, source)).as("no connection was thrown away").isEqualTo(sessions);
      assertThat(log.lines("WARN")).isEmpty();
      assertThat(log.lines("notifications are lost")).isEmpty();
    }
  }

  /** The server's sessions behind all of a pool's connections. */
  private static Set<String> sessions(Server server, DataSource source) throws SQLException {
    String id = server == Server.POSTGRESQL ? "pg_backend_pid()" : "connection_id()";
    Set<String> sessions = new TreeSet<>();
    List<Connection> connections = new ArrayList<>();
    try {
      for (int i = 0; i < SIZE; i++) {
        Connection connection = source.getConnection();
        connections.add(connection);
        sessions.add(ask(connection, "select " + id));
      }
    } finally {
      for (Connection connection : connections) {
        connection.close();
      }
    }
    return sessions;
  }

  private static String ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void connectionsAreGivenBackAsTheyCame(Server server) throws SQLException, InterruptedException {
    JdbcAddress address = server.fresh();
    for (boolean autoCommit : new boolean[] {false, true}) {
      List<Connection> connections = new ArrayList<>();
      for (int i = 0; i < SIZE; i++) {
        Connection connection = DriverManager.getConnection(address.url(), address.properties());
        connection.setAutoCommit(autoCommit);
        connection.setNetworkTimeout(Runnable::run, 54_321);
        connections.add(connection);
      }
      try (KeptConnections source = new KeptConnections(connections)) {
        passMessages(source, SqlSettings.defaults());
        for (Connection connection : source.all()) {
          assertThat(connection.isClosed()).isFalse();
          assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
          assertThat(connection.getNetworkTimeout()).isEqualTo(54_321);
          if (server == Server.POSTGRESQL) {
            assertThat(ask(connection, "select count(*) from pg_listening_channels()"))
                .isEqualTo("0");
            assertThat(ask(connection, "show enable_seqscan")).isEqualTo("on");
          }
        }
      }
    }
  }

  @Test
  void withoutNotificationsNoConnectionIsKept() throws InterruptedException {
    JdbcAddress address = Server.POSTGRESQL.fresh();
    SqlSettings settings =
        SqlSettings.defaults().notifications(false).wakePoll(Duration.ofMillis(100));
    BlockingQueue<Delivery<String>> deliveries = new LinkedBlockingQueue<>();
    try (HikariDataSource source = hikari(address);
        HikariDataSource another = hikari(address);
        Pitstop listening = Pitstop.on(SqlStore.on(source, settings), PitstopOptions.defaults());
        Pitstop storing = Pitstop.on(SqlStore.on(another), PitstopOptions.defaults())) {
      listening.queue("q", Codec.text()).listen(deliveries::add);
      for (int i = 0; i < 5; i++) {
        storing.queue("q", Codec.text()).store("body", Instant.now()).join();
        assertThat(deliveries.poll(30, TimeUnit.SECONDS)).as("within 30 s").isNotNull();
      }
      awaitAllFree(source);
    }
  }

  /** Calls have a connection for a moment; one that is kept would never be free. */
  private static void awaitAllFree(HikariDataSource source) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (source.getHikariPoolMXBean().getActiveConnections() > 0) {
      assertThat(System.nanoTime() - deadline).as("nanos past 10 s").isNegative();
      Thread.onSpinWait();
    }
  }
}
