package dev.pitstop.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PgBouncerTest {
  @SuppressWarnings("NullAway.Init")
  private PostgresServer server;

  @BeforeAll
  void start() {
    server = PostgresServer.start(Map.of("fsync", "off"));
    server.createDatabase("behind");
  }

  @AfterAll
  void close() {
    server.close();
  }

  @Test
  void answersForItsServerInTheModeAskedFor() {
    try (PgBouncer bouncer = PgBouncer.inFrontOf(server, "transaction")) {
      Psql psql = at(bouncer.port());
      assertThat(psql.run("behind", "select current_database(), current_user"))
          .isEqualTo("behind|pitstop");
      assertThat(psql.run("pgbouncer", "show config").lines())
          .anyMatch(line -> line.startsWith("pool_mode|transaction|"))
          .anyMatch(line -> line.startsWith("ignore_startup_parameters|extra_float_digits|"));
      assertThat(bouncer.address("behind"))
          .isEqualTo("postgresql://pitstop:secret@127.0.0.1:" + bouncer.port() + "/behind");
      assertThat(bouncer.jdbcUrl("behind"))
          .isEqualTo(
              "jdbc:postgresql://127.0.0.1:"
                  + bouncer.port()
                  + "/behind?user=pitstop&password=secret");
    }
  }

  @Test
  void answersAgainWhenItOrItsServerIsBack() {
    try (PgBouncer bouncer = PgBouncer.inFrontOf(server, "session")) {
      Psql psql = at(bouncer.port());
      bouncer.kill();
      assertThat(psql.succeeds("behind", "select 1")).isFalse();
      bouncer.restart();
      assertThat(psql.run("behind", "select 1")).isEqualTo("1");
      bouncer.stop();
      assertThat(psql.succeeds("behind", "select 1")).isFalse();
      bouncer.restart();
      server.kill();
      server.restart();
      assertThat(psql.run("behind", "select 1")).isEqualTo("1");
    }
  }

  @Test
  void refusesAnUnknownMode() {
    assertThatThrownBy(() -> PgBouncer.inFrontOf(server, "none"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("poolMode must be session, transaction or statement, was 'none'");
  }

  private static Psql at(int port) {
    return new Psql("127.0.0.1", port, Names.USER, Names.PASSWORD);
  }
}
