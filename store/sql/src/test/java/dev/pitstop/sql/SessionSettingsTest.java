package dev.pitstop.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.Schedule;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.StoredMessage;
import dev.pitstop.servers.PrivateServer;
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
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions with other time zones, modes and defaults than most have. */
final class SessionSettingsTest {
  /** Around the gaps and overlaps of the zones below, and at the ends of what is kept. */
  private static final List<Instant> TIMES =
      List.of(
          Instant.parse(
              "2027-03-14T05:29:59.999Z"), // St. John's springs forward at 02:00, UTC-3:30
          Instant.parse("2027-03-14T05:30:00Z"),
          Instant.parse("2027-03-14T06:00:00.001Z"),
          Instant.parse("2027-03-28T01:30:00Z"), // Europe
          Instant.parse("2027-10-31T00:30:00Z"),
          Instant.parse("2027-10-31T01:30:00Z"),
          Instant.parse("2027-11-07T04:30:00Z"), // and back
          Instant.parse("2027-11-07T05:00:00Z"),
          Instant.parse("2038-01-19T03:14:08Z"),
          Schedule.LAST);

  private static final TimeZone ZONE = TimeZone.getDefault();

  @AfterEach
  void restoreZone() {
    TimeZone.setDefault(ZONE);
  }

  private static HikariDataSource source(String address, Map<String, String> properties) {
    JdbcAddress jdbc = JdbcAddress.of(Address.parse(address));
    HikariDataSource source = new HikariDataSource();
    source.setJdbcUrl(jdbc.url());
    jdbc.properties().forEach((name, value) -> source.addDataSourceProperty((String) name, value));
    properties.forEach(source::addDataSourceProperty);
    return source;
  }

  private static HikariDataSource postgres(String options) {
    return source(TestDatabases.freshPostgres(), Map.of("options", options));
  }

  private static HikariDataSource mariaDb(Map<String, String> properties) {
    return source(TestDatabases.freshMariaDb(), properties);
  }

  private static Pitstop on(HikariDataSource source) {
    return Pitstop.on(SqlStore.on(source), PitstopOptions.defaults());
  }

