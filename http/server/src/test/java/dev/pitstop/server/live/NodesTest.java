package dev.pitstop.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.Schedule;
import dev.pitstop.server.TestServer;
import dev.pitstop.servers.TestDatabases;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The servers of a store know one another. */
final class NodesTest {
  @Test
  void aServerTellsOfItself() {
    try (TestServer server = TestServer.on("memory:");
        TestServer.EventReader stream = server.events("/v1/queues/mail/leases")) {
      stream.line();
      assertThat(server.get("/v1/nodes"))
          .contains("\"version\":", "\"started\":", "\"latenessMillis\":", "\"self\":true")
          .contains("\"listeners\":[{\"queue\":\"mail\",\"healthy\":true,");
    }
  }

  @Test
  void serversOfAStoreSeeOneAnotherUntilTheyEnd() {
    String store = TestDatabases.freshPostgres();
    try (TestServer staying = TestServer.on(store)) {
      try (TestServer going = TestServer.on(store)) {
        TestServer.until("each sees the other", () -> nodes(staying) == 2 && nodes(going) == 2);
        assertThat(TestServer.all(staying.get("/v1/nodes"), "\"self\":(true)")).hasSize(1);
      }
      assertThat(nodes(staying)).isEqualTo(1);
      assertThat(staying.get("/metrics")).doesNotContain("_pitstop.");
      assertThat(staying.get("/v1/queues")).startsWith("{\"items\":[],");
    }
  }

  @Test
  void oneThatIsNoLongerHeardOfIsGoneAndWhatIsNoServerIsNotShown() {
    String store = TestDatabases.freshPostgres();
    try (TestServer server = TestServer.on(store);
        Pitstop pitstop = Pitstop.open(store)) {
      MessageQueue<byte[]> heard = pitstop.queue("_pitstop.nodes");
      byte[] ghost = "{\"node\":\"ghost\"}".getBytes(StandardCharsets.UTF_8);
      heard.store(Message.of(ghost).id("ghost"), Schedule.in(Duration.ofSeconds(3))).join();
      byte[] nonsense = "\"node\":\"nonsense\"".getBytes(StandardCharsets.UTF_8);
      heard.store(Message.of(nonsense).id("nonsense"), Schedule.in(Duration.ofHours(1))).join();
      assertThat(server.get("/v1/nodes")).contains("\"ghost\"").doesNotContain("nonsense");
      TestServer.until("gone", () -> nodes(server) == 1);
    }
  }

  private static int nodes(TestServer server) {
    return TestServer.all(server.get("/v1/nodes"), "\"node\":\"([^\"]*)\"").size();
  }
}
