package dev.pitstop.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.server.FaultyStoreFactory;
import dev.pitstop.server.TestServer;
import dev.pitstop.testing.Fault;
import dev.pitstop.testing.FaultyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What happened, and what falls due when. */
@SuppressWarnings("try") // a fault ends when it is closed
final class TimelineTest {
  @Test
  void O05_whatFallsDueIsCountedBucketByBucket() {
    Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
    try (TestServer server = TestServer.on("memory:")) {
      for (int i = 0; i < 3; i++) {
        server.put("/v1/queues/mail/messages/early" + i + "?at=2020-01-01T00:00:00Z", "x");
      }
      for (int i = 1; i <= 5; i++) {
        server.put("/v1/queues/mail/messages/" + i + "?at=" + hour.plusSeconds(7200 + i), "x");
      }
      server.put("/v1/queues/mail/messages/late?at=2099-01-01T00:00:00Z", "x");
      server.put("/v1/queues/sms/messages/x?at=" + hour.plusSeconds(7200), "x");
      String window = "&from=" + hour + "&to=" + hour.plusSeconds(4 * 3600) + "&bucket=1h";
      String mail = server.timeline("queue=mail" + window);
      assertThat(mail)
          .contains(
              "\"overdue\":{\"value\":3,\"relation\":\"exact\"}",
              "\"later\":{\"value\":1,\"relation\":\"exact\"}",
              "\"bucket\":\"PT1H\"",
              "\"partial\":false");
      assertThat(TestServer.all(mail, "\"due\":\\{\"value\":(\\d+)"))
          .containsExactly("0", "0", "5", "0");
      assertThat(TestServer.all(mail, "\\{\"from\":\"([^\"]*)\""))
          .hasSize(4)
          .first()
          .isEqualTo(dev.pitstop.lines.Times.iso(hour));
      String all = server.timeline(window.substring(1));
      assertThat(TestServer.all(all, "\"due\":\\{\"value\":(\\d+)"))
          .containsExactly("0", "0", "6", "0");
    }
  }

  @Test
  void O05_noWindowIsCountedFurtherThanALimit() {
    try (TestServer server = TestServer.on("memory:")) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < 1_500; i++) {
        lines.append("{\"body\":1,\"in\":\"2h\"}\n");
      }
      server.post("/v1/queues/mail/messages:batch", lines.toString());
      String answer =
          server.timeline("queue=mail&bucket=6h&to=" + Instant.now().plus(2, ChronoUnit.DAYS));
      assertThat(answer).contains("{\"value\":1001,\"relation\":\"at-least\"}");
    }
  }

  @Test
  void O05_countingThatTakesLongIsAnsweredInPartAndThenWhole() {
    try (TestServer server = TestServer.on("faulty:timeline")) {
      server.put("/v1/queues/mail/messages/a?delay=3h", "x");
      FaultyStore store = FaultyStoreFactory.store("timeline");
      String path =
          "/v1/timeline?queue=mail&bucket=5m&to=" + Instant.now().plus(5, ChronoUnit.HOURS);
      try (Fault slow =
          store.on(FaultyStore.Operation.COUNT_DUE).call(2).stall(Duration.ofSeconds(60))) {
        String part = server.get(path);
        assertThat(part).contains("\"partial\":true", "\"overdue\":").doesNotContain("\"later\":");
        assertThat(TestServer.all(part, "\"due\":\\{\"value\":(\\d+)")).hasSize(15);
      }
      TestServer.until("counted", () -> server.get(path).contains("\"partial\":false"));
      assertThat(server.get(path)).contains("\"due\":{\"value\":1,\"relation\":\"exact\"}");
      assertThat(store.calls(FaultyStore.Operation.COUNT_DUE)).isLessThanOrEqualTo(10);
    }
  }

  @Test
  void whatWasAckedFailedAndBuriedIsToldOfThePast() {
    try (TestServer server = TestServer.on("memory:")) {
      for (int i = 0; i < 6; i++) {
        server.put("/v1/queues/mail/messages/" + i, "x");
      }
      for (String what :
          List.of(
              "\"do\":\"ack\"",
              "\"do\":\"ack\"",
              "\"do\":\"ack\"",
              "\"do\":\"nack\",\"error\":\"e\",\"delay\":\"1h\"",
              "\"do\":\"nack\",\"error\":\"e\",\"delay\":\"1h\"",
              "\"do\":\"bury\"")) {
        server.settle("mail", what);
      }
      for (String bucket : List.of("10s", "1m", "5m", "15m", "1h", "6h", "1d")) {
        for (String queue : List.of("queue=mail&", "")) {
          TestServer.until(
              bucket,
              () -> {
                String answer = server.get("/v1/timeline?" + queue + "bucket=" + bucket);
                return sum(answer, "acked") == 3
                    && sum(answer, "failed") == 2
                    && sum(answer, "buried") == 1;
              });
        }
        assertThat(sum(server.get("/v1/timeline?queue=sms&bucket=" + bucket), "acked")).isZero();
      }
    }
  }

  private static long sum(String answer, String field) {
    return TestServer.all(answer, "\"" + field + "\":(\\d+)").stream()
        .mapToLong(Long::parseLong)
        .sum();
  }

  @Test
  void windowsThatMakeNoSenseAreRefused() {
    try (TestServer server = TestServer.on("memory:")) {
      for (String query :
          List.of(
              "bucket=2m",
              "bucket=10s&from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z",
              "from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z",
              "to=%2B12026-01-01T00:00:00Z&from=%2B12025-12-31T00:00:00Z",
              "from=-99999999-01-01T00:00:00Z",
              "from=yesterday")) {
        var answer = server.send(server.request("/v1/timeline?" + query).GET());
        assertThat(answer.statusCode()).as(query + answer.body()).isEqualTo(422);
        assertThat(answer.body()).contains("\"field\":");
      }
      for (String query :
          List.of(
              "bucket=1d&from=0001-01-01T00:00:00Z&to=0001-03-01T00:00:00Z",
              "bucket=1d&from=9999-12-01T00:00:00Z&to=9999-12-31T00:00:00Z",
              "bucket=1h&from=9999-12-31T20:00:00Z&to=9999-12-31T23:59:59Z")) {
        assertThat(server.get("/v1/timeline?queue=mail&" + query)).contains("\"buckets\":[");
      }
    }
  }
}
