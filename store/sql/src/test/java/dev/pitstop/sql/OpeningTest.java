package dev.pitstop.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.servers.TestDatabases;
import dev.pitstop.spi.Address;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What opening a store does about its tables: making, checking, leaving alone, refusing. */
final class OpeningTest {
  private static final int PROCESSES = 4;
  private static final int THREADS = 10;

  private enum Server {
    POSTGRESQL,
    MARIADB;

    String fresh() {
      return this == POSTGRESQL ? TestDatabases.freshPostgres() : TestDatabases.freshMariaDb();
    }

    /** The grants that docs/stores/sql.md says are enough. */
    List<String> grants(String user) {
      return this == POSTGRESQL
          ? List.of(
              "grant select on pitstop_version to " + user,
              "grant usage on sequence pitstop_number to " + user,
              "grant select, insert, update, delete on pitstop_message, pitstop_count to " + user,
              "grant select, insert, delete on pitstop_pause to " + user)
          : List.of(
              "grant select on pitstop_version to " + user + "@'%'",
              "grant select, insert, delete on pitstop_number to " + user + "@'%'",
              "grant select, insert, update, delete on pitstop_message to " + user + "@'%'",
              "grant select, insert, update, delete on pitstop_count to " + user + "@'%'",
              "grant select, insert, delete on pitstop_pause to " + user + "@'%'");
    }
  }

  private static JdbcAddress jdbc(String address) {
    return JdbcAddress.of(Address.parse(address));
  }

