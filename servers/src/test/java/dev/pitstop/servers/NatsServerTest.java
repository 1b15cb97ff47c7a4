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

class NatsServerTest {
  private static boolean answers(NatsServer server) {
    return NatsServer.kind(Map.of()).answers(server.directory(), server.port());
  }

  @Test
  void runsBesideAnotherAndAnswersAgainWhenKilledStoppedAndStarted() throws IOException {
    Family left;
    Path directory;
    try (NatsServer server = NatsServer.start(Map.of());
        NatsServer other = NatsServer.start(Map.of())) {
      int port = server.port();
      assertThat(server.address("orders"))
          .isEqualTo("nats://pitstop:secret@127.0.0.1:" + port + "/orders");

      server.kill();
      assertThat(answers(server)).isFalse();
      assertThat(answers(other)).isTrue();
      server.restart();
      assertThat(answers(server)).isTrue();

      server.stop();
      assertThat(answers(server)).isFalse();
      server.restart();
      assertThat(server.port()).isEqualTo(port);
      assertThat(answers(server)).isTrue();

      server.pause();
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
        client.setSoTimeout(300);
        assertThatThrownBy(() -> client.getInputStream().read())
            .isInstanceOf(SocketTimeoutException.class);
        server.resume();
        client.setSoTimeout(30_000);
        assertThat(client.getInputStream().read()).isEqualTo('I');
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
    assertThatThrownBy(() -> NatsServer.start(Map.of("no_such_setting", "1")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("NATS ended before it could answer")
        .hasMessageContaining("no_such_setting");
  }
}
