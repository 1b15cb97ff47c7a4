package dev.pitstop.server;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.pitstop.servers.TestDatabases;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server's main routes mean the same over every store. */
final class StoresTest {
  private static final String MAIL = "/v1/queues/mail";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"memory", "rocksdb", "postgresql", "mariadb", "mongodb"})
  void theMainRoutesMeanTheSame(String kind) {
    switch (kind) {
      case "memory" -> walk("memory:");
      case "rocksdb" -> walk("rocksdb:" + directory.resolve("data"));
      case "postgresql" -> walk(TestDatabases.freshPostgres());
      case "mariadb" -> walk(TestDatabases.freshMariaDb());
      default -> {
        MongoServer mongo = new MongoServer(new MemoryBackend());
        try {
          InetSocketAddress at = mongo.bind();
          walk("mongodb://" + at.getHostString() + ":" + at.getPort() + "/pitstop");
        } finally {
          mongo.shutdownNow();
        }
      }
    }
  }

  private static void walk(String store) {
    try (TestServer server = TestServer.on(store)) {
      storesAndLists(server);
      emits(server);
      keepsCopies(server);
    }
  }

  private static void storesAndLists(TestServer server) {
    Instant begun = Instant.now();
    String lines =
        IntStream.range(0, 6)
            .mapToObj(i -> "{\"id\":\"m-%d\",\"body\":%d,\"in\":\"%dh\"}".formatted(i, i, i + 1))
            .collect(Collectors.joining("\n"));
    assertThat(server.post(MAIL + "/messages:batch", lines).lines()).hasSize(6);
    server.put(MAIL + "/messages/%25%2F%C3%A9?every=1d&header-x=y", "{\"a\":1}");
    assertThat(server.get(MAIL + "/messages/%25%2F%C3%A9"))
        .contains("\"id\":\"%/é\"", "\"words\":\"every 1 d", "\"headers\":{\"x\":\"y\"}");

    String window =
        "from=" + begun.plus(Duration.ofMinutes(90)) + "&to=" + begun.plus(Duration.ofMinutes(270));
    assertThat(ids(server, window)).containsExactly("m-1", "m-2", "m-3");
    assertThat(ids(server, "prefix=m-")).hasSize(6).doesNotHaveDuplicates();
    assertThat(server.timeline("queue=mail&bucket=1h"))
        .contains("\"due\":{\"value\":1,\"relation\":\"exact\"}");

    server.post(MAIL + "/messages/m-1:reschedule?at=" + begun.plus(Duration.ofHours(20)), "");
    assertThat(ids(server, window)).containsExactly("m-2", "m-3");
    assertThat(server.get(MAIL)).contains("\"scheduled\":7,\"leased\":0,\"buried\":0");
  }

  /** The ids of a list, read in pages of two. */
  private static List<String> ids(TestServer server, String filter) {
    List<String> ids = new ArrayList<>();
    String cursor = "";
    do {
      String page = server.get(MAIL + "/messages?limit=2&" + filter + cursor);
      ids.addAll(TestServer.all(page, "\"id\":\"([^\"]*)\""));
      cursor =
          TestServer.all(page, "\"next\":\"([^\"]*)\"").stream()
              .findFirst()
              .map(next -> "&cursor=" + URLEncoder.encode(next, StandardCharsets.UTF_8))
              .orElse("");
    } while (!cursor.isEmpty());
    return ids;
  }

  private static void emits(TestServer server) {
    assertThat(server.post(MAIL + ":pause", "")).contains("\"changed\":true");
    assertThat(server.get(MAIL)).contains("\"paused\":true");
    server.post(MAIL + "/messages/m-2:emit-now", "");
    assertThat(server.post(MAIL + "/leases", "")).isEqualTo("{\"leases\":[]}");
    server.post(MAIL + ":resume", "");
    String leased = server.post(MAIL + "/leases?wait=20s", "");
    assertThat(leased).contains("\"id\":\"m-2\"", "\"body\":2", "\"attempt\":1");
    assertThat(
            server.settleLeased(leased, "\"do\":\"nack\",\"error\":\"not yet\",\"delay\":\"0s\""))
        .contains("\"took\":true");
    assertThat(server.settleLeased(leased, "\"do\":\"ack\"")).contains("\"took\":false");
    assertThat(server.settle("mail", "\"do\":\"bury\",\"error\":\"no\"")).contains("\"took\":true");
    assertThat(ids(server, "state=buried")).containsExactly("m-2");
    server.post(MAIL + "/messages/m-2:requeue", "");
    assertThat(server.settle("mail", "\"do\":\"ack\"")).contains("\"took\":true");
    assertThat(server.get(MAIL)).contains("\"scheduled\":6,\"leased\":0,\"buried\":0");
  }

  private static void keepsCopies(TestServer server) {
    String path = MAIL + "/messages/%25%2F%C3%A9";
    String stood = server.get(path).replaceAll("\"asOf\".*", "");
    String copy = server.get(path + ":export");
    assertThat(server.send(server.request(path).DELETE()).statusCode()).isEqualTo(204);
    assertThat(server.send(server.request(path).GET()).statusCode()).isEqualTo(404);
    assertThat(server.post(MAIL + "/messages:restore", copy)).contains("\"outcome\":\"created\"");
    assertThat(server.get(path).replaceAll("\"asOf\".*", "")).isEqualTo(stood);
    assertThat(
            server
                .send(
                    server
                        .request(path)
                        .header("If-None-Match", "*")
                        .PUT(BodyPublishers.ofString("x")))
                .statusCode())
        .isEqualTo(412);
    assertThat(server.post(MAIL + ":purge", "")).isEqualTo("{\"count\":6}");
  }
}