  private static String ask(HikariDataSource source, String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Asia/Kolkata, America/St_Johns",
    "America/St_Johns, Pacific/Apia",
    "Pacific/Apia, Asia/Kolkata",
    "America/St_Johns, UTC"
  })
  void E01_postgresIsOnTimeInEachZone(String here, String there)
      throws SQLException, InterruptedException {
    TimeZone.setDefault(TimeZone.getTimeZone(here)); // the driver makes it the session's
    String address = TestDatabases.freshPostgres();
    String database = address.substring(address.lastIndexOf('/') + 1);
    try (HikariDataSource admin = source(address, Map.of())) {
      assertThat(ask(admin, "show timezone")).isEqualTo(here);
      try (Connection connection = admin.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("alter database " + database + " set timezone = '" + there + "'");
      }
    }
    try (HikariDataSource source = source(address, Map.of("options", "-c TimeZone=" + there))) {
      isOnTime(source);
    }
    try (HikariDataSource source = source(address, Map.of())) {
      isOnTime(source);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Asia/Kolkata, -03:30",
    "America/St_Johns, +13:00",
    "Pacific/Apia, +05:30",
    "America/St_Johns, +00:00"
  })
  void E01_mariaDbIsOnTimeInEachZone(String here, String there)
      throws SQLException, InterruptedException {
    TimeZone.setDefault(TimeZone.getTimeZone(here));
    Map<String, String> session = Map.of("sessionVariables", "time_zone='" + there + "'");
    try (HikariDataSource source = mariaDb(session)) {
      assertThat(ask(source, "select @@time_zone")).isEqualTo(there);
      isOnTime(source);
    }
    try (HikariDataSource source = mariaDb(Map.of("timezone", there))) {
      isOnTime(source);
    }
  }

  private static void isOnTime(HikariDataSource source) throws InterruptedException {
    BlockingQueue<Delivery<String>> deliveries = new LinkedBlockingQueue<>();
    try (Pitstop pitstop = on(source)) {
      MessageQueue<String> far = pitstop.queue("far", Codec.text());
      for (Instant time : TIMES) {
        far.store(Message.of("body").id(time.toString()), time).join();
        StoredMessage message = far.find(time.toString()).join().orElseThrow();
        assertThat(message.due()).isEqualTo(time);
        assertThat(message.scheduledFor()).isEqualTo(time);
      }
      assertThat(far.stats().join().nextDue()).contains(TIMES.get(0));
      assertThat(far.stats().join().scheduled()).isEqualTo(TIMES.size());
      MessageQueue<String> soon = pitstop.queue("soon", Codec.text());
      soon.listen(ListenerOptions.defaults().leaseTime(Duration.ofMinutes(5)), deliveries::add);
      Instant due = Instant.ofEpochMilli(System.currentTimeMillis() + 400);
      soon.store("body", due).join();
      Delivery<String> delivery = deliveries.poll(30, TimeUnit.SECONDS);
      assertThat(delivery).as("a delivery within 30 s").isNotNull();
      assertThat(delivery.scheduledFor()).isEqualTo(due);
      assertThat(delivery.emittedAt()).isBetween(due.minusMillis(5), due.plusSeconds(10));
      assertThat(delivery.leasedUntil()).isBetween(due.plusSeconds(299), due.plusSeconds(310));
      assertThat(far.purge().join()).isEqualTo(TIMES.size());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "STRICT_TRANS_TABLES,ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT",
        "TRADITIONAL,ONLY_FULL_GROUP_BY,IGNORE_SPACE,HIGH_NOT_PRECEDENCE,NO_UNSIGNED_SUBTRACTION",
        "STRICT_ALL_TABLES,SIMULTANEOUS_ASSIGNMENT,TIME_ROUND_FRACTIONAL,NO_AUTO_VALUE_ON_ZERO",
        "ANSI,STRICT_ALL_TABLES,PAD_CHAR_TO_FULL_LENGTH,REAL_AS_FLOAT"
      })
  void S08_mariaDbKeepsWhatIsStoredInEachMode(String mode) throws InterruptedException {
    try (HikariDataSource source = mariaDb(Map.of("sessionVariables", "sql_mode='" + mode + "'"))) {
      keepsWhatIsStored(source);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-c standard_conforming_strings=off -c backslash_quote=off",
        "-c bytea_output=escape -c IntervalStyle=sql_standard -c DateStyle=German",
        "-c enable_indexscan=off -c default_toast_compression=pglz -c row_security=off",
        "-c array_nulls=off -c transform_null_equals=on -c extra_float_digits=-15"
      })
  void S08_postgresKeepsWhatIsStoredWithEachSetting(String options) throws InterruptedException {
    try (HikariDataSource source = postgres(options)) {
      keepsWhatIsStored(source);
    }
  }

  private static void keepsWhatIsStored(HikariDataSource source) throws InterruptedException {
    byte[] body = new byte[256 + 2];
    for (int i = 0; i < 256; i++) {
      body[i] = (byte) i;
    }
    body[256] = '\'';
    body[257] = '\\';
    String text = "it's a \\ \"test\" || 'x' \\' %_ $1 ? -- /* \u00e9\ud83d\ude00";
    BlockingQueue<Delivery<byte[]>> deliveries = new LinkedBlockingQueue<>();
    try (Pitstop pitstop = on(source)) {
      MessageQueue<byte[]> queue = pitstop.queue("q");
      Message<byte[]> message =
          Message.of(body).id(text).header("h", text).contentType("a/b; c=\\'");
      Schedule schedule = Schedule.every(Duration.ofDays(1)).from(Instant.now());
      queue.store(message, schedule).join();
      queue.store(message, schedule).join(); // replaces it
      queue.listen(ListenerOptions.defaults().manualAck(), deliveries::add);
      Delivery<byte[]> first = deliveries.poll(30, TimeUnit.SECONDS);
      assertThat(first).as("a delivery within 30 s").isNotNull();
      assertThat(first.nack(text, Duration.ZERO).join()).isTrue();
      Delivery<byte[]> again = deliveries.poll(30, TimeUnit.SECONDS);
      assertThat(again).as("another within 30 s").isNotNull();
      assertThat(again.body()).isEqualTo(body);
      assertThat(again.id()).isEqualTo(text);
      assertThat(again.headers()).isEqualTo(Map.of("h", text));
      assertThat(again.contentType()).isEqualTo("a/b; c=\\'");
      assertThat(again.lastError()).contains(text);
      assertThat(again.attempt()).isEqualTo(2);
      assertThat(again.bury(text).join()).isTrue();
      assertThat(queue.stats().join().buried()).isOne();
      assertThat(queue.requeue(text).join()).isTrue();
      Delivery<byte[]> last = deliveries.poll(30, TimeUnit.SECONDS);
      assertThat(last).as("a third within 30 s").isNotNull();
      assertThat(last.extend(Duration.ofMinutes(1)).join()).isTrue();
      assertThat(last.ack().join()).isTrue();
      assertThat(queue.stats().join().scheduled()).isOne();
      assertThat(queue.remove(text).join()).isTrue();
      assertThat(pitstop.stats()).isEmpty();
    }
  }

  @Test
  void tablesAreInTheSchemaThatTheSessionLooksInFirst() throws SQLException, InterruptedException {
    String address = TestDatabases.freshPostgres();
    try (HikariDataSource admin = source(address, Map.of());
        Connection connection = admin.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create schema first");
    }
    try (HikariDataSource source =
        source(address, Map.of("options", "-c search_path=first,public"))) {
      keepsWhatIsStored(source);
      keepsWhatIsStored(source); // and found there again
      assertThat(
              ask(
                  source,
                  "select string_agg(distinct table_schema, ' ') from information_schema.tables"
                      + " where table_name like 'pitstop_%'"))
          .isEqualTo("first");
    }
  }

  @Test
  void E10_postgresSharesTheWorkWhereTransactionsAreSerializable() {
    try (HikariDataSource source = postgres("-c default_transaction_isolation=serializable")) {
      sharesTheWork(source);
    }
  }

  @Test
  void E10_mariaDbSharesTheWorkWhereTransactionsAreSerializable() {
    try (HikariDataSource source =
        mariaDb(Map.of("sessionVariables", "tx_isolation='SERIALIZABLE'"))) {
      sharesTheWork(source);
    }
  }

  @Test
  void E10_nothingIsRepeatedWhereThePostgresRoleIsSerializable() throws Exception {
    int threads = 4;
    int messages = 5_000;
    try (PrivateServer server = Kind.POSTGRESQL.start(Map.of("fsync", "off"))) {
      String address = server.address(Kind.DATABASE);
      try (Connection connection = Kind.connect(address)) {
        Kind.execute(
            connection,
            "alter role current_user set default_transaction_isolation = 'serializable'");
      }
      Set<String> emitted = ConcurrentHashMap.newKeySet();
      CountDownLatch left = new CountDownLatch(messages);
      ExecutorService callers = Executors.newFixedThreadPool(threads);
      try (Pitstop one = Pitstop.open(address);
          Pitstop two = Pitstop.open(address)) {
        List<MessageQueue<String>> queues =
            List.of(one.queue("q", Codec.text()), two.queue("q", Codec.text()));
        for (MessageQueue<String> queue : queues) {
          queue.listen(
              delivery -> {
                emitted.add(delivery.id());
                left.countDown();
              });
        }
        List<Future<?>> calls = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
          MessageQueue<String> queue = queues.get(thread % 2);
          calls.add(
              callers.submit(
                  () ->
                      IntStream.range(0, messages / threads)
                          .mapToObj(i -> queue.store(Message.of("body"), Instant.now()))
                          .toList()
                          .forEach(CompletableFuture::join)));
        }
        for (Future<?> call : calls) {
          call.get(60, TimeUnit.SECONDS);
        }
        assertThat(left.await(60, TimeUnit.SECONDS)).as("all emitted within 60 s").isTrue();
      } finally {
        callers.shutdownNow();
      }
      assertThat(emitted).hasSize(messages);
      try (Connection connection = Kind.connect(address)) {
        assertThat(
                Kind.number(
                    connection,
                    "select count(*) from regexp_matches(pg_read_file(regexp_replace("
                        + "current_setting('data_directory'), '[^/]+$', '') || 'server.log'),"
                        + " 'could not serialize', 'g')"))
            .as("statements that had to be repeated")
            .isZero();
      }
    }
  }

  /** Two stores, each with a listener, and calls of many threads. */
  private static void sharesTheWork(HikariDataSource source) {
    int messages = 600;
    Map<String, Integer> emissions = new ConcurrentHashMap<>();
    try (Pitstop one = on(source);
        Pitstop two = on(source)) {
      List<MessageQueue<String>> queues =
          List.of(one.queue("q", Codec.text()), two.queue("q", Codec.text()));
      queues.forEach(
          queue -> queue.listen(delivery -> emissions.merge(delivery.id(), 1, Integer::sum)));
      CompletableFuture.allOf(
              IntStream.range(0, messages)
                  .mapToObj(
                      i ->
                          queues
                              .get(i % 2)
                              .store(Message.of("body").id(Integer.toString(i)), Instant.now()))
                  .toArray(CompletableFuture[]::new))
          .join();
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (!one.stats().isEmpty()) {
        assertThat(System.nanoTime() - deadline)
            .as("nanos past 60 s, at %s", one.stats())
            .isNegative();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      }
    }
    assertThat(emissions).hasSize(messages);
    assertThat(emissions.values()).containsOnly(1);
  }

  @Test
  void sessionsThatOnlyReadAreRefusedByName() {
    try (HikariDataSource source = postgres("-c default_transaction_read_only=on")) {
      assertThatThrownBy(() -> SqlStore.on(source))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("read-only transaction");
    }
    try (HikariDataSource source = mariaDb(Map.of("sessionVariables", "tx_read_only=1"))) {
      assertThatThrownBy(() -> SqlStore.on(source))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("READ ONLY");
    }
  }
}
