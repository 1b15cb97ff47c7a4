package dev.pitstop.server.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.ListenerOptions;
import dev.pitstop.Pitstop;
import dev.pitstop.QueueStats;
import dev.pitstop.RetryPolicy;
import dev.pitstop.broker.RelaySettings;
import dev.pitstop.server.ServerSettings;
import dev.pitstop.server.TestServer;
import dev.pitstop.server.config.QueueSettings;
import dev.pitstop.server.security.QueuePattern;
import dev.pitstop.server.webhook.Webhooks;
import dev.pitstop.servers.Sink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server's queues that emit to places; with a broker they are tested where the commands are. */
final class QueueRelaysTest {
  private static final RetryPolicy SOON =
      RetryPolicy.defaults().noise(0).delays(Duration.ofMillis(100), Duration.ofSeconds(1));

  @TempDir private Path directory = Path.of("");

  private static TestServer emitting(String store, Sink sink) {
    String place = "http://127.0.0.1:" + sink.port() + "/in/{header:kind}?allowPrivate=true";
    QueueSettings mail =
        new QueueSettings(
            new QueuePattern("mail"),
            ListenerOptions.defaults().retry(SOON),
            Optional.empty(),
            new RelaySettings(List.of(), Optional.empty(), Optional.of(place), 10));
    return TestServer.start(settings(store).queues(List.of(mail)));
  }

  private static ServerSettings settings(String store) {
    return ServerSettings.defaults().store(store).targets(new Webhooks.Settings(true, List.of()));
  }

  @Test
  void whatIsNotTakenComesAgainAndBothAreToldOf() throws Exception {
    AtomicInteger posts = new AtomicInteger();
    Sink.Answers notAtFirst =
        exchange -> Sink.status(exchange, posts.incrementAndGet() == 1 ? 503 : 204);
    try (Sink sink = new Sink(notAtFirst);
        TestServer server = emitting("memory:", sink)) {
      server.put("/v1/queues/mail/messages/a?header-kind=new%2Forder", "x");
      Sink.Got first = sink.next();
      assertThat(first.exchange().getRequestURI().getRawPath()).isEqualTo("/in/new%2Forder");
      assertThat(first.header("pitstop-attempt")).isEqualTo("1");
      Sink.Got again = sink.next();
      assertThat(again.header("pitstop-attempt")).isEqualTo("2");
      assertThat(again.header("webhook-id")).isEqualTo(first.header("webhook-id"));
      String relays = "/v1/queues/mail/relays";
      TestServer.until(
          "acked", () -> server.get(relays).contains("\"relayed\":1,\"failed\":1,\"unsettled\":0"));
      assertThat(server.get(relays)).contains("\"direction\":\"emit\"", "answered 503");
      assertThat(server.get("/metrics"))
          .contains("pitstop_relay_failed_total{direction=\"emit\",queue=\"mail\"} 1.0");
    }
  }

  @Test
  void H01_aServerThatEndsWaitsForWhatIsInFlight() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    Sink.Answers late =
        exchange -> {
          try {
            answer.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          Sink.status(exchange, 200);
        };
    String store = "rocksdb:" + directory.resolve("data");
    try (Sink sink = new Sink(late);
        TestServer server = emitting(store, sink)) {
      server.put("/v1/queues/mail/messages/a?header-kind=k", "x");
      sink.next();
      CompletableFuture<Void> closing =
          CompletableFuture.runAsync(() -> server.close(Duration.ofSeconds(60)));
      assertThatThrownBy(() -> closing.get(500, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      answer.countDown();
      closing.get(60, TimeUnit.SECONDS);
    }
    try (Pitstop pitstop = Pitstop.open(store)) {
      QueueStats stats = pitstop.queue("mail").stats().join();
      assertThat(stats.scheduled() + stats.leased()).as("acked").isZero();
    }
  }

  @Test
  void aTargetThatWasSetBeforeGivesWayToThePlaceOfTheConfiguration() throws Exception {
    String store = "rocksdb:" + directory.resolve("data");
    try (Sink target = Sink.of(200);
        Sink place = Sink.of(200)) {
      try (TestServer server = TestServer.start(settings(store))) {
        String json = "{\"url\":\"" + target.url() + "\",\"allowPrivate\":true}";
        server.put("/v1/queues/mail/target", json);
      }
      try (TestServer server = emitting(store, place)) {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 50; i++) {
          server.put("/v1/queues/mail/messages/m" + i + "?header-kind=k", "x");
        }
        for (int i = 0; i < 50; i++) {
          ids.add(place.next().header("pitstop-id"));
        }
        assertThat(ids).hasSize(50);
        assertThat(target.left()).isZero();
        assertThat(server.send(server.request("/v1/queues/mail/target").GET()).statusCode())
            .isEqualTo(404);
      }
    }
  }
}
