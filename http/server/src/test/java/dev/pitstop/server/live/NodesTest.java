package dev.pitstop.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.server.TestServer;
import dev.pitstop.servers.TestDatabases;
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

  private static int nodes(TestServer server) {
    return TestServer.all(server.get("/v1/nodes"), "\"node\":\"([^\"]*)\"").size();
  }
}
