package dev.pitstop.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.QueueStats;
import dev.pitstop.servers.TestDatabases;
import dev.pitstop.spi.Address;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The counts, which are summed up while others write, are the truth. */
final class CountsTest {
  private static final int WRITERS = 4;
  private static final int STEPS = 150;
  private static final int QUEUES = 3;
  private static final int SUMMED_UP_FROM = 200;

  private enum Server {
    POSTGRESQL,
    MARIADB;

    HikariDataSource fresh() {
      JdbcAddress jdbc =
          JdbcAddress.of(
              Address.parse(
                  this == POSTGRESQL
                      ? TestDatabases.freshPostgres()
                      : TestDatabases.freshMariaDb()));
      HikariDataSource source = new HikariDataSource();
      source.setJdbcUrl(jdbc.url());
      source.setDataSourceProperties(jdbc.properties());
      source.setMaximumPoolSize(20);
      return source;
    }
  }

  @ParameterizedTest
  @EnumSource
  void T07_countsAreTheTruthWhileTheyAreSummedUp(Server server)
      throws SQLException, InterruptedException, ExecutionException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    ExecutorService threads = Executors.newCachedThreadPool();
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong sums = new AtomicLong();
    try (HikariDataSource source = server.fresh();
        Pitstop pitstop = Pitstop.on(SqlStore.on(source), PitstopOptions.defaults());
        Database database = database(source)) {
      List<Future<?>> summing = new ArrayList<>();
      for (int i = 0; i < 2; i++) { // two processes may do it at once
        summing.add(threads.submit(() -> sumUpUntil(database, over, sums)));
      }
      List<Callable<Integer>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        SplittableRandom random = new SplittableRandom(seed + i);
        writers.add(() -> write(pitstop, source, random, sums));
      }
      for (Future<Integer> writer : threads.invokeAll(writers)) {
        writer.get();
      }
      assertThat(pitstop.stats().stream().map(CountsTest::text).sorted().toList())
          .as("seed %d", seed)
          .isEqualTo(truth(source));
      over.set(true);
      for (Future<?> one : summing) {
        one.get();
      }
      sumUp(database);
      assertThat(pitstop.stats().stream().map(CountsTest::text).sorted().toList())
          .as("seed %d", seed)
          .isEqualTo(truth(source));
      assertThat(ask(source, "select count(*) from pitstop_count"))
          .singleElement()
          .satisfies(rows -> assertThat(Integer.parseInt(rows)).isLessThan(SUMMED_UP_FROM));
    } finally {
      over.set(true);
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void T07_anOpenTransactionHoldsUpNoSummingUp(Server server) throws SQLException {
    try (HikariDataSource source = server.fresh();
        Pitstop pitstop = Pitstop.on(SqlStore.on(source), PitstopOptions.defaults());
        Database database = database(source);
        Connection connection = source.getConnection()) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      Instant later = Instant.now().plusSeconds(3_600);
      connection.setAutoCommit(false);
      queue.unwrap(SqlQueue.class).store(Message.of("body"), later, connection);
      for (int i = 0; i < SUMMED_UP_FROM; i++) {
        queue.store("body", later).join();
      }
      long begun = System.nanoTime();
      sumUp(database);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
      assertThat(ask(source, "select count(*) from pitstop_count")).containsExactly("1");
      assertThat(queue.stats().join().scheduled()).isEqualTo(SUMMED_UP_FROM);
      connection.commit();
      assertThat(queue.stats().join().scheduled()).isEqualTo(SUMMED_UP_FROM + 1);
      sumUp(database);
      assertThat(queue.stats().join().scheduled()).isEqualTo(SUMMED_UP_FROM + 1);
    }
  }

  private static Database database(HikariDataSource source) throws SQLException {
    try (Connection connection = source.getConnection()) {
      return new Database(
          Connections.of(source, "the data source"),
          Dialects.of(connection, new Tables(Tables.DEFAULT)),
          Duration.ofSeconds(10));
    }
  }

  private static void sumUpUntil(Database database, AtomicBoolean over, AtomicLong sums) {
    while (!over.get()) {
      sumUp(database);
      sums.incrementAndGet();
    }
  }

  private static void sumUp(Database database) {
    database.call(
        work -> {
          database.dialect().compact(work);
          return true;
        });
  }

  /** Changes the counts in each way; transactions of its own stay open meanwhile. */
  private static int write(
      Pitstop pitstop, HikariDataSource source, SplittableRandom random, AtomicLong sums)
      throws SQLException {
    String mine = Long.toString(random.nextLong(), 36);
    for (int step = 0; step < STEPS; step++) {
      MessageQueue<String> queue = pitstop.queue("q" + random.nextInt(QUEUES), Codec.text());
      String id = mine + random.nextInt(20);
      Instant when = Instant.now().plusSeconds(random.nextInt(2) * 3_600L);
      switch (random.nextInt(6)) {
        case 0, 1 -> queue.store(Message.of("body").id(id), when).join();
        case 2 -> queue.store("body", when).join();
        case 3 -> queue.remove(id).join();
        case 4 ->
            queue
                .listen(
                    ListenerOptions.defaults().manualAck().concurrency(5),
                    delivery -> settle(delivery))
                .stop()
                .join();
        default -> {
          try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            queue.unwrap(SqlQueue.class).store(Message.of("body").id(id), when, connection);
            long begun = sums.get();
            while (sums.get() < begun + 3 && !Thread.currentThread().isInterrupted()) {
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1)); // summed up meanwhile
            }
            if (random.nextBoolean()) {
              connection.commit();
            } else {
              connection.rollback();
            }
          }
        }
      }
    }
    return STEPS;
  }

  private static void settle(Delivery<String> delivery) {
    switch (Math.floorMod(delivery.id().hashCode(), 4)) {
      case 0 -> delivery.ack().join();
      case 1 -> delivery.nack("later", Duration.ofHours(1)).join();
      case 2 -> delivery.bury("not wanted").join();
      default -> delivery.release().join();
    }
  }

  private static String text(QueueStats stats) {
    return "%s %d %d %d"
        .formatted(stats.queue(), stats.scheduled(), stats.leased(), stats.buried());
  }

  /** What the messages say. */
  private static List<String> truth(HikariDataSource source) throws SQLException {
    return ask(
        source,
        "select queue, sum(case when due is not null and leased_until = 0 then 1 else 0 end),"
            + " sum(case when due is not null and leased_until > 0 then 1 else 0 end),"
            + " sum(case when due is null then 1 else 0 end)"
            + " from pitstop_message group by queue order by queue");
  }

  private static List<String> ask(HikariDataSource source, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
          row.add(result.getString(column));
        }
        rows.add(String.join(" ", row));
      }
    }
    return rows;
  }
}
