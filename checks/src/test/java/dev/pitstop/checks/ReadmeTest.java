package dev.pitstop.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.IfPresent;
import dev.pitstop.Listener;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.Schedule;
import dev.pitstop.json.JsonCodec;
import dev.pitstop.servers.TestDatabases;
import dev.pitstop.sql.SqlQueue;
import dev.pitstop.testing.TestPitstop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java is Java that runs here, line by line, and its links lead somewhere. */
class ReadmeTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

  record Order(String item) {}

  private final CountDownLatch shipped = new CountDownLatch(2);

  private void ship(Order order) {
    assertThat(order.item()).isNotEmpty();
    shipped.countDown();
  }

  private static void save(Order order, Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("insert into basket (item) values (?)")) {
      statement.setString(1, order.item());
      statement.executeUpdate();
    }
  }

  private static void later(Runnable ack) {
    ack.run();
  }

  @Test
  void ordersComeBack(@TempDir Path directory) throws InterruptedException {
    Order order = new Order("tea");
    Instant when = Instant.now();
    Instant start = Instant.now();
    Instant end = start.plus(Duration.ofDays(1));
    String address = "rocksdb:" + directory.resolve("data");
    try (Pitstop pitstop = Pitstop.open(address)) {
      MessageQueue<Order> orders = pitstop.queue("orders", JsonCodec.of(Order.class));

      Listener listener =
          orders.listen(delivery -> ship(delivery.body())); // returns: ack; throws: nack

      orders
          .store(order, Instant.now().plus(Duration.ofMinutes(15)))
          .join(); // durable once it returns
      orders.store(Message.of(order).id("abc"), when); // with an id: store it again to replace it
      orders.store(
          Message.of(order).id("def"), Schedule.every(Duration.ofHours(1)).from(start).until(end));
      orders.store(
          Message.of(order).id("ghi"),
          Schedule.cron("0 9 * * MON-FRI", ZoneId.of("Europe/Oslo")),
          IfPresent.KEEP); // declared at each start, and not moved by it
      assertThat(shipped.await(60, TimeUnit.SECONDS)).isTrue();
      orders.remove("abc");

      listener.stop().join();
      assertThat(orders.stats().join().scheduled()).isEqualTo(3);
    }
    assertThat(Files.isDirectory(directory.resolve("data"))).isTrue();
  }

  @Test
  void deliveriesAreSettledByHandOrStreamed(@TempDir Path directory) {
    try (Pitstop pitstop = Pitstop.open("memory:")) {
      MessageQueue<Order> orders = pitstop.queue("orders", JsonCodec.of(Order.class));
      Listener manual =
          orders.listen(
              ListenerOptions.defaults().concurrency(64).manualAck(),
              delivery -> later(() -> delivery.ack()));
      Flow.Publisher<Delivery<Order>> stream = orders.deliveries();
      orders.store(new Order("tea"), Instant.now()).join();
      await().until(() -> orders.counters().acked() > 0);
      assertThat(stream).isNotNull();
      manual.stop().join();
    }
  }

  @Test
  void ordersAreStoredWithRowsOfOnesOwn() throws SQLException {
    Order order = new Order("tea");
    Instant when = Instant.now().plus(Duration.ofHours(1));
    String address = TestDatabases.freshPostgres();
    try (HikariDataSource dataSource = Databases.dataSource(address);
        Pitstop pitstop = Pitstop.open(address)) {
      Databases.run(dataSource, "create table basket (item text)");
      MessageQueue<Order> orders = pitstop.queue("orders", JsonCodec.of(Order.class));
      try (Connection connection = dataSource.getConnection()) { // a transaction of yours
        connection.setAutoCommit(false);
        save(order, connection);
        orders.unwrap(SqlQueue.class).store(Message.of(order), when, connection);
        assertThat(orders.stats().join().scheduled()).isZero();
        connection.commit(); // both are there now, or neither
      }
      assertThat(orders.stats().join().scheduled()).isEqualTo(1);
      assertThat(Databases.rows(dataSource, "select item from basket", 1)).containsExactly("tea");
    }
  }

  @Test
  void timeMovesWhenATestSaysSo() {
    List<String> sent = new ArrayList<>();
    TestPitstop pitstop = TestPitstop.create();
    MessageQueue<String> queue = pitstop.queue("reminders", Codec.text());
    queue.listen(delivery -> sent.add(delivery.body()));
    queue.store("pay the bill", Duration.ofMinutes(15));

    pitstop.advance(Duration.ofMinutes(15));
    assertThat(sent).containsExactly("pay the bill");
    pitstop.close();
  }

  @Test
  void everySnippetIsInThisTest() {
    Snippets.areIn("README.md", ReadmeTest.class);
  }

  @Test
  void everyLinkLeadsToAFile() {
    for (Path page : Project.files(".md")) {
      for (MatchResult link : LINK.matcher(Project.read(page)).results().toList()) {
        assertThat(page.resolveSibling(link.group(1)))
            .as("%s in %s", link.group(), Project.ROOT.relativize(page))
            .exists();
      }
    }
  }
}
