package dev.pitstop.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.ListenerOptions;
import dev.pitstop.RetryPolicy;
import dev.pitstop.server.ServerSettings;
import dev.pitstop.server.TestServer;
import dev.pitstop.server.config.QueueSettings;
import dev.pitstop.server.security.QueuePattern;
import dev.pitstop.servers.Sink;
import dev.pitstop.webhook.Target;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Messages of queues with targets are posted. */
final class WebhookTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String OLDER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void T01_messageIsPostedWithItsHeadersAndSignaturesAndIsGoneWhenTheAnswerIs2xx()
      throws Exception {
    try (Sink sink = Sink.of(204);
        TestServer server = server(queue("mail", target(sink.url(), LONG)))) {
      String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
      server.send(
          server
              .request("/v1/queues/mail/messages/caf%C3%A9")
              .header("Content-Type", "text/x-note")
              .header("traceparent", parent)
              .header("Pitstop-Header-X-Colour", "red")
              .header("Pitstop-Header-Transfer-Encoding", "chunked")
              .header("Pitstop-Header-webhook-id", "forged")
              .PUT(BodyPublishers.ofString("hé\0llo")));
      Sink.Got got = sink.next();
      assertThat(new String(got.body(), StandardCharsets.UTF_8)).isEqualTo("hé\0llo");
      assertThat(got.exchange().getRequestMethod()).isEqualTo("POST");
      assertThat(got.exchange().getRequestURI()).hasToString("/hook?x=1");
      assertThat(got.header("Host")).isEqualTo("127.0.0.1:" + sink.port());
      assertThat(got.header("Content-Type")).isEqualTo("text/x-note");
      assertThat(got.header("traceparent")).isEqualTo(parent);
      assertThat(got.header("X-Colour")).isEqualTo("red");
      assertThat(got.header("Transfer-Encoding")).isEmpty();
      assertThat(got.header("pitstop-id")).isEqualTo("caf%C3%A9");
      assertThat(got.header("pitstop-queue")).isEqualTo("mail");
      assertThat(got.header("pitstop-attempt")).isEqualTo("1");
      assertThat(got.header("pitstop-scheduled-for")).startsWith("20");
      assertThat(got.header("webhook-id")).matches("msg_[A-Za-z0-9_-]{32}");
      assertThat(Long.parseLong(got.header("webhook-timestamp")))
          .isBetween(System.currentTimeMillis() / 1000 - 60, System.currentTimeMillis() / 1000);
      assertThat(got.header("webhook-signature"))
          .isEqualTo(signature(got, SECRET) + " " + signature(got, OLDER));
      gone(server, "mail");
      assertThat(server.get("/metrics"))
          .contains("pitstop_webhook_seconds_count{queue=\"mail\",result=\"ok\"} 1");
    }
  }

  /** As the scheme's document has it, written without a look at what is tested. */
  private static String signature(Sink.Got got, String secret) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    byte[] key = Base64.getDecoder().decode(secret.substring(6));
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    mac.update(got.header("webhook-id").getBytes(StandardCharsets.UTF_8));
    mac.update((byte) '.');
    mac.update(got.header("webhook-timestamp").getBytes(StandardCharsets.UTF_8));
    mac.update((byte) '.');
    return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(got.body()));
  }

  @Test
  void T02_anotherStatusIsRetriedUnderTheSameIdAndBuriedAfterTheLastAttempt() throws Exception {
    Sink.Answers broken =
        exchange -> {
          byte[] body =
              ("<b>no\r\n\u001b[31m room</b>" + "x".repeat(1_000)).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(503, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        };
    try (Sink sink = new Sink(broken);
        TestServer server = server(queue("mail", target(sink.url(), LONG)))) {
      server.put("/v1/queues/mail/messages/a", "x");
      List<Sink.Got> got = List.of(sink.next(), sink.next(), sink.next());
      assertThat(got)
          .extracting(one -> one.header("webhook-id"))
          .containsOnly(got.get(0).header("webhook-id"));
      assertThat(got)
          .extracting(one -> one.header("pitstop-attempt"))
          .isEqualTo(List.of("1", "2", "3"));
      String shown = buried(server, "mail", "a");
      assertThat(shown).contains("answered 503 <b>no [31m room</b>xxx");
      assertThat(shown.length()).isLessThan(1_000);
      assertThat(sink.left()).isZero();
    }
  }

  @Test
  void redirectsAreNotFollowed() throws Exception {
    try (Sink other = Sink.of(200);
        Sink sink =
            new Sink(
                exchange -> {
                  exchange.getResponseHeaders().add("Location", other.url().toString());
                  Sink.status(exchange, 307);
                });
        TestServer server = server(queue("mail", target(sink.url(), LONG)))) {
      server.put("/v1/queues/mail/messages/a", "x");
      assertThat(buried(server, "mail", "a")).contains("answered 307");
      assertThat(other.left()).isZero();
    }
  }

  @Test
  void retryAfterSaysWhenTheNextAttemptIs() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Sink.Answers busy =
        exchange -> {
          exchange.getResponseHeaders().add("Retry-After", "2");
          Sink.status(exchange, calls.incrementAndGet() == 1 ? 429 : 200);
        };
    try (Sink sink = new Sink(busy);
        TestServer server = server(queue("mail", target(sink.url(), LONG)))) {
      server.put("/v1/queues/mail/messages/a", "x");
      long first = sink.next().nanos();
      assertThat(Duration.ofNanos(sink.next().nanos() - first))
          .isBetween(Duration.ofMillis(1_900), Duration.ofSeconds(15));
      gone(server, "mail");
    }
  }

  @Test
  void T03_goneBuriesAtOnce() throws Exception {
    try (Sink sink = Sink.of(410);
        TestServer server = server(queue("mail", target(sink.url(), LONG)))) {
      server.put("/v1/queues/mail/messages/a", "x");
      assertThat(buried(server, "mail", "a")).contains("answered 410");
      sink.next();
      assertThat(sink.left()).isZero();
    }
  }

  @Test
  void aTargetThatNeverAnswersIsGivenUpAndHoldsUpNoOther() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (Sink dead = new Sink(exchange -> await(end));
        Sink good = Sink.of(200);
        TestServer server =
            server(
                queue("dead", target(dead.url(), Duration.ofMillis(1_500))),
                queue("good", target(good.url(), LONG)))) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        server.put("/v1/queues/dead/messages/" + i, "x");
      }
      dead.next();
      for (int i = 0; i < 50; i++) {
        server.put("/v1/queues/good/messages/" + i, "x");
        ids.add(good.next().header("pitstop-id"));
      }
      assertThat(ids).doesNotHaveDuplicates();
      assertThat(buried(server, "dead", "0")).contains("no answer within 1");
      end.countDown();
    }
  }

  @Test
  void anAnswerThatBreaksOffIsAFailureAndOneThatIsEndlessIsJudgedByItsStatus() throws Exception {
    Sink.Answers breaking =
        exchange -> {
          exchange.sendResponseHeaders(200, 1_000);
          exchange.getResponseBody().write("half".getBytes(StandardCharsets.UTF_8));
          exchange.getResponseBody().flush();
          throw new IOException("broken off, as the test wants");
        };
    Sink.Answers endless =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] much = new byte[8_192];
          for (int i = 0; i < 100_000; i++) {
            exchange.getResponseBody().write(much);
          }
        };
    try (Sink broken = new Sink(breaking);
        Sink huge = new Sink(endless);
        TestServer server =
            server(
                queue("broken", target(broken.url(), LONG)),
                queue("huge", target(huge.url(), LONG)))) {
      server.put("/v1/queues/broken/messages/a", "x");
      server.put("/v1/queues/huge/messages/a", "x");
      huge.next();
      gone(server, "huge");
      buried(server, "broken", "a");
      assertThat(server.get("/metrics"))
          .contains("pitstop_webhook_seconds_count{queue=\"broken\",result=\"unreachable\"} 3");
    }
  }

  @Test
  void addressesOfPrivateNetworksAreRefusedUnlessAllowed() throws Exception {
    try (Sink sink = Sink.of(200)) {
      Target target = new Target(sink.url(), List.of(SECRET), LONG, 4, false);
      URI name = URI.create("http://localhost:" + sink.port() + "/");
      try (TestServer server =
          server(
              queue("address", target),
              queue("name", new Target(name, List.of(SECRET), LONG, 4, false)))) {
        server.put("/v1/queues/address/messages/a", "x");
        server.put("/v1/queues/name/messages/a", "x");
        assertThat(buried(server, "address", "a")).contains("not an address of the public");
        assertThat(buried(server, "name", "a")).contains("localhost is not an address of the");
      }
      assertThat(sink.left()).isZero();
    }
  }

  @Test
  void E03_aLeaseLastsAsLongAsTheTargetMayTake() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Sink.Answers slow =
        exchange -> {
          await(end);
          Sink.status(exchange, 200);
        };
    try (Sink sink = new Sink(slow);
        TestServer server =
            server(queue("mail", Duration.ofMillis(200), target(sink.url(), LONG)))) {
      server.put("/v1/queues/mail/messages/a", "x");
      sink.next();
      // what would be emitted again while the answer is waited for goes to this lease
      assertThat(server.post("/v1/queues/mail/leases?wait=1s", "")).doesNotContain("\"id\"");
      end.countDown();
      gone(server, "mail");
      assertThat(sink.left()).isZero();
    }
  }

  @Test
  void H01_aPostUnderWayIsWaitedForAndOneThatTakesTooLongComesAgain() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (Sink sink = new Sink(exchange -> await(end))) {
      Path data = Files.createTempDirectory("pitstop-webhook");
      String store = "rocksdb:" + data;
      TestServer stopped = server(store, queue("mail", target(sink.url(), LONG)));
      stopped.put("/v1/queues/mail/messages/a", "x");
      String id = sink.next().header("webhook-id");
      stopped.close(Duration.ofMillis(300));
      end.countDown();
      try (Sink good = Sink.of(200);
          TestServer server = server(store, queue("mail", target(good.url(), LONG)))) {
        Sink.Got again = good.next();
        assertThat(again.header("webhook-id")).isEqualTo(id);
        assertThat(again.header("pitstop-attempt")).isEqualTo("1");
        gone(server, "mail");
      }
      try (Stream<Path> files = Files.walk(data)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }

  @Test
  void operatorsSeeHowATargetFaresAndTryIt() throws Exception {
    AtomicInteger status = new AtomicInteger(500);
    try (Sink sink = new Sink(exchange -> Sink.status(exchange, status.get()));
        TestServer server = server(queue("mail", target(sink.url(), LONG)))) {
      assertThat(server.get("/v1/queues/mail/target"))
          .contains("/hook\"", "\"secrets\":2", "\"concurrency\":4")
          .doesNotContain("whsec", "x=1", "\"last\"");
      server.put("/v1/queues/mail/messages/a", "x");
      buried(server, "mail", "a");
      assertThat(server.get("/v1/queues/mail/target"))
          .contains("\"failures\":3", "\"outcome\":\"failed\",\"status\":500");
      status.set(200);
      for (int i = 0; i < 3; i++) {
        sink.next();
      }
      assertThat(server.post("/v1/queues/mail/target:test", ""))
          .contains("\"outcome\":\"ok\",\"status\":200");
      Sink.Got got = sink.next();
      assertThat(got.header("pitstop-test")).isEqualTo("true");
      assertThat(got.header("webhook-signature"))
          .isEqualTo(signature(got, SECRET) + " " + signature(got, OLDER));
      server.put("/v1/queues/mail/messages/b", "x");
      TestServer.until(
          "well again", () -> server.get("/v1/queues/mail/target").contains("\"failures\":0"));
      assertThat(server.send(server.request("/v1/queues/other/target").GET()).statusCode())
          .isEqualTo(404);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Target target(URI url, Duration timeout) {
    return new Target(url, List.of(SECRET, OLDER), timeout, 4, true);
  }

  private static QueueSettings queue(String name, Target target) {
    return queue(name, Duration.ofMinutes(1), target);
  }

  private static QueueSettings queue(String name, Duration leaseTime, Target target) {
    RetryPolicy retry = new RetryPolicy(Duration.ofMillis(20), Duration.ofMillis(40), 0, 3);
    return new QueueSettings(
        new QueuePattern(name),
        ListenerOptions.defaults().retry(retry).leaseTime(leaseTime),
        Optional.of(target));
  }

  private static TestServer server(QueueSettings... queues) {
    return server("memory:", queues);
  }

  private static TestServer server(String store, QueueSettings... queues) {
    return TestServer.start(ServerSettings.defaults().store(store).queues(List.of(queues)));
  }

  private static void gone(TestServer server, String queue) {
    TestServer.until(
        "empty", () -> !server.get("/v1/queues/" + queue + "/messages").contains("\"id\""));
  }

  private static String buried(TestServer server, String queue, String id) {
    String path = "/v1/queues/" + queue + "/messages/" + id;
    TestServer.until("buried", () -> server.get(path).contains("\"buried\""));
    return server.get(path);
  }
}
