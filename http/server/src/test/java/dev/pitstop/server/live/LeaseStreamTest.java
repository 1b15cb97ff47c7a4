package dev.pitstop.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.server.TestServer;
import dev.pitstop.server.TestServer.EventReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is due as a stream of events, settled by id and token. */
final class LeaseStreamTest {
  @Test
  void O06_whatFallsDueIsStreamedAndSettledByIdAndToken() {
    try (TestServer server = TestServer.on("memory:");
        EventReader stream = server.events("/v1/queues/mail/leases?limit=4")) {
      assertThat(stream.line()).isEqualTo(":");
      TreeSet<String> seen = new TreeSet<>();
      for (int i = 0; i < 50; i++) {
        server.put("/v1/queues/mail/messages/" + i, "x");
      }
      while (seen.size() < 50) {
        String delivery = stream.next("delivery");
        assertThat(seen.add(TestServer.first(delivery, "\"id\":\"([^\"]*)\""))).isTrue();
        assertThat(server.settleLeased(delivery, "\"do\":\"ack\"")).contains("\"took\":true");
      }
      assertThat(server.get("/v1/queues/mail")).contains("\"scheduled\":0,\"leased\":0");
    }
  }

  @Test
  void E07_noMoreIsStreamedThanMayBeUnsettled() {
    try (TestServer server = TestServer.on("memory:")) {
      for (int i = 0; i < 5; i++) {
        server.put("/v1/queues/mail/messages/" + i, "x");
      }
      try (EventReader stream = server.events("/v1/queues/mail/leases?limit=2")) {
        String first = stream.next("delivery");
        stream.next("delivery");
        assertThat(server.get("/v1/queues/mail")).contains("\"scheduled\":3,\"leased\":2");
        server.settleLeased(first, "\"do\":\"ack\"");
        stream.next("delivery");
        assertThat(server.get("/v1/queues/mail")).contains("\"scheduled\":2,\"leased\":2");
      }
    }
  }

  @Test
  void E05_whatWasNotSettledComesAgainWhenTheStreamIsLeft() {
    try (TestServer server = TestServer.on("memory:")) {
      server.put("/v1/queues/mail/messages/a", "x");
      try (EventReader stream = server.events("/v1/queues/mail/leases")) {
        assertThat(stream.next("delivery")).contains("\"attempt\":1");
      }
      // that nobody reads any more is noticed at the next that is written
      String again = server.post("/v1/queues/mail/leases?wait=50s", "");
      assertThat(again)
          .contains("\"id\":\"a\"", "\"attempt\":2", "the stream ended before this was settled");
    }
  }

  @Test
  void O06_whatIsTooMuchToBeHeldIsSettledAllTheSame() {
    try (TestServer server = TestServer.on("memory:")) {
      String large = "x".repeat(1 << 20);
      for (int i = 0; i < 40; i++) {
        server.put("/v1/queues/mail/messages/" + i, large);
      }
      String leased = server.post("/v1/queues/mail/leases?limit=40", "");
      List<String> ids = TestServer.all(leased, "\"id\":\"([^\"]*)\"");
      List<String> tokens = TestServer.all(leased, "\"token\":\"([^\"]*)\"");
      for (int i = 0; i < 40; i++) {
        String one = "{\"id\":\"" + ids.get(i) + "\",\"token\":\"" + tokens.get(i) + "\",";
        assertThat(server.settleLeased(one + "\"queue\":\"mail\"}", "\"do\":\"ack\""))
            .contains("\"took\":true");
      }
    }
  }

  @Test
  void E05_aStreamGoesOnWhenLeasesRunOut() {
    try (TestServer server = TestServer.on("memory:")) {
      server.put("/v1/queues/mail/messages/a", "x");
      try (EventReader stream = server.events("/v1/queues/mail/leases?limit=1&leaseTime=200ms")) {
        assertThat(stream.next("delivery")).contains("\"attempt\":1");
        assertThat(stream.next("delivery")).contains("\"attempt\":2");
        String third = stream.next("delivery");
        assertThat(third).contains("\"attempt\":3");
        assertThat(server.settleLeased(third, "\"do\":\"ack\"")).contains("\"took\":");
      }
    }
  }

  @Test
  void H01_aServerThatStopsGivesBackWhatWasStreamed(@TempDir Path directory) {
    String store = "rocksdb:" + directory.resolve("data");
    TestServer server = TestServer.on(store);
    for (int i = 0; i < 10; i++) {
      server.put("/v1/queues/mail/messages/" + i, "x");
    }
    try (EventReader stream = server.events("/v1/queues/mail/leases?limit=5")) {
      stream.next("delivery");
      long begun = System.nanoTime();
      server.close(Duration.ofSeconds(20));
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
      assertThat(stream.ends()).isTrue();
    }
    try (TestServer again = TestServer.on(store)) {
      String leased = again.post("/v1/queues/mail/leases?limit=20&wait=20s", "");
      assertThat(TestServer.all(leased, "\"attempt\":(\\d+)")).hasSize(10).containsOnly("1");
    }
  }

  @Test
  void H01_aServerThatStopsAnswersThoseWhoWait() throws Exception {
    TestServer server = TestServer.on("memory:");
    var waiting =
        java.util.concurrent.CompletableFuture.supplyAsync(
            () -> server.post("/v1/queues/mail/leases?wait=50s", ""));
    TestServer.until(
        "somebody waits", () -> server.get("/metrics").contains("operation=\"untilNextDue\""));
    long begun = System.nanoTime();
    server.close(Duration.ofSeconds(40));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
    assertThat(waiting.get()).isEqualTo("{\"leases\":[]}");
  }
}
