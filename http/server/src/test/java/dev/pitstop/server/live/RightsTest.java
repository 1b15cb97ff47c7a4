package dev.pitstop.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.server.ServerSettings;
import dev.pitstop.server.TestServer;
import dev.pitstop.server.TestServer.EventReader;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.security.Grant;
import dev.pitstop.server.security.QueuePattern;
import dev.pitstop.server.security.Security;
import dev.pitstop.server.security.Token;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Everybody sees their own queues, and what is about all of them only who may see all. */
final class RightsTest {
  private final Token boss = Token.random();
  private final Token viewer = Token.random();

  private TestServer start() {
    Grant mail =
        new Grant("viewer", viewer.hash(), Map.of(Right.VIEW, List.of(new QueuePattern("mail"))));
    TestServer server =
        TestServer.start(
            ServerSettings.defaults()
                .store("memory:")
                .security(
                    Security.defaults().grants(List.of(mail, Grant.admin("boss", boss.hash())))));
    server.as(boss).put("/v1/queues/mail/messages/a?delay=1h", "x");
    server.as(boss).put("/v1/queues/pay/messages/a?delay=1h", "x");
    return server;
  }

  @Test
  void listsStreamsAndTimelinesLeaveOtherQueuesOut() {
    try (TestServer server = start()) {
      TestServer some = server.as(viewer);
      assertThat(some.get("/v1/queues")).contains("\"mail\"").doesNotContain("\"pay\"");
      String to = "/v1/timeline?bucket=6h&to=2027-01-01T00:00:00Z";
      assertThat(sum(some.timeline("bucket=1h"))).isEqualTo(1);
      assertThat(sum(server.as(boss).timeline("bucket=1h"))).isEqualTo(2);
      assertThat(some.send(some.request(to + "&queue=pay").GET()).statusCode()).isEqualTo(403);
      try (EventReader events = some.events("/v1/events")) {
        assertThat(events.next("snapshot")).contains("\"mail\"").doesNotContain("\"pay\"");
        server.as(boss).put("/v1/queues/pay/messages/b?delay=1h", "x");
        server.as(boss).put("/v1/queues/mail/messages/b?delay=1h", "x");
        assertThat(events.next("stats")).contains("\"mail\"").doesNotContain("\"pay\"");
      }
    }
  }

  private static long sum(String answer) {
    return TestServer.all(answer, "\"due\":\\{\"value\":(\\d+)").stream()
        .mapToLong(Long::parseLong)
        .sum();
  }

  @Test
  void whatIsAboutTheWholeServerNeedsTheRightOnAllQueues() {
    try (TestServer server = start()) {
      for (String path : List.of("/metrics", "/v1/nodes")) {
        TestServer some = server.as(viewer);
        assertThat(some.send(some.request(path).GET()).statusCode()).as(path).isEqualTo(403);
        assertThat(server.send(server.request(path).GET()).statusCode()).as(path).isEqualTo(401);
        assertThat(server.as(boss).get(path)).isNotEmpty();
      }
      for (String path : List.of("/health/live", "/health/ready")) {
        assertThat(server.get(path)).isEqualTo("{\"status\":\"up\"}");
      }
      assertThat(server.send(server.request("/v1/events").GET()).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void manyMessagesAreTouchedByWhoMayTouchOne() {
    try (TestServer server = start()) {
      TestServer some = server.as(viewer);
      assertThat(post(some, "/v1/queues/mail/messages:select")).isEqualTo(403);
      String selection = server.as(boss).post("/v1/queues/mail/messages:select", "{}");
      String id = TestServer.first(selection, "\"id\":\"([^\"]*)\"");
      assertThat(post(some, "/v1/selections/" + id + ":remove")).isEqualTo(403);
      String operation = server.as(boss).post("/v1/selections/" + id + ":remove", "");
      String begun = TestServer.first(operation, "\"id\":\"([^\"]*)\"");
      assertThat(post(some, "/v1/operations/" + begun + ":cancel")).isEqualTo(403);
      assertThat(some.send(some.request("/v1/operations/" + begun).GET()).statusCode())
          .isEqualTo(403);
    }
  }

  private static int post(TestServer server, String path) {
    return server.send(server.request(path).POST(BodyPublishers.ofString("{}"))).statusCode();
  }
}
