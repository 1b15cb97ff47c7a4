package dev.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.servers.Sink;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server in a process of its own, told to be and told to end. */
class ServeTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path dir = Path.of("");
  private Path store = Path.of("");

  @BeforeEach
  void store() {
    store = dir.resolve("data");
  }

  private static URI address(Child server) {
    String line = server.line();
    assertThat(line).startsWith("pitstop: rocksdb:").contains(" is served at http://localhost:");
    return URI.create(line.substring(line.lastIndexOf(' ') + 1));
  }

  private static HttpResponse<String> send(URI server, String method, String path, String... auth)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path)).method(method, BodyPublishers.ofString("hi"));
    if (auth.length > 0) {
      request.headers(auth);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void whatWasStoredIsThereAfterTheServerWasToldToEndAndStartedAgain() throws Exception {
    try (Child server = Child.start(store, "serve", "--port", "0")) {
      URI address = address(server);
      assertThat(send(address, "PUT", "/v1/queues/q/messages/a?delay=1h").statusCode())
          .isEqualTo(201);
      server.terminate();
      Child.Result result = server.result();
      assertThat(result.exit()).as(result.err()).isZero();
      assertThat(result.out()).containsExactly("pitstop: ending");
    }
    try (Child server = Child.start(store, "serve", "--port", "0")) {
      assertThat(send(address(server), "GET", "/v1/queues/q/messages/a").statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void H03_aPostUnderWayWhenTheServerIsKilledIsSentAgainToTheTargetThatWasSet() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger posts = new AtomicInteger();
    Sink.Answers silentAtFirst =
        exchange -> {
          if (posts.incrementAndGet() == 1) {
            try {
              end.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          Sink.status(exchange, 200);
        };
    Path file = dir.resolve("pitstop.yaml");
    Files.writeString(file, "port: 0\nallowPrivateTargets: true\nqueues: {q: {leaseTime: 1s}}\n");
    try (Sink sink = new Sink(silentAtFirst)) {
      try (Child server = Child.start(store, "serve", "--config", file.toString())) {
        URI address = address(server);
        String target = "{\"url\":\"" + sink.url() + "\",\"timeout\":\"1s\",\"allowPrivate\":true}";
        HttpRequest put =
            HttpRequest.newBuilder(address.resolve("/v1/queues/q/target"))
                .PUT(BodyPublishers.ofString(target))
                .build();
        assertThat(HTTP.send(put, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
        send(address, "PUT", "/v1/queues/q/messages/a");
        assertThat(sink.next().header("pitstop-attempt")).isEqualTo("1");
        server.kill();
      }
      try (Child server = Child.start(store, "serve", "--config", file.toString())) {
        URI address = address(server);
        Sink.Got again = sink.next(); // once the lease has run out, which outlasts the time limit
        assertThat(again.header("pitstop-id")).isEqualTo("a");
        assertThat(again.header("pitstop-attempt")).isEqualTo("2");
        end.countDown();
        assertThat(send(address, "DELETE", "/v1/queues/q/target").statusCode()).isEqualTo(204);
      }
    }
  }

  @Test
  void aTokenThatWasMadeIsKnownByItsHashInTheFileAndWhatItDidIsWrittenDown() throws Exception {
    List<String> made = Child.run(store, "", "token").out();
    String token = made.get(0).substring("token ".length());
    String hash = made.get(1).substring("hash  ".length());
    Path file = dir.resolve("pitstop.yaml");
    Files.writeString(
        file, "port: 0\ntokens:\n  boss:\n    hash: " + hash + "\n    may: {admin: \"*\"}\n");
    try (Child server = Child.start(store, "serve", "--config", file.toString())) {
      URI address = address(server);
      String purge = "/v1/queues/q:purge";
      assertThat(send(address, "POST", purge).statusCode()).isEqualTo(401);
      assertThat(send(address, "POST", purge, "Authorization", "Bearer " + token).statusCode())
          .isEqualTo(200);
      server.terminate();
      assertThat(server.result().err())
          .contains("who=\"boss\"", "route=/v1/queues/{queue}:purge", "queue=\"q\"", "status=200")
          .doesNotContain(token, hash);
    }
  }

  @Test
  void whatCannotBeSaysWhyAndEnds() throws IOException {
    Path file = dir.resolve("pitstop.yaml");
    Files.writeString(file, "prot: 1\n");
    Child.Result unknown = Child.run(store, "", "serve", "--config", file.toString());
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.err())
        .isEqualToNormalizingNewlines(
            "pitstop: " + file + ", line 1: unknown key prot, did you mean port?\n");
    Child.Result open = Child.run(store, "", "serve", "--host", "0.0.0.0", "--port", "0");
    assertThat(open.exit()).isEqualTo(1);
    assertThat(open.err())
        .startsWith("pitstop: on 0.0.0.0 everybody")
        .contains("insecureOpenToAll");
    assertThat(store).doesNotExist();
  }
}
