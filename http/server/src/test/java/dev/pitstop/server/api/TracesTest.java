package dev.pitstop.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.server.TestServer;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;

/** A trace goes with a message from who stores it to who leases it. */
final class TracesTest {
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void aTraceIsCarriedFromStoreToLease() {
    try (TestServer server = TestServer.on("memory:")) {
      server.send(
          server
              .request("/v1/queues/q/messages/a")
              .header("traceparent", PARENT)
              .header("tracestate", "vendor=1")
              .PUT(BodyPublishers.ofString("x")));
      assertThat(server.post("/v1/queues/q/leases?wait=20s", ""))
          .contains("\"headers\":{\"traceparent\":\"" + PARENT + "\",\"tracestate\":\"vendor=1\"}");
    }
  }

  @Test
  void onesThatAreNotWellFormedAreAsIfTheyWereNotThere() {
    try (TestServer server = TestServer.on("memory:")) {
      var answer =
          server.send(
              server
                  .request("/v1/queues/q/messages/a")
                  .header("traceparent", PARENT.toUpperCase(java.util.Locale.ROOT))
                  .header("tracestate", "vendor=1")
                  .PUT(BodyPublishers.ofString("x")));
      assertThat(answer.statusCode()).isEqualTo(201);
      assertThat(server.post("/v1/queues/q/leases?wait=20s", "")).contains("\"headers\":{}");
    }
  }

  @Test
  void aMessagesOwnHeaderStands() {
    try (TestServer server = TestServer.on("memory:")) {
      server.send(
          server
              .request("/v1/queues/q/messages/a")
              .header("traceparent", PARENT)
              .header("Pitstop-Header-traceparent", "mine")
              .PUT(BodyPublishers.ofString("x")));
      assertThat(server.post("/v1/queues/q/leases?wait=20s", ""))
          .contains("\"headers\":{\"traceparent\":\"mine\"}");
    }
  }

  @Test
  void theFormIsThatOfTheStandard() {
    assertThat(Traces.isParent(PARENT)).isTrue();
    assertThat(Traces.isParent("cc" + PARENT.substring(2) + "-what-comes-later")).isTrue();
    assertThat(Traces.isParent(PARENT + "-more")).isFalse();
    assertThat(Traces.isParent("cc" + PARENT.substring(2) + "more")).isFalse();
    assertThat(Traces.isParent("ff" + PARENT.substring(2))).isFalse();
    assertThat(Traces.isParent(PARENT.substring(1))).isFalse();
    assertThat(Traces.isParent("00-" + "0".repeat(32) + "-b7ad6b7169203331-01")).isFalse();
    assertThat(Traces.isParent("00-0af7651916cd43dd8448eb211c80319c-" + "0".repeat(16) + "-01"))
        .isFalse();
    assertThat(Traces.isParent("")).isFalse();
  }
}
