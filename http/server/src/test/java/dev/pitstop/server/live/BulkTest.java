package dev.pitstop.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.server.FaultyStoreFactory;
import dev.pitstop.server.TestServer;
import dev.pitstop.server.TestServer.EventReader;
import dev.pitstop.testing.Fault;
import dev.pitstop.testing.FaultyStore;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is done with many messages at once. */
@SuppressWarnings("try") // a fault ends when it is closed
final class BulkTest {
  @Test
  void buriedMessagesAreSelectedByTheirErrorSeenAndRequeued() {
    try (TestServer server = TestServer.on("memory:")) {
      bury(server, 15, "503 from the target");
      bury(server, 4, "timeout");
      String selection =
          server.post(
              "/v1/queues/mail/messages:select", "{\"state\":\"buried\",\"error\":\"503*\"}");
      assertThat(selection).contains("\"count\":{\"value\":15,\"relation\":\"exact\"}");
      assertThat(TestServer.all(selection, "\"lastError\":\"([^\"]*)\"")).hasSize(10);
      try (EventReader events = server.events("/v1/events")) {
        events.next("snapshot");
        String begun = server.post(of(selection, "requeue"), "");
        assertThat(begun).contains("\"do\":\"requeue\"", "\"total\":15");
        assertThat(ended(server, begun))
            .contains("\"state\":\"done\"", "\"done\":15,\"skipped\":0,\"failed\":0");
        assertThat(events.next("operation")).contains("\"state\":\"done\"");
      }
      assertThat(server.get("/v1/queues/mail")).contains("\"scheduled\":15", "\"buried\":4");
      assertThat(ended(server, server.post(of(selection, "requeue"), "")))
          .as("they stand otherwise by now")
          .contains("\"done\":0,\"skipped\":15");
    }
  }

  @Test
  void whatIsStoredAfterASelectionIsNotTouched() {
    try (TestServer server = TestServer.on("memory:")) {
      server.put("/v1/queues/mail/messages/a1?delay=1h", "x");
      server.put("/v1/queues/mail/messages/a2?delay=1h", "x");
      server.put("/v1/queues/mail/messages/b?delay=1h", "x");
      String selection = server.post("/v1/queues/mail/messages:select", "{\"prefix\":\"a\"}");
      server.put("/v1/queues/mail/messages/a3?delay=1h", "x");
      assertThat(ended(server, server.post(of(selection, "remove"), ""))).contains("\"done\":2");
      assertThat(server.get("/v1/queues/mail/messages"))
          .contains("\"id\":\"a3\"", "\"id\":\"b\"")
          .doesNotContain("\"a1\"", "\"a2\"");
    }
  }

  @Test
  void aSelectionThatIsMovedWithinItsWindowIsMovedOnce() {
    try (TestServer server = TestServer.on("memory:")) {
      store(server, 500, "1h");
      String selection =
          server.post(
              "/v1/queues/mail/messages:select",
              "{\"state\":\"scheduled\",\"to\":\"" + Instant.now().plusSeconds(9 * 3600) + "\"}");
      String ended = ended(server, server.post(of(selection, "reschedule") + "?delay=2h", ""));
      assertThat(ended).contains("\"total\":500,\"done\":500,\"skipped\":0");
    }
  }

  @Test
  void emittingNowCanBeSpreadOverATime() {
    try (TestServer server = TestServer.on("memory:")) {
      store(server, 100, "1d");
      String selection = server.post("/v1/queues/mail/messages:select", "");
      Instant before = Instant.now();
      ended(server, server.post(of(selection, "emit-now") + "?spread=100m", ""));
      List<Instant> due =
          TestServer.all(server.get("/v1/queues/mail/messages?limit=1000"), "\"due\":\"([^\"]*)\"")
              .stream()
              .map(Instant::parse)
              .toList();
      assertThat(due).hasSize(100);
      for (int i = 0; i < 100; i++) {
        assertThat(Duration.between(before, due.get(i)))
            .isBetween(
                Duration.ofMinutes(i).minusSeconds(1), Duration.ofMinutes(i).plusSeconds(30));
      }
    }
  }

