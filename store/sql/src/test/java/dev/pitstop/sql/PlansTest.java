package dev.pitstop.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Filter;
import dev.pitstop.IfPresent;
import dev.pitstop.State;
import dev.pitstop.servers.MariaDbServer;
import dev.pitstop.servers.PostgresServer;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.Settlement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each statement finds its rows along an index, whatever the statistics say of the tables. */
final class PlansTest {
  private static final int MESSAGES = 20_000;
  private static final int ROUNDS = 8; // the driver prepares what it sees for the fifth time

  /** What the database's statistics know of the tables. */
  private enum Statistics {
    NONE,
    OF_EMPTY_TABLES,
    OF_TABLES_THAT_WERE_FULL
  }

  /** A database that is looked into. */
  private record Looked(Connection connection, String analysing) {
    String ask(String sql) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet result = statement.executeQuery(sql)) {
        result.next();
        return result.getString(1);
      }
    }

    void analyse() throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(analysing);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void postgresGoesAlongTheIndexes(Statistics statistics) throws SQLException {
    try (PostgresServer server =
        PostgresServer.start(
            Map.of(
                "fsync", "off",
                "autovacuum", "off",
                "session_preload_libraries", "auto_explain",
                "auto_explain.log_min_duration", "0"))) {
      server.createDatabase("db");
      try (SqlStore store = open(server.address("db"));
          Connection connection = DriverManager.getConnection(server.jdbcUrl("db"))) {
        Looked looked =
            new Looked(connection, "analyze pitstop_message, pitstop_count, pitstop_version");
        prepare(store, looked, statistics);
        String log =
            "select pg_read_file(regexp_replace(current_setting('data_directory'), '[^/]+$', '')"
                + " || 'server.log')";
        int before = looked.ask(log).length();
        for (int round = 0; round < ROUNDS; round++) {
          useAll(store, round);
        }
        useLargeBatches(store);
        String own = looked.ask(log).substring(before);
        assertThat(own).contains("Index Scan using pitstop_message_queue_due_seq_idx");
        assertThat(own.lines().filter(l -> l.matches(".*(Seq Scan on pitstop_m|Sort ).*")).toList())
            .isEmpty();
        before =
            looked.ask(log).length(); // aside of it counts may be summed up, of which all are read
        for (int round = 0; round < ROUNDS; round++) {
          useInATransaction(store, connection, round);
        }
        assertThat(
                looked
                    .ask(log)
                    .substring(before)
                    .lines()
                    .filter(l -> l.contains("Seq Scan on pitstop_m")))
            .isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void mariaDbGoesAlongTheIndexes(Statistics statistics) throws SQLException {
    try (MariaDbServer server =
        MariaDbServer.start(
            Map.of(
                "innodb-flush-log-at-trx-commit", "2",
                "innodb-stats-auto-recalc", "OFF"))) {
      server.createDatabase("db");
      try (SqlStore store = open(server.address("db"));
          Connection connection = DriverManager.getConnection(server.jdbcUrl("db"))) {
        Looked looked = new Looked(connection, "analyze table pitstop_message, pitstop_count");
        prepare(store, looked, statistics);
        String sorted =
            "select sum(variable_value) from information_schema.global_status"
                + " where variable_name in ('SORT_ROWS', 'SORT_SCAN', 'SORT_RANGE')";
        String read =
            "select sum(variable_value) from information_schema.global_status"
                + " where variable_name like 'HANDLER\\_READ\\_%NEXT'"
                + " or variable_name like 'HANDLER\\_READ\\_PREV'";
        long sortedBefore = Long.parseLong(looked.ask(sorted));
        long readBefore = Long.parseLong(looked.ask(read));
        for (int round = 0; round < ROUNDS; round++) {
          useAll(store, round);
          useInATransaction(store, connection, round);
        }
        useLargeBatches(store);
        assertThat(Long.parseLong(looked.ask(sorted)) - sortedBefore).as("sorted").isZero();
        assertThat(Long.parseLong(looked.ask(read)) - readBefore)
            .as("rows read")
            .isLessThan(MESSAGES / 2);
      }
    }
  }

  private static SqlStore open(String address) {
    return (SqlStore) new SqlStoreFactory().open(Address.parse(address));
  }

  /** Fills the tables, or empties them, behind the statistics' back. */
  private static void prepare(SqlStore store, Looked looked, Statistics statistics)
      throws SQLException {
    if (statistics == Statistics.OF_EMPTY_TABLES) {
      looked.analyse();
    }
    fill(store, "waiting", Instant.now().plus(Duration.ofDays(1)));
    fill(store, "q", Instant.now().minusSeconds(60));
    if (statistics == Statistics.OF_TABLES_THAT_WERE_FULL) {
      looked.analyse();
      store.purge("waiting");
    }
  }

  private static void fill(SqlStore store, String queue, Instant due) {
    store.put(
        IntStream.range(0, MESSAGES)
            .mapToObj(i -> put(new Key(queue, "m" + i), due, IfPresent.REPLACE))
            .toList());
  }

  private static Put put(Key key, Instant due, IfPresent ifPresent) {
    Payload payload = new Payload(new byte[20], "text/plain", Map.of());
    Entry entry = Entry.scheduled(key, payload, null, Progress.starting(due));
    return new Put(entry, ifPresent, false);
  }

  /** Each of the store's own statements but those that read all the counts. */
  private static void useAll(SqlStore store, int round) {
    Instant now = Instant.now();
    Key fresh = new Key("q", "fresh" + round);
    store.put(
        List.of(put(fresh, now, IfPresent.REPLACE), put(new Key("q", "m5"), now, IfPresent.KEEP)));
    Entry unused = put(new Key("q", "u" + round), now, IfPresent.REPLACE).entry();
    store.put(List.of(new Put(unused, IfPresent.REPLACE, true)));
    store.untilNextDue("q");
    store.untilNextDue("waiting");
    List<Entry> leased = store.lease("q", 10, Duration.ofMinutes(5));
    assertThat(leased).hasSize(10);
    List<Settlement> settlements =
        IntStream.range(0, 10).mapToObj(i -> settlement(leased.get(i), i)).toList();
    assertThat(store.settle(settlements)).doesNotContain(false);
    store.untilNextDue("q");
    assertThat(store.find(fresh)).isPresent();
    store.list("q", Filter.of(State.SCHEDULED), Optional.empty(), 10);
    store.list("q", Filter.of(State.BURIED), Optional.empty(), 10);
    store.list("q", Filter.ALL, Optional.empty(), 10);
    assertThat(store.requeue(leased.get(8).key())).isTrue();
    assertThat(store.requeueAll("q")).isOne();
    assertThat(store.remove(List.of(fresh, new Key("q", "none")))).containsExactly(true, false);
    store.put(List.of(put(new Key("gone", "a"), now, IfPresent.REPLACE)));
    assertThat(store.purge("gone")).isOne();
  }

  private static void useLargeBatches(SqlStore store) {
    Instant later = Instant.now().plus(Duration.ofDays(1));
    List<Entry> acked = store.lease("q", Batch.LARGEST, Duration.ofMinutes(5));
    List<Settlement> acks =
        acked.stream()
            .map(e -> (Settlement) new Settlement.Delete(e.key(), e.leased().token()))
            .toList();
    assertThat(store.settle(acks)).hasSize(Batch.LARGEST).doesNotContain(false);
    List<Entry> moved = store.lease("q", Batch.LARGEST, Duration.ofMinutes(5));
    List<Settlement> moves =
        moved.stream()
            .map(
                e ->
                    (Settlement)
                        new Settlement.Move(e.key(), e.leased().token(), Progress.starting(later)))
            .toList();
    assertThat(store.settle(moves)).hasSize(Batch.LARGEST).doesNotContain(false);
    assertThat(store.remove(moved.stream().map(Entry::key).toList())).doesNotContain(false);
  }

  private static Settlement settlement(Entry leased, int i) {
    Key key = leased.key();
    long token = leased.leased().token();
    Progress progress = Progress.starting(Instant.now());
    return i < 4
        ? new Settlement.Delete(key, token)
        : i < 6
            ? new Settlement.Move(key, token, progress)
            : i < 8
                ? new Settlement.Extend(key, token, Duration.ofMinutes(1))
                : new Settlement.Bury(key, token, progress);
  }

  /** What is done in the application's transactions, where the planner is left alone. */
  private static void useInATransaction(SqlStore store, Connection connection, int round)
      throws SQLException {
    Entry leased = store.lease("q", 1, Duration.ofMinutes(5)).get(0);
    connection.setAutoCommit(false);
    Instant now = Instant.now();
    store.writes().put(connection, put(new Key("q", "t" + round), now, IfPresent.REPLACE));
    store.writes().put(connection, put(new Key("q", "t" + round), now, IfPresent.KEEP));
    Settlement ack = new Settlement.Delete(leased.key(), leased.leased().token());
    assertThat(store.writes().settle(connection, ack)).isTrue();
    connection.commit();
    connection.setAutoCommit(true);
  }
}
