package dev.pitstop.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.pitstop.Codec;
import dev.pitstop.Deferral;
import dev.pitstop.Filter;
import dev.pitstop.Listener;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.QueueCounters;
import dev.pitstop.QueueStats;
import dev.pitstop.RetryPolicy;
import dev.pitstop.Schedule;
import dev.pitstop.State;
import dev.pitstop.StoreResult;
import dev.pitstop.Stored;
import dev.pitstop.StoredMessage;
import dev.pitstop.json.JsonCodec;
import dev.pitstop.servers.TestDatabases;
import dev.pitstop.sql.SqlDelivery;
import dev.pitstop.sql.SqlQueue;
import dev.pitstop.sql.SqlStore;
import dev.pitstop.testing.TestPitstop;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The guide's Java, run. */
class GuideTest {
  record Order(String item) {}

  private final BlockingQueue<Order> shipped = new LinkedBlockingQueue<>();
  private final List<String> reported = new ArrayList<>();

  private void ship(Order order) {
    shipped.add(order);
  }

  private void report(String id, String error) {
    reported.add(id + ": " + error);
  }

  private static void insert(String table, Order order, Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("insert into " + table + " (item) values (?)")) {
      statement.setString(1, order.item());
      statement.executeUpdate();
    }
  }

  @Test
  void storingListeningAndShuttingDown() throws InterruptedException {
    Order order = new Order("tea");
    Order changed = new Order("coffee");
    Instant when = Instant.now().plus(Duration.ofHours(1));
    Instant later = when.plus(Duration.ofHours(1));
    Pitstop pitstop = Pitstop.open("memory:");

    MessageQueue<Order> orders = pitstop.queue("orders", JsonCodec.of(Order.class));
    Stored stored = orders.store(order, Duration.ofMinutes(15)).join();
    String id = stored.id();
    assertThat(orders.find(id).join()).isPresent();

    orders.store(Message.of(order).id("order-7").header("tenant", "acme"), when).join();
    orders.store(Message.of(changed).id("order-7"), later).join();
    orders.remove("order-7").join();
    assertThat(orders.find("order-7").join()).isEmpty();

    List<StoreResult> results =
        orders
            .storeAll(
                List.of(
                    Deferral.of(Message.of(order), Schedule.in(Duration.ofDays(1))),
                    Deferral.of(Message.of(changed), Schedule.in(Duration.ofDays(2)))))
            .join();
    results.forEach(StoreResult::orThrow);

    Listener listener =
        orders.listen(
            ListenerOptions.defaults()
                .concurrency(8)
                .leaseTime(Duration.ofMinutes(1))
                .handlerTimeout(Duration.ofSeconds(30))
                .retry(RetryPolicy.defaults().maxAttempts(10)),
            delivery -> ship(delivery.body()));
    orders.store(order, Instant.now()).join();
    assertThat(shipped.poll(60, TimeUnit.SECONDS)).isEqualTo(order);

    boolean healthy = pitstop.listeners().stream().allMatch(each -> each.health().healthy());
    QueueStats stats = orders.stats().join();
    QueueCounters counters = orders.counters();
    assertThat(healthy).isTrue();
    assertThat(stats.scheduled()).isEqualTo(3);
    assertThat(counters.stored()).isEqualTo(6);

    listener.stop().join();
    pitstop.close();
  }

  @Test
  void buriedMessagesAreReportedAndRequeued() {
    TestPitstop pitstop = TestPitstop.create();
    MessageQueue<String> orders = pitstop.queue("orders", Codec.text());
    orders.store(Message.of("x").id("x"), Instant.EPOCH);
    Listener burying = orders.listen(delivery -> delivery.bury("not wanted"));
    pitstop.runDue();
    burying.stop();
    for (StoredMessage message :
        orders.list(Filter.of(State.BURIED), Optional.empty(), 100).join().items()) {
      report(message.id(), message.lastError().orElse(""));
    }
    orders.requeueAll().join();
    assertThat(reported).containsExactly("x: not wanted");
    assertThat(orders.stats().join().scheduled()).isEqualTo(1);
    pitstop.close();
  }

  @Test
  void rowsAndMessagesLandTogetherOrNotAtAll() throws SQLException {
    Order order = new Order("tea");
    try (HikariDataSource dataSource = Databases.dataSource(TestDatabases.freshPostgres())) {
      Databases.run(dataSource, "create table basket (item text)");
      Databases.run(dataSource, "create table receipt (item text)");
      Pitstop pitstop = Pitstop.on(SqlStore.on(dataSource), PitstopOptions.defaults());
      MessageQueue<Order> orders = pitstop.queue("orders", JsonCodec.of(Order.class));

      SqlQueue sql = orders.unwrap(SqlQueue.class);
      try (Connection connection = dataSource.getConnection()) {
        connection.setAutoCommit(false);
        insert("basket", order, connection);
        sql.store(Message.of(order).id("order-7"), Schedule.in(Duration.ZERO), connection);
        connection.rollback();
        assertThat(orders.find("order-7").join()).isEmpty();
        insert("basket", order, connection);
        sql.store(Message.of(order).id("order-7"), Schedule.in(Duration.ZERO), connection);
        connection.commit();
      }
      assertThat(Databases.rows(dataSource, "select item from basket", 1)).containsExactly("tea");
      assertThat(orders.find("order-7").join()).isPresent();

      orders.listen(
          delivery -> {
            try (Connection connection = dataSource.getConnection()) {
              connection.setAutoCommit(false);
              insert("receipt", delivery.body(), connection);
              if (!delivery.unwrap(SqlDelivery.class).ack(connection)) {
                throw new IllegalStateException("the lease was lost");
              }
              if (delivery.attempt() == 1) {
                throw new SQLException("it fails before the commit");
              }
              connection.commit();
              shipped.add(delivery.body());
            }
          });
      await().until(() -> !shipped.isEmpty());
      assertThat(Databases.rows(dataSource, "select item from receipt", 1)).containsExactly("tea");
      assertThat(orders.find("order-7").join()).isEmpty();
      assertThat(orders.counters().nacked()).isEqualTo(1);
      pitstop.close();
    }
  }

  @Test
  void timeMovesByHand() {
    List<String> sent = new ArrayList<>();
    TestPitstop pitstop = TestPitstop.create();
    MessageQueue<String> queue = pitstop.queue("mail", Codec.text());
    queue.listen(delivery -> sent.add(delivery.body() + ", attempt " + delivery.attempt()));
    queue.store(Message.of("digest").id("d"), Schedule.cron("0 9 * * *", ZoneId.of("Europe/Oslo")));

    pitstop.advance(Duration.ofDays(2));
    assertThat(sent).containsExactly("digest, attempt 1", "digest, attempt 1");
    pitstop.close();
  }

  @Test
  void everySnippetIsInThisTest() {
    Snippets.areIn("docs/guide.md", GuideTest.class);
  }
}
