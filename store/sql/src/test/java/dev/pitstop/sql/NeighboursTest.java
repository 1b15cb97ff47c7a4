package dev.pitstop.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.IfPresent;
import dev.pitstop.servers.MariaDbServer;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.Settlement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * MariaDB reads and locks the rows that are asked for and no others, however many of a queue these
 * are: others may be held by transactions of the application.
 */
final class NeighboursTest {
  private static final Duration LEASE = Duration.ofMinutes(15);
  private static final String HELD = "m0x"; // stands among the others
  private static final String NEXT_QUEUE = "r";

  private static MariaDbServer server;

  @BeforeAll
  static void start() {
    server = MariaDbServer.start(Map.of("innodb-flush-log-at-trx-commit", "2"));
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static Put put(String queue, String id, Instant due) {
    Payload payload = new Payload(new byte[20], "text/plain", Map.of());
    Entry entry = Entry.scheduled(new Key(queue, id), payload, null, Progress.starting(due));
    return new Put(entry, IfPresent.REPLACE, false);
  }

  private static List<Put> puts(int size, Instant due) {
    return IntStream.range(0, size).mapToObj(i -> put("q", "m" + i, due)).toList();
  }

  private static List<Settlement> acks(List<Entry> leased) {
    return leased.stream()
        .map(e -> (Settlement) new Settlement.Delete(e.key(), e.leased().token()))
        .toList();
  }

  private static long waits(Connection connection) throws SQLException {
    return Kind.number(
        connection,
        "select variable_value from information_schema.global_status"
            + " where variable_name = 'INNODB_ROW_LOCK_WAITS'");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 40, 600})
  void E10_nobodyWaitsForMessagesOfOthers(int size) throws SQLException {
    String database = "of" + size;
    server.createDatabase(database);
    String address = server.address(database);
    try (SqlStore store = (SqlStore) new SqlStoreFactory().open(Address.parse(address));
        Connection connection = DriverManager.getConnection(server.jdbcUrl(database))) {
      store.put(List.of(put("q", HELD, Instant.EPOCH), put(NEXT_QUEUE, HELD, Instant.EPOCH)));
      assertThat(store.lease("q", 1, LEASE)).hasSize(1);
      store.put(puts(size, Instant.EPOCH.plusMillis(1)));
      connection.setAutoCommit(false);
      for (String queue : List.of("q", NEXT_QUEUE)) {
        Kind.execute(
            connection,
            "select * from pitstop_message where queue = '%s' and id = '%s' for update"
                .formatted(queue, HELD));
      }
      long before = waits(connection);

      List<Entry> leased = store.lease("q", size, LEASE);
      assertThat(leased).hasSize(size);
      assertThat(store.settle(acks(leased))).hasSize(size).doesNotContain(false);
      store.put(puts(size, Instant.now().plusSeconds(3_600)));
      List<Key> keys = IntStream.range(0, size).mapToObj(i -> new Key("q", "m" + i)).toList();
      assertThat(store.remove(keys)).hasSize(size).doesNotContain(false);
      store.put(List.of(put("p", "a", Instant.EPOCH), put("p", "b", Instant.EPOCH)));
      assertThat(store.purge("p")).isEqualTo(2);
      store.put(List.of(put("q", "buried", Instant.EPOCH)));
      Entry buried = store.lease("q", 1, LEASE).get(0);
      Progress failed = Progress.starting(Instant.EPOCH);
      store.settle(List.of(new Settlement.Bury(buried.key(), buried.leased().token(), failed)));
      assertThat(store.requeueAll("q")).isOne();

      assertThat(waits(connection) - before).as("waits for rows of others").isZero();
    }
  }
}
