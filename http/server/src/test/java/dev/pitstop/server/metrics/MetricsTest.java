package dev.pitstop.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.broker.Relay;
import dev.pitstop.server.FaultyStoreFactory;
import dev.pitstop.server.TestServer;
import dev.pitstop.testing.Fault;
import dev.pitstop.testing.FaultyStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What Prometheus reads. */
@SuppressWarnings("try") // a fault ends when it is closed
final class MetricsTest {
  @Test
  void whatIsDoneWithMessagesIsCounted() {
    try (TestServer server = TestServer.on("memory:")) {
      server.put("/v1/queues/mail/messages/a?delay=0s", "x");
      server.put("/v1/queues/mail/messages/b?delay=0s", "x");
      server.put("/v1/queues/mail/messages/c?delay=0s", "x");
      server.put("/v1/queues/mail/messages/d?delay=1h", "x");
      server.settle("mail", "\"do\":\"ack\"");
      server.settle("mail", "\"do\":\"nack\",\"error\":\"e\",\"delay\":\"1h\"");
      server.settle("mail", "\"do\":\"bury\",\"error\":\"e\"");
      assertThat(server.get("/metrics"))
          .contains(
              "pitstop_stored_total{queue=\"mail\"} 4.0",
              "pitstop_emitted_total{queue=\"mail\"} 3.0",
              "pitstop_acked_total{queue=\"mail\"} 1.0",
              "pitstop_nacked_total{queue=\"mail\"} 1.0",
              "pitstop_buried_total{queue=\"mail\"} 1.0",
              "pitstop_lease_lost_total{queue=\"mail\"} 0.0",
              "pitstop_messages{queue=\"mail\",state=\"scheduled\"} 2.0",
              "pitstop_messages{queue=\"mail\",state=\"buried\"} 1.0",
              "pitstop_overdue_seconds{queue=\"mail\"} 0.0",
              "pitstop_lateness_seconds_count{queue=\"mail\"} 3",
              "pitstop_store_batch_count{operation=\"lease\"} 3",
              "pitstop_store_up 1.0",
              "jvm_memory_used_bytes",
              "process_uptime_seconds")
          .doesNotContain("_pitstop.");
    }
  }

  @Test
  void whatWaitsTooLongShowsAsOverdueAndLate() {
    try (TestServer server = TestServer.on("memory:")) {
      server.put("/v1/queues/mail/messages/a?at=2020-01-01T00:00:00Z", "x");
      String before = server.get("/metrics");
      double overdue =
          Double.parseDouble(
              TestServer.first(before, "pitstop_overdue_seconds\\{queue=\"mail\"} (\\S+)"));
      assertThat(overdue).isGreaterThan((double) Duration.ofDays(365).toSeconds());
      server.settle("mail", "\"do\":\"ack\"");
      assertThat(server.get("/metrics"))
          .contains(
              "pitstop_lateness_seconds_bucket{queue=\"mail\",le=\"3600.0\"} 0",
              "pitstop_lateness_seconds_bucket{queue=\"mail\",le=\"+Inf\"} 1");
    }
  }

  @Test
  void queuesOverTheLimitShareTheirSeries() {
    try (TestServer server = TestServer.on("memory:")) {
      for (int i = 0; i < 105; i++) {
        server.put("/v1/queues/q" + i + "/messages/a", "x");
      }
      String figures = server.get("/metrics");
      assertThat(TestServer.all(figures, "pitstop_stored_total\\{queue=\"(.*?)\"}"))
          .hasSize(101)
          .contains("other");
      assertThat(figures)
          .contains("pitstop_stored_total{queue=\"other\"} 5.0")
          .contains("pitstop_messages{queue=\"other\",state=\"scheduled\"} 5.0");
    }
  }

  @Test
  void aStoreThatIsAwayIsSaidAndTheRestStillTold() {
    try (TestServer server = TestServer.on("faulty:metrics")) {
      server.put("/v1/queues/mail/messages/a", "x");
      FaultyStore store = FaultyStoreFactory.store("metrics");
      try (Fault away = store.on(FaultyStore.Operation.STATS).always().fail()) {
        assertThat(server.get("/metrics"))
            .contains(
                "pitstop_store_up 0.0",
                "pitstop_stored_total{queue=\"mail\"} 1.0",
                "pitstop_store_errors_total{operation=\"stats\"} 1.0")
            .doesNotContain("pitstop_messages{");
      }
    }
  }

  @Test
  void callsOfWebhooksAreCountedByWhatCameOfThem() {
    try (Meters meters = new Meters()) {
      meters.webhook("mail", "ok", Duration.ofMillis(3));
      meters.webhook("mail", "timeout", Duration.ofSeconds(3));
      for (int i = 0; i < 100; i++) {
        meters.webhook("mail", "result" + i, Duration.ofMillis(1));
      }
      String figures = meters.scrape();
      assertThat(figures).contains("pitstop_webhook_seconds_count{queue=\"mail\",result=\"ok\"} 1");
      assertThat(TestServer.all(figures, "pitstop_webhook_seconds_count\\{.*result=\"(.*?)\"}"))
          .hasSize(21)
          .contains("other");
    }
  }

  @Test
  void whatRelaysHaveDoneIsAddedUpByQueueAndDirection() {
    try (Meters meters = new Meters()) {
      meters.relay("mail", "take", () -> new Relay.Counters(5, 2, 1));
      meters.relay("mail", "take", () -> new Relay.Counters(10, 0, 0));
      meters.relay("mail", "emit", () -> new Relay.Counters(3, 0, 0));
      assertThat(meters.scrape())
          .contains(
              "pitstop_relayed_total{direction=\"take\",queue=\"mail\"} 15.0",
              "pitstop_relayed_total{direction=\"emit\",queue=\"mail\"} 3.0",
              "pitstop_relay_failed_total{direction=\"take\",queue=\"mail\"} 2.0",
              "pitstop_relay_unsettled_total{direction=\"take\",queue=\"mail\"} 1.0");
    }
  }

  /** The table in the documentation names each figure that there is, and no other. */
  @Test
  void theDocumentationNamesAllFigures() throws IOException {
    String page = Files.readString(Path.of("../../docs/operations.md"));
    try (TestServer server = TestServer.on("memory:");
        Meters others = new Meters()) {
      server.put("/v1/queues/mail/messages/a", "x");
      server.settle("mail", "\"do\":\"ack\"");
      server.put("/v1/queues/mail/messages/a", "x");
      others.webhook("mail", "ok", Duration.ofMillis(3));
      others.relay("mail", "take", () -> new Relay.Counters(1, 0, 0));
      String figures = server.get("/metrics") + others.scrape();
      TreeSet<String> there =
          new TreeSet<>(TestServer.all(figures, "(?m)^# TYPE (pitstop_\\S+) \\w+$"));
      there.removeIf(name -> name.endsWith("_max"));
      there.add("pitstop_listener_healthy"); // no listener runs in this test
      List<String> documented = TestServer.all(page, "(?m)^\\| `(pitstop_[a-z_]+)");
      assertThat(documented).doesNotHaveDuplicates();
      assertThat(new TreeSet<>(documented)).isEqualTo(there);
    }
  }
}
