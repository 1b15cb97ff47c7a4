package dev.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.pitstop.server.PitstopServer;
import dev.pitstop.server.ServerSettings;
import dev.pitstop.server.http.Web;
import dev.pitstop.server.webhook.Webhooks;
import dev.pitstop.servers.Sink;
import dev.pitstop.servers.TestDatabases;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stores that only the command line brings keep targets, too. */
class TargetStoresTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Test
  void mongoDb() throws Exception {
    MongoServer mongo = new MongoServer(new MemoryBackend());
    try {
      targetIsKept("mongodb://localhost:" + mongo.bind().getPort() + "/pitstop");
    } finally {
      mongo.shutdownNow();
    }
  }

  @Test
  void mariaDb() throws Exception {
    targetIsKept(TestDatabases.freshMariaDb());
  }

  private static void targetIsKept(String store) throws Exception {
    try (Sink sink = Sink.of(200)) {
      String target = "{\"url\":\"" + sink.url() + "\",\"allowPrivate\":true}";
      try (PitstopServer server = server(store)) {
        assertThat(send(server, "PUT", "/v1/queues/q/target", target)).isEqualTo(201);
      }
      try (PitstopServer server = server(store)) {
        assertThat(send(server, "PUT", "/v1/queues/q/messages/a", "x")).isEqualTo(201);
        assertThat(sink.next().header("pitstop-id")).isEqualTo("a");
        assertThat(send(server, "DELETE", "/v1/queues/q/target", "")).isEqualTo(204);
        assertThat(send(server, "GET", "/v1/queues/q/target", "")).isEqualTo(404);
      }
    }
  }

  private static PitstopServer server(String store) {
    return PitstopServer.start(
        ServerSettings.defaults()
            .store(store)
            .web(Web.Settings.defaults().port(0))
            .targets(new Webhooks.Settings(true, List.of())));
  }

  private static int send(PitstopServer server, String method, String path, String body)
      throws Exception {
    URI address = server.address().resolve(path);
    HttpRequest request =
        HttpRequest.newBuilder(address).method(method, BodyPublishers.ofString(body)).build();
    return HTTP.send(request, BodyHandlers.ofString()).statusCode();
  }
}
