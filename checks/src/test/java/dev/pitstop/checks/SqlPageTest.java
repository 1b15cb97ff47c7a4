package dev.pitstop.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.pitstop.Codec;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.servers.TestDatabases;
import dev.pitstop.sql.SchemaMode;
import dev.pitstop.sql.SqlSettings;
import dev.pitstop.sql.SqlStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/stores/sql.md shows of SQL: the files' own text, and queries that run. */
class SqlPageTest {
  private static final String PAGE = Project.read("docs/stores/sql.md");

  private static String file(String dialect) {
    return Project.read("store/sql/src/main/resources/dev/pitstop/sql/" + dialect + "/1.sql");
  }

  /** The statements below a heading. */
  private static List<String> queries(String heading) {
    Matcher block =
        Pattern.compile("(?s)\n#### " + heading + "\n.*?```sql\n(.*?)```").matcher(PAGE);
    assertThat(block.find()).as("a block of SQL below %s", heading).isTrue();
    return Pattern.compile(";").splitAsStream(block.group(1)).filter(q -> !q.isBlank()).toList();
  }

  @Test
  void theSchemasAreThoseOfTheJar() {
    assertThat(PAGE).contains("```sql\n" + file("postgresql") + "```");
    assertThat(PAGE).contains("```sql\n" + file("mariadb") + "```");
    assertThat(file("mysql").lines().skip(1)).isEqualTo(file("mariadb").lines().skip(1).toList());
  }

  @Test
  void theQueriesForPostgresFindWhatTheySay() throws SQLException {
    everyQueryFindsWhatItSays(TestDatabases.freshPostgres(), queries("PostgreSQL"));
  }

  @Test
  void theQueriesForMariaDbFindWhatTheySay() throws SQLException {
    everyQueryFindsWhatItSays(TestDatabases.freshMariaDb(), queries("MariaDB and MySQL"));
  }

  private static void everyQueryFindsWhatItSays(String address, List<String> queries)
      throws SQLException {
    try (HikariDataSource dataSource = Databases.dataSource(address);
        Pitstop pitstop = Pitstop.open(address)) {
      MessageQueue<String> orders = pitstop.queue("orders", Codec.text());
      orders.store(Message.of("x").id("waits"), Instant.now().plus(Duration.ofDays(1))).join();
      orders.store(Message.of("x").id("is late"), Instant.EPOCH).join();
      orders.store(Message.of("x").id("later"), Instant.EPOCH.plusSeconds(1)).join();
      MessageQueue<String> others = pitstop.queue("others", Codec.text());
      others.store(Message.of("x").id("buried"), Instant.now()).join();
      others.store(Message.of("x").id("leased"), Instant.now()).join();
      others.listen(
          ListenerOptions.defaults().manualAck(),
          delivery -> {
            if (delivery.id().equals("buried")) {
              delivery.bury("not wanted");
            }
          });
      await()
          .until(() -> others.stats().join().buried() == 1 && others.stats().join().leased() == 1);
      assertThat(queries).hasSize(5);
      assertThat(Databases.rows(dataSource, queries.get(0), 1))
          .containsExactly("is late", "later", "waits");
      assertThat(Databases.rows(dataSource, queries.get(1), 2)).containsExactly("orders 2");
      assertThat(Databases.rows(dataSource, queries.get(2), 2)).containsExactly("others leased");
      assertThat(Databases.rows(dataSource, queries.get(3), 4))
          .containsExactly("others buried 1 not wanted");
      assertThat(Databases.rows(dataSource, queries.get(4), 4))
          .containsExactly("orders 3 0 0", "others 0 1 1");
      pitstop.close(Duration.ZERO); // does not wait for the lease in hand
    }
  }

  @Test
  void aStoreIsOnADataSource() {
    String address = TestDatabases.freshPostgres();
    Pitstop.open(address + "?table=app").close();
    try (HikariDataSource dataSource = Databases.dataSource(address)) {
      SqlSettings settings = SqlSettings.defaults().table("app").schema(SchemaMode.VALIDATE);
      Pitstop pitstop = Pitstop.on(SqlStore.on(dataSource, settings), PitstopOptions.defaults());
      assertThat(pitstop.queue("orders").stats().join().scheduled()).isZero();
      pitstop.close();
      assertThat(dataSource.isClosed()).isFalse();
    }
  }

  @Test
  void everySnippetIsInThisTest() {
    Snippets.areIn("docs/stores/sql.md", SqlPageTest.class);
  }
}
