package dev.pitstop.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pitstop.Codec;
import dev.pitstop.Listener;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Address;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The application's data source, when the application has all of its connections. */
final class ExhaustedPoolTest {
  private static final int SIZE = 4;
  private static final Duration WITHIN = Duration.ofSeconds(60);

  /** By when all goes on after connections are back. */
  private static final Duration AGAIN = Duration.ofSeconds(10);

  /** How much later than at a limit a call may fail. */
  private static final Duration LATE = Duration.ofMillis(700);

  private static final PitstopOptions OPTIONS =
      PitstopOptions.defaults().pollInterval(Duration.ofMillis(500));

  private static HikariDataSource source(String address, Duration waiting) {
    JdbcAddress jdbc = JdbcAddress.of(Address.parse(address));
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(jdbc.url());
    config.setDataSourceProperties(jdbc.properties());
    config.setMaximumPoolSize(SIZE);
    config.setConnectionTimeout(waiting.toMillis());
    return new HikariDataSource(config);
  }

  /** Waits until the store has what it keeps, as it may give that back where it gets no more. */
  private static void awaitRest(Kind kind, HikariDataSource source) throws Exception {
    int kept = kind == Kind.POSTGRESQL ? 1 : 0;
    try (Connection connection =
        DriverManager.getConnection(source.getJdbcUrl(), source.getDataSourceProperties())) {
      String listening =
          "select count(*) from pg_stat_activity"
              + " where datname = current_database() and query = 'listen pitstop_due'";
      Awaiting.await(
          "rest",
          WITHIN,
          () ->
              source.getHikariPoolMXBean().getActiveConnections() == kept
                  && (kept == 0 || Kind.number(connection, listening) == kept));
    }
  }

  /** Takes all connections that there are. */
  private static Deque<Connection> exhaust(HikariDataSource source) throws SQLException {
    Deque<Connection> taken = new ArrayDeque<>();
    while (true) {
      try {
        taken.add(source.getConnection());
      } catch (SQLTransientConnectionException none) {
        return taken;
      }
    }
  }

  private static void giveBack(Deque<Connection> taken) {
    try {
      for (Connection connection = taken.poll(); connection != null; connection = taken.poll()) {
        connection.close();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void F01_callFailsInTimeAndSaysThatNoConnectionWasToBeHad(Kind kind) throws Exception {
    Set<String> emitted = ConcurrentHashMap.newKeySet();
    Duration waiting = Duration.ofMillis(500);
    SqlSettings settings = SqlSettings.defaults().timeout(Duration.ofSeconds(1));
    try (HikariDataSource source = source(kind.fresh(), waiting);
        Pitstop pitstop = Pitstop.on(SqlStore.on(source, settings), OPTIONS)) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      Listener listener = queue.listen(delivery -> emitted.add(delivery.id()));
      queue.store(Message.of("body").id("before"), Instant.now()).join();
      Awaiting.await("emitted", WITHIN, () -> emitted.contains("before"));
      awaitRest(kind, source);
      Deque<Connection> taken = exhaust(source);
      assertThat(taken).hasSizeGreaterThanOrEqualTo(SIZE - 1); // one listens on PostgreSQL
      failsWithin(
          waiting,
          () -> queue.store(Message.of("body").id("refused"), Instant.now()).join(),
          "the data source: no connection after");
      failsWithin(
          waiting, () -> queue.find("before").join(), "the data source: no connection after");
      Awaiting.await("unhealthy", WITHIN, () -> !listener.health().healthy());
      giveBack(taken);
      queue.store(Message.of("body").id("after"), Instant.now()).join();
      Awaiting.await("emitted again", AGAIN, () -> emitted.contains("after"));
      Awaiting.await("healthy", AGAIN, () -> listener.health().healthy());
      assertThat(queue.find("refused").join()).isEmpty();
      assertThat(emitted).doesNotContain("refused");
    }
  }

  /** What the data source waits for is its own affair; callers wait no longer than they said. */
  @ParameterizedTest
  @EnumSource
  void F01_dataSourceThatWaitsLongerThanItMayHoldsUpNoCaller(Kind kind) throws Exception {
    Set<String> emitted = ConcurrentHashMap.newKeySet();
    Duration limit = Duration.ofSeconds(1);
    SqlSettings settings = SqlSettings.defaults().timeout(limit);
    try (HikariDataSource source = source(kind.fresh(), Duration.ofSeconds(4));
        Pitstop pitstop = Pitstop.on(SqlStore.on(source, settings), OPTIONS.callTimeout(limit))) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      Listener listener = queue.listen(delivery -> emitted.add(delivery.id()));
      queue.store(Message.of("body").id("before"), Instant.now()).join();
      Awaiting.await("emitted", WITHIN, () -> emitted.contains("before"));
      awaitRest(kind, source);
      Deque<Connection> taken = exhaust(source);
      failsWithin(
          limit,
          () -> queue.store(Message.of("body").id("late"), Instant.now()).join(),
          "within the call timeout of PT1S");
      failsWithin(limit, () -> queue.find("before").join(), "within the call timeout of PT1S");
      Awaiting.await("unhealthy", WITHIN, () -> !listener.health().healthy());
      giveBack(taken);
      Awaiting.await(
          "stored again",
          AGAIN,
          () ->
              catchThrowable(
                      () -> queue.store(Message.of("body").id("after"), Instant.now()).join())
                  == null);
      Awaiting.await("emitted again", AGAIN, () -> emitted.contains("after"));
      Awaiting.await("healthy", AGAIN, () -> listener.health().healthy());
      assertThat(emitted).as("whose caller was told that it failed").doesNotContain("late");
    }
  }

  @ParameterizedTest
  @EnumSource
  void F01_waitForAConnectionCountsAgainstTheTimeLimit(Kind kind) throws Exception {
    String address = kind.fresh();
    Duration limit = Duration.ofSeconds(2);
    SqlSettings settings = SqlSettings.defaults().timeout(limit);
    try (HikariDataSource source = source(address, limit);
        Pitstop pitstop = Pitstop.on(SqlStore.on(source, settings), OPTIONS);
        Connection other = Kind.connect(address)) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      queue.find("none").join();
      kind.lockMessages(other);
      Deque<Connection> taken = exhaust(source);
      CompletableFuture<Void> given =
          CompletableFuture.runAsync(
              () -> giveBack(taken),
              CompletableFuture.delayedExecutor(1_200, TimeUnit.MILLISECONDS));
      failsWithin(limit, () -> queue.find("none").join(), "the data source: ");
      assertThat(given).as("whether a connection was to be had in time").isCompleted();
      kind.unlockMessages(other);
      assertThat(queue.find("none").join()).isEmpty();
    }
  }

  private static void failsWithin(Duration limit, Runnable call, String message) {
    long begun = System.nanoTime();
    Throwable failure = catchThrowable(call::run);
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    assertThat(failure)
        .hasCauseInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(message);
    assertThat(took).isLessThan(limit.plus(LATE));
  }
}
