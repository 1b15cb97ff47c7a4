package dev.pitstop.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Codec;
import dev.pitstop.Deferral;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.QueueStats;
import dev.pitstop.Schedule;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Several processes on one queue. */
final class ProcessesTest {
  private static final int MESSAGES = 10_000;

  /** E03, E10: each message is emitted by one of two processes, and once. */
  @Test
  void E10_twoProcessesShareTenThousandMessages() throws IOException, InterruptedException {
    String address = TestServer.freshDatabase();
    try (Pitstop pitstop = Pitstop.open(address)) {
      MessageQueue<String> queue = pitstop.queue("race", Codec.text());
      Instant due = Instant.now().plusSeconds(5);
      for (int from = 0; from < MESSAGES; from += 1000) {
        List<Deferral<String>> batch = new ArrayList<>();
        for (int i = from; i < from + 1000; i++) {
          batch.add(Deferral.of(Message.of("body").id("m" + i), Schedule.at(due)));
        }
        queue.storeAll(batch).join().forEach(result -> result.orThrow());
      }
      Process one = Child.start(address, "race");
      Process other = Child.start(address, "race");
      awaitEmpty(queue);
      List<String> byOne = Child.end(one);
      List<String> byOther = Child.end(other);
      assertThat(byOne).as("emitted by the one").isNotEmpty();
      assertThat(byOther).as("emitted by the other").isNotEmpty();
      List<String> all = new ArrayList<>(byOne);
      all.addAll(byOther);
      assertThat(all.stream().map(line -> line.split(" ", 2)[0]))
          .as("ids acked by either")
          .hasSize(MESSAGES)
          .doesNotHaveDuplicates()
          .doesNotContain("lost");
      assertThat(all).allSatisfy(line -> assertThat(line).endsWith(" 1")); // the first attempt
    }
  }

  private static void awaitEmpty(MessageQueue<String> queue) {
    long deadline = System.nanoTime() + Duration.ofSeconds(100).toNanos();
    QueueStats stats = queue.stats().join();
    while (stats.scheduled() + stats.leased() > 0) {
      assertThat(System.nanoTime() - deadline).as("time left with %s", stats).isNegative();
      LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
      stats = queue.stats().join();
    }
  }
}
