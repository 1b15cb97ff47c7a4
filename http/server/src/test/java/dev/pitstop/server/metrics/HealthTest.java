package dev.pitstop.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.server.FaultyStoreFactory;
import dev.pitstop.server.TestServer;
import dev.pitstop.testing.Fault;
import dev.pitstop.testing.FaultyStore;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What those who restart servers and lead requests to them ask. */
@SuppressWarnings("try") // a fault ends when it is closed
final class HealthTest {
  @Test
  void aServerThatWorksLivesAndIsReady() {
    try (TestServer server = TestServer.on("memory:")) {
      assertThat(server.get("/health/live")).isEqualTo("{\"status\":\"up\"}");
      assertThat(server.get("/health/ready")).isEqualTo("{\"status\":\"up\"}");
    }
  }

  @Test
  void F02_aStoreThatIsAwayIsNamedAndReadinessComesBackByItself() {
    try (TestServer server = TestServer.on("faulty:ready");
        TestServer.EventReader stream = server.events("/v1/queues/mail/leases")) {
      FaultyStore store = FaultyStoreFactory.store("ready");
      try (Fault away = store.onAll().always().fail()) {
        server.send(
            server
                .request("/v1/queues/mail/messages/a")
                .PUT(java.net.http.HttpRequest.BodyPublishers.ofString("x")));
        TestServer.until(
            "not ready", () -> ready(server).body().contains("\"failing\":[\"store\""));
        assertThat(ready(server).statusCode()).isEqualTo(503);
        assertThat(server.get("/health/live")).isEqualTo("{\"status\":\"up\"}");
      }
      TestServer.until("ready again", () -> ready(server).statusCode() == 200);
    }
  }

  @Test
  void aStoreThatGivesNoAnswerIsNotWaitedForLong() {
    try (TestServer server = TestServer.on("faulty:silent")) {
      FaultyStore store = FaultyStoreFactory.store("silent");
      try (Fault silent =
          store.on(FaultyStore.Operation.UNTIL_NEXT_DUE).always().stall(Duration.ofSeconds(60))) {
        long begun = System.nanoTime();
        assertThat(ready(server).body()).contains("\"failing\":[\"store\"]");
        assertThat(ready(server).statusCode()).isEqualTo(503);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        assertThat(store.calls(FaultyStore.Operation.UNTIL_NEXT_DUE)).isEqualTo(1);
      }
      TestServer.until("ready again", () -> ready(server).statusCode() == 200);
    }
  }

  private static HttpResponse<String> ready(TestServer server) {
    return server.send(server.request("/health/ready").GET());
  }
}
