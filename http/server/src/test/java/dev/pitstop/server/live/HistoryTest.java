package dev.pitstop.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.server.TestServer;
import dev.pitstop.servers.TestDatabases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The past outlasts processes and is the same seen from each of them. */
final class HistoryTest {
  @Test
  void whatWasDoneIsKnownAfterARestart(@TempDir Path directory) {
    String store = "rocksdb:" + directory.resolve("data");
    for (int run = 1; run <= 3; run++) {
      try (TestServer server = TestServer.on(store)) {
        server.put("/v1/queues/mail/messages/a", "x");
        server.settle("mail", "\"do\":\"ack\"");
        int runs = run;
        TestServer.until("counted", () -> acked(server) == runs);
      }
    }
    try (TestServer server = TestServer.on(store)) {
      assertThat(acked(server)).isEqualTo(3);
      assertThat(server.get("/v1/queues")).doesNotContain("_pitstop.");
      assertThat(server.get("/v1/queues?reserved=true")).contains("_pitstop.history.1m");
    }
  }

  @Test
  void whatOneServerDidIsSeenThroughAnother() {
    String store = TestDatabases.freshPostgres();
    try (TestServer seeing = TestServer.on(store)) {
      try (TestServer doing = TestServer.on(store)) {
        for (int i = 0; i < 5; i++) {
          doing.put("/v1/queues/mail/messages/a", "x");
          doing.settle("mail", "\"do\":\"ack\"");
        }
      }
      seeing.put("/v1/queues/mail/messages/a", "x");
      seeing.settle("mail", "\"do\":\"ack\"");
      TestServer.until("both", () -> acked(seeing) == 6);
    }
  }

  @Test
  void nothingIsStoredWhileNothingHappens(@TempDir Path directory) {
    String store = "rocksdb:" + directory.resolve("data");
    try (TestServer server = TestServer.on(store)) {
      server.put("/v1/queues/mail/messages/a?delay=1h", "x");
    }
    try (TestServer server = TestServer.on(store)) {
      assertThat(server.get("/v1/queues?reserved=true")).doesNotContain("_pitstop.");
    }
  }

  @Test
  void whatIsNoLongerKeptIsRemoved() {
    try (Pitstop pitstop = Pitstop.open("memory:")) {
      MessageQueue<byte[]> queue = pitstop.queue("_pitstop.history.1m");
      IntStream.range(0, 250)
          .forEach(i -> queue.store(Message.of(new byte[0]), Instant.EPOCH).join());
      queue.store(Message.of(new byte[0]), Instant.now().plus(Duration.ofHours(1))).join();
      Expired.remove(queue).join();
      assertThat(queue.stats().join().scheduled()).isEqualTo(1);
    }
  }

  private static long acked(TestServer server) {
    return TestServer.all(server.get("/v1/timeline?queue=mail&bucket=1h"), "\"acked\":(\\d+)")
        .stream()
        .mapToLong(Long::parseLong)
        .sum();
  }
}
