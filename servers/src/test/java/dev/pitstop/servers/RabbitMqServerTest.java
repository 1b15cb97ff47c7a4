package dev.pitstop.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RabbitMqServerTest {
  private static boolean answers(RabbitMqServer server) {
    return RabbitMqServer.kind(Map.of()).answers(server.directory(), server.port());
  }

  @Test
  void answersAgainOnItsPortWhenKilledAndStarted() throws IOException {
    Family left;
    Path directory;
    try (RabbitMqServer server = RabbitMqServer.start(Map.of())) {
      int port = server.port();
      assertThat(server.address("orders"))
          .isEqualTo("rabbitmq://pitstop:secret@127.0.0.1:" + port + "/orders");

      server.kill();
      assertThat(answers(server)).isFalse();
      server.restart();
      assertThat(server.port()).isEqualTo(port);
      assertThat(answers(server)).isTrue();

      server.pause();
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
        client.setSoTimeout(300);
        client.getOutputStream().write(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1});
        assertThatThrownBy(() -> client.getInputStream().read())
            .isInstanceOf(SocketTimeoutException.class);
        server.resume();
        client.setSoTimeout(30_000);
        assertThat(client.getInputStream().read()).isOne();
      }
      directory = server.directory();
      left = Processes.of(server.directory());
      server.pause();
    }
    assertThat(directory).doesNotExist();
    assertThat(left.members()).isNotEmpty();
    assertThat(left.ends(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void showsItsLogWhenItDoesNotStart() {
    assertThatThrownBy(() -> RabbitMqServer.start(Map.of("no_such_setting", "1")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("RabbitMQ ended before it could answer")
        .hasMessageContaining("no_such_setting");
  }
}
