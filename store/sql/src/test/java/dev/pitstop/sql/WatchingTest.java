package dev.pitstop.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.Pitstop;
import dev.pitstop.servers.PostgresServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The connection that hears notifications, lost and found. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WatchingTest {
  private static final String LISTENING =
      " from pg_stat_activity where datname = 'db' and query = 'listen pitstop_due'";

  private final BlockingQueue<Delivery<String>> deliveries = new LinkedBlockingQueue<>();

  @SuppressWarnings("NullAway.Init")
  private PostgresServer server;

  @BeforeAll
  void start() {
    server = PostgresServer.start(Map.of("fsync", "off"));
    server.createDatabase("db");
  }

  @AfterAll
  void end() {
    server.close();
  }

  private String ask(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.jdbcUrl("postgres"));
        Statement statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return "";
      }
      try (ResultSet result = statement.getResultSet()) {
        return result.next() ? Objects.toString(result.getString(1)) : "";
      }
    }
  }

  /** The server's process that listens; awaited. */
  private String listening() throws SQLException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    String process = ask("select pid" + LISTENING);
    while (process.isEmpty()) {
      assertThat(System.nanoTime() - deadline).as("nanos past 30 s").isNegative();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      process = ask("select pid" + LISTENING);
    }
    return process;
  }

  /** Stores a message for now, and says after how long it was emitted. */
  private Duration lateness(Pitstop storing) throws InterruptedException {
    long before = System.nanoTime();
    String id = storing.queue("q", Codec.text()).store("body", Instant.now()).join().id();
    Delivery<String> delivery = deliveries.poll(40, TimeUnit.SECONDS);
    assertThat(delivery).as("a delivery within 40 s").isNotNull();
    assertThat(delivery.id()).isEqualTo(id);
    return Duration.ofNanos(System.nanoTime() - before);
  }

  @Test
  void E06_whatIsStoredWhileNothingIsHeardIsEmittedSoonAndBothAreSaidOnce()
      throws SQLException, InterruptedException {
    try (RecordedLog log = RecordedLog.record();
        Pitstop listening = Pitstop.open(server.address("db") + "?wakePoll=200ms");
        Pitstop storing = Pitstop.open(server.address("db"))) {
      listening.queue("q", Codec.text()).listen(deliveries::add);
      listening();
      lateness(storing);
      ask("alter database db with allow_connections false");
      try {
        ask("select pg_terminate_backend(pid)" + LISTENING);
        log.await("notifications are lost");
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(3); // some tries to hear again
        while (System.nanoTime() - until < 0) {
          assertThat(lateness(storing)).isLessThan(Duration.ofSeconds(2));
        }
      } finally {
        ask("alter database db with allow_connections true");
      }
      log.await("notifications are heard again");
      listening();
      lateness(storing);
      assertThat(log.lines("notifications are lost")).hasSize(1);
      assertThat(log.lines("notifications are heard again")).hasSize(1);
    }
  }

  @Test
  void E06_aLostConnectionIsReplacedWithinASecondOrTwoWhateverThePollInterval()
      throws SQLException, InterruptedException {
    try (RecordedLog log = RecordedLog.record();
        Pitstop listening = Pitstop.open(server.address("db") + "?wakePoll=1h");
        Pitstop storing = Pitstop.open(server.address("db"))) {
      listening.queue("q", Codec.text()).listen(deliveries::add);
      listening();
      for (int i = 0; i < 3; i++) {
        ask("select pg_terminate_backend(pid)" + LISTENING);
        assertThat(lateness(storing)).isLessThan(Duration.ofSeconds(10));
        listening();
        lateness(storing);
      }
      assertThat(log.lines("notifications are lost")).hasSize(3);
      assertThat(log.lines("notifications are heard again")).hasSize(3);
    }
  }

  @Test
  void E06_aConnectionOfWhichNothingIsHeardAnyMoreIsReplaced()
      throws SQLException, IOException, InterruptedException {
    try (Pitstop listening = Pitstop.open(server.address("db") + "?wakePoll=1h");
        Pitstop storing = Pitstop.open(server.address("db"))) {
      listening.queue("q", Codec.text()).listen(deliveries::add);
      String process = listening();
      lateness(storing);
      signal("STOP", process);
      try {
        assertThat(lateness(storing)).isLessThan(Duration.ofSeconds(30));
      } finally {
        signal("CONT", process);
      }
    }
  }

  private static void signal(String signal, String process)
      throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", "-" + signal, process).inheritIO().start().waitFor())
        .isZero();
  }
}
