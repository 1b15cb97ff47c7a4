package dev.pitstop.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.IfPresent;
import dev.pitstop.servers.PrivateServer;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.Settlement;
import dev.pitstop.spi.Store;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.mariadb.jdbc.MariaDbDataSource;

/** The isolation of the store's own transactions in MariaDB, whose default locks gaps. */
final class IsolationTest {
  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(200);
  private static final Key KEY = new Key("q", "m");

  private static Put put() {
    Payload payload = new Payload(new byte[20], "text/plain", Map.of());
    Entry entry = Entry.scheduled(KEY, payload, null, Progress.starting(Instant.EPOCH));
    return new Put(entry, IfPresent.REPLACE, false);
  }

  private static Store ofPool(PrivateServer server) {
    return new SqlStoreFactory().open(Address.parse(server.address(Kind.DATABASE)));
  }

  private static Store ofDataSource(PrivateServer server) throws SQLException {
    return SqlStore.on(new MariaDbDataSource(server.jdbcUrl(Kind.DATABASE)));
  }

  /** At which isolation a transaction of the store's waits for a message that is held. */
  private static String whileWaiting(PrivateServer server, Store store) throws SQLException {
    store.put(List.of(put()));
    try (Connection holder = Kind.connect(server.address(Kind.DATABASE));
        Connection looking = Kind.connect(server.address(Kind.DATABASE))) {
      holder.setAutoCommit(false);
      Kind.execute(
          holder, "select * from pitstop_message where queue = 'q' and id = 'm' for update");
      CompletableFuture<Long> purge = CompletableFuture.supplyAsync(() -> store.purge("q"));
      String waiting = waiting(looking);
      holder.rollback();
      assertThat(purge.join()).isOne();
      return waiting;
    }
  }

  private static String waiting(Connection connection) throws SQLException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      try (var statement = connection.createStatement();
          var result =
              statement.executeQuery(
                  "select trx_isolation_level from information_schema.innodb_trx"
                      + " where trx_state = 'LOCK WAIT'")) {
        if (result.next()) {
          return result.getString(1);
        }
      }
      assertThat(System.nanoTime() - deadline).as("nanos past 30 s").isNegative();
      LockSupport.parkNanos(LOOK); // who looks more often is shown what was there before
    }
  }

  @Test
  void E10_ownTransactionsAreReadCommittedWhateverTheServersDefault() throws SQLException {
    try (PrivateServer server =
        Kind.MARIADB.start(Map.of("transaction-isolation", "REPEATABLE-READ"))) {
      try (Store store = ofPool(server)) {
        assertThat(whileWaiting(server, store)).isEqualTo("READ COMMITTED");
      }
      try (Store store = ofDataSource(server)) {
        assertThat(whileWaiting(server, store)).isEqualTo("READ COMMITTED");
      }
    }
  }

  @Test
  void S01_messagesPassWhereTheServerLogsStatements() throws SQLException {
    try (PrivateServer server =
        Kind.MARIADB.start(Map.of("log-bin", "log", "binlog-format", "STATEMENT"))) {
      passAMessage(ofPool(server));
      passAMessage(ofDataSource(server));
    }
  }

  private static void passAMessage(Store opened) {
    try (Store store = opened) {
      store.put(List.of(put()));
      Entry leased = store.lease("q", 1, Duration.ofMinutes(1)).get(0);
      assertThat(store.settle(List.of(new Settlement.Delete(KEY, leased.leased().token()))))
          .containsExactly(true);
    }
  }
}
