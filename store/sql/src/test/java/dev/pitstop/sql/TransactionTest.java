package dev.pitstop.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.IfPresent;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageExistsException;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.Schedule;
import dev.pitstop.Stored;
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
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Storing and acking in a transaction with the application's own rows. */
final class TransactionTest {
  private enum Server {
    POSTGRESQL,
    MARIADB,
    /** PostgreSQL behind PgBouncer, which gives each transaction another connection. */
    POOLER;

    String fresh() {
      return switch (this) {
        case POSTGRESQL -> TestDatabases.freshPostgres();
        case MARIADB -> TestDatabases.freshMariaDb();
        case POOLER -> pooler.bouncer().address(pooler.freshDatabase()) + "?prepareThreshold=0";
      };
    }
  }

  @SuppressWarnings("NullAway.Init")
  private static Pooler pooler;

  @BeforeAll
  static void startPooler() {
    pooler = Pooler.start("transaction");
  }

  @AfterAll
  static void endPooler() {
    pooler.close();
  }

  /** A connection of the application's, in a transaction, with a table of its own. */
  private static Connection connect(String address) throws SQLException {
    JdbcAddress jdbc = JdbcAddress.of(Address.parse(address));
    Connection connection = DriverManager.getConnection(jdbc.url(), jdbc.properties());
    try (Statement statement = connection.createStatement()) {
      statement.execute("create table own (id varchar(20) primary key)");
    }
    connection.setAutoCommit(false);
    return connection;
  }