  @Test
  void anOperationIsCancelledBetweenTwoMessages() {
    try (TestServer server = TestServer.on("faulty:cancel")) {
      store(server, 200, "1d");
      String selection = server.post("/v1/queues/mail/messages:select", "");
      FaultyStore store = FaultyStoreFactory.store("cancel");
      long finds = store.calls(FaultyStore.Operation.FIND);
      String cancelled;
      try (Fault stands =
          store
              .on(FaultyStore.Operation.FIND)
              .calls(finds + 50, Long.MAX_VALUE)
              .stall(Duration.ofSeconds(60))) {
        String begun = server.post(of(selection, "remove"), "");
        cancelled = begun;
        TestServer.until("it stands", () -> store.calls(FaultyStore.Operation.FIND) >= finds + 50);
        assertThat(server.post(operation(begun) + ":cancel", ""))
            .contains("\"state\":\"cancelled\"");
      }
      String ended = ended(server, cancelled);
      int done = Integer.parseInt(TestServer.first(ended, "\"done\":(\\d+)"));
      assertThat(done).isBetween(49, 70);
      assertThat(server.get("/v1/queues/mail")).contains("\"scheduled\":" + (200 - done));
    }
  }

  @Test
  void F01_anOperationStopsWhenTheStoreIsAway() {
    try (TestServer server = TestServer.on("faulty:bulk")) {
      store(server, 200, "1d");
      String selection = server.post("/v1/queues/mail/messages:select", "");
      FaultyStore store = FaultyStoreFactory.store("bulk");
      try (Fault away = store.on(FaultyStore.Operation.REMOVE).always().fail()) {
        String ended = ended(server, server.post(of(selection, "remove"), ""));
        assertThat(ended).contains("\"state\":\"stopped\"", "\"done\":0", "\"lastError\":");
      }
      assertThat(ended(server, server.post(of(selection, "remove"), ""))).contains("\"done\":200");
    }
  }

  @Test
  void whatIsUnknownOrOutOfBoundsIsRefused() {
    try (TestServer server = TestServer.on("memory:")) {
      assertThat(status(server, "/v1/selections/nobody:remove", "")).isEqualTo(404);
      assertThat(status(server, "/v1/operations/nobody:cancel", "")).isEqualTo(404);
      for (String filter :
          List.of(
              "{\"state\":\"lost\"}",
              "{\"colour\":\"red\"}",
              "[]",
              "{\"from\":\"x\"}",
              "{\"error\":\"*\"}",
              "\u0000")) {
        assertThat(status(server, "/v1/queues/mail/messages:select", filter)).isEqualTo(422);
      }
      String selection = server.post("/v1/queues/mail/messages:select", "{}");
      assertThat(status(server, of(selection, "reschedule"), "")).isEqualTo(422);
      assertThat(status(server, of(selection, "emit-now") + "?spread=8d", "")).isEqualTo(422);
      assertThat(ended(server, server.post(of(selection, "remove"), ""))).contains("\"total\":0");
    }
  }

  private static int status(TestServer server, String path, String body) {
    return server.send(server.request(path).POST(BodyPublishers.ofString(body))).statusCode();
  }

  private static void store(TestServer server, int many, String in) {
    server.post(
        "/v1/queues/mail/messages:batch", ("{\"body\":1,\"in\":\"" + in + "\"}\n").repeat(many));
  }

  private static void bury(TestServer server, int many, String error) {
    store(server, many, "0s");
    for (int i = 0; i < many; i++) {
      server.settle("mail", "\"do\":\"bury\",\"error\":\"" + error + "\"");
    }
  }

  private static String of(String selection, String verb) {
    return "/v1/selections/" + TestServer.first(selection, "\"id\":\"([^\"]*)\"") + ":" + verb;
  }

  private static String operation(String begun) {
    return "/v1/operations/" + TestServer.first(begun, "\"id\":\"([^\"]*)\"");
  }

  private static String ended(TestServer server, String begun) {
    TestServer.until("ended", () -> server.get(operation(begun)).contains("\"ended\":"));
    return server.get(operation(begun));
  }
}
