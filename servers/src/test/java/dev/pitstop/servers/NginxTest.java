package dev.pitstop.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NginxTest {
  @Test
  void servesTheSiteItIsGivenUntilItIsClosed() throws IOException {
    int port;
    try (Nginx nginx =
        Nginx.start(
            at -> "server { listen 127.0.0.1:" + at + "; location / { return 200 yes; } }")) {
      port = nginx.port();
      URLConnection connection =
          URI.create("http://127.0.0.1:" + port + "/").toURL().openConnection();
      assertThat(connection.getInputStream().readAllBytes())
          .isEqualTo("yes".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(
            ProcessHandle.current().descendants().map(one -> one.info().commandLine().orElse("")))
        .noneMatch(command -> command.contains("nginx"));
  }
}