  private static void run(String address, List<String> statements) throws SQLException {
    JdbcAddress jdbc = jdbc(address);
    try (Connection connection = DriverManager.getConnection(jdbc.url(), jdbc.properties());
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static List<String> query(String address, String sql) throws SQLException {
    JdbcAddress jdbc = jdbc(address);
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(jdbc.url(), jdbc.properties());
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }

  /** Stores a message, and sees it emitted and gone. */
  private static void passesAMessage(String address) throws InterruptedException {
    BlockingQueue<Delivery<String>> deliveries = new LinkedBlockingQueue<>();
    try (Pitstop pitstop = Pitstop.open(address)) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      queue.listen(deliveries::add);
      String id = queue.store("body", Instant.now()).join().id();
      Delivery<String> delivery = deliveries.poll(30, TimeUnit.SECONDS);
      assertThat(delivery).as("a delivery within 30 s").isNotNull();
      assertThat(delivery.id()).isEqualTo(id);
    }
    try (Pitstop pitstop = Pitstop.open(address)) {
      assertThat(pitstop.stats()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void processesThatOpenAtOnceMakeTheTablesOnce(Server server) throws IOException, SQLException {
    String address = server.fresh();
    List<Process> children = new ArrayList<>();
    try {
      for (int i = 0; i < PROCESSES; i++) {
        children.add(OpeningProcess.start(address));
      }
      for (Process child : children) {
        OpeningProcess.open(child);
      }
      for (Process child : children) {
        assertThat(OpeningProcess.end(child)).isEqualTo("stored");
      }
    } finally {
      children.forEach(Process::destroyForcibly);
    }
    assertThat(query(address, "select version from pitstop_version")).containsExactly("1");
    assertThat(query(address, "select count(*) from pitstop_message"))
        .containsExactly(Integer.toString(PROCESSES));
  }

  @ParameterizedTest
  @EnumSource
  void storesThatOpenAtOnceMakeTheTablesOnce(Server server)
      throws SQLException, InterruptedException, ExecutionException {
    String address = server.fresh();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      Callable<Integer> opening =
          () -> {
            try (Pitstop pitstop = Pitstop.open(address + "?poolSize=2")) {
              pitstop.queue("q", Codec.text()).store("body", Instant.now()).join();
              return 1;
            }
          };
      int stored = 0;
      for (Future<Integer> one : threads.invokeAll(Collections.nCopies(THREADS, opening))) {
        stored += one.get();
      }
      assertThat(query(address, "select version from pitstop_version")).containsExactly("1");
      assertThat(query(address, "select count(*) from pitstop_message"))
          .containsExactly(Integer.toString(stored));
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void validateRefusesWhatIsNotThereAndSaysWhatToDo(Server server)
      throws SQLException, InterruptedException {
    String address = server.fresh();
    assertThatThrownBy(() -> Pitstop.open(address + "?schema=validate"))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("the tables pitstop_* have version 0 (0: none) and must have 1")
        .hasMessageContaining("run the SQL files between, or open with schema=create")
        .hasMessageNotContaining("secret");
    run(address, Schema.statements(server == Server.POSTGRESQL ? "postgresql" : "mariadb", 1));
    passesAMessage(address + "?schema=validate");
    passesAMessage(address + "?schema=none");
    passesAMessage(address);
    assertThat(query(address, "select version from pitstop_version")).containsExactly("1");
  }

  @ParameterizedTest
  @EnumSource
  void withNoneMissingTablesAreToldByTheFirstCall(Server server) {
    try (Pitstop pitstop = Pitstop.open(server.fresh() + "?schema=none")) {
      assertThatThrownBy(() -> pitstop.queue("q", Codec.text()).store("x", Instant.now()).join())
          .hasCauseInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("pitstop_");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNewerVersionIsRefused(Server server) throws SQLException {
    String address = server.fresh();
    Pitstop.open(address).close();
    run(address, List.of("insert into pitstop_version (version) values (7)"));
    for (String mode : List.of("create", "validate")) {
      assertThatThrownBy(() -> Pitstop.open(address + "?schema=" + mode))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining(
              "the tables pitstop_* have version 7, this Pitstop knows them up to 1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void storesUnderDifferentNamesSeeNothingOfEachOther(Server server)
      throws SQLException, InterruptedException {
    String address = server.fresh();
    run(address, List.of("create schema " + other(address)));
    String longest = "t".repeat(31);
    try (Pitstop plain = Pitstop.open(address)) {
      plain.queue("q", Codec.text()).store("body", Instant.now()).join();
      passesAMessage(address + "?table=other");
      passesAMessage(address + "?table=Other");
      passesAMessage(address + "?table=" + other(address) + ".app");
      passesAMessage(address + "?table=" + other(address) + "." + longest);
      assertThat(plain.stats().get(0).scheduled()).isOne();
    } finally {
      run(
          address,
          List.of(
              "drop schema " + other(address) + (server == Server.POSTGRESQL ? " cascade" : "")));
    }
  }

  /** The name of another schema, of the greatest length that all databases take. */
  private static String other(String address) {
    String own = "other_" + address.substring(address.lastIndexOf('/') + 1) + "_";
    return own + "x".repeat(60 - own.length());
  }

  @ParameterizedTest
  @EnumSource
  void aSchemaThatIsNotThereIsNamed(Server server) {
    assertThatThrownBy(() -> Pitstop.open(server.fresh() + "?table=nowhere.app"))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("nowhere");
  }

  @ParameterizedTest
  @EnumSource
  void aUserWhoMayNotMakeTablesIsToldSoAndWorksWhereTheyAre(Server server)
      throws SQLException, InterruptedException {
    String address = server.fresh();
    String database = address.substring(address.lastIndexOf('/') + 1);
    String user = "u" + Integer.toHexString(database.hashCode());
    run(
        address,
        server == Server.POSTGRESQL
            ? List.of("create role " + user + " login password 'hidden'")
            : List.of(
                "create user " + user + "@'%' identified by 'hidden'",
                "create table some (id int primary key)",
                "grant select on some to " + user + "@'%'"));
    String as = address.replaceFirst("//[^@]*@", "//" + user + ":hidden@");
    assertThatThrownBy(() -> Pitstop.open(as))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("the tables pitstop_* cannot be made or brought up to date: ")
        .hasMessageContaining("schema=validate")
        .hasMessageContaining("denied")
        .hasMessageNotContaining("hidden");
    Pitstop.open(address).close();
    run(address, server.grants(user));
    for (String mode : List.of("create", "validate", "none")) {
      passesAMessage(as + "?schema=" + mode);
    }
    try (Pitstop pitstop = Pitstop.open(as)) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      queue.store("body", Instant.now().plusSeconds(60)).join();
      assertThat(queue.purge().join()).isOne();
    }
  }
}
