package dev.pitstop.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TestDatabasesTest {
  @Test
  void everyPostgresDatabaseIsEmptyAndNobodyElses() {
    ExternalServer one = ExternalServer.parse("one", TestDatabases.freshPostgres());
    ExternalServer other = ExternalServer.parse("other", TestDatabases.freshPostgres());
    String tables = "select count(*) from information_schema.tables where table_schema = 'public'";
    one.psql().run(one.database(), "create table mine ()");
    assertThat(one.psql().run(one.database(), tables)).isEqualTo("1");
    assertThat(other.psql().run(other.database(), tables)).isEqualTo("0");
  }

  @Test
  void everyMariaDbDatabaseIsEmptyAndNobodyElses() {
    ExternalServer one = ExternalServer.parse("one", TestDatabases.freshMariaDb());
    ExternalServer other = ExternalServer.parse("other", TestDatabases.freshMariaDb());
    one.mariaDb().run("create table `" + one.database() + "`.mine (id int)");
    assertThat(one.mariaDb().run("show tables in `" + one.database() + "`")).isEqualTo("mine");
    assertThat(other.mariaDb().run("show tables in `" + other.database() + "`")).isEmpty();
  }

  @Test
  void aServerIsTheCallersOnlyWhereAVariableSaysSo() {
    assertThat(TestDatabases.external("PITSTOP_TEST_OF_NOTHING")).isEmpty();
  }

  @Test
  void makesDatabasesOnThePostgresOfTheCaller() {
    try (PostgresServer server = PostgresServer.start(Map.of("fsync", "off"))) {
      String given = "postgresql://guest:p%40ss@127.0.0.1:" + server.port() + "/postgres?ssl=no";
      ExternalServer external = ExternalServer.parse("PITSTOP_TEST_POSTGRESQL", given);
      server.psql().run("postgres", "create role guest login password 'p@ss'");
      assertThatThrownBy(() -> external.createPostgres("fresh"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("PITSTOP_TEST_POSTGRESQL")
          .hasMessageContaining("alter role \"guest\" createdb")
          .hasStackTraceContaining("permission denied to create database");

      server.psql().run("postgres", "alter role \"guest\" createdb");
      assertThat(external.createPostgres("fresh"))
          .isEqualTo("postgresql://guest:p%40ss@127.0.0.1:" + server.port() + "/fresh?ssl=no");
      assertThat(external.psql().run("fresh", "select current_user")).isEqualTo("guest");
    }
  }

  @Test
  void makesDatabasesOnTheMariaDbOfTheCaller() {
    try (MariaDbServer server = MariaDbServer.start(Map.of())) {
      String given = "mariadb://guest:p%40ss@127.0.0.1:" + server.port() + "/mysql";
      ExternalServer external = ExternalServer.parse("PITSTOP_TEST_MARIADB", given);
      server.client().run("create user guest identified by 'p@ss'");
      assertThatThrownBy(() -> external.createMariaDb("pitstop_test_1"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("PITSTOP_TEST_MARIADB")
          .hasMessageContaining("grant all on `pitstop\\_test\\_%`.* to 'guest'")
          .hasStackTraceContaining("Access denied for user 'guest'");

      server.client().run("grant all on `pitstop\\_test\\_%`.* to 'guest'");
      assertThat(external.createMariaDb("pitstop_test_1"))
          .isEqualTo("mariadb://guest:p%40ss@127.0.0.1:" + server.port() + "/pitstop_test_1");
      external.mariaDb().run("create table pitstop_test_1.mine (id int)");
    }
  }

  @Test
  void keepsAMalformedAddressToItself() {
    for (String wrong :
        new String[] {"guest:p@ss", "postgresql://g:p@ss word@host/db", "x://h/db"}) {
      assertThatThrownBy(() -> ExternalServer.parse("PITSTOP_TEST_MARIADB", wrong))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "PITSTOP_TEST_MARIADB must be an address like"
                  + " kind://user:password@host:port/database")
          .hasNoCause();
    }
  }
}
