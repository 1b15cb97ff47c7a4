package dev.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.client.HttpStoreFactory;
import dev.pitstop.server.PitstopServer;
import dev.pitstop.server.ServerSettings;
import dev.pitstop.server.http.Web;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Store;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who changed what stands in the log, and no body does. */
final class AuditTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Test
  void whatIsDoneWithQueuesAndWithManyMessagesIsWrittenDownAndNoBodyIs() {
    PrintStream before = System.err;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    try (PitstopServer server =
        PitstopServer.start(
            ServerSettings.defaults().store("memory:").web(Web.Settings.defaults().port(0)))) {
      post(server, "v1/queues/mail/messages?delay=1h", "a body that is nobody's business");
      post(server, "v1/queues/mail:pause", "");
      String selection = post(server, "v1/queues/mail/messages:select", "{}");
      String id = selection.replaceFirst("\\{\"id\":\"([^\"]*)\".*", "$1");
      post(server, "v1/selections/" + id + ":remove", "");
      try (Store store = new HttpStoreFactory().open(Address.parse(server.address().toString()))) {
        store.remove(List.of(new Key("bills", "a"), new Key("mail", "b")));
      }
    } finally {
      System.setErr(before);
    }
    String log = written.toString(StandardCharsets.UTF_8);
    assertThat(log)
        .contains(
            "route=/v1/queues/{queue}:pause queue=\"mail\" id=\"\" status=200",
            "route=/v1/queues/{queue}/messages:select queue=\"mail\" id=\"\" status=201",
            "route=/v1/selections/{id}:remove queue=\"mail\"",
            "route=/v1/store:remove queue=\"bills\"",
            "route=/v1/store:remove queue=\"mail\"")
        .doesNotContain("business", "route=/v1/queues/{queue}/messages queue");
  }

  private static String post(PitstopServer server, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.address() + path))
            .POST(BodyPublishers.ofString(body))
            .build();
    return HTTP.sendAsync(request, BodyHandlers.ofString()).join().body();
  }
}
