package dev.pitstop.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The life of messages through the HTTP API. */
final class ApiTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private PitstopServer server;

  @BeforeEach
  void start() {
    server =
        PitstopServer.start(
            ServerSettings.defaults()
                .store("memory:")
                .web(dev.pitstop.server.http.Web.Settings.defaults().port(0)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aMessageIsStoredSeenLeasedAndAcked() {
    HttpResponse<String> created = put("/v1/queues/mail/messages/a1?delay=0s", "hi");
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.headers().firstValue("Location")).contains("/v1/queues/mail/messages/a1");
    assertThat(created.body())
        .isEqualTo("{\"queue\":\"mail\",\"id\":\"a1\",\"outcome\":\"created\"}");
    assertThat(put("/v1/queues/mail/messages/a1", "hi again").statusCode()).isEqualTo(200);
    assertThat(get("/v1/queues/mail/messages").body()).contains("\"id\":\"a1\"");
    assertThat(get("/v1/queues").body()).contains("\"queue\":\"mail\",\"scheduled\":1");
    String leased = post("/v1/queues/mail/leases?limit=5", "").body();
    assertThat(leased).contains("\"id\":\"a1\"", "\"attempt\":1");
    String token = leased.replaceAll(".*\"token\":\"(\\d+)\".*", "$1");
    String settled =
        post(
                "/v1/leases:settle",
                "[{\"queue\":\"mail\",\"id\":\"a1\",\"token\":\"" + token + "\",\"do\":\"ack\"}]")
            .body();
    assertThat(settled).isEqualTo("{\"items\":[{\"id\":\"a1\",\"took\":true}]}");
    assertThat(get("/v1/queues/mail/messages/a1").statusCode()).isEqualTo(404);
  }

  @Test
  void aCallThatWaitsIsWokenWhenSomethingIsStored() throws Exception {
    CompletableFuture<HttpResponse<String>> waiting =
        HTTP.sendAsync(
            request("/v1/queues/mail/leases?wait=20s").POST(BodyPublishers.noBody()).build(),
            BodyHandlers.ofString());
    long begun = System.nanoTime();
    assertThat(put("/v1/queues/mail/messages/b?delay=300ms", "x").statusCode()).isEqualTo(201);
    assertThat(waiting.get().body()).contains("\"id\":\"b\"");
    assertThat(System.nanoTime() - begun).isBetween(300_000_000L, 10_000_000_000L);
  }

  @Test
  void idsMayHoldAnything() {
    for (String id : List.of("a/b", "a:requeue", "%", "ü 😀", "a+b", "..", "a?b#c")) {
      String path = java.net.URLEncoder.encode(id, java.nio.charset.StandardCharsets.UTF_8);
      String at = "/v1/queues/mail/message?id=" + path.replace("+", "%20");
      assertThat(put(at, "x").statusCode()).as(id).isEqualTo(201);
      assertThat(get(at).statusCode()).as(id).isEqualTo(200);
      if (!id.equals("..")) {
        assertThat(get("/v1/queues/mail/messages/" + path.replace("+", "%20")).statusCode())
            .as(id)
            .isEqualTo(200);
      }
    }
  }

  @Test
  void refusalsNameFieldValueAndLimit() {
    HttpResponse<String> refused = put("/v1/queues/mail/messages/a?delay=soon", "x");
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(refused.body())
        .contains("\"field\":\"delay\"", "\"value\":\"soon\"", "\"limit\":\"must be a duration");
    assertThat(put("/v1/queues/mail/messages/a?dellay=1s", "x").body())
        .contains("did you mean delay?");
    assertThat(get("/v1/nothing").statusCode()).isEqualTo(404);
    assertThat(post("/v1/queues/mail/messages/a", "").headers().firstValue("Allow"))
        .contains("DELETE, GET, PUT");
  }

  private HttpResponse<String> put(String path, String body) {
    return send(request(path).PUT(BodyPublishers.ofString(body)).build());
  }

  private HttpResponse<String> post(String path, String body) {
    return send(request(path).POST(BodyPublishers.ofString(body)).build());
  }

  private HttpResponse<String> get(String path) {
    return send(request(path).GET().build());
  }

  private HttpRequest.Builder request(String path) {
    String base = server.address().toString();
    return HttpRequest.newBuilder(URI.create(base.substring(0, base.length() - 1) + path));
  }

  private static HttpResponse<String> send(HttpRequest request) {
    return HTTP.sendAsync(request, BodyHandlers.ofString()).join();
  }
}
