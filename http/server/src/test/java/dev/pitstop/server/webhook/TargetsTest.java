package dev.pitstop.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.Pitstop;
import dev.pitstop.Schedule;
import dev.pitstop.server.FaultyStoreFactory;
import dev.pitstop.server.ServerSettings;
import dev.pitstop.server.TestServer;
import dev.pitstop.server.config.QueueSettings;
import dev.pitstop.server.security.QueuePattern;
import dev.pitstop.servers.Sink;
import dev.pitstop.servers.TestCertificate;
import dev.pitstop.servers.TestDatabases;
import dev.pitstop.testing.Fault;
import dev.pitstop.testing.FaultyStore;
import dev.pitstop.webhook.Target;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Targets are set, replaced and removed while the server runs, and kept in the store. */
final class TargetsTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String TARGET = "/v1/queues/mail/target";

  @TempDir private Path directory = Path.of("");

  @Test
  void aTargetIsSetSeenReplacedAndRemovedWhileMessagesGoOn() throws Exception {
    try (Sink first = Sink.of(200);
        Sink second = Sink.of(200);
        TestServer server = open("memory:")) {
      server.put("/v1/queues/mail/messages/a", "x");
      assertThat(put(server, json(first.url(), "")).statusCode()).isEqualTo(201);
      Sink.Got got = first.next();
      assertThat(got.header("pitstop-id")).isEqualTo("a");
      assertThat(got.header("webhook-signature")).startsWith("v1,");
      assertThat(server.get(TARGET))
          .contains("\"from\":\"api\"", "/hook\"", "\"secrets\":1", "\"timeoutMillis\":15000")
          .contains("\"concurrency\":16", "\"allowPrivate\":true")
          .doesNotContain("whsec", "x=1");
      TestServer.until("seen", () -> server.get("/v1/queues/mail").contains("\"state\":\"ok\""));

      String slower = json(second.url(), ",\"timeout\":\"20s\",\"concurrency\":3");
      assertThat(put(server, slower).statusCode()).isEqualTo(200);
      server.put("/v1/queues/mail/messages/b", "x");
      assertThat(second.next().header("pitstop-id")).isEqualTo("b");
      assertThat(first.left()).isZero();
      assertThat(server.get(TARGET)).contains("\"timeoutMillis\":20000", "\"concurrency\":3");

      assertThat(delete(server).statusCode()).isEqualTo(204);
      assertThat(server.send(server.request(TARGET).GET()).statusCode()).isEqualTo(404);
      assertThat(delete(server).statusCode()).isEqualTo(404);
      server.put("/v1/queues/mail/messages/c", "x");
      assertThat(server.post("/v1/queues/mail/leases?wait=20s", "")).contains("\"id\":\"c\"");
      assertThat(second.left()).isZero();
    }
  }

  @Test
  void aPostUnderWayEndsByTheTargetThatWasReplaced() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Sink.Answers slow =
        exchange -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          Sink.status(exchange, 410);
        };
    try (Sink first = new Sink(slow);
        Sink second = Sink.of(200);
        TestServer server = open("memory:")) {
      put(server, json(first.url(), ",\"concurrency\":1"));
      server.put("/v1/queues/mail/messages/a", "x");
      first.next();
      server.put("/v1/queues/mail/messages/b", "x");
      put(server, json(second.url(), ""));
      assertThat(second.next().header("pitstop-id")).isEqualTo("b");
      end.countDown();
      TestServer.until(
          "buried, as the first target said",
          () -> server.get("/v1/queues/mail/messages/a").contains("answered 410"));
      assertThat(first.left() + second.left()).isZero();
    }
  }

  @Test
  void S06_whatCannotBeIsRefusedNamingFieldAndLimitAndNoSecret() {
    try (TestServer server = TestServer.on("memory:")) {
      refused(server, "{}", "url", "must be given");
      refused(server, "{'url':'ftp://x/?hunter2'}", "url", "must be an http or https address");
      refused(server, "{'url':'no address?hunter2'}", "url", "must be an http or https address");
      refused(server, "{'url':'http://u:hunter2@x/'}", "url", "must have no user and no fragment");
      refused(
          server,
          "{'url':'http://x/','secrets':'hunter2'}",
          "secrets",
          "must be an array of strings");
      refused(
          server,
          "{'url':'http://x/','secrets':[['hunter2']]}",
          "secrets",
          "must be an array of strings");
      refused(
          server,
          "{'url':'http://x/','secrets':['hunter2']}",
          "secrets",
          "must each be whsec_ and Base64");
      refused(
          server, "{'url':'http://x/','timeout':'2h'}", "timeout", "must be from PT0.001S to PT1H");
      refused(server, "{'url':'http://x/','timeout':'soon'}", "timeout", "must be a duration");
      refused(
          server, "{'url':'http://x/','concurrency':0}", "concurrency", "must be from 1 to 1000");
      refused(
          server,
          "{'url':'http://x/','concurrency':99999999999}",
          "concurrency",
          "must be from 1 to 1000");
      refused(
          server,
          "{'url':'http://x/','allowPrivate':'yes'}",
          "allowPrivate",
          "must be true or false");
      refused(
          server,
          "{'url':'http://x/','allowPrivate':true}",
          "allowPrivate",
          "set to allowPrivateTargets");
      refused(
          server,
          "{'url':'http://x/','timout':'1s'}",
          "",
          "unknown field timout, did you mean timeout?");
      assertThat(status(server)).isEqualTo(404);
    }
  }

  /** Single quotes stand for double ones. */
  private static void refused(TestServer server, String json, String field, String limit) {
    HttpResponse<String> refused = put(server, json.replace('\'', '"'));
    assertThat(refused.statusCode()).as(json).isEqualTo(422);
    assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(refused.body()).contains(limit).doesNotContain("hunter2");
    if (!field.isEmpty()) {
      assertThat(refused.body()).contains("\"field\":\"" + field + "\"", "\"value\":");
    }
  }

  @Test
  void aTargetOfTheConfigurationIsNeitherReplacedNorRemoved() throws Exception {
    try (Sink sink = Sink.of(200)) {
      Target target = new Target(sink.url(), List.of(), Duration.ofSeconds(20), 4, true);
      QueueSettings mail =
          new QueueSettings(
              new QueuePattern("mail"), ListenerOptions.defaults(), Optional.of(target));
      try (TestServer server = TestServer.start(settings("memory:", true).queues(List.of(mail)))) {
        assertThat(put(server, json(URI.create("http://x/"), "")).statusCode()).isEqualTo(409);
        assertThat(delete(server).body()).contains("/problems/configured", "configuration");
        assertThat(server.get(TARGET)).contains("\"from\":\"configuration\"");
        server.put("/v1/queues/mail/messages/a", "x");
        assertThat(sink.next().header("pitstop-id")).isEqualTo("a");
      }
    }
  }

  @Test
  void secretsAreInNoAnswer() throws Exception {
    try (Sink sink = Sink.of(200);
        TestServer server = open("memory:")) {
      put(server, json(sink.url(), ""));
      String kept = "/v1/queues/_pitstop.targets/messages";
      assertThat(server.get(kept)).contains("\"id\":\"mail\"").doesNotContain("whsec");
      assertThat(server.get(kept + "/mail")).contains("\"id\":\"mail\"").doesNotContain("whsec");
      for (String path : List.of("?view=full", "/mail?view=full", "/mail:body", "/mail:export")) {
        HttpResponse<String> refused = server.send(server.request(kept + path).GET());
        assertThat(refused.statusCode()).as(path).isEqualTo(403);
        assertThat(refused.body()).as(path).doesNotContain("whsec");
      }
      assertThat(
              server
                  .send(
                      server
                          .request("/v1/queues/_pitstop.targets/target")
                          .PUT(BodyPublishers.ofString(json(sink.url(), ""))))
                  .statusCode())
          .isEqualTo(403);
      assertThat(server.get("/v1/queues")).doesNotContain("_pitstop");
      assertThat(server.get("/metrics")).doesNotContain("_pitstop");
    }
  }

  @Test
  void H03_targetsAreObeyedAfterARestartAndOneThatCannotBeReadStopsNoOther() throws Exception {
    String store = "rocksdb:" + directory.resolve("data");
    try (Sink sink = Sink.of(200)) {
      try (TestServer server = open(store)) {
        put(server, json(sink.url(), ""));
      }
      keep(store, "newer", "{\"url\":\"http://x/\",\"region\":\"eu\"}");
      keep(store, "broken", "\0");
      keep(store, "no queue", "{\"url\":\"http://x/\"}");
      keep(store, "_pitstop.targets", "{\"url\":\"http://x/\"}");
      try (TestServer server = open(store)) {
        server.put("/v1/queues/mail/messages/a", "x");
        assertThat(sink.next().header("pitstop-id")).isEqualTo("a");
        server.put("/v1/queues/newer/messages/a", "x");
        assertThat(server.get("/v1/queues/newer")).contains("\"target\":{\"state\":\"unreadable\"");
        assertThat(server.get("/v1/queues/newer/target"))
            .contains("\"state\":\"unreadable\"", "unknown field region");
        assertThat(server.get("/v1/queues/broken/target")).contains("must be UTF-8");
        HttpResponse<String> tested =
            server.send(
                server.request("/v1/queues/broken/target:test").POST(BodyPublishers.noBody()));
        assertThat(tested.statusCode()).isEqualTo(409);
        String target = "/v1/queues/newer/target";
        assertThat(server.put(target, json(sink.url(), ""))).contains("\"outcome\":\"replaced\"");
        assertThat(sink.next().header("pitstop-queue")).isEqualTo("newer");
      }
    }
  }

  private static void keep(String store, String queue, String json) {
    try (Pitstop pitstop = Pitstop.open(store)) {
      byte[] body = json.getBytes(StandardCharsets.UTF_8);
      pitstop.queue("_pitstop.targets").store(Message.of(body).id(queue), Schedule.LAST).join();
    }
  }

  @Test
  void serversOfAStoreObeyWhatOneOfThemWasTold() throws Exception {
    String store = TestDatabases.freshPostgres();
    try (Sink sink = Sink.of(200);
        TestServer one = open(store);
        TestServer other = open(store)) {
      try (TestServer strict = TestServer.start(settings(store, false))) {
        put(one, json(sink.url(), ""));
        TestServer.until("heard", () -> status(other) == 200 && status(strict) == 200);
        assertThat(strict.get(TARGET)).contains("\"allowPrivate\":false");
        delete(other);
        TestServer.until("gone", () -> status(one) == 404 && status(strict) == 404);
      }
      CompletableFuture<Void> both =
          CompletableFuture.allOf(
              CompletableFuture.runAsync(() -> put(one, json(sink.url(), ",\"concurrency\":2"))),
              CompletableFuture.runAsync(() -> put(other, json(sink.url(), ",\"concurrency\":3"))));
      both.join();
      TestServer.until("they agree on the last", () -> concurrency(one).equals(concurrency(other)));
      TestServer.until(
          "both have posted",
          () -> {
            one.post("/v1/queues/mail/messages", "x");
            return hasPosted(one) && hasPosted(other);
          });
      assertThat(delete(other).statusCode()).isEqualTo(204);
      TestServer.until("gone", () -> status(one) == 404);
      one.put("/v1/queues/mail/messages/stays?delay=1h", "x");
      one.post("/v1/queues/mail/messages/stays:emit-now", "");
      TestServer.until(
          "no one else takes it",
          () -> one.post("/v1/queues/mail/leases?wait=1s", "").contains("\"id\":\"stays\""));
    }
  }

  private static String concurrency(TestServer server) {
    return TestServer.first(server.get(TARGET), "\"concurrency\":(\\d+)");
  }

  private static boolean hasPosted(TestServer server) {
    return server
        .get("/metrics")
        .contains("pitstop_webhook_seconds_count{queue=\"mail\",result=\"ok\"}");
  }

  @Test
  @SuppressWarnings("try") // the fault lasts as long as the block
  void F02_targetsThatRunGoOnWhileTheStoreDoesNotTellOfThem() throws Exception {
    try (Sink sink = Sink.of(200);
        TestServer server = open("faulty:targets")) {
      put(server, json(sink.url(), ""));
      FaultyStore store = FaultyStoreFactory.store("targets");
      try (Fault away = store.on(FaultyStore.Operation.LIST).always().fail()) {
        String changed = json(sink.url(), ",\"concurrency\":2");
        assertThat(put(server, changed).statusCode()).isEqualTo(200); // it is stored
        server.put("/v1/queues/mail/messages/a", "x");
        assertThat(sink.next().header("pitstop-id")).isEqualTo("a");
        assertThat(server.get(TARGET)).contains("\"concurrency\":16");
      }
      TestServer.until("seen", () -> server.get(TARGET).contains("\"concurrency\":2"));
    }
  }

  @Test
  void T02_aCertificateThatIsNotTrustedIsANackThatSaysSo() throws Exception {
    TestCertificate authority = TestCertificate.authority(directory, "authority");
    TestCertificate own = TestCertificate.issued(directory, "authority", "own", "ip:127.0.0.1");
    try (Sink sink = Sink.of(200, own)) {
      try (TestServer server = open("memory:")) {
        put(server, json(sink.url(), ""));
        server.put("/v1/queues/mail/messages/a", "x");
        TestServer.until(
            "refused",
            () ->
                server
                    .get("/v1/queues/mail/messages/a")
                    .contains("\"lastError\":\"the target's certificate is not accepted: "));
        assertThat(sink.left()).isZero();
      }
      ServerSettings trusting =
          settings("memory:", true)
              .targets(new Webhooks.Settings(true, List.of(authority.certificate())));
      try (TestServer server = TestServer.start(trusting)) {
        put(server, json(sink.url(), ""));
        server.put("/v1/queues/mail/messages/a", "x");
        assertThat(sink.next().header("pitstop-id")).isEqualTo("a");
      }
    }
  }

  private static int status(TestServer server) {
    return server.send(server.request(TARGET).GET()).statusCode();
  }

  private static HttpResponse<String> put(TestServer server, String json) {
    return server.send(server.request(TARGET).PUT(BodyPublishers.ofString(json)));
  }

  private static HttpResponse<String> delete(TestServer server) {
    return server.send(server.request(TARGET).DELETE());
  }

  private static String json(URI url, String more) {
    return "{\"url\":\""
        + url
        + "\",\"secrets\":[\""
        + SECRET
        + "\"],\"allowPrivate\":true"
        + more
        + "}";
  }

  /** One that lets targets be in private networks, as the sinks are. */
  private static TestServer open(String store) {
    return TestServer.start(settings(store, true));
  }

  private static ServerSettings settings(String store, boolean allowPrivate) {
    return ServerSettings.defaults()
        .store(store)
        .targets(new Webhooks.Settings(allowPrivate, List.of()));
  }
}
