package dev.pitstop.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.IfPresent;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.QueueStats;
import dev.pitstop.Schedule;
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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.postgresql.PGConnection;

/** Several stores behind PgBouncer, which they share with other clients. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PoolerTest {
  private static final int MESSAGES = 1_500;

  @SuppressWarnings("NullAway.Init")
  private Pooler pooler;

  @BeforeAll
  void start() {
    pooler = Pooler.start("transaction");
  }

  @AfterAll
  void end() {
    pooler.close();
  }

  @Test
  void E02_eachMessageOfThreeStoresIsHandledToItsEnd() {
    String address = pooler.bouncer().address(pooler.freshDatabase());
    Map<String, Integer> emissions = new ConcurrentHashMap<>();
    try (Pitstop first = Pitstop.open(address);
        Pitstop second = Pitstop.open(address);
        Pitstop third = Pitstop.open(address)) {
      List<MessageQueue<String>> queues = List.of(queue(first), queue(second), queue(third));
      Schedule now = Schedule.at(Instant.now());
      for (MessageQueue<String> queue : queues) {
        queue.listen(
            ListenerOptions.defaults().manualAck().concurrency(32),
            delivery -> settle(delivery, emissions.merge(delivery.id(), 1, Integer::sum)));
      }
      CompletableFuture.allOf(
              IntStream.range(0, MESSAGES)
                  .mapToObj(
                      i ->
                          queues
                              .get(i % 3)
                              .store(message(i), now, List.of(IfPresent.values()).get(i % 3)))
                  .toArray(CompletableFuture[]::new))
          .join();
      QueueStats stats = emptied(queues.get(0));
      assertThat(stats.buried()).isEqualTo(MESSAGES / 5);
      assertThat(emissions).hasSize(MESSAGES);
      assertThat(queues.get(1).requeueAll().join()).isEqualTo(MESSAGES / 5);
      assertThat(emptied(queues.get(2)).buried()).isZero();
      assertThat(emissions.get("4")).as("buried, then requeued and acked").isEqualTo(2);
    }
  }

  private static MessageQueue<String> queue(Pitstop pitstop) {
    return pitstop.queue("q", Codec.text());
  }

  private static Message<String> message(int i) {
    return Message.of("body").id(Integer.toString(i));
  }

  /** Each way of settling for a fifth of the messages; what comes again is acked. */
  private static void settle(Delivery<String> delivery, int emission) {
    switch (emission > 1 ? 0 : Integer.parseInt(delivery.id()) % 5) {
      case 1 -> delivery.nack("again", Duration.ofMillis(10)).join();
      case 2 -> delivery.release().join();
      case 3 -> {
        delivery.extend(Duration.ofMinutes(1)).join();
        delivery.reschedule(Instant.now()).join();
      }
      case 4 -> delivery.bury("not wanted").join();
      default -> delivery.ack().join();
    }
  }

  /** The counts when nothing waits or is leased any more. */
  private static QueueStats emptied(MessageQueue<String> queue) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    QueueStats stats = queue.stats().join();
    while (stats.scheduled() > 0 || stats.leased() > 0) {
      assertThat(System.nanoTime() - deadline).as("nanos past 60 s, at %s", stats).isNegative();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      stats = queue.stats().join();
    }
    return stats;
  }

  @Test
  void E06_wakingIsLateByThePollIntervalAtMostAndSaidOnce() throws InterruptedException {
    String address = pooler.bouncer().address(pooler.freshDatabase()) + "?wakePoll=300ms";
    BlockingQueue<Delivery<String>> deliveries = new LinkedBlockingQueue<>();
    try (RecordedLog log = RecordedLog.record();
        Pitstop listening = Pitstop.open(address);
        Pitstop storing = Pitstop.open(address)) {
      queue(listening).listen(deliveries::add);
      queue(storing).store("warm", Instant.now()).join();
      assertThat(deliveries.poll(30, TimeUnit.SECONDS)).isNotNull();
      log.await("notifications do not arrive");
      for (int i = 0; i < 5; i++) {
        long before = System.nanoTime();
        queue(storing).store("body", Instant.now()).join();
        assertThat(deliveries.poll(30, TimeUnit.SECONDS)).isNotNull();
        assertThat(Duration.ofNanos(System.nanoTime() - before))
            .isLessThan(Duration.ofSeconds(1)); // the poll, and what a busy machine takes
      }
      assertThat(log.lines("notifications do not arrive")).hasSize(1);
      assertThat(log.lines("a pooler stands before the server")).hasSize(2); // one a store
    }
  }

  @Test
  void otherClientsOfThePoolerFindTheServersConnectionsAsTheyWere()
      throws SQLException, InterruptedException {
    String database = pooler.freshDatabase();
    BlockingQueue<Delivery<String>> deliveries = new LinkedBlockingQueue<>();
    try (RecordedLog log = RecordedLog.record();
        Pitstop pitstop = Pitstop.open(pooler.bouncer().address(database))) {
      queue(pitstop).listen(deliveries::add);
      for (int i = 0; i < 20; i++) {
        queue(pitstop).store("body", Instant.now()).join();
        assertThat(deliveries.poll(30, TimeUnit.SECONDS)).isNotNull();
      }
      log.await("notifications do not arrive");
      List<Connection> others = new ArrayList<>();
      try {
        for (int i = 0; i < 10; i++) {
          Connection other =
              DriverManager.getConnection(
                  pooler.bouncer().jdbcUrl(database) + "&prepareThreshold=0");
          others.add(other);
          other.setAutoCommit(false); // keeps a connection of the server's to the end
          assertThat(setting(other, "enable_seqscan")).isEqualTo("on");
          assertThat(setting(other, "enable_sort")).isEqualTo("on");
          assertThat(setting(other, "plan_cache_mode")).isEqualTo("auto");
          assertThat(setting(other, "statement_timeout")).isEqualTo("0");
          assertThat(setting(other, "transaction_isolation")).isEqualTo("read committed");
        }
        queue(pitstop).store("body", Instant.now()).join();
        assertThat(deliveries.poll(30, TimeUnit.SECONDS)).isNotNull();
        for (Connection other : others) {
          other.commit();
          setting(other, "enable_seqscan");
          assertThat(other.unwrap(PGConnection.class).getNotifications())
              .as("what others hear")
              .isEmpty();
        }
      } finally {
        for (Connection other : others) {
          other.close();
        }
      }
    }
  }

  private static String setting(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("show " + name)) {
      result.next();
      return result.getString(1);
    }
  }

  @Test
  void E06_notificationsArriveWhereEachClientHasAConnectionOfTheServers()
      throws InterruptedException {
    try (Pooler sessions = Pooler.start("session");
        RecordedLog log = RecordedLog.record()) {
      String address = sessions.bouncer().address(sessions.freshDatabase()) + "?wakePoll=1h";
      BlockingQueue<Delivery<String>> deliveries = new LinkedBlockingQueue<>();
      try (Pitstop listening = Pitstop.open(address);
          Pitstop storing = Pitstop.open(address)) {
        queue(listening).listen(deliveries::add);
        for (int i = 0; i < 20; i++) {
          queue(storing).store("body", Instant.now()).join();
          assertThat(deliveries.poll(30, TimeUnit.SECONDS)).isNotNull();
        }
      }
      assertThat(log.lines("notifications do not arrive")).isEmpty();
    }
  }
}