  private static void insertOwn(Connection connection, String id) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("insert into own values ('" + id + "')");
    }
  }

  private static int countOwn(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("select count(*) from own")) {
      result.next();
      return result.getInt(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void X01_messageIsStoredWhenTheTransactionIsCommittedAndNotOtherwise(Server server)
      throws SQLException {
    String address = server.fresh();
    try (Pitstop pitstop = Pitstop.open(address);
        Connection connection = connect(address)) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      SqlQueue sql = queue.unwrap(SqlQueue.class);
      Instant later = Instant.now().plusSeconds(60);
      insertOwn(connection, "1");
      assertThat(sql.store(Message.of("body").id("a"), later, connection).outcome())
          .isEqualTo(Stored.Outcome.CREATED);
      assertThat(queue.find("a").join()).as("before the commit").isEmpty();
      connection.rollback();
      assertThat(queue.find("a").join()).as("rolled back").isEmpty();
      assertThat(queue.stats().join().scheduled()).as("rolled back").isZero();
      insertOwn(connection, "1");
      sql.store(Message.of("body").id("a"), later, connection);
      connection.commit();
      assertThat(queue.find("a").join()).as("committed").isPresent();
      assertThat(queue.stats().join().scheduled()).isOne();
      assertThat(countOwn(connection)).isOne();
    }
  }

  @ParameterizedTest
  @EnumSource
  void X01_transactionGoesOnWhereTheMessageIsThere(Server server) throws SQLException {
    String address = server.fresh();
    try (Pitstop pitstop = Pitstop.open(address);
        Connection connection = connect(address)) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      SqlQueue sql = queue.unwrap(SqlQueue.class);
      Schedule later = Schedule.at(Instant.now().plusSeconds(60));
      queue.store(Message.of("first").id("a"), later).join();
      Message<String> second = Message.of("second").id("a");
      assertThat(sql.store(second, later, IfPresent.KEEP, connection).outcome())
          .isEqualTo(Stored.Outcome.KEPT);
      assertThatThrownBy(() -> sql.store(second, later, IfPresent.FAIL, connection))
          .isInstanceOf(MessageExistsException.class);
      insertOwn(connection, "1");
      connection.commit();
      assertThat(countOwn(connection)).isOne();
      assertThat(sql.store(second, later, connection).outcome()).isEqualTo(Stored.Outcome.REPLACED);
      connection.commit();
      assertThat(queue.stats().join().scheduled()).isOne();
    }
  }

  @ParameterizedTest
  @EnumSource
  void X01_X02_autoCommitIsRefused(Server server) throws SQLException, InterruptedException {
    String address = server.fresh();
    try (Pitstop pitstop = Pitstop.open(address);
        Connection connection = connect(address)) {
      connection.setAutoCommit(true);
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      SqlQueue sql = queue.unwrap(SqlQueue.class);
      assertThatThrownBy(() -> sql.store(Message.of("body"), Instant.now(), connection))
          .isInstanceOf(InvalidFieldException.class)
          .hasMessageContaining("connection must be in a transaction of yours")
          .hasMessageContaining("setAutoCommit(false)");
      Delivery<String> delivery = delivery(queue);
      assertThatThrownBy(() -> delivery.unwrap(SqlDelivery.class).ack(connection))
          .isInstanceOf(InvalidFieldException.class)
          .hasMessageContaining("connection must be in a transaction of yours")
          .hasMessageContaining("setAutoCommit(false)");
      assertThat(queue.stats().join().leased()).as("nothing was acked").isOne();
      connection.setAutoCommit(false);
      assertThat(delivery.unwrap(SqlDelivery.class).ack(connection)).isTrue();
      connection.commit();
      delivery.ack().join(); // ends it, and writes nothing
      assertThat(queue.find("a").join()).isEmpty();
    }
  }

  /** That of a message {@code a}, which is stored for it. */
  private static Delivery<String> delivery(MessageQueue<String> queue) throws InterruptedException {
    BlockingQueue<Delivery<String>> deliveries = new LinkedBlockingQueue<>();
    queue.store(Message.of("body").id("a"), Instant.now()).join();
    queue.listen(ListenerOptions.defaults().manualAck(), deliveries::add);
    Delivery<String> delivery = deliveries.poll(30, TimeUnit.SECONDS);
    assertThat(delivery).as("a delivery within 30 s").isNotNull();
    return delivery;
  }

  /** What a caller may have set of a connection. */
  private static Map<String, Object> settings(Server server, Connection connection)
      throws SQLException {
    Map<String, Object> settings = new TreeMap<>();
    settings.put("auto-commit", connection.getAutoCommit());
    settings.put("isolation", connection.getTransactionIsolation());
    settings.put("read-only", connection.isReadOnly());
    settings.put("catalog", connection.getCatalog());
    settings.put("network timeout", connection.getNetworkTimeout());
    settings.put("warnings", Objects.toString(connection.getWarnings()));
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                server == Server.MARIADB
                    ? "select variable_name, variable_value from information_schema.session_variables"
                        + " where variable_name not in ('TIMESTAMP', 'LAST_INSERT_ID', 'IDENTITY', 'IN_TRANSACTION')"
                        + " and variable_name not like 'RAND_SEED%'"
                        + " and variable_name not like 'GTID%' and variable_name not like '%LAST_GTID'"
                    : "select name, setting from pg_settings")) {
      while (result.next()) {
        settings.put(result.getString(1), result.getString(2));
      }
    }
    if (server == Server.POOLER) {
      settings.remove("application_name"); // of the client whose session it was before
    }
    return settings;
  }

  private static Map<String, Object> changed(
      Map<String, Object> before, Map<String, Object> after) {
    after.entrySet().removeAll(before.entrySet());
    return after;
  }

  @ParameterizedTest
  @EnumSource
  void X01_X02_connectionKeepsItsSettings(Server server) throws SQLException, InterruptedException {
    String address = server.fresh();
    try (Pitstop pitstop = Pitstop.open(address);
        Connection connection = connect(address)) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      Delivery<String> delivery = delivery(queue);
      connection.setNetworkTimeout(Runnable::run, 54_321);
      if (server != Server.POOLER) { // where it would be one of some session
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      }
      Map<String, Object> before = settings(server, connection);
      connection.commit();
      SqlQueue sql = queue.unwrap(SqlQueue.class);
      Instant later = Instant.now().plusSeconds(60);
      for (IfPresent ifPresent : List.of(IfPresent.REPLACE, IfPresent.KEEP)) {
        sql.store(Message.of("body").id("b"), Schedule.at(later), ifPresent, connection);
      }
      sql.store(Message.of("body"), later, connection);
      assertThat(delivery.unwrap(SqlDelivery.class).ack(connection)).isTrue();
      assertThat(changed(before, settings(server, connection))).as("within it").isEmpty();
      connection.commit();
      assertThat(changed(before, settings(server, connection))).as("after it").isEmpty();
      delivery.ack().join(); // ends it, and writes nothing
    }
  }

  @ParameterizedTest
  @EnumSource
  void X01_X02_closedConnectionIsTheDriversFailure(Server server)
      throws SQLException, InterruptedException {
    String address = server.fresh();
    try (Pitstop pitstop = Pitstop.open(address)) {
      Connection connection = connect(address);
      connection.close();
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      SqlQueue sql = queue.unwrap(SqlQueue.class);
      assertThatThrownBy(() -> sql.store(Message.of("body"), Instant.now(), connection))
          .isInstanceOf(SQLException.class);
      Delivery<String> delivery = delivery(queue);
      assertThatThrownBy(() -> delivery.unwrap(SqlDelivery.class).ack(connection))
          .isInstanceOf(SQLException.class);
      assertThat(delivery.ack().join()).as("it can be acked still").isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void X01_listenerIsWokenByTheCommitAlone(Server server)
      throws SQLException, InterruptedException {
    String address = server.fresh();
    BlockingQueue<String> emitted = new LinkedBlockingQueue<>();
    try (Pitstop pitstop = Pitstop.open(address);
        Pitstop other = Pitstop.open(address);
        Connection connection = connect(address)) {
      other.queue("q", Codec.text()).listen(delivery -> emitted.add(delivery.body()));
      SqlQueue sql = pitstop.queue("q", Codec.text()).unwrap(SqlQueue.class);
      sql.store(Message.of("rolled back"), Instant.now(), connection);
      connection.rollback();
      sql.store(Message.of("committed"), Instant.now(), connection);
      assertThat(emitted.poll(300, TimeUnit.MILLISECONDS)).as("before the commit").isNull();
      connection.commit();
      assertThat(emitted.poll(10, TimeUnit.SECONDS)).isEqualTo("committed");
    }
    assertThat(emitted).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void E10_openTransactionHoldsUpNoOtherMessage(Server server)
      throws SQLException, InterruptedException {
    String address = server.fresh();
    for (int others : new int[] {1, 2, 3, 5, 10, 30, 100}) {
      BlockingQueue<Delivery<String>> deliveries = new LinkedBlockingQueue<>();
      try (Pitstop pitstop = Pitstop.open(address);
          Connection connection = connect(address)) {
        MessageQueue<String> queue = pitstop.queue("q", Codec.text());
        queue.listen(ListenerOptions.defaults().manualAck().concurrency(200), deliveries::add);
        queue.store(Message.of("body").id("a"), Instant.now()).join();
        Delivery<String> delivery = deliveries.poll(30, TimeUnit.SECONDS);
        assertThat(delivery).as("a delivery within 30 s").isNotNull();
        delivery.unwrap(SqlDelivery.class).ack(connection);
        MessageQueue<String> another = pitstop.queue("another", Codec.text());
        another.unwrap(SqlQueue.class).store(Message.of("body").id("m"), Instant.now(), connection);
        List<CompletableFuture<?>> stored = new ArrayList<>();
        another.listen(ListenerOptions.defaults().manualAck().concurrency(200), deliveries::add);
        for (MessageQueue<String> each : List.of(queue, another)) {
          for (int i = 0; i < others; i++) {
            stored.add(each.store(Message.of("body").id("k" + i), Instant.now()));
            stored.add(each.store(Message.of("body").id("n" + i), Instant.now()));
          }
        }
        CompletableFuture.allOf(stored.toArray(CompletableFuture[]::new)).join();
        List<CompletableFuture<Boolean>> settled = new ArrayList<>();
        for (int i = 0; i < 4 * others; i++) {
          Delivery<String> other = deliveries.poll(5, TimeUnit.SECONDS);
          assertThat(other).as("delivery %d of %d within 5 s", i, 4 * others).isNotNull();
          settled.add(i % 3 == 0 ? other.nack("later", Duration.ofHours(1)) : other.ack());
        }
        for (CompletableFuture<Boolean> one : settled) {
          assertThat(one.get(5, TimeUnit.SECONDS)).isTrue();
        }
        connection.rollback();
        delivery.ack().join();
        queue.purge().join();
        another.purge().join();
        dropOwn(connection);
      } catch (ExecutionException | TimeoutException e) {
        throw new AssertionError("with " + others + " others", e);
      }
    }
  }

  private static void dropOwn(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("drop table own");
    }
    connection.commit();
  }

  @ParameterizedTest
  @EnumSource
  void X02_ackLandsWithTheHandlersOwnRowsOrNotAtAll(Server server)
      throws SQLException, InterruptedException {
    String address = server.fresh();
    BlockingQueue<Delivery<String>> deliveries = new LinkedBlockingQueue<>();
    try (Pitstop pitstop = Pitstop.open(address);
        Connection connection = connect(address)) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      queue.store(Message.of("body").id("a"), Instant.now()).join();
      ListenerOptions options =
          ListenerOptions.defaults().manualAck().leaseTime(Duration.ofSeconds(2));
      queue.listen(options, deliveries::add);
      Delivery<String> first = deliveries.poll(30, TimeUnit.SECONDS);
      assertThat(first).as("a delivery within 30 s").isNotNull();
      insertOwn(connection, "effect");
      assertThat(first.unwrap(SqlDelivery.class).ack(connection)).isTrue();
      connection.rollback();
      Delivery<String> again = deliveries.poll(30, TimeUnit.SECONDS);
      assertThat(again).as("it comes again after a rollback").isNotNull();
      insertOwn(connection, "effect");
      assertThat(first.unwrap(SqlDelivery.class).ack(connection)).as("the lost lease").isFalse();
      assertThat(again.unwrap(SqlDelivery.class).ack(connection)).isTrue();
      connection.commit();
      assertThat(queue.find("a").join()).isEmpty();
      assertThat(countOwn(connection)).isOne();
      assertThat(queue.stats().join().leased()).isZero();
    }
  }
}
