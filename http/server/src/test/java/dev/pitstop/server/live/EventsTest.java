package dev.pitstop.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.server.FaultyStoreFactory;
import dev.pitstop.server.TestServer;
import dev.pitstop.server.TestServer.EventReader;
import dev.pitstop.testing.Fault;
import dev.pitstop.testing.FaultyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Queues as they change. */
@SuppressWarnings("try") // a fault ends when it is closed
final class EventsTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdown();
  }

  @Test
  void aStreamBeginsWithEverythingAndGoesOnWithWhatChanges() {
    try (TestServer server = TestServer.on("memory:")) {
      server.put("/v1/queues/mail/messages/a?delay=1h", "x");
      server.put("/v1/queues/sms/messages/a?delay=1h", "x");
      try (EventReader events = server.events("/v1/events")) {
        assertThat(events.response().headers().firstValue("Content-Type"))
            .contains("text/event-stream");
        assertThat(events.response().headers().firstValue("X-Accel-Buffering")).contains("no");
        assertThat(events.line()).isEqualTo(":");
        assertThat(events.next("snapshot"))
            .contains("\"queue\":\"mail\",\"scheduled\":1", "\"queue\":\"sms\",\"scheduled\":1");
        server.put("/v1/queues/mail/messages/b?delay=1h", "x");
        String change = events.next("stats");
        while (!change.contains("\"queue\":\"mail\",\"scheduled\":2")) {
          change = events.next("stats"); // rates change as well
        }
        server.post("/v1/queues/mail:pause", "");
        while (!change.contains("\"paused\":true")) {
          change = events.next("stats");
        }
        assertThat(change).doesNotContain("\"queue\":\"sms\",\"scheduled\":2");
      }
    }
  }

  @Test
  void rightsAndReservedQueuesAreObeyedInLists() {
    try (TestServer server = TestServer.on("memory:")) {
      server.put("/v1/queues/mail/messages/a?delay=1h", "x");
      assertThat(server.get("/v1/queues")).contains("mail").doesNotContain("_pitstop.");
      var refused =
          server.send(
              server
                  .request("/v1/queues/_pitstop.nodes/messages/a")
                  .PUT(java.net.http.HttpRequest.BodyPublishers.ofString("x")));
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("the servers' own");
      for (String path :
          List.of(
              "/v1/queues/_pitstop.nodes/leases",
              "/v1/queues/_pitstop.nodes:purge",
              "/v1/queues/_pitstop.nodes/messages:batch",
              "/v1/queues/_pitstop.nodes/messages:select")) {
        var answer =
            server.send(
                server.request(path).POST(java.net.http.HttpRequest.BodyPublishers.ofString("")));
        assertThat(answer.statusCode()).as(path).isEqualTo(403);
      }
      assertThat(
              server.post(
                  "/v1/leases:settle",
                  "[{\"queue\":\"_pitstop.nodes\",\"id\":\"a\",\"token\":\"1\",\"do\":\"ack\"}]"))
          .contains("\"status\":403");
    }
  }

  @Test
  void ratesAreOfWhatWasDoneNotOfWhatIsHeld() {
    try (TestServer server = TestServer.on("memory:")) {
      server.put("/v1/queues/mail/messages/a?delay=0s", "x");
      server.settle("mail", "\"do\":\"ack\"");
      TestServer.until(
          "rates",
          () ->
              server
                  .get("/v1/queues/mail")
                  .matches(".*\"rates\":\\{\"stored\":0\\.[1-9],.*\"acked\":0\\.[1-9],.*"));
      TestServer.until(
          "rest",
          () ->
              server
                  .get("/v1/queues/mail")
                  .contains("\"rates\":{\"stored\":0,\"emitted\":0,\"acked\":0,\"failed\":0}"));
    }
  }

  @Test
  void oneLookServesAllWhoAskMeanwhile() throws InterruptedException {
    try (TestServer server = TestServer.on("faulty:sampler")) {
      FaultyStore store = FaultyStoreFactory.store("sampler");
      List<CompletableFuture<String>> answers = new ArrayList<>();
      try (Fault slow =
          store.on(FaultyStore.Operation.STATS).call(1).stall(Duration.ofMinutes(1))) {
        for (int i = 0; i < 20; i++) {
          answers.add(CompletableFuture.supplyAsync(() -> server.get("/v1/queues"), threads));
        }
        assertThat(slow.awaitCall(Duration.ofSeconds(30))).isTrue();
        server.put("/v1/queues/mail/messages/a?delay=1h", "x");
        answers.add(CompletableFuture.supplyAsync(() -> server.get("/v1/queues"), threads));
      }
      answers.forEach(CompletableFuture::join);
      assertThat(answers.get(20).join()).as("sees what was done before").contains("\"mail\"");
      assertThat(store.calls(FaultyStore.Operation.STATS)).isLessThan(10);
    }
  }

  @Test
  void F02_aStoreThatIsAwayIsToldOnceAndThenEverythingAnew() {
    try (TestServer server = TestServer.on("faulty:events");
        EventReader events = server.events("/v1/events")) {
      events.next("snapshot");
      FaultyStore store = FaultyStoreFactory.store("events");
      try (Fault away = store.on(FaultyStore.Operation.STATS).always().fail()) {
        assertThat(events.next("away")).isEqualTo("{\"failing\":\"store\"}");
      }
      assertThat(events.next("snapshot")).contains("\"items\":[");
    }
  }

  @Test
  void thereAreNotMoreThanSoManyStreams() {
    try (TestServer server = TestServer.on("memory:")) {
      List<EventReader> open = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        EventReader events = server.events("/v1/events");
        events.next("snapshot");
        open.add(events);
      }
      var refused = server.send(server.request("/v1/events").GET());
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      open.forEach(EventReader::close);
    }
  }

  @Test
  void H01_aServerThatStopsEndsItsStreams() {
    TestServer server = TestServer.on("memory:");
    try (EventReader events = server.events("/v1/events")) {
      events.next("snapshot");
      long begun = System.nanoTime();
      server.close(Duration.ofSeconds(20));
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
      assertThat(events.ends()).isTrue();
    }
  }
}
