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

class KafkaServerTest {
  /** Asks which versions of requests it knows. */
  private static final byte[] VERSIONS = {0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, -1, -1};

  private static boolean answers(KafkaServer server) {
    return KafkaServer.kind(Map.of()).answers(server.directory(), server.port());
  }

  @Test
  void answersAgainWhenKilledAndStarted() throws IOException {
    Family left;
    Path directory;
    try (KafkaServer server = KafkaServer.start(Map.of())) {
      int port = server.port();
      assertThat(server.address("orders"))
          .isEqualTo("kafka://pitstop:secret@127.0.0.1:" + port + "/orders");

      server.kill();
      assertThat(answers(server)).isFalse();
      server.restart();
      assertThat(answers(server)).isTrue();
      assertThat(server.port()).isEqualTo(port);

      server.pause();
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
        client.setSoTimeout(300);
        client.getOutputStream().write(VERSIONS);
        assertThatThrownBy(() -> client.getInputStream().read())
            .isInstanceOf(SocketTimeoutException.class);
        server.resume();
        client.setSoTimeout(30_000);
        assertThat(client.getInputStream().read()).isZero();
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
    assertThatThrownBy(() -> KafkaServer.start(Map.of("message.max.bytes", "many")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("message.max.bytes");
  }
}
