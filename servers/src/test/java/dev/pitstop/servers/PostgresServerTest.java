package dev.pitstop.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresServerTest {
  private static final Map<String, String> UNSYNCED = Map.of("fsync", "off");

  /** The question whether a connection may be encrypted; the first that a client says. */
  private static final byte[] SSL_REQUEST =
      ByteBuffer.allocate(8).putInt(8).putInt(80877103).array();

  @Test
  void answersWithItsSettingsFromItsDatabases() {
    Map<String, String> settings = Map.of("fsync", "off", "cluster_name", "it's \\ mine");
    try (PostgresServer server = PostgresServer.start(settings)) {
      server.createDatabase("of-tests");
      assertThat(server.psql().run("of-tests", "select current_database(), current_user"))
          .isEqualTo("of-tests|pitstop");
      assertThat(server.psql().run("of-tests", "show cluster_name")).isEqualTo("it's \\ mine");
      assertThat(server.psql().run("of-tests", "show server_encoding")).isEqualTo("UTF8");
      assertThat(server.address("of-tests"))
          .isEqualTo("postgresql://pitstop:secret@127.0.0.1:" + server.port() + "/of-tests");
      assertThat(server.jdbcUrl("of-tests"))
          .isEqualTo(
              "jdbc:postgresql://127.0.0.1:"
                  + server.port()
                  + "/of-tests?user=pitstop&password=secret");
      assertThatThrownBy(() -> server.createDatabase("of-tests"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("already exists");
    }
  }

  @Test
  void syncsUnlessToldOtherwise() {
    try (PostgresServer server = PostgresServer.start(Map.of())) {
      assertThat(server.psql().run("postgres", "show fsync")).isEqualTo("on");
    }
  }

  @Test
  void keepsPortAndCommittedRowsWhenKilledStoppedAndStartedAgain() {
    try (PostgresServer server = PostgresServer.start(UNSYNCED)) {
      int port = server.port();
      Psql psql = server.psql();
      psql.run("postgres", "create table kept (way text)");

      psql.run("postgres", "insert into kept values ('killed')");
      server.kill();
      assertThat(psql.succeeds("postgres", "select 1")).isFalse();
      server.restart();

      psql.run("postgres", "insert into kept values ('stopped')");
      server.stop();
      assertThat(psql.succeeds("postgres", "select 1")).isFalse();
      server.restart();

      psql.run("postgres", "insert into kept values ('running')");
      server.restart();

      assertThat(server.port()).isEqualTo(port);
      assertThat(psql.run("postgres", "select way from kept").lines())
          .containsExactly("killed", "stopped", "running");
    }
  }

  @Test
  void takesConnectionsAndAnswersNothingWhilePaused() throws IOException {
    try (PostgresServer server = PostgresServer.start(UNSYNCED)) {
      server.pause();
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        client.getOutputStream().write(SSL_REQUEST);
        client.setSoTimeout(300);
        assertThatThrownBy(() -> client.getInputStream().read())
            .isInstanceOf(SocketTimeoutException.class);
        server.resume();
        client.setSoTimeout(30_000);
        assertThat(client.getInputStream().read()).isEqualTo('N');
      }
      server.pause();
      server.restart();
      assertThat(server.psql().run("postgres", "select 1")).isEqualTo("1");
      server.stop();
      assertThatThrownBy(server::pause)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("does not run");
    }
  }

  @Test
  void standbyFollowsItsPrimaryAndTakesItsPlace() {
    try (PostgresServer primary = PostgresServer.start(UNSYNCED);
        PostgresServer standby = PostgresServer.standbyOf(primary)) {
      assertThat(standby.port()).isNotEqualTo(primary.port());
      primary.psql().run("postgres", "alter system set synchronous_standby_names = '*'");
      primary.psql().run("postgres", "alter system set synchronous_commit = remote_apply");
      primary.psql().run("postgres", "select pg_reload_conf()");
      primary.psql().run("postgres", "create table followed (word text)");
      primary.psql().run("postgres", "insert into followed values ('there')");
      assertThat(standby.psql().succeeds("postgres", "insert into followed values ('no')"))
          .isFalse();

      primary.kill();
      standby.promote();

      standby.psql().run("postgres", "alter system reset all", "select pg_reload_conf()");
      standby.psql().run("postgres", "insert into followed values ('here')");
      assertThat(standby.psql().run("postgres", "select word from followed").lines())
          .containsExactly("there", "here");
      assertThatThrownBy(standby::promote).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void showsItsLogWhenItDoesNotStart() {
    assertThatThrownBy(() -> PostgresServer.start(Map.of("shared_buffer", "1GB")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("PostgreSQL ended before it could answer")
        .hasMessageContaining("unrecognized configuration parameter \"shared_buffer\"");
  }

  @Test
  void refusesWhatIsNoSettingAndNoName() {
    assertThatThrownBy(() -> PostgresServer.start(Map.of("fsync = on #", "off")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'fsync = on #'");
    assertThatThrownBy(() -> PostgresServer.start(Map.of("fsync", "on\nport = 1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fsync must be one line");
    assertThatThrownBy(() -> Names.check("a\" b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("was 'a\" b'");
  }
}
