package dev.pitstop.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MariaDbServerTest {
  @Test
  void answersWithItsSettingsFromItsDatabases() {
    try (MariaDbServer server = MariaDbServer.start(Map.of("max-connections", "321"))) {
      server.createDatabase("of-tests");
      assertThat(server.client().run("use `of-tests`; select database(), @@max_connections"))
          .isEqualTo("of-tests\t321");
      assertThat(server.client().run("select current_user()")).isEqualTo("pitstop@%");
      assertThat(server.address("of-tests"))
          .isEqualTo("mariadb://pitstop:secret@127.0.0.1:" + server.port() + "/of-tests");
      assertThat(server.jdbcUrl("of-tests"))
          .isEqualTo(
              "jdbc:mariadb://127.0.0.1:"
                  + server.port()
                  + "/of-tests?user=pitstop&password=secret");
      assertThatThrownBy(() -> server.createDatabase("of-tests"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("database exists");
    }
  }

  @Test
  void keepsPortAndCommittedRowsWhenKilledStoppedAndStartedAgain() {
    try (MariaDbServer server = MariaDbServer.start(Map.of())) {
      int port = server.port();
      MariaDbClient client = server.client();
      server.createDatabase("kept");
      client.run("create table kept.kept (number int primary key)");

      client.run("insert into kept.kept values (1)");
      server.kill();
      assertThat(client.succeeds("select 1")).isFalse();
      server.restart();

      client.run("insert into kept.kept values (2)");
      server.stop();
      assertThat(client.succeeds("select 1")).isFalse();
      server.restart();

      client.run("insert into kept.kept values (3)");
      server.restart();

      assertThat(server.port()).isEqualTo(port);
      assertThat(client.run("select number from kept.kept order by number").lines())
          .containsExactly("1", "2", "3");
    }
  }

  @Test
  void takesConnectionsAndAnswersNothingWhilePaused() throws IOException {
    try (MariaDbServer server = MariaDbServer.start(Map.of())) {
      server.pause();
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        client.setSoTimeout(300);
        assertThatThrownBy(() -> client.getInputStream().read())
            .isInstanceOf(SocketTimeoutException.class);
        server.resume();
        client.setSoTimeout(30_000);
        assertThat(client.getInputStream().read()).isPositive(); // the length of its greeting
      }
    }
  }

  @Test
  void showsItsLogWhenItDoesNotStart() {
    assertThatThrownBy(() -> MariaDbServer.start(Map.of("max-connection-s", "1")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("MariaDB ended before it could answer")
        .hasMessageContaining("unknown variable 'max-connection-s=1'");
  }
}
